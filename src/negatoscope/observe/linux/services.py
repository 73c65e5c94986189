"""What listens on the host: ``ss`` and the kernel's own tables, whichever of them shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from negatoscope.model.networks import Service
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import SOCKETS
from negatoscope.observe.linux.sections import Sections
from negatoscope.observe.linux.syntax import integer
from negatoscope.observe.ports import NAMES, spoken_by

_PROCESS = re.compile(r'users:\(\("([^"]*)"')
_TABLES = (("tcp", "tcp", "0A"), ("tcp6", "tcp", "0A"), ("udp", "udp", "07"), ("udp6", "udp", "07"))
"""File, protocol, and the state that means listening (TCP) or bound without a peer (UDP)."""


@dataclass(frozen=True, slots=True)
class _Socket:
    protocol: str
    port: int
    loopback: bool
    process: str | None = None


def services(sections: Sections) -> Iterator[Item]:
    """One fact for each protocol and port; reachable if any of its sockets is bound beyond loopback.

    A number never proves encryption: only a programme that speaks nothing else does.
    """
    ss = sections[SOCKETS.section]
    tables = [sections.file(f"/proc/net/{name}") for name, _, _ in _TABLES]
    if not all(section.looked for section in tables) and not (ss.ok and ss.text.strip()):
        yield from closed("Service", {"sockets": sections.why(ss)})
        return
    sockets: dict[tuple[str, int], list[_Socket]] = {}
    for socket in (*_from_ss(ss.lines if ss.ok else []), *_from_tables(sections)):
        sockets.setdefault((socket.protocol, socket.port), []).append(socket)
    for (protocol, port), same in sorted(sockets.items()):
        process = next((socket.process for socket in same if socket.process), None)
        name = spoken_by(process) or NAMES.get((protocol, port))
        yield Service(
            HOST,
            protocol,
            port,
            name=name,
            product=process,
            encrypted=True if spoken_by(process) == "ssh" else None,
            reachable=not all(socket.loopback for socket in same),
        )
    yield from closed("Service", {})


def _from_ss(lines: list[str]) -> Iterator[_Socket]:
    """``tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))``."""
    for line in lines:
        words = line.split(None, 6)
        if len(words) < 6 or words[0] not in {"tcp", "udp"}:  # noqa: PLR2004 -- up to the peer's address
            continue
        address, _, said = words[4].rpartition(":")
        port = integer(said)
        process = _PROCESS.search(words[6]) if len(words) > 6 else None  # noqa: PLR2004 -- the process column
        if port is not None and 0 < port <= 65_535:  # noqa: PLR2004 -- the range of ports
            yield _Socket(words[0], port, _is_loopback(address), process[1] if process else None)


def _is_loopback(address: str) -> bool:
    """``127.0.0.1``, ``[::1]``, ``127.0.0.53%lo``."""
    bare, _, interface = address.strip("[]").partition("%")
    try:
        plain = ip_address(bare.strip("[]"))
    except ValueError:
        return interface.strip("]") == "lo"
    mapped = getattr(plain, "ipv4_mapped", None)
    return plain.is_loopback or (mapped is not None and mapped.is_loopback)


def _from_tables(sections: Sections) -> Iterator[_Socket]:
    for name, protocol, state in _TABLES:
        for line in sections.file(f"/proc/net/{name}").lines[1:]:
            words = line.split()
            said = re.fullmatch(r"([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})", words[1]) if len(words) > 3 else None  # noqa: PLR2004
            if said and words[3] == state and int(said[2], 16):
                yield _Socket(protocol, int(said[2], 16), _is_loopback_hex(said[1]))


def _is_loopback_hex(address: str) -> bool:
    """Words of four bytes in the host's own order (little-endian on every machine that a practice runs)."""
    words = [address[start : start + 8] for start in range(0, len(address), 8)]
    return _is_loopback(str(ip_address(b"".join(bytes.fromhex(word)[::-1] for word in words))))
