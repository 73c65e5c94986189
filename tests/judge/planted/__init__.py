"""Flaws planted in recorded captures, through the real readers; a file a topic, each with ``PLANTS``.

``computers`` edits the capture of one Linux host, and has tests of its own in ``test_planted.py``.
"""

from tests.judge.planted import agents, atlas, directory, imaging, lists, people
from tests.judge.planted.plant import Plant

PLANTS: dict[str, Plant] = {
    **atlas.PLANTS,
    **directory.PLANTS,
    **imaging.PLANTS,
    **people.PLANTS,
    **lists.PLANTS,
    **agents.PLANTS,
}

__all__ = ["PLANTS", "Plant"]
