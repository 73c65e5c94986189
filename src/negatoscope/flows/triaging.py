"""Triage: what was taken from a suspect equipment held against the rules in force, told in the log of its incident.

Old evidence is no live source: nothing of it becomes an event, an alert or a count of a source. What matched stands in
a document of the incident, line by line; the piece itself is read before, and again after, and not touched.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from negatoscope.flows import evidencing, responding, ruling
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.evidencing import Other
from negatoscope.flows.responding import Document
from negatoscope.model.incident import Noted
from negatoscope.observe.unfolding import Unfolding
from negatoscope.respond.custody import chains
from negatoscope.respond.incident import Refused
from negatoscope.watch.sigma.detect import Match, Scan, Wanted
from negatoscope.watch.sigma.files import Place

MOST_BYTES = 20 << 20
"""Of the document; matches beyond are counted alone."""
type_progress = Callable[[str, int], None]
"""Told which file is read, and how many were."""


@dataclass(frozen=True)
class Aim:
    """What is held against the rules. ``piece``: the line of the log by which it was taken, where it is evidence."""

    number: int
    path: Path
    piece: int | None = None


@dataclass
class Found:
    """What came of it."""

    matches: list[Match] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Of the scan: ``files``, ``records``, ``no_log``, what could not be read; ``untold``: matches left out."""
    rules: int = 0
    digest: str = ""
    lines: list[bytes] = field(default_factory=list)
    """The matches, as the document has them."""
    size: int = 0

    def take(self, match: Match) -> None:
        """Keep a match, as far as the document may reach."""
        line = msgspec.json.encode(row(match))
        if self.size + len(line) > MOST_BYTES:
            self.counts["untold"] += 1
            return
        self.size += len(line) + 1
        self.matches.append(match)
        self.lines.append(line)


def triage(
    console: Console, aim: Aim, who: Handler, words: Callable[[Found], str], progress: type_progress
) -> tuple[Found, int]:
    """Hold files against the rules in force; returns what came of it, and the place in the log.

    Raises Refused (``no_rules``, ``no_piece``, the log's own), Other: the piece is not what was taken, Unsettled,
    OSError: a path that is none, or a disk that is full. Nothing is noted then but that a piece had changed.
    """
    found = Found()
    responding.weigh(console, aim.number, responding.Line(Noted(), "triage"), who)
    force = ruling.in_force(console)
    if not force.running:
        raise Refused("no_rules")
    found.rules, found.digest = len(force.running), _digest(console, aim)
    with TemporaryDirectory() as folder:
        scan = Scan(force.ruleset, Wanted())
        unfolding = Unfolding(Path(folder), found.counts)
        places = _told(unfolding.files(aim.path), progress)
        matches = scan.told(scan.records((place, place.path == aim.path) for place in places))
        for match in chain(matches, scan.correlated()):
            if match.rule.id not in force.off:
                found.take(match)
    found.counts.update(scan.counts)
    if aim.piece is not None:
        _same(aim.path, found.digest)
    data = _document(aim, found)
    file = Document(f"triage-{aim.path.name}.jsonl", io.BytesIO(data), words(found))
    return found, responding.attach(console, aim.number, file, who)


def _told(files: Iterator[tuple[str, Path]], progress: type_progress) -> Iterator[Place]:
    for number, (name, path) in enumerate(files, 1):
        progress(name, number)
        yield Place(path, told=name)


def _digest(console: Console, aim: Aim) -> str:
    """The digest of the piece, which is what was taken; empty where it is none. Raises Refused, Other, OSError."""
    if aim.piece is None:
        return ""
    pieces = chains(responding.incident(console, aim.number))
    digest = next((one.word.digest for one in pieces if one.taken.place == aim.piece), "")
    if not digest:
        raise Refused("no_piece")
    _same(aim.path, digest)
    return digest


def _same(path: Path, expected: str) -> None:
    told, _size = evidencing.digest(path, evidencing.quiet)
    if told != expected:
        raise Other(expected, told)


def row(match: Match) -> dict[str, object]:
    """A match as programs read it: what ``detect --json`` prints."""
    rule = match.rule
    return {
        "rule": rule.id, "title": rule.title, "level": rule.level, "file": match.file, "record": match.record,
        "time": match.time,
    }  # fmt: skip


def _document(aim: Aim, found: Found) -> bytes:
    """A first line of what was read, then one a match."""
    head = {
        "path": aim.path.name, "piece": aim.piece, "sha256": found.digest, "rules": found.rules,
        "counts": dict(found.counts),
    }  # fmt: skip
    return b"\n".join([msgspec.json.encode(head), *found.lines]) + b"\n"
