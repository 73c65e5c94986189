"""What comes first, what joins what, and which steps time takes by itself: alerts, thought about. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from negatoscope.model import calltree
from negatoscope.model.alert import BY_ITSELF, WITHIN, Alert, AlertState, AlertStep, Priority
from negatoscope.model.continuity import Call
from negatoscope.model.evidence import Ref
from negatoscope.model.presence import Absence
from negatoscope.watch.detection import Detection, Level

SHORT_CHAIN = 2
"""How many of the alert chain are told after twelve hours; after twenty, all are."""


@dataclass(frozen=True)
class Weighty:
    """Whom and what the register knows to matter more than others."""

    modalities: frozenset[Ref] = frozenset()
    key_people: frozenset[Ref] = frozenset()
    administrators: frozenset[Ref] = frozenset()
    """Persons, and accounts, with rights over others."""
    sensitive: frozenset[Ref] = frozenset()
    """Hosts on which much depends."""

    def reasons(self, touched: Collection[Ref]) -> tuple[str, ...]:
        """Why something that touches these weighs more."""
        held = (
            ("modality", self.modalities),
            ("key_person", self.key_people),
            ("administrator", self.administrators),
            ("sensitive", self.sensitive),
        )
        return tuple(code for code, refs in held if not refs.isdisjoint(touched))


def mark_of(one: Detection) -> str:
    """What open alerts are told apart by: detections of one kind about one subject are one alert."""
    return f"{one.kind}/{one.code}/{one.subject}"


def touched(one: Detection) -> frozenset[Ref]:
    """Everything of the register that a detection names."""
    told = (value for value in (*one.seen.values(), *one.usual.values()) if isinstance(value, str) and "/" in value)
    return frozenset({one.subject, *told})


def priority(level: Level, because: Sequence[str]) -> Priority:
    """In which order to handle it: by how bad it is if it is true, one step more where it touches what matters."""
    steps = level.rank - Level.LOW.rank + bool(because)
    return Priority.LOW if steps < 1 else Priority.MEDIUM if steps == 1 else Priority.HIGH


def due(began: datetime) -> datetime:
    """Until when it must be handled."""
    return began + WITHIN


def steps_due(alert: Alert, taken: Collection[AlertStep], now: datetime) -> Iterator[AlertStep]:
    """Steps that time has brought and that were not taken yet, in order; the first only while nobody took it on."""
    for step, after in BY_ITSELF.items():
        spared = step is AlertStep.AFTER_4 and alert.state is not AlertState.NEW
        if alert.open and step not in taken and not spared and alert.began + after <= now:
            yield step


def newest(steps: Iterable[AlertStep]) -> AlertStep | None:
    """The one to tell of several that a stop made due at once; ``None``: there is none."""
    return max(steps, key=lambda step: BY_ITSELF[step], default=None)


def called(step: AlertStep, calls: Iterable[Call], absences: Iterable[Absence], today: date) -> tuple[Ref, ...]:
    """Whom of the alert chain a step tells, in its order; the deputy of somebody who is away, with them."""
    away, lines = calltree.away(absences, today), calltree.ordered(calls)
    many = {AlertStep.RAISED: 1, AlertStep.AFTER_4: 1, AlertStep.AFTER_12: SHORT_CHAIN}.get(step, len(lines))
    told: dict[Ref, None] = {}
    for call in lines[:many]:
        told[call.person] = None
        if call.deputy and (call.person in away or step is not AlertStep.RAISED):
            told[call.deputy] = None
    return tuple(told)
