"""The five situations together: events in, detections out, and what they remember kept over a restart."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby, islice
from typing import Any, cast

import msgspec

from negatoscope.model.event import Action, Told
from negatoscope.watch.behaviours import attempts, bypass, inactive, transfers, unusual_hours
from negatoscope.watch.behaviours.attempts import Settings as AttemptsSettings
from negatoscope.watch.behaviours.attempts import State as AttemptsState
from negatoscope.watch.behaviours.bypass import Settings as BypassSettings
from negatoscope.watch.behaviours.bypass import State as BypassState
from negatoscope.watch.behaviours.inactive import Settings as InactiveSettings
from negatoscope.watch.behaviours.inactive import State as InactiveState
from negatoscope.watch.behaviours.order import Order
from negatoscope.watch.behaviours.transfers import Settings as TransfersSettings
from negatoscope.watch.behaviours.transfers import State as TransfersState
from negatoscope.watch.behaviours.unusual_hours import Settings as HoursSettings
from negatoscope.watch.behaviours.unusual_hours import State as HoursState
from negatoscope.watch.detection import Detection
from negatoscope.watch.known import Known

BEHAVIOURS = (unusual_hours, transfers, attempts, inactive, bypass)
CODES = tuple(one.CODE for one in BEHAVIOURS)
Look = Callable[[Iterable[Told], Any, Known, Any], Iterator[Detection]]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned, by behaviour."""

    unusual_hours: HoursSettings = HoursSettings()
    transfers: TransfersSettings = TransfersSettings()
    attempts: AttemptsSettings = AttemptsSettings()
    inactive: InactiveSettings = InactiveSettings()
    bypass: BypassSettings = BypassSettings()
    off: frozenset[str] = frozenset()
    """Behaviours that tell nothing; they learn all the same, for the day on which they are wanted again."""
    sites: dict[str, "Settings"] = {}
    """What holds instead for those of a site, by its name in lower case."""


class Memory(msgspec.Struct):
    """What the five remember of one practice. Bounded: some 200 MB under the worst flood, a few in a practice."""

    order: Order = msgspec.field(default_factory=Order)
    unusual_hours: HoursState = msgspec.field(default_factory=HoursState)
    transfers: TransfersState = msgspec.field(default_factory=TransfersState)
    attempts: AttemptsState = msgspec.field(default_factory=AttemptsState)
    inactive: InactiveState = msgspec.field(default_factory=InactiveState)
    bypass: BypassState = msgspec.field(default_factory=BypassState)

    def kept(self) -> bytes:
        """Write it down, for ``remembered``."""
        return msgspec.msgpack.encode(self)


def remembered(kept: bytes) -> Memory:
    """Read what ``Memory.kept`` wrote. Raises msgspec.DecodeError: another edition wrote it; begin with a new one."""
    return msgspec.msgpack.decode(kept, type=Memory)


WANTED: dict[Action | None, tuple[int, ...]] = {
    action: tuple(number for number, one in enumerate(BEHAVIOURS) if action in one.ACTIONS)
    for action in sorted(frozenset().union(*(one.ACTIONS for one in BEHAVIOURS)))
}
"""Which behaviours ask for which action; events of no other are looked at."""
MAILS = (BEHAVIOURS.index(transfers),)
BATCH = 2_000


def asked(code: str) -> tuple[Action | None, ...]:
    """The actions that a behaviour asks for; ``None`` where it also asks for lines that tell of none."""
    number = CODES.index(code)
    actions = tuple(action for action, numbers in WANTED.items() if number in numbers)
    return (*actions, None) if number in MAILS else actions


def look(events: Iterable[Told], memory: Memory, known: Known, settings: Settings) -> Iterator[Detection]:
    """Take events as they came, and tell what they show; those of the last half minute wait in ``memory``.

    ``memory`` changes as detections are taken: keep it once all are. Take ``settle`` when nothing comes any more.
    """
    wanted = (told for told in events if told.event.action in WANTED or transfers.queued(told.event))
    return _look(memory.order.sort(wanted), memory, known, settings)


def settle(now: datetime, memory: Memory, known: Known, settings: Settings) -> Iterator[Detection]:
    """Look at what has waited long enough by this instant; called every few seconds."""
    return _look(memory.order.due(now), memory, known, settings)


def _look(ordered: Iterator[Told], memory: Memory, known: Known, settings: Settings) -> Iterator[Detection]:
    while batch := list(islice(ordered, BATCH)):
        apart: tuple[list[Told], ...] = tuple([] for _ in BEHAVIOURS)
        for told in batch:
            for number in WANTED.get(told.event.action, MAILS):
                apart[number].append(told)
        for number, mine in enumerate(apart):
            yield from _told(number, mine, memory, known, settings)


def _told(number: int, events: Iterable[Told], memory: Memory, known: Known, settings: Settings) -> Iterator[Detection]:
    """What one behaviour tells of events in order, those of each site by its own settings."""
    code = CODES[number]
    look, state = cast("Look", BEHAVIOURS[number].look), getattr(memory, code)
    for site, mine in groupby(events, lambda told: known.site_of(told) if settings.sites else None):
        held = settings.sites.get(site or "", settings)
        for found in look(mine, state, known, getattr(held, code)):
            if code not in held.off:
                yield found


def preview(
    code: str, events: Iterable[Told], known: Known, each: Sequence[Settings]
) -> Iterator[tuple[int, Detection]]:
    """What a behaviour would have told of past events, ordered by when they came, with each of several settings.

    What it would have learned before them it does not know: give it some weeks.
    """
    number, memories, order = CODES.index(code), [Memory() for _ in each], Order()
    mine = (told for told in events if number in WANTED.get(told.event.action, MAILS))
    ordered = chain(order.sort(mine), order.rest())
    while batch := list(islice(ordered, BATCH)):
        for which, (memory, settings) in enumerate(zip(memories, each, strict=True)):
            yield from ((which, found) for found in _told(number, batch, memory, known, settings))
