"""Read a spool from where one came to, and say how far one came.

What is read may come once more: after a crash before ``confirm``, and where a write failed half-way and its sender gave
the same again. Its key is then the same.
"""

from dataclasses import dataclass
from pathlib import Path

from negatoscope.intake.events.frames import Damage, Frame, frames
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.spool import CURSOR, Segment, cursor, decode, segments
from negatoscope.kit.durable import write_durably

MOST_READ = 2 * 1024 * 1024
"""Octets that are looked at in one go: a frame is smaller."""
MOST_OCTETS = 8 * 1024 * 1024
"""Octets of records that are given at once: what is read from them may weigh twenty times as much."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in the order they came, and what to confirm once they are kept elsewhere."""

    records: tuple[Raw, ...]
    next: int
    """The number after the last one."""
    missing: int
    """Records that a damaged disk took, at least."""


class Reader:
    """The one reader of a spool; for one thread."""

    def __init__(self, folder: Path) -> None:
        """Begin where the last one confirmed. Raises OSError."""
        self.folder = folder
        self._next = cursor(folder)
        self._segment: Segment | None = None
        self._place = 0
        self._missing = 0
        self._octets = 0

    def read(self, most: int) -> Batch:
        """The next records, at most so many and ``MOST_OCTETS`` or one more; none: nothing is new. Raises OSError."""
        records: list[Raw] = []
        self._segment = self._segment or self._first()
        self._octets = 0
        while self._segment is not None and self._room(records, most):
            if self._moved(self._segment, records, most):
                continue
            following = self._following(self._segment)
            if following is None:
                break
            if not self._moved(self._segment, records, most):  # to its end, now that nobody writes there any more
                self._leave(self._segment)
                self._segment, self._place = following, 0
        missing, self._missing = self._missing, 0
        return Batch(tuple(records), self._next, missing)

    def confirm(self, batch: Batch) -> None:
        """What is in it, and all before, is kept elsewhere: it need not be given again. Raises OSError."""
        write_durably(self.folder / CURSOR, f"{batch.next}\n".encode())

    def waiting(self) -> int:
        """How many octets of files are not read wholly. Raises OSError."""
        found = segments(self.folder)
        ends = [*(one.first for one in found[1:]), None]
        return sum(
            one.path.stat().st_size for one, end in zip(found, ends, strict=False) if end is None or end > self._next
        )

    def _first(self) -> Segment | None:
        """The file that holds the next record."""
        found = segments(self.folder)
        return next((one for one in reversed(found) if one.first <= self._next), next(iter(found), None))

    def _following(self, segment: Segment) -> Segment | None:
        return next((one for one in segments(self.folder) if one.first > segment.first), None)

    def _moved(self, segment: Segment, records: list[Raw], most: int) -> bool:
        """Read on in a file; tells whether there was anything."""
        data, begin = self._data(segment), self._place
        damaged = False
        for item in frames(data, segment.begin):
            if isinstance(item, Damage):
                damaged = True
                continue
            if item.number >= self._next:
                if not self._room(records, most):
                    return True
                self._missing += item.number - self._next if damaged else 0
                damaged = False
                self._take(item, records)
            self._place = begin + item.end
        if self._place == begin and len(data) == MOST_READ:
            self._place = begin + MOST_READ // 2
        return self._place > begin

    def _room(self, records: list[Raw], most: int) -> bool:
        return len(records) < most and self._octets < MOST_OCTETS

    def _take(self, item: Frame, records: list[Raw]) -> None:
        self._next = item.number + 1
        if raw := decode(item):
            records.append(raw)
            self._octets += len(raw.data)
        else:
            self._missing += 1

    def _data(self, segment: Segment) -> bytes:
        try:
            with segment.path.open("rb") as file:
                file.seek(self._place)
                return file.read(MOST_READ)
        except FileNotFoundError:  # begun and never written
            return b""

    def _leave(self, segment: Segment) -> None:
        """A file that another follows ends with a frame, or some of it is missing."""
        self._missing += bool(self._data(segment))
