"""The product, run on a lab as a practice runs it: declarations, looks, judgement, in a data directory of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from negatoscope.config import Config
from negatoscope.flows import tokens
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import add
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.judging import judge_now
from negatoscope.flows.listening import deliver_closed, open_door
from negatoscope.flows.observing import TRIED_CLASSES, Order, observe
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.trying import allow
from negatoscope.model.evidence import Fact, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Judgement
from negatoscope.model.networks import Consent, HostKey, Network
from negatoscope.model.people import Person
from negatoscope.model.premises import Room, Socket
from negatoscope.model.radio import AccessPoint
from negatoscope.model.zones import AllowedFlow, InternetAccess, Zone, ZoneKind
from negatoscope.observe.collector import Login
from tests.lab import domain, flows, inventory, linux, radio, switch
from tests.lab.build import OUTSIDE, Lab
from tests.lab.cards import mac
from tests.lab.description import Description
from tests.lab.filtering import WHAT_LISTENS
from tests.lab.plan import Plan
from tests.lab.services import POSTS_TO, Switch
from tests.observe.directory.domain import ADMINISTRATOR, PASSWORD, REALM
from tests.observe.directory.practice import listed as staffed

OPERATOR = "lab"
Asked = tuple[str, str, dict[str, object]]
"""A collector, its target, its settings."""
AT_ONCE = 8
PORTS = (
    "21-25,53,80,81,104,110,111,135,139,143,389,443,445,465,512-515,587,631,636,993,995,1433,1883,2022,2049,2323,2575,"
    "2761,2762,3128,3268,3306,3389,4242,5000,5060,5432,5800-5810,5900-5910,5938,5985,6000,7070,8000,8042,8080-8090,8443,"
    "8888,9000,9090,9100,10000,11112"
)
"""What a look at a network tries: services that practices run. Ports of the description beyond these are added."""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- real servers live today


def run(lab: Lab, data: Path, tell: Callable[[str], None]) -> tuple[Judgement, dict[str, str]]:
    """Declare, look with every collector that applies, judge. Also what the register calls each host."""
    console = open_console(Config(data=data, flows=f"0.0.0.0:{flows.PORT}"), _now)
    _declare(console, lab)
    with open_door(console, lambda: False) as door, _inventoried(console, lab, tell):
        flows.talk(lab)
        _look(console, lab, tell)
    if lab.plan.lab.router.exports is not None and door is not None:
        tell(f"flows: {deliver_closed(console, door.keeper)} observations")
    return judge_now(console, OPERATOR), _names(console, lab)


def _names(console: Console, lab: Lab) -> dict[str, str]:
    """Hosts of the description, by what the register calls those that bear their cards."""
    described = {lab.plan.lab.router.name, *(one.name for one in lab.plan.lab.hosts)}
    cards = {mac(address): name for name, address in lab.addresses.items() if name in described}
    known = StoredRegister(console.practice).seen(Host).facts
    return {host.ref.removeprefix("host/"): cards[card] for host in known for card in host.macs or () if card in cards}


@contextmanager
def _inventoried(console: Console, lab: Lab, tell: Callable[[str], None]) -> Iterator[None]:
    """While looks go on, the console serves and every agent posts to it, with one token for all."""
    hosts = [one.name for one in inventory.told_of(lab.plan.lab)]
    if not hosts:
        yield
        return
    inventory.settle(lab, console.config.data)
    token = tokens.make(console, OPERATOR, "agent", "postes")
    with inventory.answering(lab, console.config.data) as address, ThreadPoolExecutor(AT_ONCE) as pool:
        posts = {name: pool.submit(inventory.post, lab, name, f"{address}{token}") for name in hosts}
        yield
        for name, posted in posts.items():
            posted.result()
            tell(f"agent of {name}: posted")


def _declare(console: Console, lab: Lab) -> None:
    described = lab.plan.lab
    declare(console, Said(OPERATOR), [*_network(described), *_hosts(lab.plan), *_keys(lab)])
    staff = staffed() if any(one.program == "domain" for one in lab.plan.servers) else []
    people = [*staff, *(Person(one.ident, one.name, left_on=one.left_on) for one in described.people)]
    declare(console, Said(OPERATOR), [*_walls(described), *_points(lab.plan)])
    declare(console, Said(OPERATOR), people, complete=[Sweep("Person")])
    for one in TRIED_CLASSES:
        allow(console, OPERATOR, one, OPERATOR, _now() + timedelta(30))
    add(console, OPERATOR, "serveurs", linux.login(lab))
    add(console, OPERATOR, "commutateur", switch.READER)
    add(console, OPERATOR, "annuaire", Login(ADMINISTRATOR, PASSWORD))


def _network(described: Description) -> Iterable[Fact]:
    for one in described.segments:
        networks = None if one.kind is ZoneKind.INTERNET else (one.cidr,)
        yield Zone(one.name, one.kind, networks, gateway=described.router.name, vlan=described.vlan(one))
        if networks:
            yield Network(one.cidr, one.name)
    public = (f"{described.outside.router}/32",)
    yield InternetAccess("fibre", router=described.router.name, reason="Télétransmission", addresses=public)
    console = described.administration
    for one in described.inside:
        if one is not console:
            for service in (f"tcp/{WHAT_LISTENS}", f"udp/{WHAT_LISTENS}", "icmp"):
                yield AllowedFlow(_zone(console.name), _zone(one.name), service, "Observation")
    for name in {one.segment for one in inventory.told_of(described)} - {console.name}:
        yield AllowedFlow(_zone(name), _zone(console.name), f"tcp/{POSTS_TO}", "Inventaires")
    for flow in described.flows:
        yield AllowedFlow(_zone(flow.source), _zone(flow.target), flow.service, flow.purpose or "Soins")


def _points(plan: Plan) -> Iterable[Fact]:
    points = dict.fromkeys(one.point for one in plan.lab.wifi if one.point not in plan.unlisted)
    called = {one.name: one.called or one.name for one in plan.lab.hosts}
    return [AccessPoint(called[name], reason="Visiteurs") for name in points]


def _walls(described: Description) -> Iterable[Fact]:
    names = [one.name for one in described.hosts for service in one.services if service == Switch()]
    rooms = {one.room: one.public for one in described.sockets}
    yield from (Room(name, public) for name, public in rooms.items())
    for one in described.sockets:
        yield Socket(one.name, Room(one.room).ref, f"{names[0]} / {one.port}", used_by=one.used_by or None)


def _zone(name: str) -> str:
    return Zone(name).ref


def _hosts(plan: Plan) -> Iterable[Fact]:
    described = plan.lab
    router = described.router.name
    legs = tuple(one.router for one in described.segments)
    yield Host(
        f"host/{router}", hostname=router, host_class=HostClass.NETWORK, macs=tuple(map(mac, legs)), addresses=legs
    )
    here = described.administration.console
    yield Host("host/console", hostname="console", host_class=HostClass.SERVER, macs=(mac(here),), addresses=(here,))
    controllers = {one.host for one in plan.servers if one.program == "domain"}
    if controllers:
        yield from (Host(f"host/{name}", hostname=name, host_class=HostClass.SERVER) for name in domain.MEMBERS)
    for one in described.hosts:
        called = domain.CALLED if one.name in controllers else one.called or one.name
        if described.segment(one.segment).kind is not ZoneKind.INTERNET:
            cards = (mac(one.address),)
            yield Host(one.ref, hostname=called, host_class=one.host_class, macs=cards, addresses=(one.address,),
                       model=plan.models.get(one.name))  # fmt: skip
        if one.host_class is HostClass.MODALITY and one.consent:
            yield Consent(one.ref, "Responsable du lab", _now() + timedelta(30), "Hors vacation")


def _keys(lab: Lab) -> Iterable[Fact]:
    for server in lab.plan.servers:
        if server.program == "ssh":
            etc = lab.folder / f"{server.host}-{server.port}" / "etc"
            key = " ".join((etc / "ssh/host_key.pub").read_text().split()[:2])
            yield HostKey(f"{lab.addresses[server.host]}:{server.port}", key, OPERATOR)


def _look(console: Console, lab: Lab, tell: Callable[[str], None]) -> None:
    """Every look, several at a time: most of each is waiting."""

    def one(asked: Asked) -> str:
        collector, target, settings = asked
        began = _now()
        try:
            outcome = observe(console, Order(collector, target, OPERATOR, settings))
        finally:
            connection.close()
        seconds = (_now() - began).total_seconds()
        if outcome.blocking:
            raise AssertionError(f"{collector} {target}: {outcome.blocking.why} {outcome.blocking.values}")
        return f"{collector} {target}: {outcome.facts} facts, {len(outcome.gaps)} gaps, {seconds:.1f} s"

    _from_outside(console, lab, tell)
    for point, export in radio.exports(lab.plan):
        outcome = hand_over(console, Handed("site.json", export, lab.addresses[point]), OPERATOR)
        tell(f"Wi-Fi of {point}: {outcome.facts} facts")
    for looks in (_sweeps(lab), _looks(lab)):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for told in pool.map(one, looks):
                tell(told)


def _from_outside(console: Console, lab: Lab, tell: Callable[[str], None]) -> None:
    """The public address, tried from the Internet by the verb that needs no console; its file is imported."""
    public, file = lab.plan.lab.outside.router, lab.folder / "outside.jsonl"
    words = ("-m", "negatoscope", "vantage", f"{public}/32", "--ports", _ports(lab), "--rate", "2000", "-o", str(file))
    subprocess.run(("ip", "netns", "exec", OUTSIDE, sys.executable, *words), check=True, timeout=120)
    outcome = hand_over(console, Handed(file.name, file.read_bytes()), OPERATOR)
    tell(f"vantage {public} from the Internet: {outcome.facts} facts")


def _ports(lab: Lab) -> str:
    return ",".join((PORTS, *sorted({str(one.port) for one in lab.plan.servers})))


def _sweeps(lab: Lab) -> Iterable[Asked]:
    """Networks first."""
    for segment in lab.plan.lab.inside:
        yield "nmap", segment.cidr, {"ports": _ports(lab), "packets_per_second": 2000}


def _looks(lab: Lab) -> Iterable[Asked]:
    """Then hosts, one by one."""
    plan = lab.plan
    yield from _trials(plan)
    authority = (lab.folder / "ca.pem").read_text()
    authority += "".join(domain.authority(lab, one) for one in plan.servers if one.program == "domain")
    for segment in plan.lab.inside:
        yield "snmp", segment.cidr, {"packets_per_second": 1000}
        yield "tls", segment.cidr, {"authority": authority, "seconds": 10}
    spared = {one.name for one in plan.lab.hosts if one.host_class is HostClass.MODALITY and not one.consent}
    for server in plan.servers:
        if server.program == "dicom" and server.host not in spared:
            title = {"ae_title": server.title, "ports": str(server.port), "seconds": 10}
            yield "dicom", lab.addresses[server.host], title
        if server.program == "ipps":
            yield "ipp", lab.addresses[server.host], {"seconds": 5}
        if server.program == "switch":
            yield "snmp", lab.addresses[server.host], {"credential": "commutateur"}
        if server.program == "domain":
            said = {"servers": [lab.addresses[server.host]], "ca": domain.authority(lab, server)}
            yield "directory", REALM, {**said, "credential": "annuaire", "certificate_name": domain.CALLED}
        if server.program == "ssh":
            yield "ssh", lab.addresses[server.host], {"credential": "serveurs", "port": server.port}


def _trials(plan: Plan) -> Iterable[Asked]:
    """Published log-ins, on every host of a class on which somebody lets them be tried."""
    for host in plan.lab.hosts:
        if host.host_class in TRIED_CLASSES and plan.lab.segment(host.segment) in plan.lab.inside:
            yield "defaults", host.address, {"seconds": 15}
