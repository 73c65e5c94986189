"""What one zone asks of another, as people write it: ``tcp/443,8000-8010``, ``udp/53``, ``icmp``, ``any``."""

import re

ANY = "any"
PORTED = ("tcp", "udp", "sctp")
BARE = ("icmp", "icmpv6", "gre", "esp", "ah", "igmp")
LAST_PORT = 65535
MOST_RANGES = 64
_ALSO = {"tout": ANY, "tous": ANY, "all": ANY, "*": ANY, "ping": "icmp", "icmp6": "icmpv6", "ipv6-icmp": "icmpv6"}
_PORTS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?")


class NoService(ValueError):  # noqa: N818 -- what it is
    """A text names no service; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def service(said: str) -> str:
    """Write a service in the one form that comparisons take: lower case, ports in order, ranges that touch joined.

    Raises NoService: ``service_unknown`` for a protocol that nobody here knows, ``service_ports`` for ports that are
    none, ``service_without_ports`` for ports of a protocol that has none.
    """
    text = "".join(said.lower().split())
    text = _ALSO.get(text, text)
    name, slash, ports = text.replace(":", "/").partition("/")
    name = _ALSO.get(name, name)
    if name not in (ANY, *PORTED, *BARE):
        raise NoService("service_unknown")
    if not slash:
        return name
    if name not in PORTED:
        raise NoService("service_without_ports")
    return f"{name}/{','.join(f'{low}-{high}' if low != high else str(low) for low, high in _ranges(ports))}"


def _ranges(ports: str) -> list[tuple[int, int]]:
    parts = ports.split(",")
    found = [_PORTS.fullmatch(part) for part in parts]
    if len(parts) > MOST_RANGES or not all(found):
        raise NoService("service_ports")
    told: list[tuple[int, int]] = []
    for low, high in sorted((int(one[1]), int(one[2] or one[1])) for one in found if one):
        if not 0 < low <= high <= LAST_PORT:
            raise NoService("service_ports")
        if told and low <= told[-1][1] + 1:
            told[-1] = (told[-1][0], max(told[-1][1], high))
        else:
            told.append((low, high))
    return told
