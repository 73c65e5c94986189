"""What flow exporters told, for the watch: each observation of theirs once, in the order of the journal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from negatoscope.flows.console import Console
from negatoscope.flows.hearing import EXPORTER
from negatoscope.flows.listening import OPERATOR
from negatoscope.intake.events.counting import Counters
from negatoscope.model.event import Told
from negatoscope.model.evidence import Gap
from negatoscope.model.traffic import Conversation, FlowWatch
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.flows.read import FLOWS
from negatoscope.store import sources
from negatoscope.store.queries import observations
from negatoscope.store.queries.observations import Observation
from negatoscope.watch import talking

LOST, UNREAD, SAMPLED = "flows_lost", "flows_unread", "flows_sampled"
"""Records that never arrived; what came and could not be read or kept; captures in which packets were skipped."""
UNKNOWN = frozenset({"flow_conversations_cut"})
"""Gaps whose number says how much was kept: how much was not, nobody knows."""


@dataclass(frozen=True)
class Talk:
    """What an exporter told in a quarter of an hour."""

    sequence: int
    """Its place in the journal."""
    sender: str
    came: datetime
    told: tuple[Told, ...]
    lost: Counter[str]
    """What is missing in it, by why."""


def last(console: Console) -> int:
    """The place up to which exporters have told anything; 0: none did."""
    return observations.last_sequence_of(console.practice, FLOWS.name)


def after(console: Console, sequence: int) -> Talk | None:
    """What an exporter told next; ``None``: nothing yet. Raises OSError."""
    one = observations.next_of(console.practice, FLOWS.name, OPERATOR, sequence)
    return _talk(console, one) if one else None


def count(console: Console, counters: Counters, talk: Talk) -> None:
    """Count it beside what other sources sent: a crash before the watch saved counts it again, and harms nothing."""
    counters.kept(talk.sender, talk.came, [0] * len(talk.told))
    for why, many in talk.lost.items():
        counters.lost(talk.sender, talk.came, why, many)
    sources.add(console.practice, counters.take())


def missing(items: Iterable[Item]) -> Counter[str]:
    """What exporters sent and is not among these, by why."""
    lost: Counter[str] = Counter()
    for item in items:
        if isinstance(item, FlowWatch):
            lost[LOST] += item.lost or 0
            lost[SAMPLED] += (item.sampled or 1) > 1
        elif isinstance(item, Gap):
            lost[UNREAD] += 1 if item.why in UNKNOWN else int(item.values.get("count") or 0)
    return +lost


def _talk(console: Console, one: Observation) -> Talk:
    sender = f"{EXPORTER}{one.target}"
    with console.vault.open(one.digest) as stream:
        try:
            items: Sequence[Item] = list(FLOWS.read(stream))
        except Unreadable:  # its gap is on the record
            return Talk(one.sequence, sender, one.ended, (), Counter({UNREAD: 1}))
    told = (
        Told(f"{EXPORTER}{one.digest}/{number}", sender, one.ended, talking.event(item, one.ended))
        for number, item in enumerate(item for item in items if isinstance(item, Conversation))
    )
    return Talk(one.sequence, sender, one.ended, tuple(told), missing(items))
