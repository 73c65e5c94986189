"""One order of what to do first, one set of instants at which things end."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.utils.translation import override
from tests.prove.test_paper import text_of
from tests.web.furnished import furnish

from negatoscope.flows.decaying import decaying
from negatoscope.flows.proving import report_pdf
from negatoscope.kit.clock import PARIS, utc_now
from negatoscope.model.actions import Action, ActionState
from negatoscope.model.cases import Case, CaseKind
from negatoscope.model.networks import Consent
from negatoscope.model.people import Attestation, Waiver
from negatoscope.model.verdict import Verdict
from negatoscope.prove import plan
from negatoscope.prove.plan import Ending, Looked, Reach
from negatoscope.web import advice

NOW = datetime(2026, 6, 10, 8, tzinfo=UTC)
NEVER = Looked(None, (), {}, None)
REACH = Reach(frozenset({1, 2, 3}), frozenset({2, 4}), frozenset({5, 6, 7, 8}), (5, 9, 9))
DARK = dict.fromkeys(range(1, 10), Verdict.UNPROVEN)


def codes(looked: Looked, verdicts: dict[int, Verdict] | None = None, findings: int = 0) -> list[str]:
    told = plan.steps(DARK if verdicts is None else verdicts, findings, looked, REACH, NOW)
    return [step.code for step in told]


def test_quick_looks_come_first_then_what_concerns_most_films() -> None:
    assert codes(NEVER) == ["local", "networks", "people", "attest"]


def test_a_fresh_look_is_not_advised_and_an_old_one_is() -> None:
    day, old = NOW - timedelta(days=1), NOW - timedelta(days=8)
    assert codes(Looked(day, ("10.0.0.0/24",), {"10.0.0.0/24": day}, day)) == ["attest"]
    assert codes(Looked(old, ("10.0.0.0/24",), {"10.0.0.0/24": old}, day)) == ["local", "sweep", "attest"]
    assert codes(Looked(day, ("10.0.0.0/24",), {}, day)) == ["sweep", "attest"]


def test_only_dark_films_are_moved_by_proof_and_only_red_ones_by_repair() -> None:
    verdicts = {1: Verdict.PASSED, 2: Verdict.FAILED, 3: Verdict.UNPROVEN}
    told = plan.steps(verdicts, 12, NEVER, REACH, NOW)
    assert [(step.code, step.films, step.n) for step in told] == [("local", (3,), 0), ("repair", (2,), 12)]


def word(*, holds: bool = True, given: datetime = NOW, until: datetime = NOW) -> Attestation:
    return Attestation("R39.1", holds=holds, statement="fait", signed_by="Marie", signed_at=given, expires_at=until)


def held(days: int) -> tuple[plan.Held, ...]:
    at = NOW + timedelta(days=days)
    return (
        word(given=NOW - timedelta(days=300), until=at),
        Consent("host/scanner-1", "Marie", at),
        Waiver("R6.1", "host/vieux", "Marie", "isolé", at),
        Action("R6.1", "host/vieux", "Marie", at.date(), ActionState.OPEN, ()),
        Case("person/kmoreau", CaseKind.DEPARTURE, at.date(), NOW, "Marie"),
        Case("person/nouveau", CaseKind.ARRIVAL, at.date(), NOW, "Marie"),
    )


def test_six_sorts_of_things_end_and_what_is_over_does_not() -> None:
    told = plan.endings(held(3), {}, NOW + timedelta(days=7))
    assert sorted(one.code for one in told) == ["action", "arrival", "attestation", "consent", "departure", "waiver"]
    assert plan.endings(held(20), {}, NOW + timedelta(days=7)) == []
    over: tuple[plan.Held, ...] = (
        word(holds=False),
        Action("R6.1", "host/vieux", "Marie", NOW.date(), ActionState.CLOSED, ()),
        Case("person/kmoreau", CaseKind.DEPARTURE, NOW.date(), NOW, "Marie", closed_at=NOW),
    )
    assert plan.endings(over, {}, NOW) == []


def test_an_attestation_ends_when_its_control_says_so_whatever_was_written() -> None:
    given = word(given=NOW - timedelta(days=360), until=NOW + timedelta(days=900))
    (one,) = plan.endings((given,), {"R39.1": timedelta(days=365)}, NOW + timedelta(days=7))
    assert one == Ending("attestation", "R39.1", "", NOW + timedelta(days=5), "Marie")
    assert given.ends(None) == NOW + timedelta(days=900)


def test_a_day_ends_in_paris() -> None:
    assert plan.day_ends(date(2026, 6, 10)) == datetime(2026, 6, 10, 22, tzinfo=UTC)
    assert plan.day_ends(date(2026, 1, 10)) == datetime(2026, 1, 10, 23, tzinfo=UTC)


def test_two_thousand_repairs_for_one_day_are_one_deadline() -> None:
    many = [Action("R6.1", f"host/h{n}", "Marie", NOW.date(), ActionState.OPEN, ()) for n in range(2000)]
    (one,) = plan.deadlines(plan.endings(many, {}, NOW + timedelta(days=7)))
    assert one.n == 2000


def test_page_paper_and_badge_tell_the_same_deadlines(db: None, tmp_path: Path) -> None:
    console = furnish(tmp_path, utc_now())
    now = console.clock()
    told = plan.deadlines(decaying(console.practice, now, plan.SOON))
    said = text_of(report_pdf(console, "fr"))
    with override("fr"):
        due = [one for one in advice.deadlines(console.practice, now) if one.at]
    shown = [one for one in due if not one.url.startswith(("/alertes/", "/signalements/"))]
    assert [one.at for one in shown] == [one.first.at for one in told[: advice.DUE_SHOWN]]
    assert len(shown) > 2
    for one in told[: advice.DUE_SHOWN]:
        assert f"{one.first.at.astimezone(PARIS):%d/%m/%Y}" in said
