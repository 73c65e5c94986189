"""What a topic plants."""

from collections.abc import Callable
from typing import NamedTuple

from tests.judge.memory import World


class Plant(NamedTuple):
    """What a capture says where the control holds, and with its flaw planted."""

    healthy: Callable[[], World]
    flawed: Callable[[], World]
