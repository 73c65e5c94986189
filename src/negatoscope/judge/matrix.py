"""Who may talk with whom, seen three ways at once: what is allowed, what gateways let pass, what was tried and seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from negatoscope.judge.crossings import Crossing, Crossings, said
from negatoscope.judge.segmentation.services import PORTED, Services, protocol
from negatoscope.judge.zones import Policy, Zoning
from negatoscope.model.evidence import Ref, Values
from negatoscope.model.traffic import Conversation, Reach, Vantage
from negatoscope.model.zones import AllowedFlow, Zone

MOST_TOLD = 40
"""Differences of one kind told of one cell; the others are counted."""


class State(StrEnum):
    """How a cell stands, from the worst."""

    BEYOND = "beyond"
    """Something passes, answers or was seen that nobody allowed."""
    BLOCKED = "blocked"
    """Something allowed is refused."""
    UNKNOWN = "unknown"
    """No gateway between the two was read, and nothing was tried."""
    READ = "read"
    """What gateways let pass agrees; nothing was tried."""
    AGREES = "agrees"
    WITHIN = "within"
    """One same zone: no gateway stands within."""


@dataclass(frozen=True, slots=True)
class Tell:
    """One disagreement between what is allowed and what is true; a code and its values."""

    code: str
    values: Values
    subject: Ref | None = None


@dataclass(frozen=True)
class Traffic:
    """What was tried, what answered, who was seen talking."""

    looks: Iterable[Vantage] = ()
    reached: Iterable[Reach] = ()
    seen: Iterable[Conversation] = ()


@dataclass
class Cell:
    """From one zone to another."""

    source: Zone
    target: Zone
    flows: list[AllowedFlow] = field(default_factory=list)
    allowed: Services = field(default_factory=Services)
    crossings: tuple[Crossing, ...] = ()
    read: bool = False
    """Every network of both zones stands beside a gateway that was read."""
    looks: list[Vantage] = field(default_factory=list)
    reached: list[Reach] = field(default_factory=list)
    seen: list[Conversation] = field(default_factory=list)
    tells: list[Tell] = field(default_factory=list)

    @property
    def passes(self) -> Services:
        """What gateways let pass for certain."""
        told = Services()
        for one in self.crossings:
            told = told.plus(one.passage.services) if one.passage.certain else told
        return told

    @property
    def perhaps(self) -> Services:
        """What gateways let pass, or may."""
        told = Services()
        for one in self.crossings:
            told = told.plus(one.passage.services)
        return told

    @property
    def answers_beyond(self) -> list[Reach]:
        """What answered, and nobody allowed."""
        return [one for one in self.reached if not within(self.allowed, one.protocol, one.port)]

    @property
    def seen_beyond(self) -> list[Conversation]:
        """Exchanges seen that nobody allowed."""
        return [one for one in self.seen if not within(self.allowed, one.protocol, one.port)]

    @property
    def state(self) -> State:
        """The worst that is known."""
        if self.source.ref == self.target.ref:
            return State.WITHIN
        codes = {tell.code for tell in self.tells}
        if codes & {"passes_beyond", "reached_beyond", "seen_beyond", "seen_though_refused"}:
            return State.BEYOND
        if "refused" in codes:
            return State.BLOCKED
        if not self.read or "perhaps_beyond" in codes:
            return State.UNKNOWN
        return State.AGREES if self.looks else State.READ


@dataclass(frozen=True)
class Matrix:
    """All zones against all zones."""

    zoning: Zoning
    cells: Mapping[tuple[Ref, Ref], Cell]

    def cell(self, source: Ref, target: Ref) -> Cell | None:
        """One cell."""
        return self.cells.get((source, target))

    def row(self, source: Zone) -> list[Cell]:
        """What a zone may say to each, itself included."""
        return [self.cells[source.ref, target.ref] for target in self.zoning.everywhere]


def one_service(name: str, port: int) -> Services:
    """The service of one protocol and port."""
    known = protocol(name)
    return Services.of(f"{known}/{port}" if known in PORTED and port else known)


def within(services: Services, name: str, port: int) -> bool:
    """Whether a service is among these."""
    known = protocol(name)
    ranges = services.of_protocol(known)
    return any(low <= port <= high for low, high in ranges) if known in PORTED else bool(ranges)


def matrix(crossings: Crossings, flows: Iterable[AllowedFlow], traffic: Traffic, today: date) -> Matrix:
    """Lay the three views over one another."""
    zoning = crossings.zoning
    policy = Policy(zoning, flows, today)
    cells = {
        (source.ref, target.ref): _cell(crossings, policy, source, target)
        for source in zoning.everywhere
        for target in zoning.everywhere
    }
    _lay(cells, zoning, traffic)
    for cell in cells.values():
        if cell.source.ref != cell.target.ref:
            cell.tells += _differences(cell, policy)
    return Matrix(zoning, cells)


def _cell(crossings: Crossings, policy: Policy, source: Zone, target: Zone) -> Cell:
    flows, allowed = policy.flows[source.ref, target.ref], policy.allowed(source, target)
    if source.ref == target.ref:
        return Cell(source, target, flows, allowed)
    read = not crossings.bare(source) and not crossings.bare(target) and bool(crossings.gates)
    return Cell(source, target, flows, allowed, crossings.between(source, target), read)


def _lay(cells: Mapping[tuple[Ref, Ref], Cell], zoning: Zoning, traffic: Traffic) -> None:
    of, holding = cache(zoning.of), cache(zoning.holding)
    for look in traffic.looks:
        if cell := _at(cells, holding(look.origin), holding(look.target) or of(look.target)):
            cell.looks.append(look)
    for reach in traffic.reached:
        if cell := _at(cells, holding(reach.origin), of(reach.address)):
            cell.reached.append(reach)
    for talk in traffic.seen:
        if talk.answered and (cell := _at(cells, of(talk.source), of(talk.target))):
            cell.seen.append(talk)


def _at(cells: Mapping[tuple[Ref, Ref], Cell], source: Zone | None, target: Zone | None) -> Cell | None:
    if source is None or target is None or source.ref == target.ref:
        return None
    return cells[source.ref, target.ref]


def _differences(cell: Cell, policy: Policy) -> Iterator[Tell]:
    yield from _passing(cell)
    yield from _refused(cell, policy)
    yield from _answering(cell)
    yield from _talking(cell)
    if not cell.looks:
        yield Tell("never_tried", {})
    if not cell.read:
        yield Tell("gateway_unread", {})


def _passing(cell: Cell) -> Iterator[Tell]:
    for one in cell.crossings:
        left = one.passage.services.minus(cell.allowed)
        if left:
            code = "passes_beyond" if one.passage.certain else "perhaps_beyond"
            yield Tell(code, {"services": said(left), "line": one.line}, one.gateway)


def _refused(cell: Cell, policy: Policy) -> Iterator[Tell]:
    if cell.read:
        left = cell.allowed.minus(cell.perhaps)
        if left:
            yield Tell("refused", {"services": said(left)})
    for flow in cell.flows:
        if not policy.holds(flow):
            yield Tell("not_today", {"services": flow.service}, flow.ref)


def _answering(cell: Cell) -> Iterator[Tell]:
    told: defaultdict[tuple[str, int], list[Reach]] = defaultdict(list)
    for reach in cell.answers_beyond:
        told[reach.protocol, reach.port].append(reach)
    for (name, port), reached in sorted(told.items())[:MOST_TOLD]:
        values: Values = {"services": _word(name, port), "address": reached[0].address, "count": len(reached)}
        yield Tell("reached_beyond", values, reached[0].ref)


def _talking(cell: Cell) -> Iterator[Tell]:
    told: defaultdict[tuple[str, int], list[Conversation]] = defaultdict(list)
    for talk in cell.seen_beyond:
        told[talk.protocol, talk.port].append(talk)
    for (name, port), talks in sorted(told.items())[:MOST_TOLD]:
        one = talks[0]
        passing = within(cell.perhaps, name, port)
        code = "seen_beyond" if passing or not cell.read else "seen_though_refused"
        values: Values = {
            "services": _word(name, port),
            "source": one.source,
            "target": one.target,
            "count": len(talks),
        }
        yield Tell(code, values, one.ref)


def _word(name: str, port: int) -> str:
    return said(one_service(name, port))
