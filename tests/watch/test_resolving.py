"""Names of the register for what products write: never a wrong one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from negatoscope.judge.zones import Zoning
from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Event, Told
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.people import Person
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.watch.known import Known
from negatoscope.watch.resolving import Resolver

CAME = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARIE, PACS, DESK = "person/mdurand", "host/srv-pacs", "host/accueil-1"
CENTRAL = "account/cabinet.lan/mdurand"
KNOWN = Known(
    people=(Person("mdurand", "Marie Durand", email="marie.durand@cabinet.fr"),),
    hosts=(
        Host(PACS, "srv-pacs.cabinet.lan", addresses=("10.77.0.3",)),
        Host(DESK, "ACCUEIL-1", addresses=("10.77.1.8", "10.77.1.9")),
        Host("host/double", "double", addresses=("10.77.1.9",)),
        Host("host/10.77.0.50", addresses=("10.77.0.50",)),
    ),
    cards=(Interface(PACS, "eth0", addresses=("10.77.0.4/24", "fd00::4/64")),),
    accounts=(
        Account(PACS, "root"), Account(PACS, "jpetit"), Account("host/accueil-1", "jpetit"),
        Account(None, "mdurand", realm="ris"),
    ),
    directory_accounts=(
        DirectoryAccount("directory/cabinet.lan", "mdurand", holder=MARIE, sid="S-1-5-21-1-1104"),
        DirectoryAccount("directory/cabinet.lan", "Admin"),
    ),
    zones=(Zone("Imagerie", ZoneKind.IMAGING, ("10.77.0.0/24",)),),
)  # fmt: skip
ZONING = Zoning(KNOWN.zones)


def zone(address: str) -> Ref | None:
    found = ZONING.of(address)
    return found.ref if found else None


RESOLVER = Resolver(KNOWN, zone)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("10.77.0.3", PACS), ("10.77.0.4", PACS), ("fd00::4", PACS), ("::ffff:10.77.0.3", PACS), ("[fd00::4]", PACS),
        ("fd00::4%eth0", PACS), ("10.77.1.9", None), ("10.77.9.9", None), ("SRV-PACS", PACS),
        ("srv-pacs.autre.lan", PACS),
        ("srv-pacs.cabinet.lan.", PACS), ("accueil-1", DESK), ("ACCUEIL-1$", DESK), ("", None), (None, None),
        ("10", None),
        ("10.77.0.50", "host/10.77.0.50"),
    ],
)  # fmt: skip
def test_a_host_is_known_by_what_it_alone_bears(name: str | None, expected: Ref | None) -> None:
    assert RESOLVER.host(name) == expected


@pytest.mark.parametrize(
    ("user", "host", "account", "person"),
    [
        ("CABINET\\mdurand", None, CENTRAL, MARIE),
        ("cabinet.lan\\MDURAND", PACS, CENTRAL, MARIE),
        ("mdurand@cabinet.lan", None, CENTRAL, MARIE),
        ("mdurand@CABINET.LAN", None, CENTRAL, MARIE),
        ("S-1-5-21-1-1104", None, CENTRAL, MARIE),
        ("marie.durand@cabinet.fr", None, None, MARIE),
        ("mdurand", None, None, None),
        ("admin", DESK, "account/cabinet.lan/admin", None),
        ("root", PACS, "account/srv-pacs/root", None),
        ("root", None, None, None),
        ("jpetit", DESK, "account/accueil-1/jpetit", None),
        ("ACCUEIL-1\\jpetit", DESK, "account/accueil-1/jpetit", None),
        ("WORKGROUP\\jpetit", PACS, "account/srv-pacs/jpetit", None),
        ("jpetit@ailleurs.fr", PACS, None, None),
        (".\\jpetit", PACS, "account/srv-pacs/jpetit", None),
        ("AUTRE\\mdurand", DESK, None, None),
        ("inconnu", PACS, None, None),
        (None, PACS, None, None),
    ],
)
def test_an_account_is_the_one_that_the_system_would_take(
    user: str | None, host: Ref | None, account: Ref | None, person: Ref | None
) -> None:
    assert RESOLVER.who(user, host) == (account, person)


def resolved(**event: Any) -> Told:  # noqa: ANN401 -- fields of an event
    return RESOLVER.resolve(Told("k", "10.77.0.3", CAME, Event(CAME, "linux", **event)))


def test_an_event_gets_hosts_and_zones_of_both_ends() -> None:
    told = resolved(host="accueil-1", source="10.77.1.8", target="198.51.100.7", user="mdurand@cabinet.lan")
    assert (told.host, told.source, told.target, told.person) == (DESK, DESK, None, MARIE)
    assert (told.zone, told.target_zone) == (None, "zone/Internet")
    assert resolved(source="10.77.0.99").zone == "zone/Imagerie"


def test_a_host_that_is_not_named_is_who_sent_it() -> None:
    assert resolved().host == PACS
    assert resolved(host="inconnu").host is None
    assert resolved(source="un-nom").zone is None
