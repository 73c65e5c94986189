"""Departures through the real flows: opened from a template, refused without proof, closed with it, and replayed."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from tests.conftest import TickingClock
from tests.judge.planted.computers import CAPTURES

from negatoscope.flows.accompanying import (
    Held,
    NotProven,
    Opening,
    Who,
    add_task,
    close_case,
    held,
    open_case,
    reopen_case,
    sign_task,
    undo_task,
    withdraw_case,
)
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.cases import Case, CaseKind, RoleTemplate, TaskKind
from negatoscope.model.evidence import Retraction
from negatoscope.model.people import Departure, FormerHolder, Person

LUC = Person("luc.roy", "Luc Roy", role="Interne")
WHO = Who("user:apetit", "Anna Petit")
LAST_DAY = date(2026, 11, 6)


def observe(console: Console, *, open_account: bool) -> str:
    """The recorded capture of a workstation, in which an account is open or locked."""
    lines = (CAPTURES / "local" / "healthy.jsonl").read_bytes()
    state = b"P" if open_account else b"L"
    assert b"mdurand P " in lines
    data = lines.replace(b"mdurand P ", b"mdurand " + state + b" ")
    found = deliver(console, Delivery("local", "local", "user:apetit", "observation", data))
    assert found.facts
    return next(one.ref for one in StoredRegister(console.practice).seen(Account).facts if one.name == "mdurand")


def departure(console: Console, kind: CaseKind = CaseKind.DEPARTURE) -> Case:
    declare(console, Said("user:apetit"), (LUC,))
    return open_case(console, Opening(LUC, kind, LAST_DAY, "Anna Petit"), WHO)


def again(console: Console, case: Case) -> Held:
    found = next(one for one in StoredRegister(console.practice).seen(Case).facts if one.ref == case.ref)
    return held(console, found)


def sign_all(console: Console, case: Case) -> None:
    for task in again(console, case).tasks:
        if task.kind not in (TaskKind.ACCOUNT, TaskKind.GROUP) or task.subject:
            sign_task(console, task, "fait et vérifié", WHO)


def test_a_departure_enters_the_last_day_and_asks_what_the_role_was_given(console: Console) -> None:
    declare(console, Said("user:apetit"), (RoleTemplate("interne", ("RIS",), ("Internes",), ("badge", "tablier")),))
    case = departure(console)
    told = again(console, case)
    assert {task.what for task in told.tasks} == {"RIS", "Internes", "badge", "tablier", "forwarding"}
    assert [step.act for step in told.steps] == ["opened"]
    (left,) = StoredRegister(console.practice).seen(Departure).facts
    assert (left.holder, left.left_on) == (LUC.ref, LAST_DAY)


def test_a_departure_closes_only_on_proof(console: Console, clock: TickingClock) -> None:
    ref = observe(console, open_account=True)
    case = departure(console)
    host, name = ref.split("/")[1:]
    declare(console, Said("user:apetit"), (Account(f"host/{host}", name, holder=LUC.ref),))
    sign_all(console, case)
    with pytest.raises(NotProven, match="not_left_yet"):
        close_case(console, case, WHO)
    clock.advance(timedelta(days=10))
    with pytest.raises(NotProven, match="still_open"):
        close_case(console, case, WHO)
    observe(console, open_account=True)
    with pytest.raises(NotProven, match="still_open"):
        close_case(console, case, WHO)
    observe(console, open_account=False)
    close_case(console, case, WHO)
    told = again(console, case)
    assert told.case.closed_by == "Anna Petit"
    assert [step.act for step in told.steps if step.act in {"refused", "closed"}] == ["refused"] * 3 + ["closed"]
    reopen_case(console, told.case, "un badge retrouvé", WHO)
    assert again(console, case).case.closed_at is None


def test_a_look_at_a_computer_proves_nothing_of_a_directory(console: Console, clock: TickingClock) -> None:
    declare(console, Said("user:apetit"), (RoleTemplate("interne", (), ("Internes",), ("badge",)),))
    before = (CAPTURES / "directory" / "flawed.jsonl").read_bytes()
    deliver(console, Delivery("directory", "cabinet.lan", "user:apetit", "observation", before))
    ref = observe(console, open_account=True)
    case = departure(console)
    host, name = ref.split("/")[1:]
    declare(console, Said("user:apetit"), (Account(f"host/{host}", name, holder=LUC.ref),))
    clock.advance(timedelta(days=10))
    observe(console, open_account=False)
    sign_all(console, case)
    assert {doubt.reason for doubt in again(console, case).against} == {"no_look_since", "task_open"}
    deliver(console, Delivery("directory", "cabinet.lan", "user:apetit", "observation", before))
    assert {doubt.reason for doubt in again(console, case).against} == {"task_open"}


def test_an_application_that_no_look_sees_is_signed_for(console: Console, clock: TickingClock) -> None:
    case = departure(console)
    declare(console, Said("user:apetit"), (Account(None, "lroy", "RIS", holder=LUC.ref),))
    clock.advance(timedelta(days=10))
    observe(console, open_account=True)
    sign_all(console, case)
    assert {doubt.reason for doubt in again(console, case).against} == {"closing_unsigned"}
    add_task(console, case, "RIS", "account/RIS/lroy", WHO)
    assert {doubt.reason for doubt in again(console, case).against} == {"closing_unsigned", "task_open"}
    sign_all(console, case)
    close_case(console, case, WHO)
    signed = next(task for task in again(console, case).tasks if task.subject)
    undo_task(console, signed, WHO)
    assert again(console, case).case.closed_at is None


def test_an_account_that_looks_like_theirs_must_be_named(console: Console, clock: TickingClock) -> None:
    case = departure(console)
    declare(console, Said("user:apetit"), (Account(None, "l.roy", "PACS"),))
    clock.advance(timedelta(days=10))
    observe(console, open_account=False)
    sign_all(console, case)
    assert {doubt.reason for doubt in again(console, case).against} == {"perhaps_theirs"}


def test_an_opening_by_mistake_is_undone(console: Console) -> None:
    case = departure(console)
    withdraw_case(console, case, WHO)
    known = StoredRegister(console.practice)
    assert known.seen(Case).facts == ()
    assert known.seen(Departure).facts == ()
    assert known.seen(Person).facts[0].left_on is None


def test_an_arrival_closes_when_everything_given_is_signed_for(console: Console) -> None:
    case = departure(console, CaseKind.ARRIVAL)
    with pytest.raises(NotProven, match="task_open"):
        close_case(console, case, WHO)
    for task in again(console, case).tasks:
        sign_task(console, task, "remis", WHO)
    close_case(console, case, WHO)
    assert again(console, case).case.closed_at is not None


def test_what_a_case_says_can_be_read_from_the_vault(console: Console) -> None:
    departure(console)
    entries = list(console.vault.entries(after=0))
    digest = getattr(entries[-1], "digest", "")
    with console.vault.open(digest) as stream:
        assert b"Luc Roy" in BytesIO(stream.read()).getvalue()


def reasons(console: Console, case: Case) -> set[str]:
    return {doubt.reason for doubt in again(console, case).against}


def test_another_holder_declared_for_a_leavers_account_keeps_the_case_open(
    console: Console, clock: TickingClock
) -> None:
    ref = observe(console, open_account=True)
    case = departure(console)
    host, name = ref.split("/")[1:]
    account = Account(f"host/{host}", name, holder=LUC.ref)
    other = Person("anna.petit", "Anna Petit")
    declare(console, Said("user:apetit"), (account, other))
    clock.advance(timedelta(days=10))
    declare(console, Said("user:apetit"), (replace(account, holder=other.ref),))
    sign_all(console, case)
    observe(console, open_account=True)
    assert reasons(console, case) == {"was_theirs"}
    declare(console, Said("user:apetit"), (), (Retraction("Account", ref),))
    assert reasons(console, case) == {"was_theirs"}
    assert FormerHolder(ref, LUC.ref) in StoredRegister(console.practice).seen(FormerHolder).facts
    observe(console, open_account=False)
    close_case(console, case, WHO)


def test_a_deleted_account_leaves_the_case_when_its_line_leaves_the_list(console: Console, clock: TickingClock) -> None:
    ref = observe(console, open_account=True)
    case = departure(console)
    gone = Account(ref.rsplit("/", 1)[0].replace("account/", "host/"), "supprime", holder=LUC.ref)
    declare(console, Said("user:apetit"), (gone,))
    assert "listed_though_gone" not in reasons(console, case)
    clock.advance(timedelta(days=10))
    observe(console, open_account=False)
    sign_all(console, case)
    assert reasons(console, case) == {"listed_though_gone"}
    declare(console, Said("user:apetit"), (), (Retraction("Account", gone.ref),))
    close_case(console, case, WHO)


def test_a_last_day_moved_once_it_has_passed_is_remembered(console: Console, clock: TickingClock) -> None:
    left = replace(LUC, arrived_on=date(2020, 1, 6), left_on=LAST_DAY)
    declare(console, Said("user:apetit"), (left,))
    clock.advance(timedelta(days=30))
    declare(console, Said("user:apetit"), (replace(left, left_on=date(2999, 12, 31)),))
    (told,) = StoredRegister(console.practice).seen(Departure).facts
    assert told == Departure(LUC.ref, date(2999, 12, 31), LAST_DAY)
    declare(console, Said("user:apetit"), (), (Retraction("Person", LUC.ref),))
    declare(console, Said("user:apetit"), (replace(left, left_on=None),))
    (told,) = StoredRegister(console.practice).seen(Departure).facts
    assert told.was_on == LAST_DAY
    declare(console, Said("user:apetit"), (replace(left, left_on=None, arrived_on=date(2026, 12, 1)),))
    assert all(one.was_on is None for one in StoredRegister(console.practice).seen(Departure).facts)
