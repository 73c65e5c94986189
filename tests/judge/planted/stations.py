"""Strangers, radio networks and forwards, planted in files as real devices wrote them, through the real readers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from negatoscope.model.atlas import MapEntry
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.model.radio import AccessPoint
from negatoscope.model.traffic import Vantage
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.observe.collector import Sort
from negatoscope.observe.handed import FORMAT, Header, reader, wrapped
from negatoscope.observe.leases.collector import SORTS as LEASES
from negatoscope.observe.mail.collector import SORTS as MAIL
from negatoscope.observe.wifi.collector import SORTS as WIFI
from negatoscope.register.merge import combine
from tests.judge.memory import SEEN_AT, World, of
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures"
BOX, DESK = "host/box", "host/accueil"
LEASE = (CAPTURES / "leases/dhcpd.leases").read_bytes().replace(b"2026/11/22", b"2026/11/20")
REGISTER: tuple[Any, ...] = (
    Host(BOX, "box", HostClass.NETWORK, addresses=("10.77.0.1",)),
    Host(DESK, "accueil", HostClass.WORKSTATION, macs=("3c:06:30:11:22:33",), addresses=("10.77.0.100",)),
    *(MapEntry(ref, declared=True, seen_at=SEEN_AT, drifted=()) for ref in (BOX, DESK)),
    Network("10.77.0.0/24"),
    Zone("Postes", ZoneKind.USERS, ("10.77.0.0/24",)),
    Zone("Visiteurs", ZoneKind.GUEST, ("10.66.0.0/24",)),
    Vantage("10.66.0.0/24", "10.77.0.0/24", ports="1-65535", complete=True),
    AccessPoint("box", "Accueil", "Salle d’attente"),
    Person("claire.martin", "Claire Martin", email="c.martin@cabinet.example"),
    *(Sweep(kind) for kind in ("Host", "AccessPoint", "InternetAccess", "Person")),
)
LEFT = Person("claire.martin", "Claire Martin", email="c.martin@cabinet.example", left_on=date(2026, 11, 10))
RADIO = {
    "wlanconf": [
        {"_id": "1", "name": "Visiteurs", "security": "wpapsk", "wpa_mode": "wpa2", "wpa_enc": "ccmp",
         "x_passphrase": "Chamois-Bleu-42", "networkconf_id": "b", "is_guest": True},
    ],
    "networkconf": [{"_id": "b", "purpose": "guest", "ip_subnet": "10.66.0.1/24", "vlan": 66}],
}  # fmt: skip
MAILBOXES = (
    '"PrimarySmtpAddress","ForwardingAddress","ForwardingSmtpAddress","DeliverToMailboxAndForward"\r\n'
    '"c.martin@cabinet.example","","{target}","False"\r\n'
)
RULES = '"MailboxOwnerId","Enabled","ForwardTo","RedirectTo"\r\n"c.martin@cabinet.example","True","",""\r\n'


def through(sorts: Iterable[Sort], data: bytes, device: str = BOX) -> list[Any]:
    """A file handed over: recognised, scrubbed, kept, read."""
    sorts = tuple(sorts)
    known = next(one for one in sorts if one.recognises(data))
    return list(reader(sorts)(BytesIO(wrapped(Header(FORMAT, known.name, device), known.scrub(data)))))


def world(items: Iterable[Any], *register: Any) -> World:  # noqa: ANN401 -- any fact
    told = {(type(one), getattr(one, "ref", one)): one for one in (*REGISTER, *register)}
    return of([*told.values(), *items])


def leased(data: bytes) -> Callable[[], World]:
    return lambda: world(through(LEASES, data))


def radio(**changed: Any) -> Callable[[], World]:  # noqa: ANN401 -- fields of a network
    told = {**RADIO, "wlanconf": [{**RADIO["wlanconf"][0], **changed}]}
    return lambda: world(through(WIFI, json.dumps(told).encode()))


def unlisted() -> World:
    told = world(through(WIFI, json.dumps(RADIO).encode()))
    return replace(told, facts=tuple(one for one in told.facts if not isinstance(one, AccessPoint)), cache={})


def mixed() -> World:
    """The visitors' radio leads straight into the computers' network."""
    nets = [{"_id": "b", "purpose": "corporate", "ip_subnet": "10.77.0.1/24"}]
    return world(through(WIFI, json.dumps({**RADIO, "networkconf": nets}).encode()))


def mail(target: str, *register: Any) -> Callable[[], World]:  # noqa: ANN401 -- any fact
    def told() -> World:
        mailboxes = through(MAIL, MAILBOXES.format(target=target).encode(), "host/@")
        rules = through(MAIL, RULES.encode(), "host/@")
        facts: dict[Any, Any] = {}
        for item in (*mailboxes, *rules):
            key = (type(item), getattr(item, "ref", item))
            before = facts.get(key)
            facts[key] = combine((before, item)) if before is not None and not isinstance(item, Sweep) else item
        return world(facts.values(), *register)

    return told


PLANTS: dict[str, Plant] = {
    "R3.8": Plant(mail("", LEFT), mail("smtp:claire@autre.example", LEFT)),
    "R5.1": Plant(leased(LEASE), leased(LEASE.replace(b"3c:06:30:11:22:33", b"3c:06:30:99:88:77"))),
    "R5.3": Plant(mail(""), mail("smtp:claire@gmail.com")),
    "R22.1": Plant(radio(), unlisted),
    "R22.2": Plant(radio(), mixed),
    "R22.3": Plant(radio(), radio(security="open")),
}
