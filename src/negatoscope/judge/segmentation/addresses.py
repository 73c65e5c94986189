"""Addresses cut into atoms: the stretches between two borders that somebody draws."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network, summarize_address_range

WIDTH = {4: 32, 6: 128}
EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}
Stretch = tuple[int, int, int]
"""Family, first and last address."""


@lru_cache(maxsize=65536)
def stretch(text: str) -> Stretch:
    """Read a network, an address, or a range (``10.0.0.1-10.0.0.9``). Raises ValueError."""
    first, dash, last = text.partition("-")
    if dash:
        low, high = ip_address(first.strip()), ip_address(last.strip())
        if low.version != high.version or int(low) > int(high):
            message = f"no range: {text}"
            raise ValueError(message)
        return low.version, int(low), int(high)
    network = ip_network(text.split("%", maxsplit=1)[0], strict=False)
    return network.version, int(network[0]), int(network[-1])


@lru_cache(maxsize=65536)
def shown(family: int, low: int, high: int) -> str:
    """Write a stretch as a network where it is one, else as a range; a lone address without its length."""
    first, last = (IPv4Address(low), IPv4Address(high)) if family == 4 else (IPv6Address(low), IPv6Address(high))  # noqa: PLR2004
    if low == high:
        return str(first)
    networks = list(summarize_address_range(first, last)) if (high - low + 1) & (high - low) == 0 else []
    return str(networks[0]) if len(networks) == 1 else f"{first}-{last}"


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """Stretches of neighbouring bits: the first, and the one after the last."""
    at = 0
    while mask:
        gap = (mask & -mask).bit_length() - 1
        mask >>= gap
        length = (~mask & (mask + 1)).bit_length() - 1
        mask >>= length
        yield at + gap, at + gap + length
        at += gap + length


class AddressAxis:
    """All addresses of one family, cut at the borders of these texts (those of the other family are left out)."""

    def __init__(self, family: int, texts: Iterable[str]) -> None:
        """Cut at the borders of every text."""
        self.family = family
        end = 1 << WIDTH[family]
        borders = {0, end}
        for text in texts:
            version, low, high = stretch(text)
            if version == family:
                borders |= {low, high + 1}
        self._borders = sorted(borders)
        self.atoms = len(self._borders) - 1
        self.whole = (1 << self.atoms) - 1
        self.texts = lru_cache(maxsize=16384)(self._texts)
        """Write atoms as networks and ranges, neighbours joined."""

    def mask(self, texts: Iterable[str]) -> int:
        """Atoms of these texts, which were among those that the axis was cut by."""
        bits = 0
        for text in texts:
            version, low, high = stretch(text)
            if version == self.family:
                bits |= self.between(low, high)
        return bits

    def between(self, low: int, high: int) -> int:
        """Atoms from one address to another, both included."""
        return (1 << bisect_left(self._borders, high + 1)) - (1 << bisect_left(self._borders, low))

    def atom(self, text: str) -> int:
        """The atom in which one address stands."""
        return 1 << (bisect_right(self._borders, stretch(text)[1]) - 1)

    def cut_by(self, texts: Iterable[str]) -> bool:
        """Tell whether the borders of these texts are borders of the axis."""
        mine = [known for known in map(stretch, texts) if known[0] == self.family]
        return all(self._is_border(low) and self._is_border(high + 1) for _, low, high in mine)

    def _texts(self, mask: int) -> tuple[str, ...]:
        return tuple(shown(self.family, self._borders[at], self._borders[end] - 1) for at, end in runs(mask))

    def _is_border(self, value: int) -> bool:
        at = bisect_left(self._borders, value)
        return at < len(self._borders) and self._borders[at] == value
