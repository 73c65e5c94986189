"""What is planted among the months of a practice: each situation of rule 26, at instants that nothing else explains."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from negatoscope.model.event import Action, Told
from negatoscope.model.presence import Absence, OnCall
from tests.watch.generated import FIRST, IMAGING, INTERNET, MIB, SERVERS, USERS, Planted, Practice, Worker, at

LATE = FIRST + timedelta(weeks=9)
"""Planted from here on: what is learned needs eight weeks to know who never comes on Sundays."""
CLOCK_CHANGE = date(2026, 10, 25)
ARMISTICE = date(2026, 11, 11)
Plant = Iterator[Planted | Told]


def planted(practice: Practice) -> tuple[list[Told], list[Planted]]:
    """The events of every attack, and what must be said of them."""
    told: list[Told] = []
    wanted: list[Planted] = []
    for attack in ATTACKS:
        for one in attack(practice):
            (wanted if isinstance(one, Planted) else told).append(one)  # type: ignore[arg-type]
    return told, wanted


def _there(practice: Practice, day: date, choose: Callable[[Worker], bool]) -> Worker:
    """Somebody whom neither absence nor duty touches around a day."""
    near = {day + timedelta(days=step) for step in range(-2, 3)}
    days: list[Absence | OnCall] = [*practice.away, *practice.duties]
    busy = {one.person for one in days if any(one.begins_on <= on <= one.ends_on for on in near)}
    return next(one for one in practice.workers if choose(one) and one.person.ref not in busy)


def nights(practice: Practice) -> Plant:
    """One whose hours are declared, one whose hours are only known, and both in the hour that comes twice."""
    ways: tuple[tuple[str, Callable[[Worker], bool]], ...] = (
        ("outside_declared", lambda one: one.declared and not one.on_call),
        ("outside_habit", lambda one: not one.declared and not one.on_call),
    )
    for reason, choose in ways:
        for day, hour in ((LATE, 3), (LATE + timedelta(days=8), 2)):
            worker = _there(practice, day, choose)
            yield practice.logon(worker, at(day, hour, 12))
            yield Planted("unusual_hours", reason, worker.person.ref, day)
    worker = _there(practice, CLOCK_CHANGE, lambda one: one.declared)
    for instant in (at(CLOCK_CHANGE, 2, 30), at(CLOCK_CHANGE, 2, 90)):
        yield practice.logon(worker, instant)
    yield Planted("unusual_hours", "outside_declared", worker.person.ref, CLOCK_CHANGE)


def days_off(practice: Practice) -> Plant:
    """A public holiday, a Sunday of somebody who never comes on Sundays, and a day of leave at ten in the morning."""
    worker = _there(practice, ARMISTICE, lambda one: one.declared)
    yield practice.logon(worker, at(ARMISTICE, 10))
    yield Planted("unusual_hours", "public_holiday", worker.person.ref, ARMISTICE)
    sunday = LATE + timedelta(days=6)
    worker = _there(practice, sunday, lambda one: not one.declared and not one.on_call)
    yield practice.logon(worker, at(sunday, 10))
    yield Planted("unusual_hours", "unusual_day", worker.person.ref, sunday)
    leave = practice.away[0]
    worker = practice.workers[0]
    day = leave.begins_on + timedelta(days=1)
    yield practice.logon(worker, at(day, 10))
    yield Planted("unusual_hours", "declared_absence", worker.person.ref, day)


def large(practice: Practice) -> Plant:
    """Three gigabytes in an hour; a day beyond every bound; by mail; and at night, as much as a backup by day."""
    day = LATE + timedelta(days=1)
    worker = practice.workers[5]
    for minute in range(20):
        yield practice.flow(worker, at(day, 15, minute * 2), "envoi.example.org", 150 * MIB)
    yield Planted("transfers", "own_past", worker.host, day)
    for hour in range(24):
        yield practice.flow(None, at(day, hour, 5), "depot.example.org", 4_000 * MIB, source="host/srv-2")
    yield Planted("transfers", "absolute", "host/srv-2", day)
    worker = practice.workers[6]
    for minute in range(8):
        yield practice.told(at(day, 11, minute), Action.MAIL_SENT, sender="mail", ok=True, person=worker.person.ref,
                            user=worker.user, target="moi@boite.example.org", sent=20 * MIB)  # fmt: skip
    for back in range(1, 21):
        yield practice.told(at(day - timedelta(days=back), 11), Action.MAIL_SENT, sender="mail", ok=True,
                            person=worker.person.ref, user=worker.user, target="a@labo.example.org",
                            sent=MIB)  # fmt: skip
    yield Planted("transfers", "own_past", worker.person.ref, day)


def leaks(practice: Practice) -> Plant:
    """A little each evening to one place that is new; and studies to a peer that nobody knows."""
    worker = practice.workers[9]
    for step in range(12):
        day = LATE + timedelta(days=2 + step)
        yield practice.flow(worker, at(day, 17, 20), "nouveau.example.org", 140 * MIB)
    yield Planted("transfers", "leak", worker.host, LATE + timedelta(days=11))
    day = LATE + timedelta(days=3)
    for minute in range(5):
        yield practice.told(at(day, 16, minute), Action.STUDY_SENT, sender="pacs", ok=True, source="host/pacs",
                            zone=SERVERS, target="203.0.113.77", target_zone=INTERNET, user="COPIE")  # fmt: skip
    yield Planted("transfers", "dicom_stranger", "host/pacs", day)


def guesses(practice: Practice) -> Plant:
    """Fast on one account, many accounts, many sources, slowly; a door; DICOM; and one that gets in."""
    fast = LATE + timedelta(days=1)
    yield from _tries(practice, fast, ["203.0.113.201"] * 60, ["secretariat"] * 60, seconds=4)
    yield Planted("attempts", "brute_force", "address/203.0.113.201", fast)
    wide = LATE + timedelta(days=2)
    names = [one.user for one in practice.workers[:20]]
    yield from _tries(practice, wide, ["203.0.113.202"] * 20, names, seconds=80)
    yield Planted("attempts", "spraying", "address/203.0.113.202", wide)
    many = LATE + timedelta(days=4)
    sources = [f"192.0.2.{number % 12 + 1}" for number in range(36)]
    yield from _tries(practice, many, sources, ["directeur"] * 36, seconds=50)
    yield Planted("attempts", "distributed", "account/?/directeur", many)
    slow = LATE + timedelta(days=5)
    yield from _tries(practice, slow, ["203.0.113.203"] * 40, ["compta"] * 40, seconds=7_200)
    yield Planted("attempts", "slow", "address/203.0.113.203", slow)
    inside = LATE + timedelta(days=9)
    yield from _tries(practice, inside, ["203.0.113.204"] * 30, ["pacsadmin"] * 30, seconds=20)
    yield _attempt(practice, at(inside, 4, 30), "203.0.113.204", "pacsadmin", ok=True)
    yield Planted("attempts", "success_after", "address/203.0.113.204", inside)
    yield Planted("bypass", "uninvited", "host/srv-1", inside)


def knocks(practice: Practice) -> Plant:
    """A badge refused again and again; a modality that nobody lets in."""
    day = LATE + timedelta(days=10)
    for number in range(14):
        yield practice.told(at(day, 22, number * 0.5), Action.DOOR, sender="portes", ok=False, user="badge-17",
                            host="local-serveurs")  # fmt: skip
        yield practice.told(at(day, 13, number * 0.5), Action.ASSOCIATION, sender="pacs", ok=False, source="10.3.0.99",
                            zone=IMAGING, user="INCONNU", protocol="dicom", host="host/pacs")  # fmt: skip
    yield Planted("attempts", "brute_force", "host/local-serveurs", day)
    yield Planted("attempts", "brute_force", "address/10.3.0.99", day)


def sleepers(practice: Practice) -> Plant:
    """Each account that should not serve, failing or getting in; and somebody away whose account is tried."""
    for step, (user, reason, ok) in enumerate((
        ("parti", "left_in", True), ("ferme", "disabled", False), ("expire", "expired", False),
        ("jamais", "never_used_in", True), ("endormi", "dormant_in", True),
    )):  # fmt: skip
        day = LATE + timedelta(days=step)
        account = f"account/cabinet.lan/{user}"
        more: dict[str, Any] = {"person": "person/parti"} if user == "parti" else {}
        yield practice.told(at(day, 11), Action.LOGON, sender="dc", ok=ok, user=user, account=account,
                            source="10.1.0.200", zone=USERS, protocol="kerberos", host="srv-0", **more)  # fmt: skip
        yield Planted("inactive", reason, account, day)
    worker = practice.workers[3]
    leave = next(one for one in practice.away if one.person == worker.person.ref)
    for minute in range(6):
        yield practice.logon(worker, at(leave.begins_on, 14, minute * 20), ok=False)
    yield Planted("inactive", "absent", worker.account, leave.begins_on)


def bypasses(practice: Practice) -> Plant:
    """What the policy forbids, each way once."""
    day = LATE + timedelta(days=3)
    one, other, third = practice.workers[11], practice.workers[13], practice.workers[14]
    talk: dict[str, Any] = {"sender": "fw", "zone": USERS, "protocol": "tcp", "ok": True}
    yield practice.told(at(day, 9), Action.CONNECTION, source=one, target="10.1.0.60", target_zone=USERS,
                        port=23, **talk)  # fmt: skip
    yield Planted("bypass", "clear_protocol", one.host, day)
    yield practice.told(at(day, 9), Action.CONNECTION, source=other, target="10.3.0.9", target_zone=IMAGING,
                        port=3389, **talk)  # fmt: skip
    yield Planted("bypass", "unauthorised_connection", other.host, day)
    yield practice.told(at(day, 10), Action.CONNECTION, source=third, target="203.0.113.9", target_zone=INTERNET,
                        port=6881, **talk)  # fmt: skip
    yield Planted("bypass", "forbidden_service", third.host, day)
    yield practice.told(at(day, 10), Action.CONNECTION, source=third, target="203.0.113.10", target_zone=INTERNET,
                        port=5938, **talk)  # fmt: skip
    yield Planted("bypass", "relay", third.host, day)
    yield practice.told(at(day, 11), Action.CONNECTION, source=one, target="www.example.com", target_zone=INTERNET,
                        port=443, account="account/cabinet.lan/admin-p000", **talk)  # fmt: skip
    yield Planted("bypass", "admin_online", "account/cabinet.lan/admin-p000", day)
    yield practice.told(at(day, 2), Action.DEVICE_SEEN, sender="dhcp", what="b8:27:eb:01:02:03", zone=USERS)
    yield Planted("bypass", "new_device", "device/b8:27:eb:01:02:03", day)
    yield practice.told(at(day, 12), Action.MEDIUM_PLUGGED, sender="edr", host=one.host, what="SanDisk 4C53")
    yield Planted("bypass", "medium", one.host, day)
    yield practice.told(at(day, 12), Action.LOG_CLEARED, sender="edr", host=other.host, user="system", what="Security")
    yield Planted("bypass", "log_cleared", other.host, day)
    yield practice.told(at(day, 20), Action.LOGON, sender="vpn", ok=True, user="maintenance", host="host/fw",
                        person="person/maintenance", source="203.0.113.40", zone=INTERNET, protocol="vpn")  # fmt: skip
    yield Planted("bypass", "outside_window", "person/maintenance", day)


def _tries(practice: Practice, day: date, sources: list[str], users: list[str], *, seconds: int) -> Iterator[Told]:
    for number, (source, user) in enumerate(zip(sources, users, strict=True)):
        yield _attempt(practice, at(day, 4) + timedelta(seconds=seconds * number), source, user)


def _attempt(practice: Practice, when: datetime, source: str, user: str, *, ok: bool = False) -> Told:
    return practice.told(when, Action.LOGON, sender="sshd", ok=ok, user=user, source=source, zone=INTERNET,
                         protocol="ssh", host="host/srv-1", why=None if ok else "bad_password")  # fmt: skip


ATTACKS = (nights, days_off, large, leaks, guesses, knocks, sleepers, bypasses)
