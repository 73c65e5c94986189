"""Legal duties corrected in a practice: what is refused, what stands, and clocks that no longer move."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from negatoscope.model.incident import Answered, Reckoned, Sent
from negatoscope.model.lawdata import Confidence, DutyCorrection
from negatoscope.respond import corrected, wall
from negatoscope.respond.duty import Duty, duties
from tests.respond.incidents import START, Log, aware

TODAY = date(2026, 11, 23)
ONE = DutyCorrection(
    "CNIL", "guichet.example", "RGPD art. 33 modifié", date(2026, 11, 20), Confidence.LIKELY, "lu ce jour", "Marie",
    hours=48,
)  # fmt: skip


def duty(code: str, *told: DutyCorrection) -> Duty:
    return next(one for one in corrected.standing(told) if one.id == code)


def test_a_correction_takes_the_place_of_what_is_shipped_and_of_nothing_else() -> None:
    now = duty("CNIL", ONE)
    assert (now.hours, now.working_days, now.channel.fr, now.source) == (48, None, "guichet.example", ONE.source)
    assert (now.as_of, now.confidence, now.said.fr) == (ONE.as_of, "likely", "48 heures, nuits et jours fériés compris")
    assert now.late_asks_why
    assert [one for one in corrected.standing([ONE]) if one.id != "CNIL"] == [
        one for one in duties() if one.id != "CNIL"
    ]
    assert duty("CNIL", replace(ONE, hours=72)).said == duty("CNIL").said
    assert duty("CNIL", replace(ONE, hours=None, working_days=3)).said.en == "3 working days"
    assert duty("CNIL", replace(ONE, hours=None)).said.en == "no figure given"
    assert corrected.standing([replace(ONE, duty="GONE")]) == duties()


def test_a_law_that_comes_into_force_makes_its_duty_owed() -> None:
    assert duty("NIS2").awaits_law
    assert not duty("NIS2", replace(ONE, duty="NIS2", hours=24)).awaits_law
    assert duty("CNIL", replace(ONE, in_force=False)).awaits_law


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None), ({"duty": "GONE"}, "unknown"), ({"working_days": 2}, "two_delays"), ({"hours": 0}, "delay"),
        ({"hours": corrected.LONGEST_HOURS + 1}, "delay"), ({"hours": None, "working_days": 0}, "delay"),
        ({"hours": None, "working_days": 261}, "delay"), ({"as_of": TODAY + timedelta(days=1)}, "ahead"),
        ({"source": " "}, "wordless"), ({"channel": ""}, "wordless"), ({"reason": "\n"}, "wordless"),
        ({"hours": None}, None), ({"hours": None, "working_days": 5}, None),
    ],
)  # fmt: skip
def test_what_cannot_be_said_of_a_duty_is_refused(change: dict[str, object], code: str | None) -> None:
    assert corrected.wrong(replace(ONE, **change), TODAY) == code  # type: ignore[arg-type]


def test_what_was_read_more_than_a_year_ago_is_old() -> None:
    assert not corrected.old(TODAY - corrected.OLD, TODAY)
    assert corrected.old(TODAY - corrected.OLD - timedelta(days=1), TODAY)


def reckon(log: Log, *told: DutyCorrection) -> None:
    debts = wall.reckoned(log.one, corrected.standing(told))
    log.entries.append(log.entry(Reckoned(corrected.kept(log.one, debts))))


def hours(log: Log, code: str) -> float:
    (clock,) = (one for one in wall.clocks(log.one) if one.duty.id == code)
    assert clock.due is not None
    return (clock.due - clock.since) / timedelta(hours=1)


def test_a_clock_whose_declaration_left_never_moves_others_follow_with_the_next_answer() -> None:
    log = aware(START)
    log.say(Answered("personal_data", "yes"))
    log.say(Answered("malicious", "yes"))
    reckon(log)
    log.say(Sent("CNIL", log.now))
    assert (hours(log, "CNIL"), hours(log, "PLAINTE")) == (72, 72)
    log.say(Answered("public", "no"))
    reckon(log, ONE, replace(ONE, duty="PLAINTE"))
    assert (hours(log, "CNIL"), hours(log, "PLAINTE")) == (72, 48)
    known = corrected.standing([ONE, replace(ONE, duty="PLAINTE")])
    earlier = {one.duty.id for one in wall.clocks(log.one, known) if corrected.by_earlier_rule(one)}
    assert earlier == {"CNIL"}
