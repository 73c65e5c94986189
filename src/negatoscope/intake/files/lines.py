"""Lines of text, and tables with a line of headings."""

import csv
from collections.abc import Iterator
from typing import IO

import orjson

from negatoscope.intake.events.raw import MOST_DATA
from negatoscope.intake.files.piece import Flaw, Piece, flawed, piece

FIELDS, TYPE = b"#Fields:", b"#TYPE"
"""How Exchange and IIS name their columns, and what PowerShell writes above them."""
BETWEEN = ",;\t"
_BLOCK = 64 * 1024


def lines(file: IO[bytes]) -> Iterator[Piece]:
    """Each line that is not empty; a long one is cut, in bounded memory."""
    while line := file.readline(MOST_DATA + 1):
        if len(line) > MOST_DATA and not line.endswith(b"\n"):
            size = len(line)
            while rest := file.readline(_BLOCK):
                size += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield Piece(line[:MOST_DATA], size)
        elif bare := line.strip(b"\r\n\0"):
            yield piece(bare)


def rows(file: IO[bytes]) -> Iterator[Piece]:
    """Each row of a table as an object of its columns."""
    text = (one.data.decode("utf-8-sig", "replace").replace("\0", "") + "\n" for one in lines(file))
    first = next(text, "")
    while first.startswith("#") and not first.startswith(FIELDS.decode()):
        first = next(text, "")
    between = max(BETWEEN, key=first.count)
    headings = next(csv.reader([first.removeprefix(FIELDS.decode())], delimiter=between, skipinitialspace=True), [])
    told = csv.reader((line for line in text if not line.startswith("#")), delimiter=between)
    while True:
        try:
            cells = next(told)
        except StopIteration:
            return
        except csv.Error:
            yield flawed(Flaw.UNREADABLE)
            continue
        if fields := {name: cell for name, cell in zip(headings, cells, strict=False) if name and cell}:
            yield piece(orjson.dumps(fields))
