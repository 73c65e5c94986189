"""Accounts that should not serve: each way to be inactive, failing and getting in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from negatoscope.model.accounts import Account, AccountKind, Privilege
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Action, Told
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.watch.behaviours import inactive
from negatoscope.watch.behaviours.inactive import Settings, State
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import Known
from tests.watch.made import paris, told

HERE = "directory/cabinet.lan"
OLD = datetime(2024, 1, 1, tzinfo=UTC)
NOW = "2026-11-10 10:00"
KNOWN = Known(
    people=(Person("parti", "Déjà Parti", left_on=date(2026, 11, 9)), Person("claire", "Claire Martin")),
    absences=(Absence("person/claire", date(2026, 11, 9), date(2026, 11, 13)),),
    accounts=(Account("host/srv", "local", enabled=False), Account("host/srv", "root", enabled=False)),
    privileges=(Privilege("host/srv", "root", "uid0"),),
    directory_accounts=(
        DirectoryAccount(HERE, "parti", holder="person/parti"),
        DirectoryAccount(HERE, "claire", holder="person/claire", enabled=True, last_logon_at=paris(NOW)),
        DirectoryAccount(HERE, "ferme", enabled=False),
        DirectoryAccount(HERE, "expire", expires_at=OLD),
        DirectoryAccount(HERE, "jamais", created_at=OLD, never_logged_on=True),
        DirectoryAccount(HERE, "neuf", created_at=paris("2026-11-01 08:00"), never_logged_on=True),
        DirectoryAccount(HERE, "endormi", last_logon_at=OLD),
        DirectoryAccount(HERE, "systeme", AccountKind.SYSTEM, last_logon_at=OLD),
        DirectoryAccount(HERE, "chef", enabled=False, privileged=True),
    ),
)


def attempt(name: str | None, when: str | datetime = NOW, *, ok: bool | None = False, **more: object) -> Told:
    about = {"ok": ok, "user": name, "source": "10.1.0.9", "account": name and f"account/cabinet.lan/{name}", **more}
    return told(when, Action.LOGON, **about)  # type: ignore[arg-type]


def found(*events: Told, state: State | None = None, settings: Settings | None = None) -> list[Detection]:
    return list(inactive.look(events, state or State(), KNOWN, settings or Settings()))


@pytest.mark.parametrize(
    ("name", "ok", "reason", "level"),
    [
        ("parti", False, "left", Level.MEDIUM), ("parti", True, "left_in", Level.CRITICAL),
        ("ferme", False, "disabled", Level.MEDIUM), ("ferme", True, "disabled_in", Level.CRITICAL),
        ("expire", False, "expired", Level.MEDIUM), ("jamais", False, "never_used", Level.LOW),
        ("jamais", True, "never_used_in", Level.MEDIUM), ("endormi", True, "dormant_in", Level.MEDIUM),
        ("chef", False, "disabled", Level.HIGH), ("neuf", True, None, None), ("systeme", True, None, None),
        ("inconnu", False, None, None), ("claire", True, None, None), ("ferme", None, "disabled_in", Level.CRITICAL),
    ],
)  # fmt: skip
def test_each_way_to_be_inactive(name: str, ok: bool | None, reason: str | None, level: Level | None) -> None:  # noqa: FBT001 -- a case
    assert [(one.reason, one.level) for one in found(attempt(name, ok=ok))] == ([(reason, level)] if reason else [])


def test_the_last_day_still_counts() -> None:
    assert found(attempt("parti", "2026-11-09 23:50", ok=True)) == []
    assert found(attempt("parti", "2026-11-10 00:10", ok=True))[0].reason == "left_in"


def test_what_systems_refuse_themselves_is_told_of_accounts_nobody_listed() -> None:
    (one,) = found(attempt(None, user="vieux", why="account_disabled", host="srv"))
    assert (one.reason, one.subject) == ("disabled", "account/srv/vieux")
    assert found(attempt(None, user="vieux", why="expired", host="srv"))[0].reason == "expired"
    assert found(attempt(None, user="vieux", why="unknown_account", host="srv")) == []


def test_local_accounts_count_and_administrators_more() -> None:
    assert found(attempt(None, user="local", account="account/srv/local"))[0].level is Level.MEDIUM
    assert found(attempt(None, user="root", account="account/srv/root"))[0].level is Level.HIGH


def test_failures_during_an_absence_are_told_once_there_are_several() -> None:
    five = [attempt("claire", paris(NOW) + timedelta(hours=hour)) for hour in range(5)]
    assert found(*five[:4]) == []
    (one,) = found(*five)
    assert (one.reason, one.count, one.usual["holder"]) == ("absent", 5, "person/claire")


def test_getting_in_is_the_same_case_made_worse() -> None:
    first, second, *more = found(attempt("ferme"), attempt("ferme", ok=True), *(attempt("ferme") for _ in range(9)))
    assert first.case == second.case
    assert [one.level for one in more] == [Level.CRITICAL] * len(more)
    assert second.reason == "disabled_in"


def test_a_leavers_telephone_is_one_case_for_months() -> None:
    tries = [attempt("parti", paris(NOW) + timedelta(hours=hour)) for hour in range(24 * 60)]
    told_of = found(*tries)
    assert len({one.case for one in told_of}) == 1
    assert len(told_of) <= 12
    phone = [attempt("parti", protocol="imap")]
    assert found(*phone, settings=Settings(ignored=frozenset({"imap"}))) == []


def test_an_account_seen_at_work_is_neither_asleep_nor_unused() -> None:
    state = State()
    assert len(found(attempt("endormi", ok=True), attempt("jamais", ok=True), state=state)) == 2
    later = paris(NOW) + timedelta(days=30)
    assert found(attempt("endormi", later, ok=True), attempt("jamais", later, ok=True), state=state) == []


def test_a_mailbox_and_a_badge_of_somebody_who_left() -> None:
    box = told(NOW, Action.MAILBOX_OPENED, person="person/parti", user="parti", what="boite")
    badge = told(NOW, Action.DOOR, ok=True, person="person/parti", host="porte")
    assert {one.case for one in found(box, badge)} == {"inactive/person/parti/left/20261110T090000"}
    away = told(NOW, Action.DOOR, ok=False, person="person/claire", host="porte")
    assert found(*[away] * 9) == []
