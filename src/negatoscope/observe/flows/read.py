"""The ``flows`` collector: what exporters sent, or a table of flows, as conversations and as the time watched."""

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.framing import frames
from negatoscope.model.evidence import Gap, Ref
from negatoscope.model.traffic import FlowWatch
from negatoscope.observe import handed
from negatoscope.observe.collector import Collector, Item, Sort, Unreadable
from negatoscope.observe.flows import reduce, tables
from negatoscope.observe.flows.datagrams import Decoder, Flow
from negatoscope.observe.flows.reduce import Talk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMAT = "negatoscope-flows/1"
TOLD, TEMPLATES, SINCE = b"D", b"T", b"S"
"""A datagram; one that came before this capture began, kept for the templates that it holds; an instant (seconds since
1970, a double) since when this exporter has been listened to without a break: the latest counts."""
MAX_LINE = 64 * 1024


class Header(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first line of a capture."""

    format: str
    exporter: str
    """Its address, or the name of a file."""
    networks: tuple[str, ...] = ()
    """What the practice declared as its own when this was taken."""


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to set: others send."""


def header(exporter: str, networks: Iterable[str]) -> bytes:
    """The first line of a capture; framed datagrams follow."""
    return msgspec.json.encode(Header(FORMAT, exporter[:250], tuple(networks))) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Reduce what an exporter sent, or a table handed over. Raises Unreadable with the place."""
    first = stream.readline(MAX_LINE)
    if handed.FORMAT.encode() in first:
        yield from _HANDED(BytesIO(first + stream.read(handed.MAX_BYTES + 1)))
        return
    try:
        told = msgspec.json.decode(first, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", "line 1") from error
    if told.format != FORMAT:
        raise Unreadable("unknown_format", "line 1")
    heard = _Heard()
    with _columns() as (database, folder):
        reduce.write(_flows(stream, heard), folder / "flows.csv")
        rows = reduce.of_flows(folder / "flows.csv")
        talk = reduce.reduce(database, rows, told.exporter, told.networks, heard.decoder.sampled)
    yield from _items(_watch(told.exporter, talk, heard), talk)
    if heard.decoder.waiting:
        yield _gap("flow_template_missing", told.exporter, heard.decoder.waiting)
    if heard.decoder.malformed:
        yield _gap("flow_malformed", told.exporter, heard.decoder.malformed)


@contextmanager
def _columns() -> Iterator[tuple["DuckDBPyConnection", Path]]:
    try:
        with reduce.columns() as both:
            yield both
    except reduce.Failed as error:
        raise Unreadable(error.why, str(error)[:200]) from error


@dataclass
class _Heard:
    """What a capture says beside its flows."""

    decoder: Decoder = field(default_factory=Decoder)
    since: datetime | None = None


def _flows(stream: BinaryIO, heard: _Heard) -> Iterator[Flow]:
    try:
        for kind, message in frames(stream, frozenset({TOLD, TEMPLATES, SINCE})):
            if kind == SINCE:
                (seconds,) = struct.unpack("!d", message)
                since = datetime.fromtimestamp(seconds, UTC)
                heard.since = max(since, heard.since or since)
            else:
                yield from heard.decoder.decode(message, templates_only=kind == TEMPLATES)
    except (ValueError, OverflowError, OSError, struct.error) as error:
        raise Unreadable("malformed", f"byte {error}") from error


def _watch(exporter: str, talk: Talk, heard: _Heard) -> FlowWatch:
    first = heard.since or talk.first
    return FlowWatch(exporter, talk.seen, first, talk.last, talk.records, heard.decoder.lost, heard.decoder.sampled)


def table(data: bytes, device: Ref) -> Iterator[Item]:
    """Reduce a table that this device wrote. Raises Unreadable with the place."""
    first, row = ([*data.split(b"\n", 2), b"", b""])[:2]
    headed = tables.headed(tables.text(first))
    if headed is None:
        raise Unreadable("nfdump_missing" if data.startswith(tables.NFCAPD) else "flow_headings", "line 1")
    exporter = device.removeprefix("host/")
    with _columns() as (database, folder):
        (folder / "table.csv").write_bytes(data)
        rows = tables.rows(folder / "table.csv", headed, tables.text(row))
        talk = reduce.reduce(database, rows, exporter, ())
    yield from _items(FlowWatch(exporter, talk.seen, talk.first, talk.last, talk.records), talk)


def _items(watch: FlowWatch, talk: Talk) -> Iterator[Item]:
    """What was heard, and what of it nobody could read."""
    exporter = watch.exporter
    if not talk.records:
        yield _gap("flow_empty", exporter, talk.unread + (watch.lost or 0))
        return
    yield watch
    yield from talk.conversations
    if talk.unread:
        yield _gap("flow_rows_unread", exporter, talk.unread)
    if talk.cut:
        yield _gap("flow_conversations_cut", exporter, reduce.MOST_CONVERSATIONS)


def _gap(why: str, exporter: str, count: int) -> Gap:
    return Gap("Conversation", why, None, {"exporter": exporter, "count": count})


SORTS = (
    Sort("flow_table", lambda data: tables.headed(tables.text(data[: tables.MOST_HEADING].split(b"\n")[0])) is not None,
         table),
    Sort("nfcapd", lambda data: data.startswith(tables.NFCAPD), table, tables.dumped),
)  # fmt: skip
_HANDED = handed.reader(SORTS)
FLOWS = Collector("flows", NoSettings, None, read, gives=("FlowWatch", "Conversation"), sorts=SORTS)
