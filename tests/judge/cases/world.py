"""A practice that is healthy throughout; each topic's facts stand in a file of ``cases.healthy``."""

from datetime import timedelta

from negatoscope.model.atlas import MapEntry, Standing
from negatoscope.model.carrying import ConsoleSeat, SealedCopy
from negatoscope.model.hosts import Host
from tests.judge.cases.healthy import (
    agents,
    computers,
    directory,
    gateways,
    imaging,
    lists,
    people,
    stations,
    talks,
    touched,
    walls,
    watched,
    zones,
)
from tests.judge.memory import AT, SEEN_AT, swept

FACTS = (
    *directory.FACTS,
    *computers.FACTS,
    *imaging.FACTS,
    *people.FACTS,
    *lists.FACTS,
    *agents.FACTS,
    *touched.FACTS,
    *talks.FACTS,
    *walls.FACTS,
    *gateways.FACTS,
    *stations.FACTS,
    *zones.FACTS,
    *watched.FACTS,
)
MAP = tuple(
    MapEntry(fact.ref, declared=True, told_at=AT - timedelta(days=90), seen_at=SEEN_AT, drifted=())
    for fact in FACTS
    if isinstance(fact, Host)
)
DRAWN = tuple(
    Standing(
        fact.ref,
        ("10.77.0.5",),
        ("network/10.77.0.0/24",),
        ("zone/Postes",),
        "host/switch",
        gateway=False,
        led_at=SEEN_AT,
        seen_at=SEEN_AT,
    )
    for fact in FACTS
    if isinstance(fact, Host)
)
KEPT_ELSEWHERE = (
    SealedCopy(AT - timedelta(days=12), "2" * 64, 81_000, "user:mdurand", ("Dr Petit 4f1c9a02",), ("map", "calls")),
    ConsoleSeat("host/console", ("192.168.250.2/30",)),
)
HEALTHY = swept((*FACTS, *MAP, *DRAWN, *KEPT_ELSEWHERE, *walls.silent(FACTS)))
"""Everything was looked for, completely, everywhere."""
