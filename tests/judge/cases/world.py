"""A practice that is healthy throughout; each topic's facts stand in a file of ``cases.healthy``."""

from datetime import timedelta

from negatoscope.model.atlas import MapEntry
from negatoscope.model.hosts import Host
from tests.judge.cases.healthy import agents, computers, directory, imaging, lists, people
from tests.judge.memory import AT, SEEN_AT, swept

FACTS = (*directory.FACTS, *computers.FACTS, *imaging.FACTS, *people.FACTS, *lists.FACTS, *agents.FACTS)
MAP = tuple(
    MapEntry(fact.ref, declared=True, told_at=AT - timedelta(days=90), seen_at=SEEN_AT, drifted=())
    for fact in FACTS
    if isinstance(fact, Host)
)
HEALTHY = swept((*FACTS, *MAP))
"""Everything was looked for, completely, everywhere."""
