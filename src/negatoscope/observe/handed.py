"""Files that devices write and people hand over: known by their content, scrubbed at the door, kept, then read.

A further format is one ``Sort`` in the ``sorts`` of a collector: the import page, ``negatoscope import device`` and
replay follow by themselves.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.evidence import Ref
from negatoscope.observe.collector import Item, Sort, Unreadable

FORMAT = "negatoscope-handed/1"
MAX_BYTES = 64 * 1024 * 1024
MAX_HEADER = 4096
HANDLE = "host/@"
"""The device that a file names by itself, where nobody said which it is; its reader then yields its ``Host``."""


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """First line of a capture; the scrubbed file follows as it is."""

    format: str
    sort: str
    device: Ref
    filename: str = ""


def wrapped(header: Header, scrubbed: bytes) -> bytes:
    """Put a scrubbed file into the capture that ``reader`` replays."""
    return msgspec.json.encode(header) + b"\n" + scrubbed


def reader(sorts: Iterable[Sort]) -> Callable[[BinaryIO], Iterator[Item]]:
    """Make the ``read`` of a collector of these formats."""
    known = {sort.name: sort for sort in sorts}

    def read(stream: BinaryIO) -> Iterator[Item]:
        """Facts, sweeps and gaps of one file. Raises Unreadable."""
        try:
            header = msgspec.json.decode(stream.readline(MAX_HEADER), type=Header)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable("not_a_handed_file", "line 1") from error
        sort = known.get(header.sort)
        if header.format != FORMAT or sort is None:
            raise Unreadable("unknown_format", "line 1")
        data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Unreadable("too_large", f"byte {MAX_BYTES}")
        yield from sort.read(data, header.device)

    return read
