"""Rules read once: what pySigma took seconds to read is kept in a folder, by the digest of the files it came from.

The file holds data alone, no code; it is believed only if its owner is we and nobody else may write it.
"""

import os
import stat
import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec

from negatoscope.kit.durable import write_durably
from negatoscope.watch.sigma.files import named_files, rule_files
from negatoscope.watch.sigma.sources import runs
from negatoscope.watch.sigma.tree import Ruleset

MADE_BY = (
    "anchors.py", "condition.py", "correlations.py", "reading.py", "tree.py", "shape.py", "files.py",
    "logsources.toml", "profile.toml",
)  # fmt: skip
"""What decides how a rule is read: another edition reads anew."""
PIECE = 1 << 16
KEPT = 8
"""Sets of rules in a folder; the oldest goes."""


def digest_of(paths: Sequence[Path]) -> str:
    """The digest of files of rules as they are, archives unopened, and of the code that reads them."""
    seen = sha256()
    for name in MADE_BY:
        seen.update(files("negatoscope.watch.sigma").joinpath(name).read_bytes())
    for path in named_files(paths):
        seen.update(os.fsencode(path) + b"\0")
        file = os.open(path, os.O_RDONLY)  # thousands of small files: what ``open`` adds to each is most of the time
        try:
            while piece := os.read(file, PIECE):
                seen.update(struct.pack(">I", len(piece)) + piece)
        finally:
            os.close(file)
        seen.update(b"\0")
    return seen.hexdigest()


def ruleset_of(paths: Sequence[Path], folder: Path | None) -> Ruleset:
    """Rules of files, folders and archives; from what is kept in ``folder`` if they are the same. Raises OSError."""
    if folder is None:
        return _read(rule_files(paths))
    kept = folder / f"{digest_of(paths)}.rules"
    found = load(kept)
    if found is None:
        found = _read(rule_files(paths))
        save(kept, found)
    return found


def _read(found: Iterable[tuple[str, bytes | None]]) -> Ruleset:
    from negatoscope.watch.sigma.reading import read_rules  # noqa: PLC0415 -- pySigma alone takes a third of a second

    return read_rules(found, runs)


def save(path: Path, ruleset: Ruleset) -> None:
    """Keep a set of rules; a folder that cannot be written keeps none."""
    data = msgspec.msgpack.encode(ruleset)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, sha256(data).digest() + data)
        others = sorted(path.parent.glob("*.rules"), key=lambda other: other.stat().st_mtime)
        for old in others[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def load(path: Path) -> Ruleset | None:
    """A set of rules that was kept; ``None`` if there is none, it is damaged, or another could have written it."""
    try:
        with path.open("rb") as file:
            state, above = os.fstat(file.fileno()), path.parent.stat()
            if any(one.st_uid != os.geteuid() or one.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for one in (state, above)):
                return None
            data = file.read()
        if sha256(data[32:]).digest() != data[:32]:
            return None
        return msgspec.msgpack.decode(memoryview(data)[32:], type=Ruleset)
    except (OSError, msgspec.MsgspecError):
        return None
