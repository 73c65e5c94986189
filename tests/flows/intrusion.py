"""A made-up practice in which somebody came in by night: what is known of it, what was written, and what is true."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.kit.canonical import sha256
from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.directory import (
    Directory,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryGroup,
    DirectoryPrivilege,
)
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.journal import Observed
from negatoscope.model.networks import Service
from negatoscope.model.software import Software
from negatoscope.store import observations
from negatoscope.store.observations import Reading

SINCE = datetime(2026, 11, 10, tzinfo=UTC)
CAME_IN = datetime(2026, 11, 15, 1, 13, tzinfo=UTC)
"""A Sunday, by night."""
SIGN = CAME_IN + timedelta(hours=3)
UNTIL = datetime(2026, 11, 17, tzinfo=UTC)
ATTACKER, DROP = "203.0.113.9", "198.51.100.77"
DIRECTORY = "directory/cabinet.lan"
ROOMS, DESKS = 4, 10


@dataclass(frozen=True)
class Truth:
    """What truly happened, and is."""

    host: Ref = "host/srv-fichiers"
    back: frozenset[Ref] = frozenset({"host/pc-0-7", "host/pc-2-1"})
    """From where it came."""
    gone: frozenset[Ref] = frozenset({"host/pc-3-3"})
    """Where it went from there."""
    patient_zero: Ref = "host/pc-0-7"
    alike: frozenset[Ref] = frozenset({"host/srv-ris", "host/srv-pacs"})
    """Servers of the same system, with the same backup agent and the same administrator."""


def plant(console: Console) -> Truth:
    """Write the register and the events."""
    at = console.clock()
    facts = [*_servers(), *_desks(), *_directory()]
    entry = Observed(0, "local", "all", at, at, at, sha256(b"all"), "test", "observation", {}, complete=True)
    observations.write(
        console.practice, console.site, entry, Reading("local/all", declared=False, facts=facts, sweeps=[])
    )
    told = [Told(f"k{number}", "journaux", one.at, one, **ends) for number, (one, ends) in enumerate(_events())]
    store(console).keep(told)
    return Truth()


def _servers() -> Iterator[Any]:
    for number, name in enumerate(("fichiers", "ris", "pacs", "mail", "sauvegarde")):
        ref, alike = f"host/srv-{name}", number < 3
        yield Host(
            ref, f"srv-{name}", HostClass.SERVER, "Debian", "12" if alike else "13", addresses=(f"10.1.0.{number + 1}",)
        )
        yield Privilege(ref, "exploitation" if alike else f"admin-{name}", "sudoers")
        yield Account(ref, "exploitation" if alike else f"admin-{name}", enabled=True)
        yield Software(ref, "agent-de-sauvegarde", "3.1" if alike else f"4.{number}")
        yield Service(ref, "tcp", 22, "ssh", "OpenSSH", "9.2" if alike else "10.0", reachable=True)


def _desks() -> Iterator[Any]:
    for room in range(ROOMS):
        for desk in range(DESKS):
            ref = f"host/pc-{room}-{desk}"
            yield Host(
                ref, f"pc-{room}-{desk}", HostClass.WORKSTATION, "Windows", "11", addresses=(f"10.2.{room}.{desk + 1}",)
            )
            yield Privilege(ref, f"support-{room}", "group:Administrateurs")
            yield Software(ref, "bureautique", "24.2")


def _directory() -> Iterator[Any]:
    yield Directory("cabinet.lan")
    yield DirectoryAccount(DIRECTORY, "aleroy", enabled=True, groups=("Exploitation",))
    yield DirectoryAccount(DIRECTORY, "mdurand", enabled=True, groups=())
    yield DirectoryGroup(DIRECTORY, "Exploitation")
    yield DirectoryPrivilege(DIRECTORY, "aleroy", "Domain Admins", ("Exploitation", "Domain Admins"))
    yield DirectoryComputer(DIRECTORY, "SRV-PACS")


def _smb(at: datetime, source: str, target: str, port: int = 445, ok: bool = True) -> tuple[Event, dict[str, Any]]:  # noqa: FBT001, FBT002
    event = Event(at, "pare-feu", action=Action.CONNECTION, ok=ok, source=source, target=target, port=port,
                  protocol="tcp", sent=1000, received=500)  # fmt: skip
    return event, {
        "source": f"host/{source}",
        "target": f"host/{target}",
        "zone": "zone/postes",
        "target_zone": "zone/serveurs",
    }


def _events() -> Iterator[tuple[Event, dict[str, Any]]]:
    day = SINCE - timedelta(days=20)
    while day < UNTIL:
        if day.weekday() < 5:
            for room in range(ROOMS):
                for desk in range(DESKS):
                    yield _smb(day + timedelta(hours=8, minutes=room * 10 + desk), f"pc-{room}-{desk}", "srv-fichiers")
        at = day + timedelta(hours=9)
        logon = Event(
            at,
            "linux",
            action=Action.LOGON,
            ok=True,
            host="srv-fichiers",
            user="aleroy",
            source="pc-1-1",
            protocol="ssh",
        )
        yield logon, {"host": "host/srv-fichiers", "source": "host/pc-1-1", "account": "account/cabinet.lan/aleroy"}
        day += timedelta(days=1)
    for number in range(12):
        yield _guess(CAME_IN - timedelta(minutes=12 - number), ok=False)
    yield _guess(CAME_IN, ok=True)
    yield _smb(CAME_IN + timedelta(minutes=30), "pc-0-7", "pc-2-1")
    yield _smb(CAME_IN + timedelta(minutes=20), "pc-2-1", "pc-1-9")  # before it was there: leads nowhere
    yield _smb(CAME_IN + timedelta(minutes=40), "pc-0-7", "srv-mail", ok=False)
    yield _smb(CAME_IN + timedelta(hours=1), "pc-2-1", "srv-fichiers", 22)
    yield _smb(CAME_IN + timedelta(hours=2), "srv-fichiers", "pc-3-3", 3389)
    upload = Event(SIGN, "pare-feu", action=Action.CONNECTION, ok=True, source="10.1.0.1", target=DROP, port=443,
                   protocol="tcp", sent=2_000_000_000, received=9_000)  # fmt: skip
    yield upload, {"source": "host/srv-fichiers", "zone": "zone/serveurs", "target_zone": "zone/internet"}


def _guess(at: datetime, *, ok: bool) -> tuple[Event, dict[str, Any]]:
    event = Event(
        at, "windows", action=Action.LOGON, ok=ok, host="pc-0-7", user="mdurand", source=ATTACKER, protocol="rdp"
    )
    return event, {
        "host": "host/pc-0-7",
        "zone": "zone/internet",
        "account": "account/cabinet.lan/mdurand" if ok else None,
    }
