"""Archives (zip) whose list of members is bounded before it is read: it alone can be gigabytes, or many."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_LISTED = 4 << 20
"""Octets of the list: some thirty thousand names."""


class Crowded(zipfile.BadZipFile):
    """It says to hold more members than anybody looks through."""


class _Sparing(io.BufferedReader):
    """A file of which nobody reads more than ``MOST_LISTED`` at once; members are read in smaller parts."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_LISTED:
            raise Crowded
        return super().read(MOST_LISTED if size is None or size < 0 else size)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to read from. Raises Crowded, BadZipFile, OSError."""
    with _Sparing(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive
