"""Rules against files of logs: every match told once, what is no log counted. Files are shared among processes."""

import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import active_count
from typing import Any, NamedTuple

import orjson
from msgspec import Struct

from negatoscope.kit.settling import settle
from negatoscope.watch.sigma.correlate import Correlator, short
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.files import Place, TooLarge, log_places, opened
from negatoscope.watch.sigma.records import Asked, Record, read_log
from negatoscope.watch.sigma.times import seconds_of, told
from negatoscope.watch.sigma.tree import Counted, Rule, Ruleset, Source

ALONE = 8 << 20
"""Bytes of logs below which a second process costs more than it gains."""
BATCH = 1000
"""Records matched together, at most."""
BATCH_SIZE = 4 << 20
"""Bytes that they were read from, at most, but for the last of them."""
TOGETHER = 16
"""Files handed to a process in one go, at most."""
HELD = 200_000
"""Matches held for correlations until every file was read; further ones are counted as ``not_correlated``."""


class Match(NamedTuple):
    """A rule that a record matched."""

    rule: Rule | Counted
    file: str
    record: int
    time: str | None


class Held(NamedTuple):
    """A match that a correlation counts, with what it reads of it."""

    at: float
    rule: str
    fields: dict[str, Any]
    file: str
    record: int
    time: str | None


class Wanted(Struct, frozen=True):
    """What a scan is to do."""

    source: Source | None = None
    """Where records without a channel come from, if somebody said so."""
    jobs: int = 1


class Scan:
    """Files of logs held against rules. ``counts`` grows as matches are taken."""

    def __init__(self, ruleset: Ruleset, wanted: Wanted) -> None:
        """Make the engine."""
        self.ruleset, self.wanted = ruleset, wanted
        self.engine = Engine(ruleset)
        self.correlator = Correlator(ruleset.counted)
        self.counts: Counter[str] = Counter()
        self.held: list[Held] = []

    def matches(self, logs: Sequence[Path]) -> Iterator[Match]:
        """Every match, file after file; then those of correlations. Raises FileNotFoundError."""
        places = list(log_places(logs))
        named = frozenset(logs)
        size = sum(place.path.stat().st_size for place in places)
        if self.wanted.jobs > 1 and len(places) > 1 and size >= ALONE:
            yield from self._shared(places, named)
        else:
            yield from self.told(self.records([(place, place.path in named) for place in places]))
        yield from self.correlated()

    def records(self, places: Iterable[tuple[Place, bool]]) -> Iterator[tuple[Record, str]]:
        """The records of files, with the file's name; one that nobody named must look like a log."""
        for place, named in places:
            asked = Asked(self.engine.knows, self.counts, self.wanted.source, named)
            try:
                with opened(place) as file:
                    found = read_log(file, place.name, asked)
                    self.counts["no_log" if found is None else "files"] += 1
                    for record in found or ():
                        yield record, place.name
            except TooLarge:
                self.counts["too_large"] += 1
            except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
                self.counts["unreadable_files"] += 1

    def told(self, records: Iterator[tuple[Record, str]]) -> Iterator[Match]:
        """The matches of records, in their order."""
        while batch := list(_batch(records)):
            several = self.engine.match_batch([(record.fields, record.source) for record, _ in batch])
            for (record, name), rules in zip(batch, several, strict=True):
                if rules:
                    yield from self._of_record(rules, record, name)

    def correlated(self) -> Iterator[Match]:
        """What the matches so far are together, in the order of their time."""
        for held in sorted(self.held, key=lambda held: held.at):
            for found in self.correlator.feed(held.rule, held.fields, held.at):
                if not found.rule.quiet:
                    self.counts["matches"] += 1
                    yield Match(found.rule, held.file, held.record, held.time)
        self.held.clear()

    def _of_record(self, rules: list[Rule], record: Record, name: str) -> Iterator[Match]:
        for rule in rules:
            if self.correlator.counts(rule.id):
                self._hold(rule, record, name)
            if not rule.quiet:
                self.counts["matches"] += 1
                yield Match(rule, name, record.number, told(record.time))

    def _hold(self, rule: Rule, record: Record, name: str) -> None:
        at = seconds_of(record.time) if record.time else None
        if at is None or len(self.held) >= HELD:
            self.counts["undated" if at is None else "not_correlated"] += 1
            return
        needed = self.correlator.needs(rule.id)
        fields = {key.lower(): short(value) for key, value in record.fields.items() if key.lower() in needed}
        self.held.append(Held(at, rule.id, fields, name, record.number, told(record.time)))

    def _shared(self, places: list[Place], named: frozenset[Path]) -> Iterator[Match]:
        """The same by several processes, a file each at a time, told in the same order."""
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- a tenth of the time that a short scan takes
        from multiprocessing import get_context  # noqa: PLC0415

        by_id = {rule.id: rule for rule in self.ruleset.rules}
        alone = sys.platform == "linux" and active_count() == 1  # a copy of this process has no thread but its own
        context = get_context("fork" if alone else "spawn")
        with (
            TemporaryDirectory() as folder,
            ProcessPoolExecutor(self.wanted.jobs, context, _begin, (self.ruleset, self.wanted)) as pool,
        ):
            many = max(1, min(TOGETHER, len(places) // (8 * self.wanted.jobs)))
            parts = [places[start : start + many] for start in range(0, len(places), many)]
            asked = [
                ([(place, place.path in named) for place in part], Path(folder, str(number)))
                for number, part in enumerate(parts)
            ]
            for counts, held, written in pool.map(_of_places, asked):
                self.counts.update(counts)
                room = max(0, HELD - len(self.held))
                self.held += held[:room]
                self.counts["not_correlated"] += len(held) - len(held[:room])
                with written.open("rb") as lines:
                    for line in lines:
                        rule, *where = orjson.loads(line)
                        yield Match(by_id[rule], *where)
                written.unlink()


def _batch(records: Iterator[tuple[Record, str]]) -> Iterator[tuple[Record, str]]:
    """The next records that are matched together: neither too many nor too large."""
    size = 0
    for number, one in enumerate(records, start=1):
        yield one
        size += one[0].size
        if number == BATCH or size >= BATCH_SIZE:
            return


_SCAN: list[Scan] = []
"""The scan of a process of the pool."""


def _begin(ruleset: Ruleset, wanted: Wanted) -> None:
    settle()
    _SCAN.append(Scan(ruleset, wanted))


def _of_places(asked: tuple[list[tuple[Place, bool]], Path]) -> tuple[Counter[str], list[Held], Path]:
    """Some files, in a process of the pool; their matches wait in a file, so that none holds them all in memory."""
    places, written = asked
    scan = _SCAN[0]
    scan.counts, scan.held = Counter(), []
    with written.open("wb") as file:
        for rule, *where in scan.told(scan.records(places)):
            file.write(orjson.dumps((rule.id, *where)) + b"\n")
    return scan.counts, scan.held, written
