"""Recorded captures, and the same with some sections changed: real bytes, one thing different."""

import io
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.read import read

CAPTURES = Path(__file__).parents[1] / "captures"
HEALTHY = CAPTURES / "local" / "healthy.jsonl"
AS_ROOT = CAPTURES / "local" / "server-as-root.jsonl"
AS_USER = CAPTURES / "local" / "server-as-user.jsonl"
HEALTHY_SCAN = CAPTURES / "nmap" / "healthy.xml"
TWO_PASSES = CAPTURES / "nmap" / "two-passes.nmap"

F = TypeVar("F")
Section = dict[str, Any]


def sections(path: Path = HEALTHY) -> list[Section]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def name_of(probe: object) -> str:
    return str(getattr(probe, "section", probe))


def altered(changes: Mapping[Any, str | Section | None], path: Path = HEALTHY) -> BinaryIO:
    """A capture with sections replaced by a text (status ok), by other fields, or taken away (None: absent)."""
    wanted = {name_of(probe): change for probe, change in changes.items()}
    header, *lines = sections(path)
    known = {line["section"]: line for line in lines}
    end = known.pop("end")
    for name, change in wanted.items():
        if change is None:
            known[name] = {"section": name, "status": "absent"}
        elif isinstance(change, str):
            known[name] = {"section": name, "status": "ok", "code": 0, "text": change}
        else:
            known[name] = {"section": name, "status": "ok", **change}
    return io.BytesIO("\n".join(json.dumps(line) for line in (header, *known.values(), end)).encode() + b"\n")


def items(changes: Mapping[Any, str | Section | None] | None = None, path: Path = HEALTHY) -> list[Item]:
    return list(read(altered(changes or {}, path)))


def facts(kind: type[F], changes: Mapping[Any, str | Section | None] | None = None, path: Path = HEALTHY) -> list[F]:
    return [item for item in items(changes, path) if isinstance(item, kind)]


def one(kind: type[F], changes: Mapping[Any, str | Section | None] | None = None, path: Path = HEALTHY) -> F:
    found = facts(kind, changes, path)
    assert len(found) == 1
    return found[0]


def gaps(kind: str, changes: Mapping[Any, str | Section | None] | None = None, path: Path = HEALTHY) -> dict[str, str]:
    """Field -> code of the reason."""
    return {
        field: item.why
        for item in items(changes, path)
        if isinstance(item, Gap) and item.what == kind
        for field in str(item.values.get("fields", "")).split(", ")
    }


def closing(found: list[Item]) -> dict[str, list[Sweep | Gap]]:
    closed: dict[str, list[Sweep | Gap]] = defaultdict(list)
    for item in found:
        if isinstance(item, Sweep):
            closed[item.kind].append(item)
        elif isinstance(item, Gap):
            closed[item.what].append(item)
    return closed
