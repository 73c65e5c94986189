"""A capture of what gateways open by themselves, read."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.gateways import AutoOpening, PortMapping
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.upnp.wire import child, parsed

FORMAT = "negatoscope-upnp/1"
MAX_LINE = 256 * 1024
MAX_LINES = 20_000
LAST_PORT = 65535
NO_MORE = "713"
"""SpecifiedArrayIndexInvalid (WANIPConnection 2.4.14): the list is over."""
NAT_PMP_ANSWER = 12
"""Bytes of an answer that bears an address (RFC 6886 3.2)."""
SHORT = 120


class Header(Struct, frozen=True, array_like=True, tag="look"):
    """First line."""

    format: str
    target: str


class Reply(Struct, frozen=True, array_like=True, tag="reply"):
    """What one question brought. ``asks``: ``nat_pmp``, ``search``, ``describe``, ``opening``.

    ``outcome``: ``answered``, ``refused`` (an error of HTTP, with its body), ``closed``, ``silent``, ``too_many`` ….
    """

    address: str
    asks: str
    outcome: str
    body: bytes = b""


class End(Struct, frozen=True, array_like=True, tag="end"):
    """The last line, which proves the capture whole."""

    whole: bool


Line = Header | Reply | End
_DECODER = msgspec.json.Decoder(Line)


def write(line: Line) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Gateways, whether they open by themselves, what they opened, and gaps. Raises Unreadable."""
    replies: dict[str, list[Reply]] = {}
    for reply in _parsed(stream):
        replies.setdefault(reply.address, []).append(reply)
    for address, told in sorted(replies.items()):
        yield from _gateway(f"host/{address}", address, told)


def _parsed(stream: BinaryIO) -> Iterator[Reply]:
    last: Line | None = None
    for number in range(1, MAX_LINES):
        line = stream.readline(MAX_LINE)
        if not line:
            break
        try:
            last = _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable("not_a_capture", f"line {number}") from error
        if (number == 1) is not isinstance(last, Header) or (isinstance(last, Header) and last.format != FORMAT):
            raise Unreadable("unknown_format", f"line {number}")
        if isinstance(last, Reply):
            yield last
    if not isinstance(last, End):
        raise Unreadable("truncated")


def _gateway(host: Ref, address: str, told: list[Reply]) -> Iterator[Item]:
    by = {reply.asks: reply for reply in told}
    root = parsed(by["describe"].body) if "describe" in by else None
    vendor, model = (_short(child(root, name)) if root is not None else None for name in ("manufacturer", "modelName"))
    yield Host(host, addresses=(address,), vendor=vendor, model=model)
    pmp, search = by.get("nat_pmp"), by.get("search")
    yield AutoOpening(host, upnp=_says(search), nat_pmp=_says(pmp), external=_external(pmp))
    yield Sweep("AutoOpening", host=host)
    openings = [reply for reply in told if reply.asks == "opening"]
    for reply in openings:
        if reply.outcome == "answered":
            yield _mapping(host, reply.body)
    why = _unfinished(search, openings)
    yield Gap("PortMapping", why, host) if why else Sweep("PortMapping", host=host)


def _says(reply: Reply | None) -> bool | None:
    """Whether it answers; silence may be a gateway that listens to multicast alone."""
    return None if reply is None or reply.outcome == "silent" else reply.outcome == "answered"


def _external(reply: Reply | None) -> str | None:
    said = reply.body if reply and reply.outcome == "answered" else b""
    known = len(said) == NAT_PMP_ANSWER and said[:2] == b"\0\x80" and said[2:4] == b"\0\0"
    return ".".join(map(str, said[8:])) if known else None


def _unfinished(search: Reply | None, openings: list[Reply]) -> str | None:
    """Why the list of openings is not known to be whole; ``None``: it is, or nothing listens at all."""
    if search is not None and search.outcome == "closed":
        return None
    if search is None or search.outcome == "silent":
        return "upnp_silent"
    ends = [reply for reply in openings if reply.outcome != "answered"]
    if not ends:
        return "upnp_list_unread"
    over = all(one.outcome == "refused" and _code(one.body) == NO_MORE for one in ends)
    return None if over else "too_many" if ends[-1].outcome == "too_many" else "upnp_list_unread"


def _code(body: bytes) -> str:
    root = parsed(body)
    return child(root, "errorCode") if root is not None else ""


def _mapping(host: Ref, body: bytes) -> PortMapping | Gap:
    root = parsed(body)
    if root is None:
        return Gap("PortMapping", "upnp_answer_unreadable", host)
    outer, protocol = _port(child(root, "NewExternalPort")), child(root, "NewProtocol").lower()
    if outer is None or protocol not in {"tcp", "udp"}:
        return Gap("PortMapping", "upnp_answer_unreadable", host)
    return PortMapping(
        host,
        protocol,
        outer,
        internal=_short(child(root, "NewInternalClient")),
        internal_port=_port(child(root, "NewInternalPort")),
        enabled={"1": True, "0": False}.get(child(root, "NewEnabled")),
        description=_short(child(root, "NewPortMappingDescription")),
        remote=_short(child(root, "NewRemoteHost")),
    )


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= LAST_PORT else None  # noqa: PLR2004 -- 65535


def _short(text: str) -> str | None:
    """One line of what a device says of itself."""
    return "".join(sign for sign in text if sign.isprintable())[:SHORT] or None
