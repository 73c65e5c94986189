"""Where a scan looked: networks and single addresses, and whether two scans looked at a same place."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host


@dataclass(frozen=True)
class Places:
    """Networks (an address is one too), single addresses apart because they are many."""

    networks: frozenset[IPv4Network | IPv6Network] = frozenset()
    addresses: frozenset[IPv4Network | IPv6Network] = frozenset()

    @classmethod
    def named(cls, target: str) -> Self:
        """The networks that a target names, commas between them; none, if it names anything else."""
        try:
            return cls(frozenset(ip_network(word.strip(), strict=False) for word in target.split(",")))
        except ValueError:
            return cls()

    @classmethod
    def of(cls, items: Iterable[object]) -> Self:
        """What was read from a scan speaks of these places."""
        networks: set[str] = set()
        addresses: set[str] = set()
        for item in items:
            if isinstance(item, Host):
                addresses.update(item.addresses or ())
            elif isinstance(item, Sweep) and item.network:
                networks.add(item.network)
            elif isinstance(item, Gap) and isinstance(said := item.values.get("network"), str):
                networks.update(word.strip() for word in said.split(","))
        return cls(frozenset(map(ip_network, networks)), frozenset(map(ip_network, addresses)))

    def meets(self, other: Self) -> bool:
        """Whether some address belongs to both."""
        return (
            not self.addresses.isdisjoint(other.addresses)
            or any(one.overlaps(two) for one in self.networks for two in other.networks | other.addresses)
            or any(one.overlaps(two) for one in self.addresses for two in other.networks)
        )
