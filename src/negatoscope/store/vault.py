"""The vault: raw captures by the hash of their bytes, and the journal of what happened, in order.

Everything the register holds can be rebuilt from this folder alone: ``objects/ab/<sha256>.zst`` are the captures,
``journal/<sequence>.json`` says which observation or judgement came when. The journal is written before the database
commits: after a crash, what it holds and the database lacks is applied at the next opening.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

import msgspec
import zstandard

from negatoscope.kit.canonical import canonical
from negatoscope.kit.durable import sync_folder, write_durably
from negatoscope.model.journal import JournalEntry


class Tampered(Exception):  # noqa: N818 -- what it is, not what Python calls it
    """An object's bytes no longer hash to its name, or it is gone."""


class Writer:
    """Takes the chunks of one capture; hashes what comes in, keeps it compressed."""

    def __init__(self, file: IO[bytes]) -> None:
        """Write compressed bytes to ``file``."""
        self.digest = hashlib.sha256()
        self._file = file
        self._stream = zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False)

    def write(self, chunk: bytes) -> None:
        """Take one more chunk."""
        self.digest.update(chunk)
        self._stream.write(chunk)

    def finish(self) -> str:
        """Flush to the disk; returns the sha256 of the raw bytes."""
        self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        return self.digest.hexdigest()


class Vault:
    """A folder of evidence."""

    def __init__(self, folder: Path) -> None:
        """Open or make the vault in ``folder``."""
        self.folder = folder
        self.objects = folder / "objects"
        self.journal = folder / "journal"
        for place in (self.objects, self.journal):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, digest: str) -> Path:
        return self.objects / digest[:2] / f"{digest}.zst"

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Receive a capture. The body calls ``keep``; leaving without it drops the bytes."""
        with NamedTemporaryFile(dir=self.objects, prefix=".new-", delete=False) as file:
            temporary = Path(file.name)
            try:
                yield Writer(file)
            finally:
                temporary.unlink(missing_ok=True)

    def keep(self, writer: Writer) -> str:
        """Put what the writer took under its digest, durably; returns the digest."""
        digest = writer.finish()
        path = self._path(digest)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        Path(writer._file.name).rename(path)  # noqa: SLF001 -- the vault's own writer
        sync_folder(path.parent)
        return digest

    def put(self, data: bytes) -> str:
        """Keep bytes at hand; returns their digest."""
        with self.writer() as writer:
            writer.write(data)
            return self.keep(writer)

    def holds(self, digest: str) -> bool:
        """Whether there is an object of that name."""
        return self._path(digest).exists()

    @contextmanager
    def open(self, digest: str) -> Iterator[BinaryIO]:
        """Read a capture as a stream, after checking that its bytes are what they were. Raises Tampered."""
        with self._raw(digest) as stream:
            found = hashlib.sha256()
            try:
                while chunk := stream.read(1 << 20):
                    found.update(chunk)
            except zstandard.ZstdError as error:
                raise Tampered(digest) from error
        if found.hexdigest() != digest:
            raise Tampered(digest)
        with self._raw(digest) as stream:
            yield stream

    @contextmanager
    def _raw(self, digest: str) -> Iterator[BinaryIO]:
        try:
            file = self._path(digest).open("rb")
        except FileNotFoundError as error:
            raise Tampered(digest) from error
        with file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield stream

    def note(self, entry: JournalEntry) -> None:
        """Write a journal entry, durably."""
        write_durably(self._entry_path(entry.sequence), canonical(entry))

    def strike(self, sequence: int) -> None:
        """Remove an entry whose transaction did not happen."""
        self._entry_path(sequence).unlink(missing_ok=True)
        sync_folder(self.journal)

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """Journal entries in order, beyond a sequence. Raises Tampered for one that cannot be read."""
        for path in sorted(self.journal.glob("[0-9]*.json")):
            if int(path.stem) > after:
                try:
                    yield msgspec.json.decode(path.read_bytes(), type=JournalEntry)
                except msgspec.MsgspecError as error:
                    raise Tampered(path.name) from error

    def _entry_path(self, sequence: int) -> Path:
        return self.journal / f"{sequence:012d}.json"
