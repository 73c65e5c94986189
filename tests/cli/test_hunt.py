"""``negatoscope hunt``: events found at the terminal, and questions that only read."""

import json
from datetime import UTC, timedelta
from pathlib import Path

from negatoscope.kit.clock import utc_now
from negatoscope.model.event import Action, Event, Told
from negatoscope.store.events import EventStore
from tests.journeys.conftest import Run


def test_hunt_finds_what_was_written_and_says_what_it_cannot(negatoscope: Run, data: Path) -> None:
    now = utc_now().astimezone(UTC)
    logon = Event(now - timedelta(hours=1), "linux", "sshd", action=Action.LOGON, ok=False, user="mdurand",
                  fields={"message": "Failed password"})  # fmt: skip
    EventStore(data / "events", 1).keep([Told("a", "10.77.0.1", now, logon), Told("b", "x", now, Event(now, "autre"))])
    found = negatoscope("hunt", "--who", "MDURAND", "--outcome", "failed", "--json")
    assert (found.returncode, json.loads(found.stdout)["event"]["fields"]["message"]) == (0, "Failed password")
    tomorrow = now + timedelta(days=1)  # in Paris it may be tomorrow already
    shown = negatoscope("hunt", "--since", f"{now - timedelta(days=1):%Y-%m-%d}", "--until", f"{tomorrow:%Y-%m-%d}")
    assert "logon ✕" in shown.stdout
    assert "2 événements sur 2" in shown.stderr
    asked = negatoscope("hunt", "--sql", "SELECT count(*) AS n, max(happened) AS last FROM events", "--json")
    assert json.loads(asked.stdout)["n"] == 2
    plain = negatoscope("hunt", "--sql", "SELECT NULL AS rien, * FROM range(2000)")
    assert "coupée à mille lignes" in plain.stderr
    for words in (("--sql", "COPY events TO 'x'"), ("--until", "9999-12-31")):
        refused = negatoscope("hunt", *words)
        assert (refused.returncode, "Traceback" in refused.stderr, bool(refused.stderr)) == (2, False, True)


def test_what_an_attacker_wrote_commands_no_terminal(negatoscope: Run, data: Path) -> None:
    """Colours, titles, cursors, C1 signs, text that turns round, and what our own tables take for a style."""
    now = utc_now().astimezone(UTC)
    said = {"message": "\x1b[2J\x1b]0;title\x07 \x9b31m \u202egnp [/nowhere] [red]é\u00a0?[/red]"}
    event = Event(now, "linux", "sshd", user="[/x]\x1b[31m", host="h[bold]", fields=said)
    EventStore(data / "events", 1).keep([Told("a", "10.77.0.1", now, event)])
    for words in ((), ("--sql", 'SELECT username AS "[/y]", fields FROM events')):
        shown = negatoscope("hunt", *words)
        assert shown.returncode == 0, shown.stderr
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown.stdout)
        assert "[/x]" in shown.stdout
        assert "[red]é" in shown.stdout
