"""One rule base in one family of addresses, cut into atoms: each line becomes what it may match and what it must."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from negatoscope.judge.segmentation.addresses import EVERYWHERE, AddressAxis, stretch
from negatoscope.judge.segmentation.boxes import Box, Index
from negatoscope.judge.segmentation.services import ServiceAxis
from negatoscope.model.gateways import Addresses, Chain, Does, FilterRule, Match, Rewrites, RuleBase, Translation

STATES = ("new", "established", "related", "invalid", "untracked")
KINDS = (1 << 2 * len(STATES)) - 1
"""Each state twice: packets left as they were, and packets whose target was rewritten."""
PLAIN = int("01" * len(STATES), 2)
TRANSLATED = PLAIN << 1
NEW, NEW_TRANSLATED = 1, 2
INVALID = 1 << 2 * STATES.index("invalid")


@dataclass(frozen=True, slots=True)
class Line:
    """A line on its axes: sources, targets, services, kinds.

    ``must`` is within ``may``; ``None``: nothing is certain.
    """

    rule: FilterRule
    may: Box
    must: Box | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A translation of targets on its axes."""

    line: Translation
    may: Box
    must: Box | None
    target: int
    """Atoms of the new address; 0: the gateway's own."""


class Space:
    """The axes of one family, and every line of the rule base on them."""

    def __init__(self, base: RuleBase, family: int, networks: Iterable[str] = ()) -> None:
        """Cut by all that the rule base says, and by ``networks``."""
        self.base = base
        self.family = family
        self._plain: dict[int, tuple[Match, Box]] = {}
        chains = [chain for chain in base.chains or () if chain.family in {None, family}]
        turns = [turn for turn in base.translations or () if turn.rewrites is Rewrites.TARGET and turn.enabled]
        matches = [rule.match for chain in chains for rule in chain.rules] + [turn.match for turn in turns]
        self.addresses = AddressAxis(family, (*networks, *_texts(base, matches)))
        self.services = ServiceAxis(matches, [turn.port for turn in turns if turn.port])
        self.legs, self.own, self.unrouted = _routed(base, self.addresses)
        self.whole: Box = (self.addresses.whole, self.addresses.whole, self.services.whole, KINDS)
        self.chains = {chain.name: chain for chain in chains}
        self.lines = {chain.name: tuple(self._lines(chain)) for chain in chains}
        self.turns = tuple(self._turns(turns))
        self._indexes: dict[str, Index] = {}

    def touching(self, chain: str, sources: int, targets: int) -> Iterator[Line]:
        """Lines of a chain that may be about packets from some of these atoms to some of those; -1: any."""
        lines = self.lines.get(chain, ())
        if chain not in self._indexes:
            self._indexes[chain] = Index(self.addresses.atoms)
            for line in lines:
                self._indexes[chain].add(line.may)
        whole = self.addresses.whole
        for at in self._indexes[chain].meeting(sources & whole, targets & whole):
            if lines[at].may[0] & sources and lines[at].may[1] & targets:
                yield lines[at]

    def _lines(self, chain: Chain) -> Iterator[Line]:
        for rule in chain.rules:
            if rule.enabled and rule.does is not Does.NOTHING:
                may, must = self.boxes(rule.match)
                if all(may):
                    yield Line(rule, may, must)

    def _turns(self, turns: Iterable[Translation]) -> Iterator[Turn]:
        for turn in turns:
            may, must = self.boxes(turn.match)
            target = self.addresses.mask((turn.address,)) if turn.address else 0
            if all(may) and (target or turn.exempt or not turn.address):
                yield Turn(turn, may, must, target)

    def boxes(self, match: Match) -> tuple[Box, Box | None]:
        """Packets that a match may be about (perhaps none: an empty axis), and those that it certainly is about."""
        entering = self._through(match.entering, negated=match.not_entering)
        leaving = self._through(match.leaving, negated=match.not_leaving)
        sources, targets, *rest = self.plain(match)
        may = (sources & entering[0], targets & leaving[0], *rest)
        must = (sources & entering[1], targets & leaving[1], *rest)
        return may, None if match.unread is not None or not all(must) else must

    def plain(self, match: Match) -> Box:
        """Packets of a match whatever its interfaces, and whatever of it was not read (perhaps none)."""
        if id(match) not in self._plain:
            self._plain[id(match)] = (match, self._plainly(match))  # held, so that nothing else gets its id
        return self._plain[id(match)][1]

    def _plainly(self, match: Match) -> Box:
        whole = self.addresses.whole if match.family in {None, self.family} else 0
        sources, targets = self._at(match.sources) & whole, self._at(match.targets) & whole
        return sources, targets, self.services.of(match), _kinds(match)

    def _at(self, addresses: Addresses | None) -> int:
        if addresses is None:
            return self.addresses.whole
        mask = self.addresses.mask(addresses.among)
        return self.addresses.whole & ~mask if addresses.negated else mask

    def _through(self, names: tuple[str, ...] | None, *, negated: bool) -> tuple[int, int]:
        """Addresses that may be, and those that are, beyond these interfaces."""
        if names is None:
            return self.addresses.whole, self.addresses.whole
        mask = 0
        for leg, beyond in self.legs.items():
            if any(fnmatchcase(leg, name) for name in names) is not negated:
                mask |= beyond
        return mask | self.unrouted, mask

    def legs_of(self, mask: int) -> tuple[str, ...]:
        """Interfaces beyond which some of these atoms are."""
        return tuple(leg for leg, beyond in self.legs.items() if beyond & mask)

    @property
    def outside(self) -> int:
        """Atoms that only the way out leads to: those that fall to a default route, less networks named."""
        ways = [leg for cidr, leg in self.base.routes or () if cidr == EVERYWHERE[self.family]]
        beyond = 0
        for leg in ways:
            beyond |= self.legs.get(leg, 0)
        return beyond & ~self.own


