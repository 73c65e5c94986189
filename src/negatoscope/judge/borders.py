"""Networks that the practice's own hosts stand in and that nobody declared: there may be hosts that no sweep asked."""

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network, ip_interface

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.networks import Network
from negatoscope.model.register import Register


def undeclared(register: Register) -> Iterator[tuple[Ref, str]]:
    """Each host with a card in an IPv4 network that no declared one contains. Virtual cards lead nowhere else."""
    declared = [net for network in register.seen(Network).facts if (net := _network(network.cidr)) is not None]
    cards = {(host.ref, mac) for host in register.seen(Host).facts for mac in host.macs or ()}
    inside: dict[IPv4Network, bool] = {}
    for interface in register.seen(Interface).facts:
        if (interface.host, interface.mac) not in cards:
            continue
        for address in interface.addresses or ():
            net = _network(address)
            if net is None:
                continue
            if net not in inside:
                inside[net] = any(net.subnet_of(known) for known in declared)
            if not inside[net]:
                yield interface.host, str(net)


def _network(address: str) -> IPv4Network | None:
    """The network of an address with its prefix length; ``None`` for IPv6 and for what is no address."""
    try:
        interface = ip_interface(address)
    except ValueError:
        return None
    return interface.network if isinstance(interface, IPv4Interface) else None
