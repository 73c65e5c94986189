"""For each measured control on zones, gateways and ways out: facts that fail it, in a practice otherwise healthy."""

from dataclasses import replace

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import Match, PortMapping, Rewrites, RuleBase, Translation
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.traffic import INTERNET, Conversation, Reach, Route
from negatoscope.model.zones import ZoneKind
from tests.judge.cases.healthy.computers import DESK, LAPTOP
from tests.judge.cases.healthy.gateways import BASE, GATEWAY
from tests.judge.cases.healthy.imaging import DEVICE
from tests.judge.cases.healthy.touched import FIBRE
from tests.judge.cases.healthy.walls import SWITCH
from tests.judge.cases.healthy.zones import (
    ADMINISTRATION,
    HOSPITAL,
    IMAGES,
    IMAGING,
    USERS,
    line,
    with_lines,
)
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World


def without(*gone: object) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact not in gone))


def at(ref: Ref, *addresses: str) -> Host:
    """A healthy computer moved elsewhere."""
    host = next(fact for fact in HEALTHY.facts if isinstance(fact, Host) and fact.ref == ref)
    return replace(host, addresses=addresses)


def moved(ref: Ref, address: str) -> World:
    return HEALTHY.with_(at(ref, address), Interface(ref, "eth0", "8c:04:ba:4d:10:05", (f"{address}/24",)))


def forwarded(port: int, to: str, base: RuleBase = BASE) -> RuleBase:
    """A port of the outside, led to an address inside, and a line that lets it pass."""
    match = Match(protocols=("tcp",), target_ports=((port, port),), entering=("wan",))
    turn = Translation(f"vers {to}", match, Rewrites.TARGET, to)
    opened = line("ouverture", source="0.0.0.0/0", target=to, ports=(port,))
    return replace(base, chains=with_lines(opened).chains, translations=(turn,))


FAILING: dict[str, tuple[World, ...]] = {
    "R1.5": (
        without(HOSPITAL),
        HEALTHY.with_(replace(FIBRE, router="autre-boîtier")),
        HEALTHY.with_(Route(DESK, "0.0.0.0/0", "10.77.0.250")),
    ),
    "R4.1": (
        without(FIBRE),
        HEALTHY.with_(Route(DESK, "0.0.0.0/0", "10.77.0.250")),
        HEALTHY.with_(Interface(LAPTOP, "wwan0", None, ("100.70.1.2/32",))),
        HEALTHY.with_(Route(LAPTOP, "0.0.0.0/0", None, "ppp0")),
    ),
    "R4.2": (
        moved(DESK, "10.79.0.60").with_(
            Conversation("192.0.2.10", "10.79.0.60", "198.51.100.9", "tcp", 443, answered=True)
        ),
        moved(DESK, "10.79.0.60").with_(Route(DESK, "0.0.0.0/0", None, "ppp0")),
        moved(DESK, "10.79.0.60").with_(Interface(DESK, "wwan0", None, ("100.70.1.2/32",))),
    ),
    "R21.2": (
        HEALTHY.with_(replace(DEVICE, addresses=("10.77.0.41",))),
        HEALTHY.with_(replace(DEVICE, addresses=("10.80.0.41",))),
        moved(LAPTOP, "10.78.0.60"),
        moved(DESK, "10.78.0.60").with_(replace(IMAGING, kind=ZoneKind.SERVERS)),
        HEALTHY.with_(
            Interface(DEVICE.ref, "eth0", None, ("10.78.0.41/16",)),
            replace(USERS, networks=("10.77.0.0/24", "10.78.1.0/24")),
        ),
    ),
    "R21.3": (
        HEALTHY.with_(with_lines(line("large", source="10.77.0.0/24", target="10.78.0.0/24", ports=(3389,)))),
        HEALTHY.with_(Reach("10.77.0.0/24", "10.78.0.41", "tcp", 23, "telnet")),
        without(IMAGES),
        HEALTHY.with_(replace(IMAGES, service="any")),
    ),
    "R24.1": (
        HEALTHY.with_(forwarded(8443, "10.77.0.6")),
        HEALTHY.with_(with_lines(line("retour", source="10.80.0.0/24", target="10.77.0.0/24", ports=(445,)))),
        HEALTHY.with_(Reach(INTERNET, "10.77.0.6", "tcp", 445)),
        HEALTHY.with_(at(DESK, "10.77.0.6", "10.80.0.9")),
    ),
    "R25.2": (
        HEALTHY.with_(forwarded(3389, "10.77.0.6")),
        HEALTHY.with_(forwarded(443, "10.79.0.2")),
        HEALTHY.with_(forwarded(443, "10.80.0.9"), Reach(INTERNET, "192.0.2.10", "tcp", 443, administers=True)),
        HEALTHY.with_(PortMapping(GATEWAY, "tcp", 3389, "10.77.0.6", 3389, enabled=True)),
    ),
    "R29.1": (
        HEALTHY.with_(replace(ADMINISTRATION, kind=ZoneKind.SERVERS)),
        HEALTHY.with_(replace(SWITCH, addresses=("10.77.0.2",))),
    ),
    "R29.2": (
        HEALTHY.with_(with_lines(line("consoles", source="10.77.0.0/24", target="10.79.0.2", ports=(22, 443)))),
        HEALTHY.with_(replace(BASE, chains=(BASE.chains or ())[:1])),
        HEALTHY.with_(Reach("10.77.0.0/24", "10.79.0.2", "udp", 161, "snmp", administers=True)),
    ),
}