def _kinds(match: Match) -> int:
    kinds = KINDS if match.translated is None else TRANSLATED if match.translated else PLAIN
    if match.states is None:
        return kinds
    named = sum(3 << 2 * at for at, state in enumerate(STATES) if state in match.states)
    return kinds & (~named if match.not_states else named)


def _texts(base: RuleBase, matches: Iterable[Match]) -> Iterator[str]:
    for match in matches:
        for addresses in (match.sources, match.targets):
            yield from addresses.among if addresses else ()
    for turn in base.translations or ():
        if turn.address:
            yield turn.address
    for interface in base.interfaces or ():
        for address in interface.addresses:
            yield from (address, address.split("/")[0])
    for destination, _ in base.routes or ():
        yield destination


def _routed(base: RuleBase, axis: AddressAxis) -> tuple[dict[str, int], int, int]:
    """Atoms by the interface that leads to them (longest prefix first), the gateway's own, and those of no known way.

    Two interfaces that lead to one same network leave it without a known way.
    """
    ways: dict[tuple[int, int, int], set[str]] = {}
    own = 0
    for interface in base.interfaces or ():
        for address in interface.addresses:
            ways.setdefault(stretch(address), set()).add(interface.name)
            own |= axis.mask((address.split("/")[0],))
    for destination, name in base.routes or ():
        ways.setdefault(stretch(destination), set()).add(name)
    legs: dict[str, int] = {interface.name: 0 for interface in base.interfaces or ()}
    taken = unrouted = 0
    for family, low, high in sorted(ways, key=lambda way: way[2] - way[1]):
        if family == axis.family:
            here = axis.between(low, high) & ~taken
            names = ways[family, low, high]
            taken |= here
            if len(names) > 1:
                unrouted |= here
            else:
                legs[min(names)] = legs.get(min(names), 0) | here
    return legs, own, unrouted | (axis.whole & ~taken)
