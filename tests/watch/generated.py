"""Months of a practice, from a seed: shifts, on-call, absences, holidays, both clock changes, transfers, mistypings."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from negatoscope.kit.clock import PARIS
from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.presence import Absence, AbsenceKind, OnCall, Presence
from negatoscope.model.providers import Days, RemoteWindow
from negatoscope.model.zones import AllowedFlow, Partner, Zone, ZoneKind
from negatoscope.watch.calendar import is_holiday
from negatoscope.watch.known import Known

MIB = 1 << 20
FIRST = date(2026, 8, 31)
"""A Monday; thirteen weeks from it lie the clock change of 25 October and two public holidays."""
SHIFTS = {"day": (8, 18), "early": (7, 14), "late": (12, 20), "long": (8, 19)}
USERS, SERVERS, IMAGING, GUESTS = "zone/postes", "zone/serveurs", "zone/imagerie", "zone/invites"
INTERNET = "zone/internet"
TRAVEL = 25.0
ODD_EVENING, ODD_UPLOAD, ODD_TELEPHONE = 0.0015, 1 / 35, 1 / 35
"""Chances a day: of each who has no declared hours, and of the practice."""


@dataclass(frozen=True)
class Worker:
    """Somebody who works: by which shift, on which host, and how the register knows when."""

    person: Person
    shift: str
    host: Ref
    address: str
    declared: bool
    saturdays: bool
    on_call: bool

    @property
    def user(self) -> str:
        return self.person.ident

    @property
    def account(self) -> Ref:
        return f"account/cabinet.lan/{self.user}"


@dataclass(frozen=True)
class Planted:
    """What a detection must be about to be the one wanted."""

    code: str
    reason: str
    subject: Ref
    day: date


@dataclass
class Practice:
    """A made-up practice. ``people`` is also its number of workstations; as many other hosts as two thirds of them."""

    seed: int = 1
    people: int = 60
    weeks: int = 13
    flows: int = 3
    """Records a host and hour."""
    chance: random.Random = field(init=False)
    workers: list[Worker] = field(init=False)
    away: list[Absence] = field(init=False)
    duties: list[OnCall] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.numbers = count()
        self.workers = [self._worker(number) for number in range(self.people)]
        self.away = [one for worker in self.workers for one in self._leave(worker)]
        rota = [worker for worker in self.workers if worker.on_call]
        self.duties = [
            OnCall(rota[week % len(rota)].person.ref, begins, begins + timedelta(days=6))
            for week in range(self.weeks)
            for begins in (FIRST + timedelta(weeks=week),)
        ]
        self.sites = [f"service{number}.example.com" for number in range(150)]

    @property
    def hosts(self) -> int:
        return len(self.known().hosts)

    def _worker(self, number: int) -> Worker:
        shift = ("day", "day", "rota", "long")[number % 4]
        person = Person(f"p{number:03}", f"Prénom{number} Nom{number}", email=f"p{number:03}@cabinet.example")
        address = f"10.1.{number // 200}.{number % 200 + 10}"
        return Worker(
            person, shift, f"host/poste-{number:03}", address, number % 3 == 0, number % 5 == 0, number % 4 == 3
        )

    def _leave(self, worker: Worker) -> Iterator[Absence]:
        begins = FIRST + timedelta(days=self.chance.randrange(7, self.weeks * 7 - 14))
        yield Absence(
            worker.person.ref, begins, begins + timedelta(days=self.chance.choice((4, 6, 11))), AbsenceKind.LEAVE
        )

    def hours(self, worker: Worker, day: date) -> tuple[int, int] | None:
        """When somebody is there on a day, if at all."""
        if is_holiday(day) or day.weekday() == 6:
            return None
        if any(one.person == worker.person.ref and one.begins_on <= day <= one.ends_on for one in self.away):
            return None
        if day.weekday() == 5:
            return (8, 13) if worker.saturdays else None
        week = (day - FIRST).days // 7
        shift = ("early", "late")[week % 2] if worker.shift == "rota" else worker.shift
        return SHIFTS[shift]

    def known(self) -> Known:
        """The register of this practice."""
        servers = [Host(f"host/srv-{number}", f"srv-{number}", HostClass.SERVER, addresses=(f"10.2.0.{number + 10}",))
                   for number in range(self.people // 6)]  # fmt: skip
        modalities = [
            Host(f"host/irm-{number}", f"irm-{number}", HostClass.MODALITY, ae_titles=(f"IRM{number}",))
            for number in range(self.people // 4)
        ]
        pacs = Host("host/pacs", "pacs", HostClass.SERVER, ae_titles=("PACS",), addresses=("10.2.0.5",))
        machines = [
            Host(one.host, one.host[5:], HostClass.WORKSTATION, macs=(_mac(one),), addresses=(one.address,))
            for one in self.workers
        ]
        printers = [
            Host(f"host/imp-{number}", f"imp-{number}", HostClass.PRINTER) for number in range(self.people // 4)
        ]
        outside_staff = Person("maintenance", "Mainteneur PACS", kind=StaffKind.PROVIDER)
        left = Person("parti", "Déjà Parti", left_on=FIRST + timedelta(days=10))
        return Known(
            people=(*(one.person for one in self.workers), outside_staff, left),
            presences=tuple(self._presence(one) for one in self.workers if one.declared),
            absences=tuple(self.away),
            duties=tuple(self.duties),
            hosts=(*machines, *servers, *modalities, *printers, pacs),
            directory_accounts=tuple(self._accounts()),
            zones=(
                Zone("postes", ZoneKind.USERS, ("10.1.0.0/16",)), Zone("serveurs", ZoneKind.SERVERS, ("10.2.0.0/16",)),
                Zone("imagerie", ZoneKind.IMAGING, ("10.3.0.0/16",)), Zone("invites", ZoneKind.GUEST, ("10.9.0.0/16",)),
            ),
            flows=(
                AllowedFlow(USERS, SERVERS, "tcp/443,445,3389"), AllowedFlow(USERS, INTERNET, "tcp/80,443"),
                AllowedFlow(SERVERS, INTERNET, "tcp/443"), AllowedFlow(IMAGING, SERVERS, "tcp/104,11112"),
            ),
            partners=(Partner("hopital", networks=("198.51.100.0/24",)),),
            windows=(RemoteWindow("provider/editeur", "host/pacs", FIRST, FIRST + timedelta(days=200), "VPN",
                                  days=Days.WORKDAYS, hours="12:00–14:00"),),
        )  # fmt: skip

    def _presence(self, worker: Worker) -> Presence:
        spans = {"day": "08:00–18:00", "long": "08:00–19:00", "rota": "07:00–20:00"}[worker.shift]
        saturday = "08:00–13:00" if worker.saturdays else "–"
        return Presence(worker.person.ref, spans, spans, spans, spans, spans, saturday, "–")

    def _accounts(self) -> Iterator[DirectoryAccount]:
        directory, old = "directory/cabinet.lan", datetime(2024, 1, 1, tzinfo=UTC)
        lately = datetime.combine(FIRST, time(), UTC) - timedelta(days=3)
        for worker in self.workers:
            yield DirectoryAccount(directory, worker.user, AccountKind.PERSON, worker.person.ref, enabled=True,
                                   created_at=old, last_logon_at=lately)  # fmt: skip
        yield DirectoryAccount(directory, "parti", AccountKind.PERSON, "person/parti", enabled=True, created_at=old)
        yield DirectoryAccount(directory, "ferme", AccountKind.PERSON, enabled=False, created_at=old)
        yield DirectoryAccount(directory, "expire", enabled=True, expires_at=old, created_at=old)
        yield DirectoryAccount(directory, "jamais", enabled=True, created_at=old, never_logged_on=True)
        yield DirectoryAccount(directory, "endormi", enabled=True, created_at=old, last_logon_at=old)
        yield DirectoryAccount(directory, "admin-p000", AccountKind.PERSON, "person/p000", enabled=True,
                               created_at=old, last_logon_at=lately, privileged=True)  # fmt: skip

    def events(self, extra: Iterable[Told] = ()) -> Iterator[Told]:
        """All events by when they came, day by day, with those of ``extra`` among them."""
        more = sorted(extra, key=lambda one: one.came)
        for number in range(self.weeks * 7):
            day = FIRST + timedelta(days=number)
            until = at(day + timedelta(days=1), 0)
            today = [*self._day(day), *(one for one in more if one.came < until)]
            more = [one for one in more if one.came >= until]
            yield from sorted(today, key=lambda one: one.came)
        yield from more

    def _day(self, day: date) -> Iterator[Told]:
        for worker in self.workers:
            hours = self.hours(worker, day)
            if hours is not None:
                yield from self._work(worker, day, hours)
            if self._called(worker, day):
                yield from self._logons(
                    worker, at(day, self.chance.choice((1, 3, 5, 21, 23)), self.chance.random() * 59), 2
                )
        yield from self._backup(day)
        yield from self._gateway(day)
        yield from self._scanned(day)
        yield from self._odd(day)

    def _called(self, worker: Worker, day: date) -> bool:
        if not any(one.person == worker.person.ref and one.begins_on <= day <= one.ends_on for one in self.duties):
            return False
        away = any(one.person == worker.person.ref and one.begins_on <= day <= one.ends_on for one in self.away)
        return not away and self.chance.random() < 0.5

    def _work(self, worker: Worker, day: date, hours: tuple[int, int]) -> Iterator[Told]:
        low, high = hours
        late = 1.5 * self.chance.random() if self.chance.random() < 0.03 and not worker.declared else 0.0
        yield from self._logons(worker, at(day, low, self.chance.gauss(5, 12)), 1)
        for _ in range(9):
            yield from self._logons(worker, at(day, low, self.chance.random() * 60 * (high - low + late)), 1)
        yield self.told(
            at(day, low, 1), Action.DEVICE_SEEN, sender="dhcp", what=_mac(worker), source=worker.address, zone=USERS
        )
        for hour in range(low, high):
            yield self.told(
                at(day, hour, self.chance.random() * 59), Action.CONNECTION, sender="fw", port=443, protocol="tcp",
                source=worker, zone=USERS, target="10.2.0.10", target_zone=SERVERS,
            )  # fmt: skip
            for _ in range(self.flows):
                yield self.flow(worker, at(day, hour, self.chance.random() * 59), self.chance.choice(self.sites),
                                int(self.chance.lognormvariate(1.2, 1.0) * MIB))  # fmt: skip

    def _logons(self, worker: Worker, when: datetime, times: int) -> Iterator[Told]:
        for _ in range(times):
            if self.chance.random() < 0.03:
                for second in range(self.chance.choice((1, 1, 1, 2, 3, 4))):
                    yield self.logon(worker, when - timedelta(seconds=40 - 9 * second), ok=False)
            yield self.logon(worker, when)
            when += timedelta(minutes=self.chance.random() * 20)

    def _backup(self, day: date) -> Iterator[Told]:
        """Each night, more on Saturdays; to one provider, from one server."""
        size = (40_000 if day.weekday() == 5 else 18_000) * self.chance.uniform(0.85, 1.15)
        for part in range(10):
            yield self.flow(
                None, at(day, 2, part * 9 + self.chance.random() * 15), "sauvegarde.example.net", int(size / 10) * MIB
            )

    def _gateway(self, day: date) -> Iterator[Told]:
        """Studies read elsewhere, in working hours."""
        if day.weekday() > 4 or is_holiday(day):
            return
        for hour in range(8, 19):
            yield self.told(
                at(day, hour, self.chance.random() * 59), Action.CONNECTION, sender="fw", port=443, protocol="tcp",
                source="host/pacs", zone=SERVERS, target="198.51.100.7", target_zone=INTERNET,
                sent=int(self.chance.lognormvariate(6.5, 0.7) * MIB),
            )  # fmt: skip
        for number in range(self.people // 4):
            yield self.told(at(day, 10, number), Action.STUDY_SENT, sender="pacs", ok=True, source=f"host/irm-{number}",
                            zone=IMAGING, target="host/pacs", target_zone=SERVERS, what="étude")  # fmt: skip

    def _scanned(self, day: date) -> Iterator[Told]:
        """Knocks from the Internet at the tunnel's door: few from each, on many names."""
        for _ in range(8):
            source, when = f"203.0.113.{self.chance.randrange(1, 250)}", at(day, self.chance.randrange(24), 7)
            for second in range(self.chance.choice((1, 2))):
                yield self.told(
                    when + timedelta(seconds=second), Action.LOGON, sender="vpn", ok=False, source=source,
                    user=f"nom{self.chance.randrange(400)}", zone=INTERNET, protocol="vpn", host="fw",
                    why="unknown_account",
                )  # fmt: skip

    def _odd(self, day: date) -> Iterator[Told]:
        """What is rare and harmless: an evening from home, a heavy upload, a telephone with an old password."""
        there = [one for one in self.workers if self.hours(one, day) is not None]
        for worker in there:
            if not worker.declared and self.chance.random() < ODD_EVENING:
                yield self.logon(
                    worker, at(day, self.chance.choice((21, 22, 23)), 20), source="10.8.0.3", protocol="vpn"
                )
        if there and self.chance.random() < ODD_UPLOAD:
            yield self.flow(self.chance.choice(there), at(day, 14, 10), self.chance.choice(self.sites), 700 * MIB)
        if there and self.chance.random() < ODD_TELEPHONE:
            worker, tries = self.chance.choice(there), self.chance.randrange(4, 36)
            for number in range(tries):
                yield self.logon(worker, at(day, 9, 15 * number), ok=False, source="10.9.0.8", protocol="imap")
            yield self.logon(worker, at(day, 9, 15 * tries), source="10.9.0.8", protocol="imap")

    def logon(self, worker: Worker, when: datetime, *, ok: bool = True, **more: Any) -> Told:  # noqa: ANN401 -- fields of an event
        return self.told(when, Action.LOGON, **{
            "sender": "dc", "ok": ok, "user": f"CABINET\\{worker.user}", "person": worker.person.ref,
            "account": worker.account, "source": worker, "zone": USERS, "protocol": "kerberos", "host": "host/srv-0",
            "why": None if ok else "bad_password", **more,
        })  # fmt: skip

    def flow(self, worker: Worker | None, when: datetime, site: str, size: int, **more: Any) -> Told:  # noqa: ANN401 -- fields of an event
        return self.told(when, Action.CONNECTION, **{
            "sender": "fw", "source": worker or "host/srv-1", "zone": USERS if worker else SERVERS, "target": site,
            "target_zone": INTERNET, "port": 443, "protocol": "tcp", "sent": size, "ok": True, **more,
        })  # fmt: skip

    def told(self, when: datetime, action: Action, *, sender: str, source: object = None, **more: Any) -> Told:  # noqa: ANN401 -- fields of an event
        """An event that came a little later; ``source``, ``target``, ``host`` that are references are resolved ones."""
        refs: dict[str, Any] = {
            name: more.pop(name) for name in ("person", "account", "zone", "target_zone") if name in more
        }
        if isinstance(source, Worker):
            refs["source"], source = source.host, source.address
        for name, text in (("source", source), ("target", more.get("target")), ("host", more.get("host"))):
            if isinstance(text, str):
                more[name] = text.removeprefix("host/")
                if text.startswith("host/"):
                    refs[name] = text
        event = Event(when, sender, action=action, **more)
        came = when + timedelta(seconds=min(self.chance.expovariate(1), TRAVEL))
        return Told(f"{sender}:{next(self.numbers)}", sender, came, event, **refs)


def _mac(worker: Worker) -> str:
    number = int(worker.user[1:])
    return f"00:1e:c9:00:{number >> 8:02x}:{number & 255:02x}"


def at(day: date, hour: int, minute: float = 0.0) -> datetime:
    """An hour in Paris, as UTC."""
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC) + timedelta(minutes=minute)
