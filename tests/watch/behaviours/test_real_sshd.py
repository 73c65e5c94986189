"""A real server's log: who is known to have guessed passwords is found, each once; the one who logs in is not."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from negatoscope.model.event import Told
from negatoscope.watch.behaviours import five
from negatoscope.watch.behaviours.growing import times
from negatoscope.watch.known import Known
from negatoscope.watch.source import Line, normalise
from tests.watch.shared import shared

CAME = datetime(2026, 11, 22, 8, tzinfo=UTC)
FEW = 15
"""Failures from which on nobody in that file is a person."""


def test_known_guessers_are_found() -> None:
    events = []
    for number, line in enumerate((shared() / "logs" / "OpenSSH_2k.log").read_bytes().splitlines()):
        came = CAME + timedelta(milliseconds=number)
        events.append(Told(f"LabSZ:{number}", "LabSZ", came, normalise(Line(line, came, "syslog", "LabSZ"), b"k" * 32)))
    failures: Counter[str] = Counter()
    for told in events:
        if told.event.service == "sshd" and told.event.action and told.event.ok is False:
            failures[told.event.source or ""] += times(told)
    memory, known, settings = five.Memory(), Known(), five.Settings()
    found = [
        *five.look(events, memory, known, settings),
        *five.settle(CAME + timedelta(hours=1), memory, known, settings),
    ]
    named = {str(one.seen["source"]).removeprefix("address/") for one in found}
    guessers = {source for source, count in failures.items() if count >= FEW}
    assert len(guessers) >= 5
    assert guessers <= named
    assert {one.code for one in found} == {"attempts"}
    accounts = {one.subject for one in found if one.subject.startswith("account/")}
    assert accounts <= {"account/?/root", "account/?/admin"}
    assert len({one.case for one in found}) <= len(guessers) + len(accounts)
    owner = next(told.event for told in events if told.event.ok and told.event.action)
    assert owner.source not in named
