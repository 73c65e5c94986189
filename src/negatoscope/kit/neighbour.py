"""Who counts as one."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

_FOUR = 4


@lru_cache(maxsize=4096)
def plain(address: str) -> str:
    """An address without its zone, an IPv4 one as such on a socket for both families."""
    told = ip_address(address.partition("%")[0])
    return str(getattr(told, "ipv4_mapped", None) or told)


def neighbour(address: str) -> str:
    """An IPv4 address, or the 64 bits of a network where a host of IPv6 has as many as it likes."""
    told = ip_address(plain(address))
    return str(told) if told.version == _FOUR else str(ip_network((told, 64), strict=False))
