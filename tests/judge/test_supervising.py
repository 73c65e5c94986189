"""What keeps supervision from being proven: nobody sends, somebody fell silent, detection stopped, nobody answered."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from negatoscope.model.alert import AlertOutcome
from negatoscope.model.verdict import Verdict
from negatoscope.model.watching import (
    OTHERS,
    AlertHandled,
    DetectorRun,
    IncidentHandled,
    LogsKept,
    SourceHealth,
    TipHandled,
)
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.watch import read, report
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.watched import GATEWAY, HANDLED, HOUR, INCIDENT, LOGS, RULES, RUNS, SERVER, TIP
from tests.judge.cases.watched import ONLINE
from tests.judge.memory import AT, World, judged

BYPASS = next(run for run in RUNS if run.behaviour == "bypass")
ATTEMPTS = next(run for run in RUNS if run.behaviour == "attempts")


def without(*kinds: type[object]) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if not isinstance(fact, kinds)))


def doubts(world: World, control: str = "R26.7") -> list[str]:
    result = judged(world, control)
    assert result.verdict is Verdict.UNPROVEN
    return [doubt.reason for doubt in result.doubts]


@pytest.mark.parametrize("control", [f"R26.{number}" for number in range(5, 11)])
def test_before_any_log_nothing_is_proven(control: str) -> None:
    said = doubts(without(SourceHealth, DetectorRun, AlertHandled), control)
    assert said == (["nothing_watched"] if control == "R26.10" else ["detector_never_ran", "no_source"])


def test_a_silent_source_and_one_that_loses_lines_take_the_green_away() -> None:
    silent = doubts(HEALTHY.with_(replace(SERVER, silent=True)))
    assert silent == ["source_silent", "host_unheard"]
    assert doubts(HEALTHY.with_(replace(SERVER, silent=True, last=None)))[0] == "source_silent"
    assert doubts(HEALTHY.with_(replace(SERVER, lost=3))) == ["source_loses", "host_unheard"]


def test_what_the_console_itself_loses_may_be_of_any_source() -> None:
    assert doubts(HEALTHY.with_(SourceHealth(OTHERS, (), (), AT, silent=False, lost=4))) == ["lines_lost"]
    strangers = HEALTHY.with_(SourceHealth(OTHERS, (), (), AT, silent=False, lost=0))
    assert judged(strangers, "R26.7").verdict is Verdict.PASSED


def test_a_server_and_a_gateway_that_nobody_tells_of_are_doubts() -> None:
    assert doubts(HEALTHY.with_(replace(SERVER, hosts=()))) == ["host_unheard"]
    assert set(doubts(HEALTHY.with_(replace(GATEWAY, hosts=())), "R26.6")) == {"host_unheard"}


def test_connections_without_an_amount_show_nobody_that_much_leaves() -> None:
    world = HEALTHY.with_(replace(GATEWAY, brings=("connection",)))
    assert doubts(world, "R26.6") == ["no_source"]
    assert judged(world, "R26.9").verdict is Verdict.PASSED


def test_an_administrator_on_the_internet_shows_only_where_accounts_are_named_and_known() -> None:
    assert judged(HEALTHY, "R28.1").verdict is Verdict.PASSED
    nameless = HEALTHY.with_(replace(GATEWAY, brings=("connection", "amount")))
    assert doubts(nameless, "R28.1") == ["no_source"]
    assert "host_unheard" in doubts(HEALTHY.with_(replace(GATEWAY, hosts=())), "R28.1")
    assert doubts(HEALTHY.with_(replace(BYPASS, admins=0)), "R28.1") == ["no_admin_known"]
    assert doubts(HEALTHY.with_(replace(BYPASS, admins=None)), "R28.1") == ["unread"]
    assert doubts(without(SourceHealth, DetectorRun, AlertHandled), "R28.1") == ["detector_never_ran", "no_source"]


def test_what_was_done_about_an_administrator_online_is_proven_by_a_week_without() -> None:
    lately = replace(ONLINE, outcome=AlertOutcome.TRUE)
    assert doubts(HEALTHY.with_(lately), "R28.1") == ["went_online_lately"]
    long_ago = replace(lately, due=AT - timedelta(days=8), closed_at=AT - timedelta(days=9))
    assert judged(HEALTHY.with_(long_ago), "R28.1").verdict is Verdict.PASSED
    assert judged(HEALTHY.with_(replace(lately, reasons=("relay",))), "R28.1").verdict is Verdict.PASSED
    assert doubts(HEALTHY.with_(replace(lately, outcome=None)), "R28.1") == ["outcome_unsaid"]
    assert doubts(HEALTHY.with_(replace(lately, reasons=None)), "R28.1") == ["unread"]


def test_detection_that_stopped_or_comes_from_the_future_proves_nothing() -> None:
    for until in (AT - timedelta(hours=25), AT + HOUR):
        assert doubts(HEALTHY.with_(replace(ATTEMPTS, until=until))) == ["detector_stopped"]


def test_a_situation_turned_off_or_watched_too_loosely_is_never_green() -> None:
    assert doubts(HEALTHY.with_(replace(ATTEMPTS, off=True))) == ["detector_off"]
    assert doubts(HEALTHY.with_(replace(ATTEMPTS, off_at=("Annecy",)))) == ["detector_off_at"]
    assert doubts(HEALTHY.with_(replace(ATTEMPTS, loosened=("fast", "slow@Annecy")))) == ["detector_loosened"]
    unknown = replace(ATTEMPTS, off=None, off_at=None, loosened=None)
    assert doubts(HEALTHY.with_(unknown)) == ["unread"] * 3


def test_a_file_of_rules_that_is_missing_is_a_doubt_and_so_is_not_knowing() -> None:
    gone = doubts(HEALTHY.with_(replace(RULES, missing=("sigma.zip", "own.yml"))), "R26.10")
    assert gone == ["rules_missing", "rules_missing"]
    assert doubts(HEALTHY.with_(replace(RULES, missing=None)), "R26.10") == ["unread"]


def test_an_alert_closed_without_an_outcome_or_due_since_the_last_word_is_a_doubt() -> None:
    assert doubts(HEALTHY.with_(replace(HANDLED, outcome=None))) == ["outcome_unsaid"]
    due = replace(HANDLED, due=AT - timedelta(minutes=20), closed_at=None)
    assert doubts(HEALTHY.with_(due)) == ["alert_unfollowed"]


def test_an_overdue_alert_fails_whatever_else_is_dark() -> None:
    overdue = replace(HANDLED, due=AT - 3 * HOUR, closed_at=None)
    result = judged(without(SourceHealth).with_(overdue), "R26.7")
    assert result.verdict is Verdict.FAILED
    assert [(one.subject, one.reason) for one in result.findings] == [("alert/1", "alert_overdue")]


def test_a_report_that_cannot_be_read_says_where() -> None:
    with pytest.raises(Unreadable):
        list(read(BytesIO(b"{}")))
    with pytest.raises(Unreadable, match="due"):
        list(read(BytesIO(report((), (), (replace(HANDLED, due=HANDLED.due.replace(tzinfo=None)),)))))


def test_reports_prove_nothing_where_there_are_none_or_nobody_says_what_became_of_them() -> None:
    assert judged(HEALTHY, "R39.9").verdict is Verdict.PASSED
    assert doubts(without(TipHandled), "R39.9") == ["nobody_reported"]
    assert doubts(HEALTHY.with_(replace(TIP, outcome=None)), "R39.9") == ["tip_unsaid"]
    waiting = replace(TIP, handled_at=None, outcome=None)
    assert judged(HEALTHY.with_(waiting), "R39.9").verdict is Verdict.PASSED
    due = replace(waiting, due=AT - timedelta(minutes=20))
    assert doubts(HEALTHY.with_(due), "R39.9") == ["tip_unfollowed"]
    assert judged(HEALTHY.with_(replace(waiting, due=AT - 3 * HOUR)), "R39.9").verdict is Verdict.FAILED


def test_incidents_prove_nothing_where_there_was_none_or_it_is_under_way() -> None:
    assert judged(HEALTHY, "R38.1").verdict is Verdict.PASSED
    assert doubts(without(IncidentHandled), "R38.1") == ["no_incident_lived"]
    young = replace(INCIDENT, opened_at=AT - 48 * HOUR, closed=False, lacks=("entry", "lessons"))
    assert doubts(HEALTHY.with_(young), "R38.1") == ["incident_under_way"]
    assert judged(HEALTHY.with_(young), "R38.2").verdict is Verdict.PASSED
    naive = replace(INCIDENT, opened_at=INCIDENT.opened_at.replace(tzinfo=None))
    with pytest.raises(Unreadable, match="naive_datetime"):
        list(read(BytesIO(report((), (), (), None, (naive,)))))


def test_of_hosts_and_declarations_nothing_is_shown_where_there_were_none_or_time_still_runs() -> None:
    for control in ("R38.4", "R38.5", "R38.6", "R38.7", "R38.11", "R38.12", "R38.13"):
        assert judged(HEALTHY, control).verdict is Verdict.PASSED
        assert doubts(without(IncidentHandled), control) == ["no_incident_lived"]
    assert doubts(HEALTHY.with_(replace(INCIDENT, hosts=0)), "R38.4") == ["no_host_touched"]
    assert doubts(HEALTHY.with_(replace(INCIDENT, hosts=None)), "R38.7") == ["incident_untold"]
    assert doubts(HEALTHY.with_(replace(INCIDENT, lacks=("no_memory",))), "R38.7") == ["memory_not_copied"]
    assert doubts(HEALTHY.with_(replace(INCIDENT, declared=())), "R38.13") == ["no_declaration_owed"]
    assert doubts(HEALTHY.with_(replace(INCIDENT, declared=None)), "R38.13") == ["incident_untold"]
    running = replace(INCIDENT, declared=("CNIL/waits", "PLAINTE/perhaps"))
    assert doubts(HEALTHY.with_(running), "R38.13") == ["declaration_waits", "declaration_perhaps"]


def test_logs_prove_nothing_before_some_days_are_kept() -> None:
    young = replace(LOGS, since=AT.date() - timedelta(days=3))
    assert doubts(HEALTHY.with_(young), "R27.5") == ["kept_a_few_days"]
    assert doubts(without(LogsKept), "R27.5") == ["no_logs_kept"]
