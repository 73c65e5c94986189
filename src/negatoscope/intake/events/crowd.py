"""How many may stand at a door: in all, and from one address, so that nobody keeps the others out."""

from collections import Counter

from negatoscope.kit.neighbour import neighbour

MOST = 256
FROM_ONE = 32
FOR_FIRST = 64
"""Places of ``MOST`` that only an address which holds none yet may take."""


class Crowd:
    """Those who are connected. For one thread."""

    def __init__(self) -> None:
        """Nobody is."""
        self._held: Counter[str] = Counter()
        self._all = 0

    def enter(self, address: str) -> bool:
        """Let one in; false: there are too many."""
        one = neighbour(address)
        held = self._held[one]
        if held >= FROM_ONE or self._all >= (MOST - FOR_FIRST if held else MOST):
            return False
        self._held[one] += 1
        self._all += 1
        return True

    def leave(self, address: str) -> None:
        """One is gone."""
        one = neighbour(address)
        self._held[one] -= 1
        self._all -= 1
        if not self._held[one]:
            del self._held[one]
