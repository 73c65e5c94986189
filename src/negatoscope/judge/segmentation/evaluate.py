"""What passes through a gateway: new connections from some networks to others, and the lines that let them.

Exact: addresses, protocols, ports of both sides, order of lines, jumps, returns, several chains of one hook by their
priority, default policies, connection tracking for the first packet of a connection, port forwarding before filtering,
IPv4 and IPv6, packets for the gateway itself (asked apart: ``onto``). Interfaces are resolved through the gateway's own
addresses and routes: a packet is taken to come in where the way back to its sender leads out (as reverse path filtering
asks), and to go out where the longest route leads.

Never decided silently: a condition or an action that the reader did not know, an interface whose networks are not
known, a port forwarding to several addresses. What hangs on one of these is passed as *not certain*.

Not modelled: answers and further packets of a connection already accepted, packets that forge their sender, broadcast,
multicast, what the gateway itself sends, time of day, traffic limits (these are conditions not read), proxies, bridges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from negatoscope.judge.segmentation.addresses import EVERYWHERE, stretch
from negatoscope.judge.segmentation.boxes import Box, less, meet, remain
from negatoscope.judge.segmentation.services import Services, protocol
from negatoscope.judge.segmentation.space import INVALID, NEW, NEW_TRANSLATED, Space, Turn
from negatoscope.judge.segmentation.walk import Piece, Ran, Walk
from negatoscope.model.gateways import Hook, RuleBase

BEFORE_TRACKING = -200
"""Chains of arrival with a lower priority know no connection yet: every packet is ``invalid`` to them."""
BEFORE_TRANSLATION = -100
"""Chains of arrival with a lower priority see packets before port forwarding."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a connection asks for before port forwarding changes it."""

    targets: tuple[str, ...]
    services: Services
    line: str
    """The translation that changes it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Connections that pass: from each of the sources to each of the targets, for each of the services."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    services: Services
    lines: tuple[Ran, ...]
    """The lines that let them, one a chain met; with ``label`` ``None``: the chain's policy."""
    certain: bool
    to_gateway: bool = False
    """They end at the gateway itself."""
    entry: Entry | None = None
    """How they are asked for from outside, where port forwarding changes their target."""


