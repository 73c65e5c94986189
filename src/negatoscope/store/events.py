"""Events in columns: Parquet files by site and day of receipt, each written once, whole or not at all.

``events/site=1/day=2026-11-22/access-000001-000001.parquet``: class, and which batches it holds. A file that holds
several replaces those within its range: until they are gone, they are not read. One process writes. The day is the one
of receipt, so that no forged date opens a folder and a purge of days is a purge of what was received.
"""

import re
import secrets
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from functools import cache
from heapq import merge
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

from negatoscope.kit.durable import durably, sync_folder
from negatoscope.kit.lock import held
from negatoscope.model.event import Told
from negatoscope.model.retention import EventClass, class_of, is_over

_NAME = re.compile(r"(?P<kind>[a-z]{1,20})-(?P<first>\d{6,9})-(?P<last>\d{6,9})\.parquet")
REMEMBERED = 100_000
"""Keys of a class and day that are remembered: a batch told again after a crash lies within the last so many."""
TIERS = (20_000, 1_000_000)
"""Files of fewer rows are small: a dozen of one tier in a row become one."""
TOGETHER = 12
DAMAGED = ".damaged"


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """One file."""

    day: date
    kind: str
    first: int
    last: int
    path: Path

    def within(self, other: "Kept") -> bool:
        """Whether a file of the same class holds all of this one."""
        wider = other.last - other.first > self.last - self.first
        return wider and other.kind == self.kind and other.first <= self.first and self.last <= other.last


@dataclass(frozen=True, slots=True)
class Expired:
    """The files of a class whose time is over, on one day of receipt."""

    day: date
    kind: str
    rows: int
    paths: tuple[Path, ...]


