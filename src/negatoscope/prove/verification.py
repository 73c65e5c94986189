"""``negatoscope ledger verify``: check an exported ledger offline, without a database and without Django."""

import argparse
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from negatoscope.kit.terminal import language
from negatoscope.prove.ledger import Checkpoint, Entry, Flaw, KeyChange, key_id, verify

OK, FLAWED, UNUSABLE = 0, 1, 2


class _Line(Struct, frozen=True, forbid_unknown_fields=True):
    entry: Entry | None = None
    key_change: KeyChange | None = None
    checkpoint: Checkpoint | None = None


@dataclass
class Export:
    """What an export holds."""

    entries: list[Entry] = field(default_factory=list)
    key_changes: list[KeyChange] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)


class NotAnExport(Exception):  # noqa: N818 -- what it is
    """The file is not an exported ledger; the message names the line."""


def load(file: Path) -> Export:
    """Read an export. Raises NotAnExport, OSError."""
    export, decode = Export(), msgspec.json.Decoder(_Line).decode
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                said = decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise NotAnExport(f"{file}, line {number}: {error}") from error
            if said.entry:
                export.entries.append(said.entry)
            elif said.key_change:
                export.key_changes.append(said.key_change)
            elif said.checkpoint:
                export.checkpoints.append(said.checkpoint)
            else:
                raise NotAnExport(f"{file}, line {number}: empty")
    if not export.entries:
        raise NotAnExport(f"{file}: no entry")
    return export


def main(arguments: list[str]) -> int:
    """Verify one export; returns 0 sound, 1 flawed, 2 unusable."""
    parser = argparse.ArgumentParser("negatoscope ledger verify", description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint kept elsewhere: detects truncation")
    parser.add_argument(
        "--key", help="public key or short key id you already know, from a report: all must stand under it"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        export = load(options.export)
        kept = msgspec.json.decode(options.checkpoint.read_bytes(), type=Checkpoint) if options.checkpoint else None
    except (NotAnExport, msgspec.MsgspecError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    checkpoints = [*export.checkpoints, *([kept] if kept else [])]
    flaws = verify(export.entries, checkpoints, export.key_changes, options.key)
    _print(export, flaws, kept, as_json=options.json)
    return FLAWED if flaws else OK


def _print(export: Export, flaws: list[Flaw], kept: Checkpoint | None, *, as_json: bool) -> None:
    head = export.entries[-1].hash if export.entries else None
    keys = sorted({key_id(checkpoint.key) for checkpoint in export.checkpoints})
    told = {
        "sound": not flaws,
        "size": len(export.entries),
        "head": head,
        "keys": keys,
        "truncation_checked": kept is not None,
        "flaws": flaws,
    }
    if as_json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    shown = {"size": len(export.entries), "head": head, "keys": ", ".join(keys) or _say("none")}
    lines = [_say("entries", **shown), _say("keys", **shown), *map(_flaw, flaws)]
    if kept is None:
        lines.append(_say("truncation"))
    lines.append(_say("flawed" if flaws else "sound"))
    sys.stdout.write("\n".join(lines) + "\n")


def _flaw(flaw: Flaw) -> str:
    where = _say("where", sequence=flaw.sequence) if flaw.sequence else ""
    return _say("flaw", code=flaw.code, what=_book()["flaws"][flaw.code][language()], where=where)


def _say(sentence: str, **values: object) -> str:
    return str(_book()[sentence][language()]).format(**values)


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
