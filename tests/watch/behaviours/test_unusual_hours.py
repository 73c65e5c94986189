"""Who logs on when: what is declared decides first, then habit; nights of the clock change and public holidays."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Action, Told
from negatoscope.model.people import Person
from negatoscope.model.premises import Site
from negatoscope.model.presence import Absence, OnCall, Presence
from negatoscope.watch.behaviours import unusual_hours
from negatoscope.watch.behaviours.unusual_hours import Settings, State
from negatoscope.watch.calendar import day_class
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import Known
from tests.watch.made import paris, told

CLAIRE = "person/claire"
NIGHTS = "22:00–06:00"
DAYS = "08:00–12:30; 14:00–18:00"


def known(**more: tuple[object, ...]) -> Known:
    people = (Person("claire", "Claire Martin", site="Strasbourg"),)
    return Known(people=people, **more)  # type: ignore[arg-type]


def declared(hours: str = DAYS, sunday: str = "–") -> Presence:
    return Presence(CLAIRE, hours, hours, hours, hours, hours, "–", sunday)


def found(
    register: Known, *events: Told, state: State | None = None, settings: Settings | None = None
) -> list[Detection]:
    return list(unusual_hours.look(events, state or State(), register, settings or Settings()))


def logon(when: str | datetime, **more: object) -> Told:
    return told(when, Action.LOGON, **{"ok": True, "user": "claire", "person": CLAIRE, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("2026-11-10 08:30", None),
        ("2026-11-10 07:05", None),
        ("2026-11-10 19:00", None),
        ("2026-11-10 06:59", "outside_declared"),
        ("2026-11-10 19:01", "outside_declared"),
        ("2026-11-10 03:12", "outside_declared"),
        ("2026-11-14 10:00", "outside_declared"),
        ("2026-11-11 10:00", "public_holiday"),
        ("2026-12-25 10:00", "public_holiday"),
    ],
)
def test_declared_hours_decide(when: str, reason: str | None) -> None:
    told_of = found(known(presences=(declared(),)), logon(when))
    assert [one.reason for one in told_of] == ([reason] if reason else [])


def test_a_holiday_of_alsace_is_one_in_strasbourg_alone() -> None:
    site = (Site("Strasbourg", "1 place Kléber, 67000 Strasbourg"),)
    second_christmas_day = logon("2025-12-26 10:00")
    assert found(known(presences=(declared(),), sites=site), second_christmas_day)[0].reason == "public_holiday"
    assert found(known(presences=(declared(),)), second_christmas_day) == []


def test_a_night_shift_ends_the_next_morning() -> None:
    register = known(presences=(declared(NIGHTS),), absences=(Absence(CLAIRE, date(2026, 11, 13), date(2026, 11, 20)),))
    assert found(register, logon("2026-11-10 23:00"), logon("2026-11-11 05:30")) == []
    assert found(register, logon("2026-11-13 02:00")) == []
    assert [one.reason for one in found(register, logon("2026-11-13 23:00"))] == ["declared_absence"]


@pytest.mark.parametrize("when", ["2026-10-25 02:30", "2026-03-29 03:30", "2026-10-25 03:59"])
def test_nights_of_the_clock_change(when: str) -> None:
    sundays = known(presences=(declared(NIGHTS, NIGHTS),))
    awake = Known(presences=(Presence(CLAIRE, saturday=NIGHTS, sunday="–"),))
    assert found(awake, logon(when)) == []
    assert found(awake, logon(paris(when) + timedelta(hours=5)))[0].reason == "outside_declared"
    assert found(sundays, logon(paris(when).replace(hour=12))) != []


def test_both_hours_that_bear_one_name_are_told_once() -> None:
    register = known(presences=(declared(),))
    first = paris("2026-10-25 02:30")
    told_of = found(register, logon(first), logon(first + timedelta(hours=1)))
    assert {one.case for one in told_of} == {"unusual_hours/person/claire/2026-10-25/outside_declared"}
    assert told_of[-1].count == 2
    assert {one.seen["hour"] for one in told_of} == {"02:30"}


def test_on_call_may_come_at_any_hour_and_until_the_last_morning() -> None:
    register = known(presences=(declared(),), duties=(OnCall(CLAIRE, date(2026, 11, 10), date(2026, 11, 11)),))
    assert found(register, logon("2026-11-10 03:00"), logon("2026-11-11 23:00"), logon("2026-11-12 04:00")) == []
    assert found(register, logon("2026-11-12 23:00")) != []


def test_a_duty_that_ends_in_the_night_before_leave_is_no_intrusion() -> None:
    register = known(
        absences=(Absence(CLAIRE, date(2026, 11, 12), date(2026, 11, 20)),),
        duties=(OnCall(CLAIRE, date(2026, 11, 5), date(2026, 11, 11)),),
    )
    assert found(register, logon("2026-11-12 00:20")) == []
    assert found(register, logon("2026-11-12 09:20")) != []


def test_an_absence_is_always_told_and_high() -> None:
    register = known(absences=(Absence(CLAIRE, date(2026, 11, 9), date(2026, 11, 13)),))
    (one,) = found(register, logon("2026-11-10 10:00"))
    assert (one.reason, one.level) == ("declared_absence", Level.HIGH)
    assert one.usual == {"from": "2026-11-09", "to": "2026-11-13"}
    assert found(register, logon("2026-11-14 10:00")) == []


def weeks(number: int, hours: Iterable[int] = (8, 11, 14, 17), *, first: str = "2026-06-01") -> list[Told]:
    start = paris(first)
    days = [day for day in (start + timedelta(days=step) for step in range(number * 7)) if day_class(day.date()) == 0]
    return [logon(day.replace(hour=hour)) for day in days for hour in hours]


def test_habit_says_nothing_before_it_is_one() -> None:
    assert found(known(), *weeks(3), logon("2026-06-23 03:00")) == []


def test_habit_is_learned_and_tells_what_is_usual() -> None:
    told_of = found(known(), *weeks(9), logon("2026-08-04 03:12", host="srv", source="10.0.0.9"))
    assert [one.reason for one in told_of] == ["outside_habit"]
    assert told_of[0].usual["hours"] == "10:00–11:00; 13:00–14:00; 16:00–17:00; 19:00–20:00"
    assert told_of[0].seen["on"] == "host/srv"
    assert told_of[0].seen["from"] == "address/10.0.0.9"


def test_one_late_evening_makes_no_habit_and_a_new_shift_does() -> None:
    state = State()
    found(known(), *weeks(9), state=state)
    nights = [logon(paris("2026-08-10 03:00") + timedelta(days=day)) for day in range(14)]
    assert len({one.case for one in found(known(), *nights, state=state)}) in range(3, 12)


def test_midnight_is_near_one_in_the_morning() -> None:
    late = weeks(9, (21, 22))
    assert found(known(), *late, logon("2026-08-05 01:30")) == []
    assert found(known(), *late, logon("2026-08-05 12:00")) != []


def test_somebody_who_never_comes_on_sundays() -> None:
    assert [one.reason for one in found(known(), *weeks(9), logon("2026-08-09 10:00"))] == ["unusual_day"]
    assert [one.reason for one in found(known(), *weeks(9), logon("2026-08-15 10:00"))] == ["unusual_day"]
    assert found(known(), *weeks(6), logon("2026-07-19 10:00")) == []


def test_an_account_that_is_nobodys_has_its_own_habit() -> None:
    register = Known(
        directory_accounts=(DirectoryAccount("directory/c.lan", "svc", AccountKind.SERVICE, privileged=True),)
    )
    nobody = [told(one.event.at, Action.LOGON, ok=True, user="svc", account="account/c.lan/svc") for one in weeks(9)]
    odd = told("2026-08-04 03:00", Action.LOGON, ok=True, user="svc", account="account/c.lan/svc")
    (one,) = found(register, *nobody, odd)
    assert (one.subject, one.level) == ("account/c.lan/svc", Level.HIGH)
    unlisted = told("2026-08-04 03:00", Action.LOGON, ok=True, user="DOMAINE\\Paul", host="SRV 1")
    assert unusual_hours.who(unlisted) == "account/srv1/paul"


def test_machines_and_refusals_and_ignored_protocols_say_nothing() -> None:
    register = known(absences=(Absence(CLAIRE, date(2026, 11, 9), date(2026, 11, 13)),))
    machine = told("2026-11-10 03:00", Action.LOGON, ok=True, user="POSTE$")
    assert found(register, machine, logon("2026-11-10 03:00", ok=False)) == []
    phone = logon("2026-11-10 03:00", protocol="imap")
    assert found(register, phone, settings=Settings(ignored=frozenset({"imap"}))) == []


def test_a_session_left_open_speaks_all_night_and_logs_nobody_in() -> None:
    register = known(presences=(declared(),))
    evening = logon("2026-11-10 17:00", host="poste", source="127.0.0.1", host_ref="host/poste", protocol="console")
    night = [
        logon(paris("2026-11-10 18:00") + timedelta(hours=hour), source_ref="host/poste", protocol="network")
        for hour in range(60)
    ]
    assert found(register, evening, *night) == []
    elsewhere = logon("2026-11-11 03:00", source_ref="host/autre", protocol="network")
    assert found(register, evening, elsewhere) != []
    assert found(register, evening, logon("2026-11-15 03:00", source_ref="host/poste", protocol="smb")) != []
    assert found(register, evening, logon("2026-11-11 03:00", source_ref="host/poste", protocol="rdp")) != []
    state = State()
    found(known(), evening, *night, state=state)
    assert state.habits[CLAIRE].logons == 1


def test_from_outside_is_worse() -> None:
    (one,) = found(known(presences=(declared(),)), logon("2026-11-10 03:00", zone="zone/internet"))
    assert one.level is Level.HIGH


def test_a_clock_ahead_of_ours_is_not_believed() -> None:
    wrong = logon("2026-11-10 23:00", late=-12 * 3600)
    assert found(known(presences=(declared(),)), wrong) == []


def test_an_event_of_a_closed_day_is_weighed_and_not_learned() -> None:
    state = State()
    found(known(), *weeks(9), state=state)
    before = state.habits[CLAIRE].logons
    found(known(), logon("2026-06-02 03:00"), state=state)
    assert state.habits[CLAIRE].logons == before
