"""Rule 38's questions on a practice of which the truth is known; what nobody saw is said, never told as nothing."""

import json
import sys
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.flows.intrusion import ATTACKER, DROP, SIGN, SINCE, UNTIL, Truth, plant

from negatoscope.flows import inquiring, questioning, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.questioning import BadWindow, NoSuchHost, Questioning
from negatoscope.flows.responding import Beginning, Line
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.respond import discipline
from negatoscope.respond.questions.answer import Window
from negatoscope.store.events import EventStore
from negatoscope.store.queries import events, exchanges

WINDOW = Window(SINCE, UNTIL, SIGN)


@pytest.fixture
def asked(console: Console) -> tuple[Questioning, Truth]:
    truth = plant(console)
    return questioning.ask(console, "user:marie", truth.host, WINDOW), truth


def measured(what: str, found: Collection[Ref], true: Collection[Ref]) -> tuple[float, float]:
    """Precision and recall, printed."""
    right = len(set(found) & set(true))
    precision, recall = right / len(found), right / len(true)
    sys.stdout.write(f"{what}: precision {precision:.2f}, recall {recall:.2f}\n")
    return precision, recall


def test_an_intrusion_is_told_as_it_went(asked: tuple[Questioning, Truth]) -> None:
    one, truth = asked
    rows = one.spread.rows
    back = [row for row in rows if row.back and row.unusual]
    assert measured("back, unusual", [row.host for row in back], truth.back) == (1.0, 1.0)
    gone = [row.host for row in rows if not row.back and row.unusual]
    assert measured("gone, unusual", gone, truth.gone) == (1.0, 1.0)
    everywhere = {row.host for row in rows if row.back}
    assert measured("back, all that is possible", everywhere, truth.back)[1] == 1.0
    assert "host/pc-1-9" not in {row.host for row in rows if row.unusual}
    first = one.entry.rows[0]
    assert (first.happening.host, first.happening.origin, first.steps) == (truth.patient_zero, ATTACKER, 2)
    assert {told.code for told in first.reasons} == {
        "from_outside", "guessed", "first_time", "remote_control", "at_night", "close", "upstream",
    }  # fmt: skip
    assert first.happening.failed_before == 12


def test_twins_reach_and_talk_are_true(asked: tuple[Questioning, Truth]) -> None:
    one, truth = asked
    twins = [row.host for row in one.twins.rows[: len(truth.alike)]]
    assert measured("twins, the first", twins, truth.alike) == (1.0, 1.0)
    assert {told.trait for told in one.twins.rows[0].shared} == {
        "class",
        "system",
        "software",
        "service",
        "administrator",
    }
    talk = {(row.way, row.host or row.peer, row.port) for row in one.talk.rows}
    assert {("out", DROP, 443), ("out", "host/pc-3-3", 3389), ("in", "host/pc-2-1", 22)} <= talk
    desks = {(f"host/pc-{room}-{desk}") for room in range(4) for desk in range(10)}
    assert measured("talk", {row.host or row.peer for row in one.talk.rows}, desks | {DROP}) == (1.0, 1.0)
    assert (one.talk.rows[0].peer, one.talk.rows[0].sent, one.talk.rows[0].outside) == (DROP, 2_000_000_000, True)
    reached = {row.node: row for row in one.reach.rows}
    path = [step.how for step in reached["directory/cabinet.lan"].path]
    assert path == ["logged_on", "administers_directory"]
    assert [step.how for step in reached["host/srv-pacs"].path] == [*path, "computer_of"]
    assert not reached["host/srv-ris"].shown
    assert "host/srv-sauvegarde" not in reached


def test_what_nobody_saw_is_told(asked: tuple[Questioning, Truth], console: Console) -> None:
    blind = {told.code for told in asked[0].talk.blind}
    assert {"no_exporter_but_logs", "logs_silent"} <= blind
    alone = questioning.ask(console, "user:marie", "pc-3-9", Window(SIGN - timedelta(hours=30), SIGN, SIGN))
    assert [len(answer.rows) for answer in (alone.talk, alone.spread, alone.entry)] == [0, 0, 0]
    assert {told.code for told in alone.talk.blind} == {"no_exporter", "connections_silent", "logs_never"}
    assert {told.code for told in alone.entry.blind} == {"mail_unread", "logs_never"}
    assert "nobody_known_on_it" not in {told.code for told in alone.reach.blind}
    assert [read.count > 0 for read in alone.talk.read] == [True, False]


