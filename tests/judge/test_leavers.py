"""A departure closes on proof alone, whatever the order of events."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.judge.holders import resembles
from negatoscope.judge.leavers import Door, Leaving, ended, missing, present
from negatoscope.judge.returning import held_yet
from negatoscope.model.cases import Case, CaseKind, CaseTask, TaskKind
from negatoscope.model.directory import DirectoryGroup
from negatoscope.model.keys import Handover, HandoverState
from negatoscope.model.people import Departure, Person
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.agents import MARIE
from tests.judge.cases.healthy.lists import LUCS
from tests.judge.cases.healthy.people import given_back
from tests.judge.memory import judged

LAST_DAY = datetime(2026, 11, 2, tzinfo=UTC).date()
OPENED = datetime(2026, 10, 20, 9, tzinfo=UTC)
LUC = Person("luc.roy", "Luc Roy")
CASE = Case(LUC.ref, CaseKind.DEPARTURE, LAST_DAY, OPENED, "Anna Petit")
ACCOUNT, APPLICATION = "account/accueil/lroy", "account/ris/lroy"
LATER = ended(LAST_DAY) + timedelta(days=2)


def task(kind: TaskKind = TaskKind.THING, done: datetime | None = None, subject: str | None = None) -> CaseTask:
    by = "Anna Petit" if done else None
    return CaseTask(CASE.ref, kind.value, kind, "badge", LAST_DAY, None, subject, done, by, "fait" if done else None)


def reasons(*doors: Door, tasks: tuple[CaseTask, ...] = (), look: datetime | None = LATER) -> set[str]:
    return {doubt.reason for doubt in missing(CASE, tasks, doors, look, LATER)}


@pytest.mark.parametrize(
    ("door", "reason"),
    [
        (Door(ACCOUNT, enabled=True, seen_at=LATER), "still_open"),
        (Door(ACCOUNT), "state_unknown"),
        (Door(ACCOUNT, enabled=False, seen_at=OPENED), "seen_before_leaving"),
        (Door(ACCOUNT, enabled=False, seen_at=LATER, likely=True), "perhaps_theirs"),
        (Door(APPLICATION, measurable=False), "closing_unsigned"),
        (Door(ACCOUNT, enabled=True, seen_at=LATER, formerly=True), "was_theirs"),
        (Door(ACCOUNT, absent_at=LATER), "listed_though_gone"),
        (Door(ACCOUNT, absent_at=OPENED), "state_unknown"),
    ],
)
def test_an_account_that_is_not_proven_closed_keeps_the_case_open(door: Door, reason: str) -> None:
    assert reasons(door) == {reason}


def test_a_departure_closes_when_everything_is_proven() -> None:
    done = task(done=LATER)
    group = CaseTask(CASE.ref, "g", TaskKind.GROUP, "Internes", LAST_DAY)
    account = CaseTask(CASE.ref, "a", TaskKind.ACCOUNT, "Accueil", LAST_DAY)
    signed = task(TaskKind.ACCOUNT, LATER, APPLICATION)
    doors = (Door(ACCOUNT, enabled=False, seen_at=LATER, central=True), Door(APPLICATION, measurable=False))
    assert missing(CASE, (done, signed, group, account), doors, LATER, LATER) == ()


def test_an_account_of_a_system_that_no_look_sees_must_be_signed_for() -> None:
    account = CaseTask(CASE.ref, "a", TaskKind.ACCOUNT, "RIS", LAST_DAY)
    door = Door(ACCOUNT, enabled=False, seen_at=LATER)
    assert reasons(door, tasks=(account,)) == {"task_open"}
    assert reasons(tasks=(task(TaskKind.GROUP),)) == {"task_open"}


def test_what_was_signed_before_the_last_day_proves_nothing() -> None:
    early = task(TaskKind.ACCOUNT, OPENED, APPLICATION)
    assert reasons(Door(APPLICATION, measurable=False), tasks=(early,)) == {"closing_unsigned"}


def test_a_departure_never_closes_before_its_last_day_has_ended() -> None:
    (doubt,) = missing(CASE, (), (), OPENED, ended(LAST_DAY) - timedelta(seconds=1))
    assert doubt.reason == "not_left_yet"


@pytest.mark.parametrize("look", [None, OPENED])
def test_without_a_look_since_the_last_day_nothing_is_proven(look: datetime | None) -> None:
    assert reasons(look=look) == {"no_look_since"}


def test_a_task_that_nobody_signed_keeps_the_case_open() -> None:
    assert reasons(tasks=(task(),)) == {"task_open"}


@dataclass
class Practice:
    """What happens at a practice: the truth, what instruments saw of it, and what people signed."""

    now: datetime = OPENED
    open: bool = True
    told: list[tuple[datetime, bool]] = field(default_factory=list)
    signed: datetime | None = None

    def happens(self, event: str) -> None:
        match event:
            case "close account":
                self.open = False
            case "open account":
                self.open = True
            case "look":
                self.told.append((self.now, self.open))
            case "sign":
                self.signed = self.now
            case "unsign":
                self.signed = None
            case _:
                self.now += timedelta(days=5)

    def closes(self) -> bool:
        at, enabled = self.told[-1] if self.told else (None, None)
        return not missing(CASE, (task(done=self.signed),), (Door(ACCOUNT, enabled, at),), at, self.now)


EVENTS = st.lists(st.sampled_from(["close account", "open account", "look", "sign", "unsign", "wait"]), max_size=30)


@given(EVENTS)
def test_no_order_of_events_closes_a_departure_with_an_account_last_seen_open(events: list[str]) -> None:
    practice = Practice()
    for event in events:
        practice.happens(event)
        practice.now += timedelta(minutes=1)
        if practice.closes():
            at, enabled = practice.told[-1]
            assert (enabled, at >= ended(LAST_DAY), practice.signed is not None) == (False, True, True)


@given(EVENTS)
def test_looking_again_at_an_open_account_opens_the_question_again(events: list[str]) -> None:
    practice = Practice()
    for event in [*events, "open account", "look"]:
        practice.happens(event)
        practice.now += timedelta(minutes=1)
    assert not practice.closes()


@pytest.mark.parametrize("account", ["lroy", "luc.roy", "LROY", "roy", "royl", "CABINET\\l.roy", "luc.roy@cabinet.lan"])
def test_accounts_named_as_people_are_resemble_them(account: str) -> None:
    assert resembles(account, LUC)


@pytest.mark.parametrize("account", ["root", "lr", "leroy", "luc", "sauvegarde", ""])
def test_other_accounts_do_not(account: str) -> None:
    assert not resembles(account, LUC)


def test_accents_and_hyphens_do_not_hide_a_resemblance() -> None:
    assert resembles("jlefevre", Person("p7", "Jean Lefèvre"))
    assert resembles("mdupontdurand", Person("p8", "Marie Dupont-Durand"))
    assert not resembles("abc", Person("p9", ""))


def test_who_is_here_has_come_and_not_gone() -> None:
    leaving = Leaving((Departure(LUC.ref, LAST_DAY), Departure("person/x")), LATER)
    anna, soon = Person("anna", "Anna"), Person("soon", "Soon", arrived_on=LATER.date() + timedelta(days=9))
    assert present((anna, LUC, soon, Person("x", "X")), leaving) == (anna,)
    assert [doubt.subject for doubt in leaving.doubts()] == ["person/x"]


BADGE = Handover("key/badge 12", LUC.ref, LAST_DAY, None, HandoverState.RETURNED)


@pytest.mark.parametrize("control", ["R3.6", "R33.1"])
@pytest.mark.parametrize(
    ("handover", "signed", "verdict"),
    [
        (HandoverState.RETURNED, True, Verdict.PASSED),
        (HandoverState.DISABLED, True, Verdict.PASSED),
        (HandoverState.HELD, True, Verdict.FAILED),
        (HandoverState.LOST, True, Verdict.FAILED),
        (HandoverState.RETURNED, False, Verdict.FAILED),
        (None, True, Verdict.UNPROVEN),
    ],
)
def test_of_two_records_of_a_return_the_worse_wins(
    control: str, handover: HandoverState | None, *, signed: bool, verdict: Verdict
) -> None:
    task = given_back("badge")
    world = HEALTHY.with_(
        replace(LUCS, state=handover), task if signed else replace(task, done_at=None, done_by=None, statement=None)
    )
    assert judged(world, control).verdict is verdict


@pytest.mark.parametrize(
    ("what", "verdict"),
    [("Badge bleu", Verdict.FAILED), ("trousseau", Verdict.UNPROVEN), ("equipment", Verdict.PASSED)],
)
def test_a_thing_that_may_be_a_key_never_leaves_keys_green(what: str, verdict: Verdict) -> None:
    asked = replace(given_back("badge"), key="x", what=what, done_at=None, done_by=None, statement=None)
    assert judged(HEALTHY.with_(asked), "R33.1").verdict is verdict
    assert judged(HEALTHY.with_(asked), "R3.6").verdict is Verdict.FAILED


def test_without_a_list_of_hand_overs_nothing_was_handed_back() -> None:
    less = HEALTHY.but(sweeps=tuple(sweep for sweep in HEALTHY.sweeps if sweep.kind != "Handover"))
    assert judged(less, "R3.6").verdict is Verdict.UNPROVEN


def test_what_is_still_in_hand_stands_against_closing() -> None:
    (doubt,) = held_yet((BADGE, replace(BADGE, item="key/clé 3", state=HandoverState.HELD)), LUC.ref)
    assert doubt.reason == "still_in_hand"


@pytest.mark.parametrize(
    ("name", "sid", "verdict"),
    [
        ("Tout le monde", "S-1-5-21-1-2-3-513", Verdict.PASSED),
        ("Users", "S-1-5-32-545", Verdict.PASSED),
        ("Domain Users", "S-1-5-21-1-2-3-1513", Verdict.FAILED),
        ("Domain Users", "S-1-5-21-1-2-3-512", Verdict.FAILED),
        ("Domain Users", None, Verdict.UNPROVEN),
    ],
)
def test_the_group_of_everyone_is_known_by_its_identifier_not_by_its_name(
    name: str, sid: str | None, verdict: Verdict
) -> None:
    group = DirectoryGroup(MARIE.directory, name, sid)
    assert judged(HEALTHY.with_(replace(MARIE, groups=("Manips", name)), group), "R3.3").verdict is verdict
