"""Where the map and reality part, one host at a time."""

from dataclasses import replace

from negatoscope.model.atlas import MapEntry, Standing
from negatoscope.model.carrying import ConsoleSeat, SealedCopy
from tests.judge.cases.healthy.computers import DAY, DESK
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

ENTRY = next(fact for fact in HEALTHY.seen(MapEntry).facts if fact.ref == DESK)
STANDING = next(fact for fact in HEALTHY.seen(Standing).facts if fact.ref == DESK)
COPY, SEAT = HEALTHY.seen(SealedCopy).facts[0], HEALTHY.seen(ConsoleSeat).facts[0]

FAILING: dict[str, tuple[World, ...]] = {
    "R1.7": (
        HEALTHY.with_(replace(ENTRY, declared=False, told_at=None, drifted=None)),
        HEALTHY.with_(replace(ENTRY, drifted=("model", "serial"))),
        HEALTHY.with_(replace(ENTRY, seen_at=AT - 40 * DAY, sought_at=AT - DAY)),
        HEALTHY.with_(replace(ENTRY, seen_at=None, drifted=None, sought_at=AT - DAY)),
    ),
    "R1.4": (HEALTHY.with_(replace(STANDING, zones=("zone/Imagerie", "zone/Postes"))),),
    "R37.8": (HEALTHY.with_(replace(COPY, made_at=AT - 31 * DAY)),),
    "R1.8": (
        HEALTHY.with_(replace(COPY, made_at=AT - 31 * DAY)),
        HEALTHY.with_(replace(SEAT, addresses=("10.77.0.200/24",))),
        HEALTHY.with_(replace(STANDING, addresses=("192.168.250.1",))),
    ),
}
