"""A capture of printers, read: their queues, and whether jobs wait for the person."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.printing import PrintQueue
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.ipp.wire import Attributes, Value

FORMAT = "negatoscope-ipp/1"
MAX_LINE = 2 * 1024 * 1024
MAX_LINES = 5000
NOBODY = frozenset({"none", "requesting-user-name"})
"""Ways to say who prints that prove nothing (RFC 8011 section 5.4.2)."""
AT_ONCE = "no-hold"


class Header(Struct, frozen=True, array_like=True, tag="look"):
    """First line."""

    format: str
    target: str


class Reply(Struct, frozen=True, array_like=True, tag="reply"):
    """One question to one host. ``outcome``: ``answered``, ``refused``, ``closed``, ``timed_out``, ``not_ipp`` …."""

    address: str
    path: str
    outcome: str
    tls: bool = False
    queues: list[dict[str, list[str | int | bool]]] = []


class End(Struct, frozen=True, array_like=True, tag="end"):
    """The last line, which proves the capture whole."""

    whole: bool


Line = Header | Reply | End
_DECODER = msgspec.json.Decoder(Line)


def write(line: Line) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Hosts, their queues, and gaps. Raises Unreadable."""
    replies: dict[str, list[Reply]] = {}
    for reply in _parsed(stream):
        replies.setdefault(reply.address, []).append(reply)
    for address, told in sorted(replies.items()):
        if all(one.outcome == "closed" for one in told):
            continue
        host = f"host/{address}"
        yield Host(host, addresses=(address,))
        yield from {queue.ref: queue for one in told for queue in _queues(host, one)}.values()
        if any(one.outcome == "answered" for one in told):
            yield Sweep("PrintQueue", host)
        else:
            yield Gap("PrintQueue", f"ipp_{told[0].outcome}", host)


def _parsed(stream: BinaryIO) -> list[Reply]:
    lines: list[Line] = []
    try:
        while line := stream.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE or len(lines) > MAX_LINES:
                raise Unreadable("too_long", f"line {len(lines) + 1}")
            lines.append(_DECODER.decode(line))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {len(lines) + 1}") from error
    head, told = lines[:1], [one for one in lines[1:-1] if isinstance(one, Reply)]
    if not head or not isinstance(head[0], Header) or head[0].format != FORMAT:
        raise Unreadable("unknown_format", "line 1")
    if not isinstance(lines[-1], End) or len(told) != len(lines) - 2:
        raise Unreadable("truncated", f"line {len(lines)}")
    return told


def _queues(host: Ref, reply: Reply) -> Iterator[PrintQueue]:
    for number, queue in enumerate(reply.queues):
        name = _first(queue, "printer-name")
        held = _first(queue, "job-hold-until-default")
        able = {str(one) for one in queue.get("job-hold-until-supported", [])}
        digits = _first(queue, "job-password-supported")
        code = digits > 0 if isinstance(digits, int) else None
        device = _first(queue, "device-uri")
        yield PrintQueue(
            host,
            str(name) if name else reply.path.rpartition("/")[2] or str(number),
            held=None if held is None else held != AT_ONCE,
            can_hold=bool(able - {AT_ONCE}) or bool(code) if able or code is not None else None,
            code=code,
            authenticated=_none_of(queue, "uri-authentication-supported", NOBODY),
            encrypted=_none_of(queue, "uri-security-supported", frozenset({"none"})),
            device=str(device) if device else None,
        )


def _first(queue: Attributes, name: str) -> Value | None:
    return next(iter(queue.get(name, [])), None)


def _none_of(queue: Attributes, name: str, weak: frozenset[str]) -> bool | None:
    """Whether every way in is strong; not observed, if none is told."""
    said = {str(one) for one in queue.get(name, [])}
    return said.isdisjoint(weak) if said else None
