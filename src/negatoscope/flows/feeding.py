"""Reads files of logs into the spool, beside the doors: those given, record by record, and folders as they grow.

What is taken is on the disk before how far a file was read is written down. After a crash the last records are offered
again under the same keys: the spool knows them.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, close_old_connections, connections

from negatoscope.flows import giving
from negatoscope.flows.console import Console
from negatoscope.intake.events.committing import Committer, Outcome
from negatoscope.intake.events.raw import FOLDER, Raw
from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import MOST_BYTES
from negatoscope.intake.files.folder import Found, Place, Trouble, Unseen, place
from negatoscope.intake.files.following import DAMAGED, Prover, chunk, plan
from negatoscope.intake.files.piece import Flaw, Piece, shown
from negatoscope.intake.files.shapes import HEAD, Shape, shape_of
from negatoscope.intake.files.unpacking import NoRoom, Parts, pieces, sweep
from negatoscope.model.files import Followed, LogFile, LogFolder
from negatoscope.store import files

AHEAD = MOST_BYTES // 8
"""Octets of the spool unread from which on files wait: the doors need the rest."""
MOST_TOGETHER, MOST_OCTETS = 1_000, 4 << 20
"""Records, and octets, that are kept at once."""
PAUSE, AGAIN, PATIENCE = 1.0, 5.0, 0.1
"""Seconds between two looks; after a disk or a database refused; between two looks at a full spool."""
ATTEMPTS = 3
"""How often a file may end the process that reads it."""
NOTED_EVERY, TIDIED_EVERY = timedelta(seconds=30), timedelta(hours=1)
"""A look that finds nothing new is written down now and then, and what is long gone forgotten."""
MARGIN = timedelta(seconds=2)
"""By how much the clock of files may be behind."""
AT_REST, SURELY_AT_REST = 10.0, 600.0
"""Seconds after its last change from which on a file is taken whole; and a last line without end is one."""
TURN = 2.0
"""Seconds for which a file is read before folders are looked at again."""


class Stopped(Exception):  # noqa: N818 -- what it is
    """The console stops; what was not kept is read again."""


@dataclass
class Feeder:
    """The one who reads; for one thread."""

    console: Console
    committer: Committer
    spool: Path
    stopping: Callable[[], bool]
    _provers: dict[int, Prover] = field(default_factory=dict)
    _taken: set[tuple[int, Found]] = field(default_factory=set)
    """Files of folders that were taken whole as they stand, or are no logs."""
    _awaited: set[int] = field(default_factory=set)
    """Folders in which a file does not rest yet."""
    _tidied: datetime | None = None
    _reading: Iterator[None] | None = None
    """The file at hand, batch by batch."""

    def work(self) -> None:
        """Read until told to stop; what a disk or a database refuses is tried again."""
        try:
            while not self.stopping():
                self._pause(self._tried())
        finally:  # whatever breaks it: this thread's connections are its own
            self._reading = None
            connections.close_all()

    def _tried(self) -> float:
        """Work a round, and return how many seconds to wait for the next one."""
        with suppress(Stopped):
            try:
                close_old_connections()
                return 0.0 if self.round() else PAUSE
            except (OSError, DatabaseError):
                return AGAIN
        return PAUSE

    def round(self) -> bool:
        """Look at each folder, and read on in a file. Whether there is more.

        Raises OSError, DatabaseError, Stopped.
        """
        if not giving.asked(self.console.config.data):
            return False
        more = [self._look(one) for one in files.folders(self.console.practice)]
        now = self.console.clock()
        if self._tidied is None or now - self._tidied >= TIDIED_EVERY:
            self._tidied = now
            files.forget(self.console.practice, now)
        return self._read() or any(more)

    # Files that are read whole

    def _read(self) -> bool:
        """Read on in the file at hand, or begin the next one. Whether there is one."""
        if self._reading is None and (one := files.waiting(self.console.practice)):
            self._reading = self._pieces(one)
        if self._reading is None:
            return False
        ends = time.monotonic() + TURN
        try:
            while time.monotonic() < ends:
                next(self._reading)
        except StopIteration:
            self._reading = None
        except (OSError, DatabaseError, Stopped):
            self._reading = None
            raise
        return True

    def _pieces(self, one: LogFile) -> Iterator[None]:
        """Read a file from where it was left to its end."""
        kept = giving.place(self.console) / one.digest
        if one.attempts >= ATTEMPTS or not kept.exists():
            self._end(one, files.REFUSED, ())
            return
        files.try_again(one.number, one.attempts + 1)
        try:
            yield from self._batch_by_batch(one, kept)
        except (OSError, Stopped, GeneratorExit):  # it did not end the process
            files.try_again(one.number, one.attempts)
            raise

    def _batch_by_batch(self, one: LogFile, kept: Path) -> Iterator[None]:
        sweep(kept.parent)
        parts = Parts(files.parts(self.console.practice, one.number))
        counts, taken = Counter(one.counts), one.taken
        for batch in _batches(islice(pieces(kept, one.name, kept.parent, parts.begun), taken, None)):
            self._keep([raw for place, each in enumerate(batch, taken) if (raw := self._raw(one, place, each))])
            taken += len(batch)
            counts.update(word for each in batch for word in _counted(each))
            files.went_on(one.number, taken, counts)
            yield
        if parts.repeated:
            files.went_on(one.number, taken, counts | {"repeated": parts.repeated})
        self._end(one, files.REFUSED if counts.keys() == {Flaw.NO_LOG} else files.DONE, parts.met)

    def _end(self, one: LogFile, state: str, parts: Sequence[str]) -> None:
        files.ended(one.number, state, parts, self.console.clock())
        (giving.place(self.console) / one.digest).unlink(missing_ok=True)

    def _raw(self, one: LogFile, place: int, each: Piece) -> Raw | None:
        if each.flaw:
            return None
        sender = f"{FOLDER}{one.folder}" if one.folder else giving.sender(one)
        now = self.console.clock().astimezone(UTC)
        return Raw(f"file:{one.digest}:{place}", sender, now, "text", each.data, each.size, one.rings_within)

    # Folders that are followed

    def _look(self, one: LogFolder) -> bool:
        """Read what is new in a folder; whether there is more."""
        now = self.console.clock()
        self._awaited.discard(one.number)
        try:
            with place(one) as there:
                known = files.followed(one.number)
                found, troubles = there.files(one.pattern, {each.origin for each in known})
                more = self._follow(one, there, found, known)
        except (Unseen, OSError) as error:  # other folders are read all the same
            trouble = error.trouble if isinstance(error, Unseen) else _why(error)
            if trouble != one.trouble:
                files.troubled(one.number, trouble)
            return False
        if one.number in self._awaited and one.looked_at:
            now = one.looked_at  # what was turned in the meantime is still to be read
        told = (min(troubles, default=""), sum(each.wanted for each in found))
        if one.looked_at is None or told != (one.trouble, one.files) or now - one.looked_at >= NOTED_EVERY:
            files.looked(one.number, now, *told)
        return more

    def _follow(self, one: LogFolder, there: Place, found: Sequence[Found], known: Sequence[Followed]) -> bool:
        prover = self._provers.setdefault(one.number, Prover(there))
        prover.place, now = there, self.console.clock()
        since = int((one.looked_at - MARGIN).timestamp() * 1e9) if one.looked_at else None
        told = plan(found, known, prover.proves, since)
        for lost in told.lost:
            if any(each.number == lost.number and each.inode for each in known):
                files.reached(lost, now)
        more = [self._grown(one, there, *each) for each in told.read]
        more += [
            self._begun(one, there, each) for each in told.fresh if each.size and (one.number, each) not in self._taken
        ]
        return any(more)

    def _begun(self, one: LogFolder, there: Place, found: Found) -> bool:
        """A file that nobody has seen: its lines are followed, or it is taken whole once it rests."""
        with there.opened(found) as file:
            shape = shape_of(file.read(HEAD), found.name)
        if shape is Shape.LINES:
            fresh = Followed(0, shown(found.name), found.device, found.inode)
            number = files.begin(one.number, fresh, self.console.clock())
            return self._grown(one, there, found, replace(fresh, number=number))
        if shape is Shape.NO_LOG:
            self.committer.counters.lost(f"{FOLDER}{one.name}", self.console.clock().astimezone(UTC), Flaw.NO_LOG)
        elif _age(found, self.console.clock()) < AT_REST:
            self._awaited.add(one.number)
            return False
        else:
            self._take(one, there, found)
        self._taken.add((one.number, found))
        return True

    def _take(self, one: LogFolder, there: Place, found: Found) -> None:
        """Keep a copy of a file, to be read whole; one that was taken before is left."""
        within = giving.RINGS_WITHIN.total_seconds()

        def told(digest: str, size: int) -> bool:
            now = self.console.clock()
            file = LogFile(0, digest, shown(found.name), size, now, one.name, within, files.WAITING, 0, {})
            return files.give(self.console.practice, file, one.number) is not None

        with there.opened(found) as file, suppress(giving.NotTaken):
            giving.keep(self.console, file, told)

    def _grown(self, one: LogFolder, there: Place, found: Found, known: Followed) -> bool:
        """Keep the next lines of a file."""
        rests = _age(found, self.console.clock()) > (SURELY_AT_REST if found.wanted else AT_REST)
        with there.opened(found) as file:
            try:
                told = chunk(file, known, rests=rests)
            except DAMAGED:
                return False
        if told.pieces:
            self._keep([self._line(one, known, *each) for each in told.pieces])
        if told.reached != known or not known.inode:
            files.reached(told.reached, self.console.clock())
        return told.more

    def _line(self, one: LogFolder, known: Followed, offset: int, each: Piece) -> Raw:
        sender, now = f"{FOLDER}{one.name}", self.console.clock().astimezone(UTC)
        key = f"{sender}:{known.number}:{offset}"
        return Raw(key, sender, now, "text", each.data, each.size, giving.RINGS_WITHIN.total_seconds())

    # Both

    def _keep(self, raws: Sequence[Raw]) -> None:
        """Have records kept, however long it takes until there is room. Raises Stopped."""
        waiting = Reader(self.spool)
        while raws:
            if self.stopping():
                raise Stopped
            if self.committer.busy or waiting.waiting() > AHEAD:
                self._pause(PATIENCE)
                continue
            if self._offered(raws) is Outcome.KEPT:
                return
            self._pause(AGAIN)

    def _offered(self, raws: Sequence[Raw]) -> Outcome:
        done, outcomes = threading.Event(), list[Outcome]()

        def told(outcome: Outcome, _already: frozenset[int]) -> None:
            outcomes.append(outcome)
            done.set()

        self.committer.offer(raws, told)
        done.wait()
        return outcomes[0]

    def _pause(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.stopping():
            time.sleep(0.1)


def _batches(told: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces together, as many as are kept at once."""
    batch, octets = list[Piece](), 0
    for each in told:
        batch.append(each)
        octets += len(each.data)
        if len(batch) >= MOST_TOGETHER or octets >= MOST_OCTETS:
            yield batch
            batch, octets = [], 0
    if batch:
        yield batch


def _counted(each: Piece) -> tuple[str, ...]:
    if each.flaw:
        return (each.flaw,)
    return ("kept",) if each.size is None else ("kept", "cut")


def _why(error: OSError) -> Trouble:
    return Trouble.NO_ROOM if isinstance(error, NoRoom) else Trouble.BROKEN


def _age(found: Found, now: datetime) -> float:
    """Seconds since a file was last written to."""
    return now.timestamp() - found.touched / 1e9
