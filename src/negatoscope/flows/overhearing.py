"""Log lines of a story, heard again: counted and kept as a door would, read by the watch, told to the judge."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from negatoscope.flows import hearing
from negatoscope.flows.console import Console
from negatoscope.flows.watching import Watch
from negatoscope.intake.continuity import Continuity
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.spool import Spool
from negatoscope.store import sources


class Unheard(Exception):  # noqa: N818 -- what it is
    """A line of the file is none of a story; the message is the line."""


def lines(text: str, since: datetime, until: datetime) -> list[Raw]:
    """Read ``instant TAB sender TAB format TAB line``, and keep what came after ``since``, ``until`` included.

    Raises Unheard.
    """
    told = []
    for number, line in enumerate(text.splitlines()):
        try:
            came, sender, shape, data = line.split("\t", 3)
            at = datetime.fromisoformat(came)
            if since < at <= until:
                told.append(Raw(f"net:story/{number}", sender, at, shape, data.encode()))
        except (ValueError, TypeError) as error:
            raise Unheard(line[:200]) from error
    return told


def overhear(console: Console, raws: Iterable[Raw]) -> None:
    """Take these lines in, in the order in which they came, and let the watch look at them.

    Raises OSError, DatabaseError, DiskFull.
    """
    told = sorted(raws, key=lambda raw: raw.came)
    listening = Continuity(hearing.folder(console))
    spool = Spool(hearing.folder(console))
    try:
        spool.append(told)
    finally:
        spool.close()
    for raw in told:
        listening.hear(hearing.RECEIVER, raw.came)
    listening.hear(hearing.RECEIVER, console.clock())
    listening.save()
    _count(console, told)
    watch = Watch(console)
    while watch.round():
        pass
    watch.report()


def _count(console: Console, told: Iterable[Raw]) -> None:
    """Count what came from whom; hours of a day at a time, as many as the counters hold apart."""
    counters = Counters()
    for _, some in groupby(told, key=lambda raw: raw.came.date()):
        for raw in some:
            counters.kept(raw.sender, raw.came, [len(raw.data)])
        sources.add(console.practice, counters.take())
