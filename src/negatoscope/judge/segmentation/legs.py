"""Lines as boxes with their interfaces apart, to be compared with one another whatever the routes say."""

from fnmatch import fnmatchcase

from negatoscope.judge.segmentation.boxes import Box
from negatoscope.judge.segmentation.space import Space
from negatoscope.model.gateways import Chain, FilterRule


class Legs:
    """The boxes of one chain's lines: sources, targets, services, kinds, interfaces in, interfaces out.

    The last atom of an interface axis stands for all interfaces that no line names.
    """

    def __init__(self, space: Space, chain: Chain) -> None:
        """Take the interfaces that the lines name."""
        matches = [rule.match for rule in chain.rules]
        named = {name for match in matches for name in (*(match.entering or ()), *(match.leaving or ()))}
        self._space = space
        self._names = sorted({*named, *space.legs})
        self._whole = (1 << (len(self._names) + 1)) - 1

    def box(self, rule: FilterRule, *, certain: bool) -> Box | None:
        """What a line may match, or (``certain``) what it surely matches; ``None``: nothing."""
        match = rule.match
        if certain and match.unread is not None:
            return None
        sides = (
            self._side(match.entering, negated=match.not_entering, certain=certain),
            self._side(match.leaving, negated=match.not_leaving, certain=certain),
        )
        box = (*self._space.plain(match), *sides)
        return box if all(box) else None

    def _side(self, names: tuple[str, ...] | None, *, negated: bool, certain: bool) -> int:
        if names is None:
            return self._whole
        bits = sum(1 << at for at, leg in enumerate(self._names) if any(fnmatchcase(leg, name) for name in names))
        wild = any("*" in name for name in names)
        others = 1 << len(self._names)
        if negated:
            return (self._whole & ~bits) & ~(others if wild and certain else 0)
        return bits | (others if wild and not certain else 0)
