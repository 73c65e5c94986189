"""Sets of packets as boxes: on each axis (addresses, services …) a set of atoms, written as the bits of one integer."""

from collections.abc import Iterable, Iterator

Box = tuple[int, ...]
"""All packets whose atom on each axis is among the bits of that axis. A box has no empty axis."""


def meet(one: Box, other: Box) -> Box | None:
    """Packets that are in both; ``None``: there are none."""
    met = []
    for mine, theirs in zip(one, other, strict=True):
        both = mine & theirs
        if not both:
            return None
        met.append(both)
    return tuple(met)


def less(box: Box, gone: Box) -> list[Box]:
    """Packets of ``box`` that are not in ``gone``, as boxes that do not overlap."""
    rest: list[Box] = []
    head = box
    for axis, (have, take) in enumerate(zip(box, gone, strict=True)):
        inside = have & take
        if not inside:
            return [box]
        if inside != have:
            rest.append((*head[:axis], have & ~take, *head[axis + 1 :]))
            head = (*head[:axis], inside, *head[axis + 1 :])
    return rest


def remain(boxes: Iterable[Box], gone: Iterable[Box]) -> list[Box]:
    """Packets of ``boxes`` that are in none of ``gone``."""
    left = list(boxes)
    for cut in gone:
        left = [part for box in left for part in less(box, cut)]
    return left


class Index:
    """Boxes in order, of which those that may meet another are found without looking at each.

    The first two axes are cut in stretches of as many atoms; of each, it is known which boxes come near it.
    """

    STRETCHES = 64

    def __init__(self, atoms: int) -> None:
        """Take boxes whose first two axes have this many atoms."""
        self._size = atoms // self.STRETCHES + 1
        self._near = tuple([0] * self.STRETCHES for _ in range(2))
        self._count = 0

    def add(self, box: Box) -> None:
        """Take one more box."""
        for near, axis in zip(self._near, box, strict=False):
            for at in self._stretches(axis):
                near[at] |= 1 << self._count
        self._count += 1

    def meeting(self, sources: int, targets: int) -> Iterator[int]:
        """Places of the boxes that may hold some of these atoms, in order; others certainly do not."""
        found = (1 << self._count) - 1
        for near, axis in zip(self._near, (sources, targets), strict=True):
            told = 0
            for at in self._stretches(axis):
                told |= near[at]
            found &= told
        while found:
            yield (found & -found).bit_length() - 1
            found &= found - 1

    def _stretches(self, axis: int) -> range:
        """All between the first atom and the last."""
        if not axis:
            return range(0)
        return range(((axis & -axis).bit_length() - 1) // self._size, (axis.bit_length() - 1) // self._size + 1)
