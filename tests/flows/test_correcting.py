"""Duties corrected in the console: dated, taken back, replayed in the ledger, and read by whoever tells them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.conftest import TickingClock

from negatoscope.flows import correcting, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.correcting import NotCorrected
from negatoscope.flows.responding import Beginning, Line
from negatoscope.kit.clock import PARIS
from negatoscope.model.incident import Answered, Sent
from negatoscope.model.lawdata import Confidence, DutyCorrection
from negatoscope.respond import wall
from negatoscope.respond.duty import duties

ANNA = Handler("user:anna", "Anna Petit (anna)")
ONE = DutyCorrection(
    "CNIL", "guichet.example", "texte", date(2020, 1, 2), Confidence.SURE, "relu", "Anna Petit (anna)", hours=48
)


def delay(console: Console, number: int) -> timedelta | None:
    one = responding.incident(console, number)
    clock = next(each for each in wall.clocks(one) if each.duty.id == "CNIL")
    return clock.due - clock.since if clock.due else None


def test_a_corrected_delay_holds_from_the_next_answer_and_never_for_what_was_sent(
    console: Console, clock: TickingClock
) -> None:
    first, second = (responding.open_incident(console, Beginning(title), ANNA) for title in ("rançon", "perte"))
    for number in (first, second):
        responding.say(console, number, Line(Answered("personal_data", "yes")), ANNA)
    responding.say(console, first, Line(Sent("CNIL", console.clock())), ANNA)
    clock.advance(timedelta(minutes=5))
    correcting.correct(console, ONE, "user:anna")
    assert delay(console, second) == timedelta(hours=72)
    for number in (first, second):
        responding.say(console, number, Line(Answered("public", "no")), ANNA)
    assert delay(console, first) == timedelta(hours=72)
    assert delay(console, second) == timedelta(hours=48)


def test_it_is_taken_back_and_what_is_shipped_holds_again(console: Console) -> None:
    correcting.correct(console, ONE, "user:anna")
    correcting.correct(console, replace(ONE, hours=36), "user:anna")
    assert correcting.corrections(console.practice) == {"CNIL": replace(ONE, hours=36)}
    assert next(one for one in correcting.duties(console.practice) if one.id == "CNIL").hours == 36
    correcting.withdraw(console, "CNIL", "user:anna")
    assert correcting.duties(console.practice) == duties()
    with pytest.raises(NotCorrected, match="unknown"):
        correcting.withdraw(console, "CNIL", "user:anna")


def test_what_is_to_come_is_refused_by_the_day_in_paris(console: Console) -> None:
    today = console.clock().astimezone(PARIS).date()
    correcting.correct(console, replace(ONE, as_of=today), "user:anna")
    with pytest.raises(NotCorrected, match="ahead"):
        correcting.correct(console, replace(ONE, as_of=today + timedelta(days=1)), "user:anna")
