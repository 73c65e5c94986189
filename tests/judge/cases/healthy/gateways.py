"""A gateway in order: it refuses by default, its lines are narrow, logged and used; people come in by certificate."""

from negatoscope.model.gateways import (
    Addresses,
    AutoOpening,
    Chain,
    Does,
    FilterRule,
    GatewayInterface,
    Hook,
    Match,
    RemoteAccess,
    RuleBase,
    Tunnel,
)
from negatoscope.model.hosts import Host, HostClass

GATEWAY = "host/fw-1"
DEVICE = Host(GATEWAY, "fw-1", HostClass.NETWORK, os_version="2.7.2", model="Pare-feu", serial="FW-0001",
              addresses=("10.77.0.1", "10.78.0.1", "10.79.0.1", "10.66.0.1", "10.80.0.1", "198.51.100.2"))  # fmt: skip
ANSWERS = FilterRule("#1", Match(states=("established", "related")), Does.ACCEPT, packets=90_000)
STUDIES = FilterRule(
    "#2 examens vers le PACS",
    Match(sources=Addresses(("10.77.0.41",)), targets=Addresses(("10.78.0.5",)), protocols=("tcp",),
          target_ports=((2762, 2762),)),
    Does.ACCEPT, logged=True, packets=1200,
)  # fmt: skip
WEB = FilterRule(
    "#4 sites et messagerie",
    Match(sources=Addresses(("10.77.0.0/24",)), protocols=("tcp",), target_ports=((80, 80), (443, 443)),
          leaving=("wan",)),
    Does.ACCEPT, logged=True, packets=5000,
)  # fmt: skip
CONSOLES = FilterRule(
    "#5 administration",
    Match(sources=Addresses(("10.79.0.0/24",)), protocols=("tcp",), target_ports=((22, 22), (443, 443))),
    Does.ACCEPT, logged=True, packets=40,
)  # fmt: skip
REST = FilterRule("#3", Match(), Does.DROP, logged=True, packets=77)
LEGS = (
    GatewayInterface("lan", ("10.77.0.1/24",)),
    GatewayInterface("servers", ("10.78.0.1/24",)),
    GatewayInterface("admin", ("10.79.0.1/24",)),
    GatewayInterface("guests", ("10.66.0.1/24",)),
    GatewayInterface("public", ("10.80.0.1/24",)),
    GatewayInterface("wan", ("198.51.100.2/29",)),
)
WAYS = (("0.0.0.0/0", "wan"), ("172.20.0.0/16", "wan"))
INPUT = Chain("input", (ANSWERS, CONSOLES, REST), Hook.INPUT, Does.DROP)


def gateway(*rules: FilterRule, policy: Does = Does.DROP) -> RuleBase:
    """Its rule base, with these lines."""
    forward = Chain("forward", rules, Hook.FORWARD, policy)
    return RuleBase(GATEWAY, "nftables", (forward, INPUT), (), LEGS, WAYS)


BASE = gateway(ANSWERS, STUDIES, WEB, REST)
VPN = RemoteAccess(
    GATEWAY, "vpn-cabinet", Tunnel.OPENVPN, certificates=True, second_factor=True, shared_secret=False,
    known_devices=True, weak=(), peers=("anna",),
)  # fmt: skip
SHUT = AutoOpening(GATEWAY, upnp=False, nat_pmp=False)
FACTS = (DEVICE, BASE, VPN, SHUT)
