"""For each measured control, facts that fail it; a file a topic, each with ``FAILING``."""

from tests.judge.cases import (
    agents,
    atlas,
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
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World

FAILING: dict[str, tuple[World, ...]] = {
    **atlas.FAILING,
    **computers.FAILING,
    **directory.FAILING,
    **imaging.FAILING,
    **people.FAILING,
    **lists.FAILING,
    **agents.FAILING,
    **stations.FAILING,
    **talks.FAILING,
    **zones.FAILING,
    **touched.FAILING,
    **walls.FAILING,
    **gateways.FAILING,
    **watched.FAILING,
}

__all__ = ["FAILING", "HEALTHY"]
