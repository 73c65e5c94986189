"""The vault: raw captures by the hash of their bytes, and the journal of what happened, in order.

Everything the register holds can be rebuilt from this folder alone: ``objects/ab/<sha256>.zst`` are the captures,
``journal/<sequence>.json`` says which observation or judgement came when. The journal is written before the database
commits: after a crash, what it holds and the database lacks is applied at the next opening.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

import msgspec
import zstandard

from negatoscope.kit.canonical import canonical, sha256
from negatoscope.kit.durable import sync_folder, write_durably
from negatoscope.model.journal import JournalEntry


class Tampered(Exception):  # noqa: N818 -- what it is, not what Python calls it
    """An object's bytes no longer hash to its name, or it is gone."""


SEAL = bytes.fromhex("502a4d18 20000000")
"""A zstd skippable frame of 32 bytes (RFC 8878 §3.1.2): the sha256 of the compressed bytes before it."""


def _sha256_of(path: Path) -> "hashlib._Hash":
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A journal entry and the sha256 of the file before it."""

    previous: str
    entry: JournalEntry


class Writer:
    """Takes the chunks of one capture; hashes what comes in, keeps it compressed."""

    def __init__(self, file: IO[bytes]) -> None:
        """Write compressed bytes to ``file``."""
        self.digest = hashlib.sha256()
        self.path = Path(file.name)
        self._file = file
        self._stream = zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False)

    def write(self, chunk: bytes) -> None:
        """Take one more chunk."""
        self.digest.update(chunk)
        self._stream.write(chunk)

    def finish(self) -> str:
        """Seal and flush to the disk; returns the sha256 of the raw bytes."""
        self._stream.close()  # type: ignore[no-untyped-call]
        self._file.flush()
        self._file.write(SEAL + _sha256_of(self.path).digest())
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
        writer.path.rename(path)
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
        self._check_seal(digest)
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
            yield BufferedReader(stream, 1 << 20)  # type: ignore[type-var]  # zstd's reader is a raw stream

    def _check_seal(self, digest: str) -> None:
        """The file as it lies on the disk is byte for byte what was written."""
        try:
            packed = self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise Tampered(digest) from error
        body, seal = packed[: -len(SEAL) - 32], packed[-len(SEAL) - 32 :]
        if seal != SEAL + hashlib.sha256(body).digest():
            raise Tampered(digest)

    @contextmanager
    def _raw(self, digest: str) -> Iterator[BinaryIO]:
        with self._path(digest).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            yield stream

    def note(self, entry: JournalEntry) -> None:
        """Write a journal entry, durably, chained to the one before."""
        before = self._entry_path(entry.sequence - 1)
        previous = sha256(before.read_bytes()) if entry.sequence > 1 else ""
        write_durably(self._entry_path(entry.sequence), canonical(Link(previous, entry)))

    def strike(self, sequence: int) -> None:
        """Remove an entry whose transaction did not happen."""
        self._entry_path(sequence).unlink(missing_ok=True)
        sync_folder(self.journal)

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """Journal entries in order, beyond a sequence. Raises Tampered for one missing, garbled or unchained."""
        for sequence in range(after + 1, self.top() + 1):
            try:
                link = msgspec.json.decode(self._entry_path(sequence).read_bytes(), type=Link)
                previous = sha256(self._entry_path(sequence - 1).read_bytes()) if sequence > 1 else ""
            except (msgspec.MsgspecError, FileNotFoundError) as error:
                raise Tampered(f"journal {sequence}") from error
            if link.previous != previous or link.entry.sequence != sequence:
                raise Tampered(f"journal {sequence}")
            yield link.entry

    def top(self) -> int:
        """The last place of the journal."""
        return max((int(path.stem) for path in self.journal.glob("[0-9]*.json")), default=0)

    def _entry_path(self, sequence: int) -> Path:
        return self.journal / f"{sequence:012d}.json"
