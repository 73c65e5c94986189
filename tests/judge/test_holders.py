"""Whose an account is said to be is believed only where the account itself does not say otherwise."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from negatoscope.judge.leavers import Leaving, ended
from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.people import Departure, EarlierDay, FormerHolder, Person, departure_of
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.agents import MARIE
from tests.judge.cases.healthy.computers import ANNA, DESK, person
from tests.judge.cases.healthy.people import LEFT_ON, LUC, TODAY
from tests.judge.memory import AT, judged

AFTER = ended(LEFT_ON) + timedelta(days=5)
LUCS = replace(MARIE, name="lroy", holder=ANNA.ref, shown_as=None, mail=None, employee_id=None, created_at=None)


def reasons(control: str, *facts: object) -> set[str]:
    return {doubt.reason for doubt in judged(HEALTHY.with_(*facts), control).doubts}


@pytest.mark.parametrize(
    "account",
    [
        LUCS,
        replace(LUCS, name="x12", shown_as="Luc Roy"),
        replace(LUCS, name="x12", mail="luc.roy@cabinet.fr"),
        replace(LUCS, kind=AccountKind.SERVICE, purpose="sauvegarde"),
        replace(LUCS, kind=AccountKind.SERVICE, holder=None, purpose="sauvegarde"),
        replace(LUCS, password_set_at=AFTER),
        replace(LUCS, shown_as="Anna Petit", mail="luc.roy@cabinet.fr"),
    ],
)
def test_another_holder_declared_for_an_account_that_bears_a_leavers_name_is_a_doubt(account: DirectoryAccount) -> None:
    assert reasons("R3.5", account) == {"was_a_leavers"}


@pytest.mark.parametrize(
    "account",
    [
        replace(LUCS, created_at=AFTER),
        replace(LUCS, shown_as=ANNA.name),
        replace(LUCS, name=ANNA.ident),
    ],
)
def test_the_directorys_own_evidence_settles_who_holds_an_account(account: DirectoryAccount) -> None:
    assert judged(HEALTHY.with_(account), "R3.5").verdict is Verdict.PASSED


def test_what_was_a_leavers_by_an_earlier_word_is_a_doubt_until_its_password_is_new() -> None:
    account = replace(LUCS, name="x12", password_set_at=AFTER - timedelta(days=30))
    former = FormerHolder(account.ref, LUC.ref)
    assert reasons("R3.5", account) == set()
    assert reasons("R3.5", account, former) == {"was_a_leavers"}
    assert reasons("R3.5", replace(account, password_set_at=None), former) == {"was_a_leavers"}
    assert reasons("R3.5", replace(account, password_set_at=AFTER), former) == set()
    assert reasons("R3.5", account, FormerHolder(account.ref, ANNA.ref)) == set()


def test_on_a_computer_too_an_account_that_changes_hands_is_a_doubt() -> None:
    account = replace(person(DESK), password_set_at=None)
    assert reasons("R3.4", account, FormerHolder(account.ref, LUC.ref)) == {"was_a_leavers"}
    assert reasons("R3.4", Account(DESK, "l.roy", holder=ANNA.ref, enabled=True)) == {"was_a_leavers"}


def test_an_account_that_lists_alone_know_says_how_it_ends() -> None:
    listed = Account(DESK, "ancien", kind=AccountKind.PERSON, holder=LUC.ref)
    assert reasons("R3.4", listed) == {"listed_alone"}
    assert reasons("R3.4", replace(listed, interactive=True)) == {"unread"}


DAYS = "R0.2", "R3.4", "R3.5", "R3.6", "R33.1", "R33.2", "R37.3", "R39.8"
FAR = TODAY.replace(year=2999)


@pytest.mark.parametrize("control", DAYS)
@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Departure("person/x", FAR), "last_day_far"),
        (Departure("person/x", TODAY + timedelta(days=90), LEFT_ON), "last_day_moved"),
        (Departure("person/x", None, LEFT_ON), "last_day_moved"),
        (Person("x", "X", arrived_on=FAR), "arrival_far"),
    ],
)
def test_days_that_nobody_can_know_and_days_moved_afterwards_are_doubts(
    control: str, fact: Departure | Person, reason: str
) -> None:
    result = judged(HEALTHY.with_(fact), control)
    assert result.verdict is not Verdict.PASSED
    assert reason in {doubt.reason for doubt in result.doubts}


def test_an_arrival_put_off_afterwards_is_a_doubt_until_it_comes() -> None:
    soon = Person("x", "X", arrived_on=TODAY + timedelta(days=9))
    leaving = Leaving((Departure(soon.ref, arrived_was=LEFT_ON),), AT)
    assert [doubt.reason for doubt in leaving.doubts((soon,))] == ["arrival_moved"]
    assert list(leaving.doubts((replace(soon, arrived_on=TODAY),))) == []


FIRST, LAST, TOLD = date(2020, 1, 1), date(2026, 6, 30), date(2026, 7, 5)
CAME, WENT = EarlierDay("arrived_on", FIRST, TOLD), EarlierDay("left_on", LAST, TOLD)


@pytest.mark.parametrize(
    ("first", "last", "earlier", "was", "came"),
    [
        (FIRST, None, (WENT,), LAST, None),
        (FIRST, date(2999, 1, 1), (WENT,), LAST, None),
        (FIRST, date(2026, 6, 1), (WENT,), None, None),
        (date(2026, 7, 4), None, (WENT,), None, None),
        (None, None, (WENT,), LAST, None),
        (FIRST, None, (replace(WENT, until=LAST),), None, None),
        (date(2999, 1, 1), None, (CAME,), None, FIRST),
        (None, None, (CAME,), None, None),
        (FIRST, LAST, (), None, None),
    ],
)
def test_a_day_moved_once_it_had_passed_is_remembered(
    first: date | None, last: date | None, earlier: tuple[EarlierDay, ...], was: date | None, came: date | None
) -> None:
    told = departure_of(Person("x", "X", arrived_on=first, left_on=last), earlier)
    expected = Departure("person/x", last, was, came)
    assert told == (None if expected == Departure("person/x") else expected)
