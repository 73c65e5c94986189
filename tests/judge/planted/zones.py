"""Flaws of zones and gateways: a real rule set as nftables tells it, read from a Linux gateway, and what people say."""

import json
from dataclasses import replace
from functools import partial
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Partner, ZoneKind
from negatoscope.observe.collector import Item
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from tests.judge.cases.healthy.zones import ADMINISTRATION, IMAGES, IMAGING, INTERNET, PUBLISHED, UPKEEP, USERS, WEB
from tests.judge.memory import World, of
from tests.judge.planted.computers import NFT, Edits, local
from tests.judge.planted.plant import Plant
from tests.judge.planted.talks import heard

RULES = (Path(__file__).parents[2] / "captures" / "firewall" / "practice.nft.json").read_text("utf-8")
LEGS = {
    "lan": "10.77.0.1/24", "img": "10.78.0.1/24", "adm": "10.79.0.1/24", "dmz": "10.80.0.1/24", "wan": "192.0.2.10/29",
}  # fmt: skip
DESK = Host("host/accueil", "accueil", HostClass.WORKSTATION, addresses=("10.77.0.6",))
SCANNER = Host("host/scanner", "scanner", HostClass.MODALITY, addresses=("10.78.0.40",))
FIBRE = InternetAccess("Fibre", router="10.79.0.1")
HOSPITAL = Partner("Hôpital du Port", "VPN", networks=("172.20.0.0/16",))
OPEN = replace(USERS, gateway=None)
SAID = (OPEN, IMAGING, ADMINISTRATION, PUBLISHED, INTERNET, IMAGES, WEB, UPKEEP, FIBRE, HOSPITAL, DESK, SCANNER)
WAYS = (
    '[{"dst":"default","gateway":"192.0.2.9","dev":"wan"},{"dst":"172.20.0.0/16","gateway":"192.0.2.12","dev":"wan"}]'
)


def legs() -> str:
    """The gateway's cards, as ``ip -j -d address`` tells them."""
    told = []
    for number, (name, address) in enumerate(LEGS.items()):
        local, length = address.split("/")
        info = {"family": "inet", "local": local, "prefixlen": int(length), "scope": "global"}
        mac = f"8c:04:ba:4d:10:1{number}"
        told.append({"ifname": name, "link_type": "ether", "address": mac, "addr_info": [info]})
    return json.dumps(told)


def lets(source: str, target: str, port: int, rules: str = RULES) -> str:
    """The rule set with one line more, at the head of what is passed on."""
    whole = json.loads(rules)
    told = [
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": _net(source)}},
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": _net(target)}},
        {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": port}},
        {"accept": None},
    ]
    line = {"family": "inet", "table": "filter", "chain": "forward", "handle": 90, "comment": "ajout", "expr": told}
    at = next(place for place, one in enumerate(whole["nftables"]) if "rule" in one)
    whole["nftables"].insert(at, {"rule": line})
    return json.dumps(whole)


def _net(text: str) -> Any:  # noqa: ANN401 -- libnftables' JSON
    address, _, length = text.partition("/")
    return {"prefix": {"addr": address, "len": int(length)}} if length else address


def forwarded(port: int, to: str) -> str:
    """The rule set with a port of the outside led to an address inside, and let through."""
    whole = json.loads(lets("0.0.0.0/0", to, port))
    told = [
        {"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "wan"}},
        {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": port}},
        {"dnat": {"addr": to}},
    ]
    line = {"family": "ip", "table": "nat", "chain": "prerouting", "handle": 91, "comment": "ouverture", "expr": told}
    whole["nftables"].append({"rule": line})
    return json.dumps(whole)


def practice(rules: str = RULES, instead: tuple[Any, ...] = (), more: tuple[Item, ...] = (), ways: str = WAYS) -> World:
    """A gateway, a desk and a scanner. ``instead``: what people say otherwise; ``more``: what looks show besides."""
    edits: Edits = (
        (NFT, "*", rules),
        ("cmd:ip -j -d address show", "*", legs()),
        ("cmd:ip -j route show", "*", ways),
        ("file:/proc/sys/net/ipv4/ip_forward", "*", "1\n"),
    )
    gate = [replace(one, host_class=HostClass.NETWORK) if isinstance(one, Host) else one for one in local(edits)]
    told = {fact.ref: fact for fact in (*SAID, *instead)}
    said = declaration(told.values(), (), (Sweep("InternetAccess"), Sweep("Partner")))
    way = Route(DESK.ref, "0.0.0.0/0", "10.77.0.1", "eth0")
    return of([*gate, *read_declared(BytesIO(said)), Sweep("Host"), way, *more])


HEARD = tuple(heard({ip_address("10.77.0.30").packed: ip_address("10.78.0.40").packed}))
"""What an exporter told: somebody at a desk reads the scanner's page."""


def plant(*, watched: bool = False, **flaw: Any) -> Plant:  # noqa: ANN401 -- what practice takes
    both: dict[str, Any] = {"more": HEARD} if watched else {}
    return Plant(partial(practice, **both), partial(practice, **{**both, **flaw}))


ROGUE = Route("host/scanner", "0.0.0.0/0", "10.78.0.200", "eth0")
PLANTS: dict[str, Plant] = {
    "R1.5": plant(ways=WAYS.replace("172.20.0.0/16", "172.30.0.0/16")),
    "R4.1": plant(more=(ROGUE,)),
    "R4.2": plant(
        instead=(replace(DESK, addresses=("10.79.0.6",)),), more=(Route(DESK.ref, "0.0.0.0/0", None, "ppp0"),)
    ),
    "R18.4": plant(watched=True, rules=forwarded(3389, "10.77.0.6")),
    "R21.2": plant(instead=(replace(SCANNER, addresses=("10.77.0.40",)),)),
    "R21.3": plant(rules=lets("10.77.0.0/24", "10.78.0.0/24", 3389)),
    "R24.1": plant(rules=lets("10.80.0.0/24", "10.77.0.0/24", 445)),
    "R25.2": plant(rules=forwarded(3389, "10.77.0.6")),
    "R29.1": plant(instead=(replace(ADMINISTRATION, kind=ZoneKind.SERVERS),)),
    "R29.2": plant(rules=RULES.replace("10.79.0.0", "10.77.0.0").replace('"adm"', '"lan"')),
}
