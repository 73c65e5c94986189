"""Flaws planted in recorded captures, through the real readers; a file a topic, each with ``PLANTS``.

``computers`` edits the capture of one Linux host, and has tests of its own in ``test_planted.py``.
"""

from collections.abc import Callable
from typing import NamedTuple

from tests.judge.memory import World


class Plant(NamedTuple):
    """What a capture says where the control holds, and with its flaw planted."""

    healthy: Callable[[], World]
    flawed: Callable[[], World]


PLANTS: dict[str, Plant] = {}
