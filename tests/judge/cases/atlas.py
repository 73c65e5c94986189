"""Where the map and reality part, one host at a time."""

from dataclasses import replace

from negatoscope.model.atlas import MapEntry
from tests.judge.cases.healthy.computers import DAY, DESK
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

ENTRY = next(fact for fact in HEALTHY.seen(MapEntry).facts if fact.ref == DESK)

FAILING: dict[str, tuple[World, ...]] = {
    "R1.7": (
        HEALTHY.with_(replace(ENTRY, declared=False, told_at=None, drifted=None)),
        HEALTHY.with_(replace(ENTRY, drifted=("model", "serial"))),
        HEALTHY.with_(replace(ENTRY, seen_at=AT - 40 * DAY, sought_at=AT - DAY)),
        HEALTHY.with_(replace(ENTRY, seen_at=None, drifted=None, sought_at=AT - DAY)),
    )
}
