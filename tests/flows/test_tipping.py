"""Reports of the staff: kept once they are acknowledged, refused aloud over a limit, handled with nothing lost."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import START, TickingClock

from negatoscope.flows import responding, tipping
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.responding import Beginning
from negatoscope.flows.tipping import File, NotTaken, Sending
from negatoscope.model.hosts import Host
from negatoscope.model.incident import Attached, Moment, Noted, Origin
from negatoscope.model.networks import Network
from negatoscope.model.tip import Door, Look, TipOutcome, Voice
from negatoscope.respond import tips
from negatoscope.respond.incident import Refused
from negatoscope.store.models import LedgerRow, NoticeRow, TipRow, TipWordRow
from negatoscope.store.notices import MailRow
from negatoscope.store.queries import incidents
from negatoscope.store.queries import tips as held

ANNA = Handler("user:anna", "Anna Petit (anna)")
PHOTO = b"\xff\xd8\xff" + b"photo" * 20


def sending(once: str = "a", **told: object) -> Sending:
    return replace(Sending(once, Look.RANSOM, "écran rouge", "poste 3", address="10.0.0.9"), **told)  # type: ignore[arg-type]


def photo(data: bytes = PHOTO, name: str = "a.jpg") -> File:
    return File(name, io.BytesIO(data))


def refusal(console: Console, told: Sending) -> str:
    with pytest.raises(NotTaken) as refused:
        tipping.send(console, told)
    return refused.value.code


def test_a_report_is_kept_with_its_file_and_its_ledger_entry_once(console: Console) -> None:
    one = tipping.send(console, sending(files=[photo()]))
    assert tipping.send(console, sending(text="autre")).number == one.number
    assert TipRow.objects.count() == 1
    kept = held.of_code(console.practice, one.code)
    assert kept is not None
    assert kept.due - kept.received_at == timedelta(hours=24)
    assert [word.text for word in kept.words] == ["écran rouge", ""]
    file = kept.words[1].file
    assert file is not None
    assert (file.kind, file.size) == ("jpg", len(PHOTO))
    with console.vault.open(file.digest) as stream:
        assert stream.read() == PHOTO
    assert LedgerRow.objects.filter(kind="tip_received").count() == 1


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([(b"<script>alert(1)</script>", "photo.jpg")], "kind"),
        ([(b"", "vide.jpg")], "empty"),
        ([(PHOTO + b"\0" * tips.MOST_FILE, "a.jpg")], "too_large"),
        ([(PHOTO, "a.jpg")] * 4, "files"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_kept(
    console: Console, files: list[tuple[bytes, str]], code: str
) -> None:
    assert refusal(console, sending(files=[photo(*one) for one in files])) == code
    assert not TipRow.objects.exists()
    assert not list(console.config.vault.rglob(".new-*"))


def test_over_a_limit_nothing_is_taken_and_time_lifts_it(console: Console, clock: TickingClock) -> None:
    for number in range(tipping.MOST_OF_ONE):
        tipping.send(console, sending(str(number)))
    assert refusal(console, sending("more")) == "too_many"
    assert tipping.send(console, sending("other", address="10.0.0.10")).open
    clock.advance(timedelta(minutes=11))
    assert tipping.send(console, sending("more")).open


def test_all_together_have_a_limit_and_files_another(
    console: Console, monkeypatch: pytest.MonkeyPatch, clock: TickingClock
) -> None:
    monkeypatch.setattr(tipping, "MOST_OCTETS", len(PHOTO))
    tipping.send(console, sending("a", files=[photo()]))
    assert refusal(console, sending("b", address="10.0.0.10", files=[photo()])) == "no_more_files"
    monkeypatch.setattr(tipping, "MOST_OF_ALL", 2)
    assert refusal(console, sending("b", address="10.0.0.10")) == "too_many_of_all"
    clock.advance(timedelta(hours=2))
    assert tipping.send(console, sending("b", address="10.0.0.10")).open


def test_the_host_is_recognised_by_its_address_where_it_is_the_only_one(console: Console) -> None:
    hosts = [Host(f"host/{name}", name, addresses=(address,)) for name, address in
             (("pc-1", "10.0.0.9"), ("pc-2", "10.0.0.8"), ("pc-3", "10.0.0.8"))]  # fmt: skip
    declare(console, Said("user:anna"), hosts[:1])
    declare(console, Said("user:anna"), hosts[1:2])
    declare(console, Said("user:anna"), hosts[2:])
    assert tipping.host_at(console, "::ffff:10.0.0.9") == "host/pc-1"
    assert tipping.host_at(console, "10.0.0.7") is None
    assert tipping.host_at(console, "127.0.0.1") is None
    assert tipping.host_at(console, "") is None
    assert tipping.send(console, sending()).host == "host/pc-1"


def test_the_door_opens_to_declared_networks_and_closes(console: Console) -> None:
    assert tipping.admitted(console, "10.0.0.9")
    assert not tipping.admitted(console, "203.0.113.5")
    declare(console, Said("user:anna"), [Network("203.0.113.0/24")])
    assert tipping.admitted(console, "203.0.113.5")
    tipping.open_door(console, Door.LISTED, "10.1.0.0/16", ANNA)
    assert not tipping.admitted(console, "10.0.0.9")
    assert tipping.admitted(console, "10.1.0.9")
    tipping.open_door(console, Door.CLOSED, "", ANNA)
    assert not tipping.admitted(console, "127.0.0.1")
    assert LedgerRow.objects.filter(kind="tip_door").count() == 2


def test_an_incident_is_opened_with_all_that_was_said(console: Console, clock: TickingClock) -> None:
    declare(console, Said("user:anna"), [Host("host/pc-1", "pc-1", addresses=("10.0.0.9",))])
    one = tipping.send(console, sending(files=[photo()]))
    clock.advance(timedelta(hours=1))
    number = tipping.open_incident(console, one.number, "Rançon", ANNA)
    told = responding.incident(console, number)
    assert told.origin is Origin.REPORT
    assert told.moment(Moment.DETECTED) == one.received_at
    assert ("host", "host/pc-1") in {(what.value, name) for what, name in told.touched}
    log = incidents.entries(console.practice, number)
    assert log[0].text == "écran rouge"
    assert [entry.word.name for entry in log if isinstance(entry.word, Attached)] == ["a.jpg"]
    kept = tipping.tip(console, one.number)
    assert (kept.outcome, kept.incident, kept.handled_by) == (TipOutcome.OPENED, number, ANNA.name)
    with pytest.raises(NotTaken, match="handled"):
        tipping.harmless(console, one.number, "rien", ANNA)
    tipping.add(console, one.code, sending("b", text="deux postes maintenant", files=[photo()]))
    log = incidents.entries(console.practice, number)
    assert [entry.text for entry in log if isinstance(entry.word, Noted)] == ["deux postes maintenant"]
    assert sum(isinstance(entry.word, Attached) for entry in log) == 2
    with pytest.raises(NotTaken, match="not_harmless"):
        tipping.wait_again(console, one.number, ANNA)


def test_a_report_joins_an_incident_that_is_there_or_none(console: Console) -> None:
    one = tipping.send(console, sending(files=[photo()]))
    with pytest.raises(Refused):
        tipping.join(console, one.number, 99, ANNA)
    assert tipping.tip(console, one.number).open
    number = responding.open_incident(console, Beginning("Rançon"), ANNA)
    tipping.answer(console, one.number, "On arrive.", ANNA)
    tipping.join(console, one.number, number, ANNA)
    log = incidents.entries(console.practice, number)
    assert [entry.text for entry in log if isinstance(entry.word, Noted)] == ["écran rouge"]
    assert tipping.tip(console, one.number).outcome is TipOutcome.JOINED


def test_what_is_harmless_waits_again_when_more_is_said_or_somebody_thinks_so(
    console: Console, clock: TickingClock
) -> None:
    one = tipping.send(console, sending())
    with pytest.raises(NotTaken, match="wordless"):
        tipping.harmless(console, one.number, " ", ANNA)
    tipping.harmless(console, one.number, "une mise à jour", ANNA)
    assert held.standing(console.practice) == []
    tipping.wait_again(console, one.number, ANNA)
    assert tipping.tip(console, one.number).due == one.due
    tipping.harmless(console, one.number, "une mise à jour", ANNA)
    clock.advance(timedelta(days=3))
    tipping.add(console, one.code, sending("b", text="cela recommence"))
    tipping.add(console, one.code, sending("b", text="cela recommence"))
    kept = tipping.tip(console, one.number)
    assert kept.open
    assert kept.due > one.due + timedelta(days=2)
    assert [word.text for word in kept.words if word.voice is Voice.REPORTER] == ["écran rouge", "cela recommence"]


def test_words_need_a_receipt_something_to_say_and_room(console: Console) -> None:
    one = tipping.send(console, sending())
    for code, told, why in (
        ("AAAA-AAAA-AAAA", sending("b"), "unknown"),
        (one.code, sending("b", text=" "), "wordless"),
        (one.code, sending("b", files=[photo(b"MZ")]), "kind"),
    ):
        with pytest.raises(NotTaken, match=why):
            tipping.add(console, code, told)
    for number in range(3):
        tipping.add(console, one.code, sending(f"c{number}", files=[photo()] * 1, address=f"10.0.1.{number}"))
    for number in range(3):
        more = [photo(), photo()]
        tipping.add(console, one.code, sending(f"d{number}", text="", files=more, address=f"10.0.2.{number}"))
    with pytest.raises(NotTaken, match="files_of_one"):
        tipping.add(console, one.code, sending("e", files=[photo(), photo()], address="10.0.3.1"))
    with pytest.raises(NotTaken, match="unknown"):
        tipping.answer(console, 99, "merci", ANNA)
    with pytest.raises(NotTaken, match="wordless"):
        tipping.answer(console, one.number, " ", ANNA)


def test_operators_are_told_by_mail_where_a_server_takes_it(console: Console) -> None:
    tipping.send(console, sending())
    assert not NoticeRow.objects.exists()
    MailRow.objects.create(
        practice_id=console.practice, host="127.0.0.1", port=25, sender="a@b.example", to="c@d.example", active=True
    )
    one = tipping.send(console, sending("b"))
    assert [row.code for row in NoticeRow.objects.all()] == ["tip_received"]
    tipping.harmless(console, one.number, "rien", ANNA)
    tipping.add(console, one.code, sending("c", text="encore"))
    assert {row.code for row in NoticeRow.objects.all()} == {"tip_received", "tip_again"}


KILLED = """
import os, signal, sys
from pathlib import Path
os.environ["NEGATOSCOPE_DATA"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from negatoscope.config import load
from negatoscope.flows import tipping
from negatoscope.flows.opening import open_console
from negatoscope.kit.clock import utc_now
from negatoscope.model.tip import Look
console = open_console(load(Path(sys.argv[1])), utc_now)
one = tipping.send(console, tipping.Sending("a", Look.LOST, "perdu", address="10.0.0.9"))
os.write(1, one.code.encode())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, check=False,
        env={**os.environ, "NEGATOSCOPE_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with sqlite3.connect(tmp_path / "negatoscope.sqlite3") as base:
        assert base.execute("select code from store_tiprow").fetchall() == [(done.stdout.decode(),)]
        assert base.execute("select text from store_tipwordrow").fetchall() == [("perdu",)]
        assert base.execute("select count(*) from store_ledgerrow where kind = 'tip_received'").fetchone() == (1,)


def test_limits_count_what_is_kept(console: Console) -> None:
    tipping.send(console, sending(files=[photo()]))
    assert held.sent_since(console.practice, START - timedelta(days=1), "10.0.0.9") == TipWordRow.objects.count() == 2
