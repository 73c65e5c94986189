"""For each measured control of imaging devices: facts that fail it, in a practice otherwise healthy."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.imaging import PaperState
from tests.judge.cases.healthy.imaging import DEVICE, NODE, PAPER
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

FAILING: dict[str, tuple[World, ...]] = {
    "R1.3": (HEALTHY.with_(replace(DEVICE, os_version="inconnue")), HEALTHY.with_(replace(DEVICE, os_version=""))),
    "R23.6": (
        HEALTHY.with_(replace(NODE, tls_version="TLSv1.1")),
        HEALTHY.with_(replace(NODE, certificate_until=AT - timedelta(days=1))),
    ),
    "R7.5": (
        HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact is not PAPER)),
        HEALTHY.with_(replace(PAPER, until=AT - timedelta(days=1))),
        HEALTHY.with_(replace(PAPER, state=PaperState.DEROGATION, until=AT - timedelta(days=1), compensation="réseau")),
        HEALTHY.with_(replace(PAPER, state=PaperState.DEROGATION, compensation=" ")),
    ),
    "R12.5": (HEALTHY.with_(replace(NODE, any_calling=True)),),
}