@pytest.mark.parametrize(("most", "said"), [(9, {"coarse_spans", "spans_cut"}), (60, {"coarse_spans"}), (9999, set())])
def test_too_many_exchanges_are_joined_and_then_cut_and_it_is_said(
    asked: tuple[Questioning, Truth], monkeypatch: pytest.MonkeyPatch, most: int, said: set[str]
) -> None:
    whole = asked[0].spread
    monkeypatch.setattr(exchanges, "MOST_SPANS", most)
    again = Questioning(asked[0].console, asked[0].host, asked[0].window).spread
    assert {told.code for told in again.blind} & {"coarse_spans", "spans_cut"} == said
    if "spans_cut" not in said:  # of each exchange less is known: more is possible, and nothing is forgotten
        assert {(one.host, one.back) for one in again.rows} >= {(one.host, one.back) for one in whole.rows}


def test_hosts_and_windows_that_are_none_are_refused(console: Console) -> None:
    now = console.clock()
    with pytest.raises(NoSuchHost):
        questioning.ask(console, "user:marie", "../x'\";--", questioning.window(now, None, None, None))
    for since, until, sign in (
        (now, now, None), (now, now - timedelta(days=1), None), (now - timedelta(days=400), now, None),
        (None, None, now + timedelta(days=1)), (now, now + timedelta(days=9), None),
    ):  # fmt: skip
        with pytest.raises(BadWindow):
            questioning.window(now, since, until, sign)


def test_the_answers_are_kept_in_an_incident_that_names_the_host_and_are_as_they_were(
    asked: tuple[Questioning, Truth], console: Console
) -> None:
    one, truth = asked
    who = Handler("user:anna", "Anna Petit (anna)")
    number = responding.open_incident(console, Beginning("rançon"), who)
    assert inquiring.concerned(console, truth.host) == []
    responding.say(console, number, Line(Touched(What.HOST, truth.host, Hit.COMPROMISED)), who)
    assert inquiring.concerned(console, truth.host) == [(number, "rançon")]
    place = inquiring.keep(console, number, one, who)
    (kept,) = responding.incident(console, number).inquired
    assert (kept.place, kept.word.asked) == (place, questioning.NAMES)  # type: ignore[union-attr]
    with console.vault.open(kept.word.digest) as stream:  # type: ignore[union-attr]
        told = json.loads(stream.read())
    assert told["host"] == truth.host
    assert {row["host"] for row in told["twins"]["rows"]} == {row.host for row in one.twins.rows}
    assert not {"twins", "reach", "talk"} & set(discipline.lacks(responding.incident(console, number)))


def test_a_question_that_cannot_be_answered_is_not_said_to_be_kept(
    asked: tuple[Questioning, Truth], console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, truth = asked
    who = Handler("user:anna", "Anna Petit (anna)")
    number = responding.open_incident(console, Beginning("rançon"), who)
    responding.say(console, number, Line(Touched(What.HOST, truth.host, Hit.COMPROMISED)), who)
    real = events.answered

    def slow(store: EventStore, since: datetime, work: Callable[[Any], Any]) -> Any:  # noqa: ANN401 -- as it is
        if "exchanged" in work.__qualname__:
            raise events.Refused("too_long")
        return real(store, since, work)

    monkeypatch.setattr(exchanges, "answered", slow)
    inquiring.keep(console, number, one, who)
    (kept,) = responding.incident(console, number).inquired
    assert kept.word.asked == tuple(name for name in questioning.NAMES if name != "talk")  # type: ignore[union-attr]
    assert {"twins", "reach", "talk"} & set(discipline.lacks(responding.incident(console, number))) == {"talk"}