@dataclass(frozen=True, slots=True)
class Passages:
    """All that passes. ``unfiltered``: families that the reading does not cover, of which all is uncertain."""

    told: tuple[Passage, ...] = ()
    unfiltered: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[Passage]:
        """Each passage."""
        return iter(self.told)

    @property
    def certain(self) -> tuple[Passage, ...]:
        """Passages that nothing unread hangs on."""
        return tuple(one for one in self.told if one.certain)

    @property
    def uncertain(self) -> tuple[Passage, ...]:
        """Passages that may or may not be there."""
        return tuple(one for one in self.told if not one.certain)

    @property
    def services(self) -> Services:
        """All services that pass for certain, for at least one pair of addresses."""
        return _together(self.certain)

    @property
    def perhaps(self) -> Services:
        """All services that pass or may pass, for at least one pair of addresses."""
        return _together(self.told)

    def beyond(self, allowed: Services) -> "Passages":
        """What passes without being among the allowed services."""
        left = (replace(one, services=one.services.minus(allowed)) for one in self.told)
        return Passages(tuple(one for one in left if one.services), self.unfiltered)


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of a connection."""

    source: str
    target: str
    protocol: str
    source_port: int = 0
    target_port: int = 0


def _together(passages: Iterable[Passage]) -> Services:
    services = Services()
    for one in passages:
        services = services.plus(one.services)
    return services


class Gate:
    """A rule base made ready for many questions."""

    def __init__(self, base: RuleBase, networks: Iterable[str] = ()) -> None:
        """Make ready for questions about these networks; questions about others cost a new cut."""
        self.base = base
        self._networks = tuple(dict.fromkeys(networks))
        self._spaces: dict[int, Space] = {}

    def space(self, family: int, networks: Iterable[str] = ()) -> Space:
        """The axes of one family, cut at the borders of these networks too."""
        networks = tuple(networks)
        known = self._spaces.get(family)
        if known is None or not known.addresses.cut_by(networks):
            self._networks = tuple(dict.fromkeys((*self._networks, *networks)))
            known = self._spaces[family] = Space(self.base, family, self._networks)
        return known

    def passages(self, origin: Iterable[str], target: Iterable[str]) -> Passages:
        """Say which new connections pass through, from some networks to others. Raises ValueError for no network.

        Those that end at the gateway's own addresses there are left out: ask ``onto``.
        """
        origin, target = tuple(origin), tuple(target)
        told: list[Passage] = []
        unfiltered = []
        for family in (4, 6):
            mine = [[text for text in texts if stretch(text)[0] == family] for texts in (origin, target)]
            if not all(mine):
                continue
            if family not in self.base.families or self.base.chains is None:
                unfiltered.append(family)
                told.append(Passage(tuple(mine[0]), tuple(mine[1]), Services(rest=True), (), certain=False))
            else:
                space = self.space(family, (*mine[0], *mine[1]))
                addresses = space.addresses
                told += Course(space).crossing(addresses.mask(mine[0]), addresses.mask(mine[1]) & ~space.own)
        return Passages(tuple(told), tuple(unfiltered))

    def onto(self, origin: Iterable[str]) -> Passages:
        """Say which new connections from some networks reach the gateway itself, on any of its addresses."""
        origin = tuple(origin)
        told: list[Passage] = []
        for family in self.base.families if self.base.chains is not None else ():
            space = self.space(family, origin)
            told += Course(space).crossing(space.addresses.mask(origin), space.own)
        return Passages(tuple(told))

    def answer(self, packet: Packet) -> bool | None:
        """Tell whether one new connection passes, or reaches the gateway itself; ``None``: it is not certain."""
        family, *_ = stretch(packet.source)
        if family not in self.base.families or self.base.chains is None:
            return None
        space = self.space(family)
        service = space.services.atom(protocol(packet.protocol), packet.source_port, packet.target_port)
        start = (space.addresses.atom(packet.source), space.addresses.atom(packet.target), service, NEW)
        told = {piece.sure for piece in Course(space).pieces(start, space.addresses.whole)}
        return True if True in told else None if told else False

    def legs(self, networks: Iterable[str]) -> tuple[str, ...]:
        """Interfaces beyond which these networks are; two networks beyond one leg reach each other without the gate."""
        told: dict[str, None] = {}
        for text in networks:
            space = self.space(stretch(text)[0], (text,))
            told |= dict.fromkeys(space.legs_of(space.addresses.mask((text,)) & ~space.unrouted))
        return tuple(told)

    def exposed(self, outside: Iterable[str] | None = None) -> Passages:
        """Say what the outside reaches: through port forwarding, straight, and on the gateway itself.

        ``outside``: its networks; by default all that falls to a default route.
        """
        told: list[Passage] = []
        unfiltered = []
        for family in (4, 6):
            everywhere = (EVERYWHERE[family],)
            given = tuple(text for text in outside or () if stretch(text)[0] == family)
            space = self.space(family, (*everywhere, *given))
            beyond = space.addresses.mask(given) if outside is not None else space.outside
            if family not in self.base.families or self.base.chains is None or self.base.routes is None:
                unfiltered.append(family)
            elif beyond:
                inside = space.addresses.whole & ~beyond & ~(space.outside | space.unrouted) | space.own
                told += Course(space).crossing(beyond, inside)
        return Passages(tuple(told), tuple(unfiltered))


def passages(base: RuleBase, origin: Iterable[str], target: Iterable[str]) -> Passages:
    """Say which new connections pass through the gateway from ``origin`` to ``target`` (both CIDR)."""
    return Gate(base).passages(origin, target)


def exposed(base: RuleBase, outside: Iterable[str] | None = None) -> Passages:
    """Say what the outside reaches through the gateway, and on it."""
    return Gate(base).exposed(outside)


class Course:
    """The way of new connections through one family's chains."""

    def __init__(self, space: Space) -> None:
        """Go through these chains."""
        self.space = space
        self.walk = Walk(space)

    def crossing(self, origin: int, target: int) -> list[Passage]:
        """Passages between atoms of addresses, those by port forwarding among them."""
        space = self.space
        anywhere = space.addresses.whole if space.turns else target
        start = (origin & ~space.own, anywhere, space.services.whole, NEW)
        return [self._passage(piece) for piece in self.pieces(start, target)]

    def pieces(self, start: Box, target: int) -> list[Piece]:
        """What passes of a box and ends at these targets, in the order of the lines that let it."""
        own, space = self.space.own, self.space
        walk = self.walk = Walk(space, start[0], -1 if space.turns else start[1])
        live = [Piece(start)] if all(start) else []
        live = walk.through(Hook.ARRIVAL, _of_kind(live, INVALID), below=BEFORE_TRACKING)
        live = walk.through(Hook.ARRIVAL, _of_kind(live, NEW), least=BEFORE_TRACKING, below=BEFORE_TRANSLATION)
        live = [piece for turned in self._turned(live) for piece in _within(turned, target)]
        live = walk.through(Hook.ARRIVAL, live, least=BEFORE_TRANSLATION)
        inwards = [part for piece in live for part in _within(piece, own)]
        onwards = [part for piece in live for part in _within(piece, space.addresses.whole & ~own)]
        inwards = [replace(piece, inwards=True) for piece in walk.through(Hook.INPUT, inwards)]
        onwards = walk.through(Hook.DEPARTURE, walk.through(Hook.FORWARD, onwards))
        return [piece for passed in (*inwards, *onwards) for piece in self._weighed(passed)]

    def _turned(self, live: list[Piece]) -> list[Piece]:
        """Rewrite targets: the first translation that matches counts."""
        done: list[Piece] = []
        for turn in self.space.turns:
            after: list[Piece] = []
            for piece in live:
                box = meet(piece.box, turn.may)
                if box is None:
                    after.append(piece)
                    continue
                after += [piece.cut(part) for part in less(piece.box, box)]
                perhaps = remain([box], [] if turn.must is None else [turn.must])
                for part in remain([box], perhaps):
                    done += self._rewritten(piece.cut(part), turn)
                for part in perhaps:
                    doubted = replace(piece, box=part, sure=False)
                    done += self._rewritten(doubted, turn)
                    after.append(doubted)
            live = after
        return done + live

    def _rewritten(self, piece: Piece, turn: Turn) -> list[Piece]:
        """Change the target; what was asked for there already does not count as changed."""
        if turn.line.exempt:
            return [piece]
        sources, targets, services, _ = piece.box
        to = turn.target or self.space.own
        port = turn.line.port
        kept = port is None or turn.line.match.target_ports == (port,)
        sent = services if kept else self._sent(services, turn)
        lone = bool(turn.target) and _lone(turn.line.address)
        certain = bool(to) and (lone or not turn.target) and (kept or len(set(port or ())) == 1)
        same = meet(piece.box, (sources, to, sent, NEW)) if lone else None
        changed = [piece.box] if same is None else less(piece.box, same)
        told = [replace(piece, box=same)] if same else []
        for box in changed:
            after = box[2] if kept else self._sent(box[2], turn)
            new = (sources, to or targets, after, NEW_TRANSLATED)
            told.append(replace(piece, box=new, sure=piece.sure and certain, before=box, turn=turn))
        return told

    def _sent(self, services: int, turn: Turn) -> int:
        return self.space.services.sent_to(services, turn.line.port) if turn.line.port else services

    def _weighed(self, piece: Piece) -> list[Piece]:
        """Split what is certain from what some other way through the unread lines refuses."""
        if piece.sure:
            return [piece]
        refused = [one.origin for one in self.walk.refused]
        if piece.before is not None:
            return [replace(piece, sure=not any(meet(piece.before, box) for box in refused))]
        certain = remain([piece.box], refused)
        doubted = remain([piece.box], certain)
        return [
            *(replace(piece, box=box, sure=True) for box in certain),
            *(replace(piece, box=box, sure=False) for box in doubted),
        ]

    def _passage(self, piece: Piece) -> Passage:
        sources, targets, services, _ = piece.box
        axis, words = self.space.addresses, self.space.services
        entry = None
        if piece.before is not None and piece.turn is not None:
            entry = Entry(axis.texts(piece.before[1]), words.services(piece.before[2]), piece.turn.line.label)
        told = words.services(services)
        return Passage(axis.texts(sources), axis.texts(targets), told, piece.lines, piece.sure, piece.inwards, entry)


def _within(piece: Piece, targets: int) -> list[Piece]:
    sources, mine, services, kinds = piece.box
    both = mine & targets
    return [piece.cut((sources, both, services, kinds))] if both else []


def _of_kind(pieces: list[Piece], kind: int) -> list[Piece]:
    return [piece.cut((*piece.box[:-1], kind)) for piece in pieces]


def _lone(address: str | None) -> bool:
    return address is not None and stretch(address)[1] == stretch(address)[2]


__all__ = ["Entry", "Gate", "Packet", "Passage", "Passages", "exposed", "passages"]
