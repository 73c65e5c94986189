"""The ``spreadsheet`` collector. A capture is one line of JSON, then the file itself, byte for byte.

The line says what cannot be read from the file: which family it is, what it was called, whether and on which
date it was declared complete, which rows were left out, and what the names in it stood for in the register on that day.
"""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.canonical import canonical
from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount, realm_of
from negatoscope.model.evidence import Gap, Ref, Retraction, Sweep
from negatoscope.observe.collector import Collector, Item, Unreadable
from negatoscope.observe.spreadsheet.families import FAMILIES
from negatoscope.observe.spreadsheet.grid import MAX_BYTES
from negatoscope.observe.spreadsheet.rows import Known, Listed, listed

FORMAT = "negatoscope-list/1"
MAX_HEADER = 16 * 1024 * 1024


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to set: the file is handed over."""


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person said when handing the file over. ``complete_on``: the date on which nobody was missing from it."""

    family: str
    filename: str
    complete_on: date | None = None
    skipped: tuple[int, ...] = ()
    hosts: dict[str, Ref | None] = {}
    holders: dict[str, Ref | None] = {}
    links: dict[str, dict[str, Ref | None]] = {}
    format: str = FORMAT


def capture(header: Header, data: bytes) -> bytes:
    """Put the line before the file."""
    return canonical(header) + b"\n" + data


def read(stream: BinaryIO) -> Iterator[Item]:
    """Retractions, facts, and a sweep where the list was declared complete and every row of it was taken."""
    header, told = opened(stream)
    yield from (Retraction(type(line.fact).__name__, line.fact.ref) for line in told.lines if line.delete)
    yield from (Retraction("Account", one) for line in told.lines if (one := _application(line.fact)))
    yield from (line.fact for line in told.lines if not line.delete)
    if told.family.closable and header.complete_on is not None:
        if closes(told):
            yield Sweep(told.family.kind)
        else:
            why = "rows_left_out" if told.left_out else "nobody_listed"
            yield Gap(told.family.kind, why, None, {"rows": told.left_out})


def _application(fact: object) -> Ref | None:
    """What an account of a directory was called before the register knew that directory: an application's."""
    if not isinstance(fact, DirectoryAccount):
        return None
    return Account(None, fact.name, realm_of(fact.directory)).ref


def closes(told: Listed) -> bool:
    """Whether a list declared complete closes the population: not if a row of it, or every row, was left out."""
    return told.left_out == 0 and any(not line.delete for line in told.lines)


def opened(stream: BinaryIO) -> tuple[Header, Listed]:
    """Take a capture apart and read it. Raises Unreadable."""
    data = stream.read(MAX_HEADER + MAX_BYTES + 2)
    line, _, file = data.partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_list", "line 1") from error
    if header.format != FORMAT or header.family not in FAMILIES:
        raise Unreadable("not_a_list", "line 1")
    known = Known(header.hosts, header.holders, header.links)
    return header, listed(file, FAMILIES[header.family], known, frozenset(header.skipped))


SPREADSHEET = Collector(
    "spreadsheet",
    NoSettings,
    None,
    read,
    gives=(*(family.kind for family in FAMILIES.values()), "DirectoryAccount"),
    voice="declared",
)
