"""Files that are either wholly there or not at all, whatever happens to the power."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


def write_durably(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write beside, fsync, rename, fsync the folder. Raises OSError; then nothing is left behind."""
    with durably(path, mode=mode) as file:
        file.write(data)


@contextmanager
def durably(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name when the body is through. Raises OSError; then nothing is left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
