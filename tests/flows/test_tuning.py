"""Settings of the watch: taken up without a restart, kept with who and why, never silence unseen."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.flows.test_watching import MARIE, RULE, RULE_ID, heard, worked

from negatoscope.config import Config
from negatoscope.flows import alerting, ruling, tuning
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tuning import NotTuned, Tuner, Wish
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.premises import Site
from negatoscope.model.watching import DetectorRun
from negatoscope.store.models import AlertRow
from negatoscope.store.queries import alerts

WHO = Tuner(MARIE, "Marie Durand (marie)")


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path), clock)


def run_of(console: Console, behaviour: str) -> DetectorRun:
    runs = StoredRegister(console.practice).seen(DetectorRun).facts
    return next(run for run in runs if run.behaviour == behaviour)


def test_a_change_holds_at_once_and_the_judge_is_told(console: Console, clock: TickingClock) -> None:
    at_work = worked(console, clock)
    at_work.report()
    assert run_of(console, "attempts").loosened == ()
    quiet = {"fast": 90, "slow": 200}
    tuning.save(console, Wish("attempts", changed=quiet), "our scanner", WHO)
    heard(console, 30)
    assert at_work.round() == 30
    clock.advance(timedelta(minutes=5))
    at_work.round()
    at_work.report()
    assert not AlertRow.objects.exists()
    run = run_of(console, "attempts")
    assert (run.off, run.off_at, run.loosened) == (False, (), ("fast", "slow"))
    one = tuning.held(console, "attempts")
    assert one is not None
    tuning.go_back(console, one, "it was no scanner", WHO)
    heard(console, 30, first=30)
    worked(console, clock)
    assert AlertRow.objects.count() == 1


def test_a_situation_that_is_off_tells_nothing_and_is_said_to_be(console: Console, clock: TickingClock) -> None:
    declare(console, Said(MARIE), [Site("Annecy")])
    tuning.save(console, Wish("attempts", on=False), "holidays", WHO)
    tuning.save(console, Wish("attempts", "Annecy", on=False), "holidays", WHO)
    heard(console, 30)
    worked(console, clock).report()
    assert not AlertRow.objects.exists()
    assert (run_of(console, "attempts").off, run_of(console, "attempts").off_at) == (True, ("Annecy",))
    tuning.follow_practice(console, "attempts", "Annecy", WHO)
    assert tuning.held(console, "attempts", "Annecy") is None
    with pytest.raises(NotTuned, match="unknown"):
        tuning.follow_practice(console, "attempts", "Annecy", WHO)


@pytest.mark.parametrize(
    ("wish", "reason", "code"),
    [
        (Wish("attempts", changed={"fast": 20}), " ", "unexplained"),
        (Wish("attempts", changed={"fast": 0}), "why", "out_of_bounds"),
        (Wish("attempts", changed={"fast": 10}), "why", "same"),
        (Wish("no such"), "why", "unknown"),
        (Wish("attempts", "no such site"), "why", "unknown"),
    ],
)
def test_what_is_not_taken_says_why(console: Console, wish: Wish, reason: str, code: str) -> None:
    with pytest.raises(NotTuned, match=code):
        tuning.save(console, wish, reason, WHO)
    assert tuning.held(console, "attempts") is None


def test_an_exemption_spares_what_an_alert_taught_until_it_is_withdrawn(console: Console, clock: TickingClock) -> None:
    heard(console, 30)
    worked(console, clock)
    (alert,) = alerts.standing(console.practice)
    today = clock().date()
    for number, until, reason, code in (
        (alert.number, today, "", "unexplained"), (999, today, "why", "unknown"),
        (alert.number, today + timedelta(days=400), "why", "too_long"),
    ):  # fmt: skip
        with pytest.raises(NotTuned, match=code):
            tuning.exempt(console, number, until, reason, WHO)
    told = tuning.exempt(console, alert.number, today + timedelta(days=30), "our scanner", WHO)
    assert {one.situation for one in told} == set(tuning.sparables(console, alert.number)) >= {"brute_force"}
    alerting.close(console, alert.number, AlertOutcome.BENIGN, "our scanner", Handler(MARIE, "Marie"))
    heard(console, 30, first=30)
    worked(console, clock)
    assert not alerts.standing(console.practice)
    for one in told:
        tuning.withdraw(console, one.ref, WHO)
    with pytest.raises(NotTuned, match="unknown"):
        tuning.withdraw(console, told[0].ref, WHO)
    heard(console, 60, first=60)
    worked(console, clock)
    assert len(alerts.standing(console.practice)) == 1


def test_alerts_that_are_always_told_are_never_exempt(console: Console, clock: TickingClock) -> None:
    heard(console, 30)
    worked(console, clock)
    AlertRow.objects.update(code="inactive")
    (alert,) = alerts.standing(console.practice)
    assert tuning.sparables(console, 999) == ()
    with pytest.raises(NotTuned, match="never_spared"):
        tuning.exempt(console, alert.number, clock().date(), "hush", WHO)


def test_a_rule_is_exempt_for_a_subject_and_what_comes_after_is_told(console: Console, clock: TickingClock) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    heard(console, 3)
    at_work = worked(console, clock)
    (alert,) = alerts.standing(console.practice)
    (told,) = tuning.exempt(console, alert.number, clock().date() + timedelta(days=30), "our scanner", WHO)
    assert told.ref == f"exemption/{RULE_ID}/rule/{alert.subject}"
    alerting.close(console, alert.number, AlertOutcome.FALSE, "our scanner", Handler(MARIE, "Marie"))
    heard(console, 6, first=3)
    assert at_work.round() == 6
    assert not alerts.standing(console.practice)
    tuning.withdraw(console, told.ref, WHO)
    heard(console, 1, first=9)
    assert at_work.round() == 1
    (again,) = alerts.standing(console.practice)
    assert (again.code, again.subject) == (RULE_ID, alert.subject)


def test_an_exemption_from_a_rule_ends_with_its_last_day(console: Console, clock: TickingClock) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    heard(console, 1)
    at_work = worked(console, clock)
    (alert,) = alerts.standing(console.practice)
    tuning.exempt(console, alert.number, clock().date() + timedelta(days=2), "our scanner", WHO)
    alerting.close(console, alert.number, AlertOutcome.FALSE, "our scanner", Handler(MARIE, "Marie"))
    clock.advance(timedelta(days=4))
    heard(console, 1, first=1)
    assert at_work.round() == 1
    assert len(alerts.standing(console.practice)) == 1


def test_a_critical_rule_is_never_exempt(console: Console, clock: TickingClock) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.replace("high", "critical").encode())
    heard(console, 1)
    worked(console, clock)
    (alert,) = alerts.standing(console.practice)
    with pytest.raises(NotTuned, match="never_spared"):
        tuning.exempt(console, alert.number, clock().date(), "hush", WHO)