@dataclass
class EventStore:
    """The events of one site. ``folder``: of all sites."""

    folder: Path
    site: int
    damaged: int = field(default=0, compare=False)
    """Files that were found damaged and set aside."""
    _seen: dict[tuple[date, str], tuple[deque[str], set[str]]] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Path:
        """Where the site's days are."""
        return self.folder / f"site={self.site}"

    def keep(self, batch: Iterable[Told]) -> int:
        """Write each event that is not kept yet, durably; returns how many were new. Raises OSError.

        The same key is the same event: one told again (a crash came between this and the cursor's move) is dropped.
        """
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        apart: defaultdict[tuple[date, str], dict[str, Told]] = defaultdict(dict)
        for told in batch:
            apart[told.came.astimezone(UTC).date(), class_of(told.event).value].setdefault(told.key, told)
        with held(self.place / "writer.lock"):
            return sum(self._add(day, kind, told) for (day, kind), told in sorted(apart.items()))

    def _add(self, day: date, kind: str, batch: Mapping[str, Told]) -> int:
        order, seen = self._remembered(day, kind)
        fresh = [told for key, told in batch.items() if key not in seen]
        if not fresh:
            return 0
        number = max((one.last for one in self._files(day) if one.kind == kind), default=0) + 1
        self._write(day, f"{kind}-{number:06}-{number:06}.parquet", [columns().table(fresh)])
        for told in fresh:
            order.append(told.key)
            seen.add(told.key)
        while len(order) > REMEMBERED:
            seen.discard(order.popleft())
        return len(fresh)

    def _remembered(self, day: date, kind: str) -> tuple[deque[str], set[str]]:
        known = self._seen.get((day, kind))
        if known is None:
            order: deque[str] = deque(maxlen=None)
            for one in sorted(live(self._files(day)), reverse=True):
                if one.kind == kind and len(order) < REMEMBERED:
                    told = columns().keys(one.path)
                    if told is None:
                        self._set_aside(one.path)
                    order.extendleft(reversed(told or ()))
            known = (order, set(order))
            self._seen = {place: told for place, told in self._seen.items() if place[0] >= day} | {(day, kind): known}
        return known

    def _write(self, day: date, name: str, tables: Iterable[Any]) -> Path:
        folder = self.place / f"day={day}"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            sync_folder(self.place)
        with durably(folder / name) as file:
            columns().write(file, tables)
        return folder / name

    def files(self, since: date | None = None, until: date | None = None) -> list[Kept]:
        """The files that are read, of these days of receipt (both included), in order."""
        days = (day for day in self.days() if (since is None or since <= day) and (until is None or day <= until))
        return [one for day in days for one in live(self._files(day))]

    def days(self) -> list[date]:
        """Days on which something was received and is still kept."""
        return sorted(day for path in self.place.glob("day=*") if (day := _day(path.name)) is not None)

    def _files(self, day: date) -> list[Kept]:
        found = ((path, _NAME.fullmatch(path.name)) for path in self.place.glob(f"day={day}/*.parquet"))
        return sorted(
            Kept(day, name["kind"], int(name["first"]), int(name["last"]), path) for path, name in found if name
        )

    def compact(self, day: date) -> int:
        """Make few files of many small ones; returns how many are gone. Wherever it stops, no event is lost."""
        if not (self.place / f"day={day}").exists():
            return 0
        with held(self.place / "writer.lock"):
            gone = self._sweep(day)
            for kind in EventClass:
                for tier in TIERS:
                    gone += self._join(day, [one for one in live(self._files(day)) if one.kind == kind], tier)
        return gone

    def _sweep(self, day: date) -> int:
        """Take away what a joined file replaced, and what a crash left unfinished."""
        there = self._files(day)
        over = [one.path for one in set(there) - set(live(there))]
        over += self.place.glob(f"day={day}/.new-*")
        for path in over:
            path.unlink()
        return len(over)

    def _join(self, day: date, files: Sequence[Kept], tier: int) -> int:
        small: list[Kept] = []
        for one in (*files, None):
            if one is not None and _rows(one.path) < tier:
                small.append(one)
            elif len(small) >= TOGETHER:
                break
            else:
                small = []
        if len(small) < TOGETHER or sum(self._broken(one.path) for one in small):
            return 0
        name = f"{small[0].kind}-{small[0].first:06}-{small[-1].last:06}.parquet"
        self._write(day, name, (rows for one in small for rows in columns().tables(one.path)))
        return self._sweep(day)

    def days_damaged(self) -> frozenset[date]:
        """Days of which a file that the disk damaged was set aside."""
        found = (_day(path.parent.name) for path in self.place.glob(f"day=*/*{DAMAGED}"))
        return frozenset(day for day in found if day is not None)

    def mend(self, since: date | None = None) -> int:
        """Set aside files of these days that the disk has damaged, so that the others can be read; returns how many.

        Raises OSError.
        """
        if not self.place.exists():
            return 0
        with held(self.place / "writer.lock"):
            return sum(self._broken(one.path) for one in self.files(since))

    def _broken(self, path: Path) -> bool:
        """Whether a file is damaged; it is set aside then."""
        if columns().whole(path):
            return False
        self._set_aside(path)
        return True

    def _set_aside(self, path: Path) -> None:
        """Keep a damaged file from being read: whoever knows how may save what it holds, until its time is over."""
        path.rename(path.with_suffix(f".{secrets.token_hex(4)}{DAMAGED}"))
        sync_folder(path.parent)
        self.damaged += 1

    def expired(self, kept: Mapping[EventClass, Any], today: date) -> list[Expired]:
        """What is to be purged, a day and class at a time. ``kept``: how long each class is."""
        told = []
        for day in self.days():
            over = {kind.value for kind, time in kept.items() if is_over(day, time, today)}
            for kind in sorted(over):
                files = [one for one in self._files(day) if one.kind == kind]
                rows = sum(_rows(one.path) for one in live(files))
                paths = [one.path for one in files] + sorted(self.place.glob(f"day={day}/{kind}-*{DAMAGED}"))
                told += [Expired(day, kind, rows, tuple(paths))] if paths else []
        return told

    def purge(self, expired: Expired) -> None:
        """Take files away for good, and the day's folder with the last of them."""
        with held(self.place / "writer.lock"):
            for path in expired.paths:
                path.unlink(missing_ok=True)
            folder = self.place / f"day={expired.day}"
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
            sync_folder(self.place)

    def told(
        self,
        since: date | None = None,
        until: date | None = None,
        product: str | None = None,
        texts: Sequence[str] = (),
    ) -> Iterator[Told]:
        """Events of these days of receipt, of one product or of all, as they were kept, file after file.

        ``texts``: only those whose fields hold one of these, in any case.
        """
        for one in self.files(since, until):
            for rows in columns().tables(one.path, product):
                yield from map(columns().from_row, columns().holding(rows, texts).to_pylist())

    def of_day(self, day: date, actions: Sequence[str | None]) -> Iterator[Told]:
        """Events of these actions (``None``: of none) that came on a day, in the order in which they came."""
        apart: defaultdict[str, list[Path]] = defaultdict(list)
        for one in self.files(day, day):
            apart[one.kind].append(one.path)
        streams = (chain.from_iterable(columns().told(path, actions) for path in paths) for paths in apart.values())
        yield from merge(*streams, key=lambda told: told.came)


def live(files: Iterable[Kept]) -> list[Kept]:
    """Files but those that a wider one replaces."""
    there = sorted(files)
    return [one for one in there if not any(one.within(other) for other in there)]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name.removeprefix("day="))
    except ValueError:
        return None


def _rows(path: Path) -> int:
    """How many rows a file has; one that the disk has damaged is large enough to be left alone."""
    told: int | None = columns().count(path)
    return max(TIERS) if told is None else told


@cache
def columns() -> ModuleType:
    """``store.columns``, once something is written or read."""
    from negatoscope.store import columns as laid  # noqa: PLC0415 -- its libraries take a while, pages rarely need them

    return laid
