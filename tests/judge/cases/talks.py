"""For each measured control on exchanges: facts that fail it, in a practice otherwise healthy."""

from dataclasses import replace

from negatoscope.model.networks import Service
from negatoscope.model.traffic import INTERNET
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.talks import OUT, between
from tests.judge.cases.healthy.zones import line, with_lines
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World

FAILING: dict[str, tuple[World, ...]] = {
    "R18.3": (HEALTHY.with_(replace(OUT, port=5938)), HEALTHY.with_(replace(OUT, port=21116))),
    "R18.4": (
        HEALTHY.with_(between(INTERNET, "10.77.0.6", 3389)),
        HEALTHY.with_(replace(OUT, port=21116)),
        HEALTHY.with_(
            with_lines(line("#9", source="0.0.0.0/0", target="10.77.0.6", ports=(3389,))),
        ),
    ),
    "R23.3": (
        HEALTHY.with_(between("10.77.0.5", "10.77.0.6", 23)),
        HEALTHY.with_(
            between("10.77.0.5", "10.77.0.6", 8080), Service(DESK, "tcp", 8080, "http", encrypted=False, reachable=True)
        ),
        HEALTHY.with_(between("10.77.0.5", "93.184.216.34", 21)),
    ),
}
