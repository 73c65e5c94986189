"""Flaws planted in recorded captures, through the real readers; a file a topic, each with ``PLANTS``.

``computers`` edits the capture of one Linux host, and has tests of its own in ``test_planted.py``.
"""

from tests.judge.planted import (
    agents,
    atlas,
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
from tests.judge.planted.plant import Plant

PLANTS: dict[str, Plant] = {
    **atlas.PLANTS,
    **directory.PLANTS,
    **imaging.PLANTS,
    **people.PLANTS,
    **stations.PLANTS,
    **lists.PLANTS,
    **agents.PLANTS,
    **talks.PLANTS,
    **zones.PLANTS,
    **touched.PLANTS,
    **walls.PLANTS,
    **gateways.PLANTS,
    **watched.PLANTS,
}

__all__ = ["PLANTS", "Plant"]
