"""A made-up practice of any size, written through the store as real observations are; 5 % of hosts flawed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from negatoscope.kit.canonical import sha256
from negatoscope.model.accounts import Account, AccountKind, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.evidence import Sweep
from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, SshServer, TimeSync, Volume
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.journal import Observed
from negatoscope.model.networks import Network, Service
from negatoscope.model.people import Person
from negatoscope.model.software import Software, Updates
from negatoscope.store import observations
from negatoscope.store.observations import Reading

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SOFTWARE, SERVICES, ACCOUNTS, FLAWED = 200, 30, 10, 0.05
CLASSES = (HostClass.WORKSTATION, HostClass.LAPTOP, HostClass.SERVER)
KINDS = (
    Interface, Service, Software, Updates, Account, Privilege, PasswordPolicy, SessionPolicy, SshServer, Volume,
    RemovableMedia, Firewall, TimeSync, LogPolicy,
)  # fmt: skip


def fill(practice: int, site: int, hosts: int) -> None:
    """Write a practice of so many hosts: declared networks swept, persons declared complete, one look a host."""
    chance = random.Random(2026)
    with transaction.atomic():
        _write(practice, site, 1, "declared", "register", Reading("declared", True, [Network("10.0.0.0/8")]))
        people = [Person(f"p{number}", f"Personne {number}") for number in range(100)]
        _write(practice, site, 2, "spreadsheet", "persons", Reading("declared", True, people, [Sweep("Person")]))
        _write(
            practice,
            site,
            3,
            "nmap",
            "10.0.0.0/8",
            Reading("nmap/10.0.0.0/8", False, [], [Sweep("Host", None, "10.0.0.0/8")]),
        )
        for number in range(hosts):
            ref = f"host/h{number:05d}"
            flawed = chance.random() < FLAWED
            facts = list(_facts(ref, number, flawed=flawed))
            sweeps = [Sweep(kind.__name__, ref) for kind in KINDS]
            _write(practice, site, 4 + number, "local", ref, Reading(f"local/{ref}", False, facts, sweeps))


def _write(practice: int, site: int, sequence: int, collector: str, target: str, reading: Reading) -> None:  # noqa: PLR0913, PLR0917
    entry = Observed(
        sequence, collector, target, NOW, NOW, NOW, sha256(target.encode()), "bench", "observation", {}, complete=True
    )
    observations.write(practice, site, entry, reading)


def _facts(ref: str, number: int, *, flawed: bool) -> Iterator[Any]:
    address = f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
    mac = f"00:1e:c9:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    host_class = CLASSES[number % len(CLASSES)]
    yield Host(ref, ref[5:], host_class, "Debian", "12", "Dell", "OptiPlex", f"S{number:05d}", ref,
        macs=(mac,), addresses=(address,))  # fmt: skip
    for name in ("eth0", "eth1"):
        yield Interface(ref, name, mac, (f"{address}/8",), wireless=False)
    yield from (Software(ref, f"package-{item}", f"1.{item}-{number % 7}", "Debian") for item in range(SOFTWARE))
    for port in range(9000, 9000 + SERVICES):
        yield Service(ref, "tcp", port, "https", None, None, encrypted=True, reachable=True)
    if flawed:
        yield Service(ref, "tcp", 23, "telnet", None, None, encrypted=False, reachable=True)
    yield from _accounts(ref, flawed=flawed)
    yield from _settings(ref, flawed=flawed)


def _accounts(ref: str, *, flawed: bool) -> Iterator[Any]:
    for item in range(ACCOUNTS):
        holder = None if flawed and item == 0 else f"person/p{item}"
        yield Account(
            ref, f"mdurand{item}", None, AccountKind.PERSON, True, True, holder, None, PasswordState.SET,
            NOW - timedelta(days=30), 180, NOW - timedelta(days=1),
        )  # fmt: skip
    yield Privilege(ref, "root", "uid0", password_asked=True)
    yield Account(ref, "root", None, AccountKind.SYSTEM, False, True, password=PasswordState.LOCKED)
    if flawed:
        yield Privilege(ref, "mdurand1", "sudoers", password_asked=False)


def _settings(ref: str, *, flawed: bool) -> Iterator[Any]:
    sound = not flawed
    yield Updates(ref, 0, 0, NOW - timedelta(hours=3), sound, ())
    yield PasswordPolicy(ref, 12 if sound else 6, 4, sound, 180, 5, empty_allowed=False)
    yield SessionPolicy(ref, graphical=True, autologin=flawed, boot_password=True, lock_seconds=600)
    yield SshServer(ref, present=True, root_login="no", password_authentication=False, empty_passwords=False)
    yield Volume(ref, "/", encrypted=sound, removable=False)
    yield RemovableMedia(ref, blocked=sound, means="usbguard", autorun=False)
    yield Firewall(ref, active=sound, default_deny=sound)
    yield TimeSync(ref, synchronised=True)
    yield LogPolicy(ref, persistent=True, remote=True, retention_days=365)


def inventory(number: int) -> Iterator[Any]:
    """One inventory as an agent sends it: the host under a handle, its software, and what else agents tell."""
    handle = "host/@"
    for fact in _facts(handle, number, flawed=number % 20 == 0):
        if isinstance(fact, Host):
            name = f"h{number:05d}"
            yield replace(
                fact, hostname=name, machine_id=f"machine-{number}", agent_id=f"{name}-2026", model="OptiPlex"
            )
        else:
            yield fact
    yield from (Sweep(kind.__name__, handle) for kind in KINDS)
