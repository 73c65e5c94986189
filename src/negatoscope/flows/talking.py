"""What flow exporters told, for the watch: each observation of theirs once, in the order of the journal."""

from collections.abc import Iterator
from dataclasses import dataclass

from negatoscope.flows.console import Console
from negatoscope.flows.hearing import EXPORTER
from negatoscope.flows.listening import OPERATOR
from negatoscope.intake.events.counting import Counters
from negatoscope.model.event import Told
from negatoscope.model.traffic import Conversation
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.flows.read import FLOWS
from negatoscope.store import sources
from negatoscope.store.queries import observations
from negatoscope.store.queries.observations import Observation
from negatoscope.watch import talking


@dataclass(frozen=True)
class Talk:
    """What an exporter told in a quarter of an hour."""

    sequence: int
    """Its place in the journal."""
    told: tuple[Told, ...]


def last(console: Console) -> int:
    """The place up to which exporters have told anything; 0: none did."""
    return observations.last_sequence_of(console.practice, FLOWS.name)


def after(console: Console, sequence: int) -> Talk | None:
    """What an exporter told next; ``None``: nothing yet. Raises OSError."""
    one = observations.next_of(console.practice, FLOWS.name, OPERATOR, sequence)
    return Talk(one.sequence, tuple(_told(console, one))) if one else None


def count(console: Console, counters: Counters, talk: Talk) -> None:
    """Count it beside what other sources sent: a crash before the watch saved counts it again, and harms nothing."""
    for one in talk.told[:1]:
        counters.kept(one.sender, one.came, [0] * len(talk.told))
    sources.add(console.practice, counters.take())


def _told(console: Console, one: Observation) -> Iterator[Told]:
    sender = f"{EXPORTER}{one.target}"
    with console.vault.open(one.digest) as stream:
        try:
            items = [item for item in FLOWS.read(stream) if isinstance(item, Conversation)]
        except Unreadable:  # its gap is on the record
            items = []
    for number, item in enumerate(items):
        yield Told(f"{EXPORTER}{one.digest}/{number}", sender, one.ended, talking.event(item, one.ended))
