"""Alerts: raised once, handled by people, told louder as time passes, and judged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from tests.conftest import START, TickingClock
from tests.flows.letters import Box, way

from negatoscope.flows import alerting, overseeing
from negatoscope.flows.alerting import Handler, NotHandled
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.delivering import Postman
from negatoscope.flows.judging import judge_now
from negatoscope.model.alert import Alert, AlertOutcome, AlertState, AlertStep, Priority
from negatoscope.model.continuity import Call
from negatoscope.model.critical import CriticalPoint
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.model.verdict import Verdict
from negatoscope.model.watching import DetectorRun, SourceHealth
from negatoscope.store import alerts as rows
from negatoscope.store.models import AlertRow, AlertStepRow, LedgerRow, NoticeRow
from negatoscope.store.queries import alerts
from negatoscope.watch.detection import Detection, Kind, Level

WHO = Handler("user:apetit", "Anna Petit (apetit)")
SEEN = Detection(
    Kind.BEHAVIOUR, "attempts", "host/poste", START, START, ("s:1", "s:2"), Level.MEDIUM, "attempts/1", "brute_force",
    2, {"limit": 10}, {"failures": 12},
)  # fmt: skip
ANNA = Person("anna", "Anna Petit", email="anna@cabinet.example")
LUC = Person("luc", "Luc Moreau", email="luc@cabinet.example")
ZOE = Person("zoe", "Zoé Blanc", email="zoe@cabinet.example")


def only(console: Console) -> Alert:
    (one,) = alerts.since(console.practice, START - timedelta(days=900))
    return one


def told(code: str) -> set[str]:
    return set(NoticeRow.objects.filter(code=f"alert_{code}").values_list("to", flat=True))


def test_the_same_detections_told_again_change_nothing(console: Console) -> None:
    assert alerting.raise_from(console, [SEEN]) == 1
    before, size = only(console), LedgerRow.objects.count()
    assert alerting.raise_from(console, [SEEN, SEEN]) == 0
    assert (only(console), LedgerRow.objects.count()) == (before, size)
    assert (before.due, before.count, before.state) == (START + timedelta(hours=24), 2, AlertState.NEW)


def test_what_goes_on_and_what_is_like_it_join_the_open_alert(console: Console) -> None:
    other = replace(SEEN, case="attempts/2", keys=("s:7",), reason="slow", count=5, level=Level.HIGH)
    alerting.raise_from(console, [SEEN, replace(SEEN, count=9), other, replace(SEEN, subject="host/autre", case="3")])
    one = alerts.standing(console.practice)[0]
    assert (one.count, one.level, one.priority) == (14, "high", Priority.HIGH)
    assert [(part.reason, part.count) for part in alerts.parts(one.number)] == [("slow", 5), ("brute_force", 9)]
    assert AlertRow.objects.count() == 2
    assert [each.step for each in alerts.history(one.number)] == [AlertStep.RAISED, AlertStep.GREW]


def test_what_is_only_informational_raises_nothing(console: Console) -> None:
    assert alerting.raise_from(console, [replace(SEEN, level=Level.INFORMATIONAL)]) == 0
    assert not alerts.ever(console.practice)


def test_what_goes_on_after_closing_is_a_new_alert_with_its_own_clock(console: Console, clock: TickingClock) -> None:
    alerting.raise_from(console, [SEEN])
    alerting.close(console, only(console).number, AlertOutcome.BENIGN, "un essai convenu", WHO)
    clock.advance(timedelta(hours=30))
    assert alerting.raise_from(console, [SEEN]) == 0
    assert alerting.raise_from(console, [replace(SEEN, count=7)]) == 1
    (one,) = alerts.standing(console.practice)
    assert one.count == 5
    assert one.due > clock.at + timedelta(hours=23)
    assert alerts.parts(one.number)[0].count == 5


def test_what_alerts_turned_out_to_be_is_counted_by_rule_and_behaviour(console: Console, clock: TickingClock) -> None:
    rule = replace(SEEN, kind=Kind.SIGMA, code="5f0b-rule", case="rule/1")
    alerting.raise_from(console, [SEEN, replace(SEEN, subject="host/autre", case="2"), rule])
    first, second, ruled = (one.number for one in alerts.standing(console.practice))
    alerting.close(console, first, AlertOutcome.FALSE, "un inventaire", WHO)
    clock.advance(timedelta(days=40))
    alerting.close(console, second, AlertOutcome.FALSE, "encore l’inventaire", WHO)
    alerting.close(console, ruled, AlertOutcome.BENIGN, "la sauvegarde", WHO)
    alerting.raise_from(console, [replace(SEEN, case="3")])
    counted = alerts.outcomes(console.practice)
    attempts = counted["behaviour", "attempts"]
    assert (attempts.open, attempts.true, attempts.false, attempts.benign) == (1, 0, 2, 0)
    assert (counted["sigma", "5f0b-rule"].benign, attempts.last_at is not None) == (1, True)
    lately = alerts.outcomes(console.practice, clock.at - timedelta(days=30))
    assert lately["behaviour", "attempts"].false == 1
    said = alerts.concluded(console.practice, "behaviour", "attempts", 1)
    assert [one.conclusion for one in said] == ["encore l’inventaire"]


def test_the_register_makes_an_alert_more_urgent(console: Console) -> None:
    modality = Host("host/irm", "irm", HostClass.MODALITY)
    declare(console, Said("user:apetit"), (modality, CriticalPoint("host/poste"), ANNA, Call(ANNA.ref, 1)))
    touching = replace(SEEN, seen={"target": "host/irm", "holder": ANNA.ref})
    alerting.raise_from(console, [touching])
    assert only(console).because == ("modality", "key_person", "sensitive")
    assert only(console).priority is Priority.HIGH


def test_an_alert_is_taken_handed_on_commented_and_closed_with_its_reason(console: Console) -> None:
    alerting.raise_from(console, [SEEN])
    number = only(console).number
    alerting.take(console, number, WHO)
    alerting.hand_on(console, number, "Luc Moreau (lmoreau)", WHO)
    alerting.comment(console, number, "appelé le poste", WHO)
    with pytest.raises(NotHandled, match="unexplained"):
        alerting.close(console, number, AlertOutcome.TRUE, "  ", WHO)
    alerting.close(console, number, AlertOutcome.TRUE, "mot de passe changé", WHO)
    one = only(console)
    assert (one.state, one.owner, one.outcome) == (AlertState.CLOSED, "Luc Moreau (lmoreau)", AlertOutcome.TRUE)
    alerting.comment(console, number, "rien de plus depuis", WHO)
    with pytest.raises(NotHandled, match="closed"):
        alerting.take(console, number, WHO)
    with pytest.raises(NotHandled, match="unknown"):
        alerting.comment(console, 99_999_999, "?", WHO)
    with pytest.raises(NotHandled, match="unknown"):
        alerting.take(console, 99_999_999, WHO)
    kinds = [row.kind for row in LedgerRow.objects.order_by("sequence") if row.kind.startswith("alert_")]
    acts = ["raised", "taken", "handed", "commented", "closed", "commented"]
    assert kinds == [f"alert_{act}" for act in acts]


def test_each_escalation_is_taken_and_told_once_to_more_people_each_time(console: Console, clock: TickingClock) -> None:
    today = clock.at.date()
    calls = (Call(ANNA.ref, 1, deputy=ZOE.ref), Call(LUC.ref, 2))
    away = Absence(ANNA.ref, today, today)
    declare(console, Said("user:apetit"), (ANNA, LUC, ZOE, *calls, away))
    way(console, 25)
    alerting.raise_from(console, [SEEN])
    assert told("raised") >= {ANNA.email, ZOE.email}
    assert LUC.email not in told("raised")
    assert alerting.escalate(console) == 0
    steps = (("after_4", 4, LUC.email, False), ("after_12", 8, LUC.email, True), ("after_20", 8, LUC.email, True))
    for code, hours, who, reached in steps:
        clock.advance(timedelta(hours=hours))
        assert alerting.escalate(console) == 1
        assert alerting.escalate(console) == 0
        assert (who in told(code)) is reached
    clock.advance(timedelta(hours=4))
    alerting.escalate(console)
    assert told("overdue") >= {LUC.email}
    once = AlertStepRow.objects.exclude(once=None).order_by("pk").values_list("once", flat=True)
    assert list(once) == ["raised", "after_4", "after_12", "after_20", "overdue"]
    assert only(console).late(clock.at)


def test_after_a_long_stop_every_step_is_noted_and_the_last_one_told(console: Console, clock: TickingClock) -> None:
    way(console, 25)
    alerting.raise_from(console, [SEEN])
    clock.advance(timedelta(hours=50))
    alerting.escalate(console)
    assert told("after_12") == set()
    assert told("overdue")
    assert AlertStepRow.objects.filter(once__isnull=False).count() == 5


def test_a_crash_between_note_and_notice_leaves_neither(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(console, 25)
    alerting.raise_from(console, [SEEN])
    clock.advance(timedelta(hours=4))
    real = rows.note

    def dies(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rows, "note", dies)
    with pytest.raises(KeyboardInterrupt):
        alerting.escalate(console)
    assert told("after_4") == set()
    monkeypatch.setattr(rows, "note", real)
    assert alerting.escalate(console) == 1
    assert told("after_4")


def test_only_what_is_low_waits_for_the_morning(console: Console, clock: TickingClock) -> None:
    way(console, 25)
    clock.advance(timedelta(hours=14))
    late = clock.at
    alerting.raise_from(console, [replace(SEEN, level=Level.LOW), replace(SEEN, subject="host/autre", case="2")])
    low, medium = NoticeRow.objects.order_by("pk")
    assert (low.kind, medium.kind) == ("calm", "alert")
    assert medium.due_at < late + timedelta(minutes=1)
    assert low.due_at - late > timedelta(hours=6)
    night = datetime.fromisoformat("2026-03-29T01:30:00+00:00")
    assert alerting.waking(night).isoformat() == "2026-03-29T07:00:00+02:00"


def test_an_alert_leaves_at_once_and_says_what_to_handle_before_when(
    console: Console, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server(require_starttls=True).port)
    alerting.raise_from(console, [SEEN])
    Postman().round(console)
    ((_to, letter),) = box.letters
    assert "Tentatives de connexion" in letter.replace("=\n", "").replace("=20", " ")
    assert "/alertes/" in letter


def test_without_a_way_out_nobody_is_told_and_nothing_leaves_later(console: Console) -> None:
    alerting.raise_from(console, [SEEN])
    assert NoticeRow.objects.count() == 0
    assert alerts.history(only(console).number)[0].reached == 0


def test_an_overdue_alert_is_a_finding_and_stays_one_once_handled_late(console: Console, clock: TickingClock) -> None:
    def look() -> Verdict:
        now = clock.at
        source = SourceHealth("192.0.2.1", ("logon", "connection"), (), now, silent=False, lost=0)
        overseeing.oversee(console, [source], [DetectorRun("attempts", START, now)])
        rule = judge_now(console, "user:apetit").rules[25]
        return next(one.verdict for one in rule.controls if one.id == "R26.10")

    alerting.raise_from(console, [SEEN])
    assert overseeing.due(console)
    assert look() is Verdict.PASSED
    assert not overseeing.due(console)
    clock.advance(timedelta(hours=24))
    assert overseeing.due(console)
    assert look() is Verdict.FAILED
    alerting.close(console, only(console).number, AlertOutcome.TRUE, "trop tard", WHO)
    assert look() is Verdict.FAILED


def test_on_monday_the_alerts_of_the_week_before_are_summed_up(console: Console, clock: TickingClock) -> None:
    way(console, 25)
    alerting.raise_from(console, [SEEN])
    Postman().round(console)
    assert "alerts_week" not in set(NoticeRow.objects.values_list("code", flat=True))
    clock.advance(timedelta(days=7))
    Postman().round(console)
    (notice,) = NoticeRow.objects.filter(code="alerts_week")
    assert notice.values == {"n": 1, "closed": 0, "open": 1, "overdue": 1, "late": 1, "silent": 0}


def test_the_loop_looks_at_clocks_once_a_minute(console: Console, clock: TickingClock) -> None:
    alerting.raise_from(console, [SEEN])
    rounds = alerting.Rounds()
    rounds.round(console)
    clock.advance(timedelta(hours=5))
    rounds.round(console)
    clock.advance(timedelta(hours=8))
    rounds.looked = clock.at
    rounds.round(console)
    once = AlertStepRow.objects.exclude(once=None).order_by("pk").values_list("once", flat=True)
    assert list(once) == ["raised", "after_4"]
