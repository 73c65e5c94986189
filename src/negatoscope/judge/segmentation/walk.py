"""Packets on their way through chains: line after line, with jumps and returns, and what is not certain kept apart."""

from dataclasses import dataclass, replace

from negatoscope.judge.segmentation.boxes import Box, less, meet
from negatoscope.judge.segmentation.space import NEW, NEW_TRANSLATED, Line, Space, Turn
from negatoscope.model.gateways import Chain, Does, Hook

DEPTH = 64
"""Jumps within jumps, at most; the kernel allows 16."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A line that let packets through; ``label`` ``None``: the chain's policy."""

    chain: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Packets that have gone the same way. ``sure``: nothing unread lies behind them."""

    box: Box
    sure: bool = True
    lines: tuple[Ran, ...] = ()
    before: Box | None = None
    """What they were before their target was rewritten, by ``turn``."""
    turn: Turn | None = None
    inwards: bool = False

    def cut(self, box: Box) -> "Piece":
        """The part of it that is in this box; as ``replace``, for what is done most often."""
        return Piece(box, self.sure, self.lines, self.before, self.turn, self.inwards)

    def ran(self, line: Ran) -> "Piece":
        """As it is after one more line let it through."""
        return Piece(self.box, self.sure, (*self.lines, line), self.before, self.turn, self.inwards)

    @property
    def origin(self) -> Box:
        """What they were when they came in."""
        return self.before or self.box


def _begun(box: Box) -> Box:
    """A box whose packets are new connections, whatever chains that know none yet took them for."""
    return (*box[:-1], box[-1] & (NEW | NEW_TRANSLATED) or NEW)


class Walk:
    """One question's way through the chains; keeps what was refused where something unread was behind it."""

    def __init__(self, space: Space, origin: int = -1, target: int = -1) -> None:
        """Ask about these atoms alone: lines that touch none of them are passed over."""
        self.space = space
        self.origin = origin
        self.target = target
        self.refused: list[Piece] = []
        self._lines: dict[str, tuple[Line, ...]] = {}

    def through(self, hook: Hook, live: list[Piece], least: int | None = None, below: int | None = None) -> list[Piece]:
        """Meet every chain of a hook in its order; each must let pass. ``least``, ``below``: only these priorities."""
        chains = [chain for chain in self.space.chains.values() if chain.hook is hook]
        for chain in sorted(chains, key=lambda one: one.priority):
            if (least is None or chain.priority >= least) and (below is None or chain.priority < below):
                live = self._meeting(chain, live)
        return live

    def _meeting(self, chain: Chain, live: list[Piece]) -> list[Piece]:
        passed: list[Piece] = []
        left = self._run(chain.name, live, passed, DEPTH)
        if chain.policy in {Does.DROP, Does.REJECT}:
            self._refuse(left)
            return passed
        if chain.policy is None:
            left = [replace(piece, sure=False) for piece in left]
            self._refuse(left)
        return passed + [piece.ran(Ran(chain.name, None)) for piece in left]

    def _refuse(self, pieces: list[Piece]) -> None:
        """Remember as new connections what they were to the chains."""
        self.refused += [replace(piece, box=_begun(piece.box)) for piece in pieces if not piece.sure]

    def _relevant(self, name: str) -> tuple[Line, ...]:
        if name not in self._lines:
            self._lines[name] = tuple(self.space.touching(name, self.origin, self.target))
        return self._lines[name]

    def _run(self, name: str, live: list[Piece], passed: list[Piece], depth: int) -> list[Piece]:
        """Go through a chain: what passes is added to ``passed``; given back is what no line decided on."""
        back: list[Piece] = []
        for line in self._relevant(name):
            after: list[Piece] = []
            for piece in live:
                box = meet(piece.box, line.may)
                if box is None:
                    after.append(piece)
                else:
                    after += [piece.cut(part) for part in less(piece.box, box)]
                    after += self._met(name, line, piece.cut(box), (passed, back), depth)
            live = after
            if not live:
                break
        return back + live

    def _met(
        self, name: str, line: Line, piece: Piece, out: tuple[list[Piece], list[Piece]], depth: int
    ) -> list[Piece]:
        """Do what a line says to packets that it may match; given back is what goes on after it."""
        certain = meet(piece.box, line.must) if line.must is not None else None
        after: list[Piece] = []
        if certain is not None:
            after += self._done(name, line, piece.cut(certain), out, depth)
        if certain == piece.box:
            return after
        for part in less(piece.box, certain) if certain is not None else [piece.box]:
            doubted = replace(piece, box=part, sure=False)
            self._done(name, line, doubted, out, depth)
            after.append(doubted)
        return after

    def _done(
        self, name: str, line: Line, piece: Piece, out: tuple[list[Piece], list[Piece]], depth: int
    ) -> list[Piece]:
        passed, back = out
        does = line.rule.does
        if does is Does.ACCEPT:
            passed.append(piece.ran(Ran(name, line.rule.label)))
        elif does in {Does.DROP, Does.REJECT}:
            self._refuse([piece])
        elif does is Does.RETURN:
            back.append(piece)
        elif does is Does.UNREAD or depth == 0 or line.rule.chain not in self.space.lines:
            doubted = replace(piece, sure=False)
            passed.append(doubted.ran(Ran(name, line.rule.label)))
            self._refuse([doubted])
            return [doubted]
        else:
            left = self._run(line.rule.chain, [piece], passed, depth - 1)
            if does is Does.JUMP:
                return left
            back += left
        return []
