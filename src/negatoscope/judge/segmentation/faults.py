"""What is wrong with a rule base in itself: lines too wide, hidden by others, without a trace, of no use, out of date.

Only what passes through is looked at: chains of the forward hook, and those that they jump to. Lines are compared
within their chain; one is hidden where lines above it, all read, decide on every packet that it could match.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from negatoscope.judge.segmentation.boxes import Box, Index, meet, remain
from negatoscope.judge.segmentation.legs import Legs
from negatoscope.judge.segmentation.space import NEW, Space
from negatoscope.model.gateways import Chain, Does, FilterRule, Hook, RuleBase

DECIDES = frozenset({Does.ACCEPT, Does.DROP, Does.REJECT})
REFUSES = frozenset({Does.DROP, Does.REJECT})
ENDS = DECIDES | {Does.RETURN, Does.GOTO}
DEPTH = 16
NAMED = 3
"""Lines that hide another are named, so many at most."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, or one that cannot be told. ``label`` ``None``: of the chain, or of the whole rule base.

    ``default_open`` (family), ``any_any``, ``any_any_unread``, ``shadowed`` (by), ``unlogged``, ``log_unknown``,
    ``policy_unlogged``, ``unused``, ``uncounted`` (count), ``never_counted``, ``expired`` (on), ``legs_unknown``,
    ``family_unread`` (family).
    """

    code: str
    chain: str = ""
    label: str | None = None
    values: dict[str, str] = field(default_factory=dict)


def openings(base: RuleBase) -> Iterator[Fault]:
    """Where more is let through than anybody wrote down: no refusal by default, lines that let all through."""
    if base.interfaces is None or base.routes is None:
        yield Fault("legs_unknown")
    for family in (4, 6):
        if _spoken(base, family) is False:
            continue
        if family not in base.families:
            yield Fault("family_unread", values={"family": str(family)})
            continue
        space = Space(base, family)
        if not any(_refuses(space, chain, DEPTH) for chain in _forward(space)):
            yield Fault("default_open", values={"family": str(family)})
        yield from _wide(space)


def untidy(base: RuleBase, now: datetime) -> Iterator[Fault]:
    """Lines that leave no trace, or that no longer serve."""
    spaces = [Space(base, family) for family in base.families]
    names = {name for space in spaces for name in reached(space)}
    for chain in (one for one in base.chains or () if one.name in names):
        mine = [space for space in spaces if chain.name in space.chains]
        yield from _hidden(mine, chain)
        yield from _traceless(mine, chain)
        yield from _expired(chain, now)
    yield from _unused([chain for chain in base.chains or () if chain.name in names])


def _spoken(base: RuleBase, family: int) -> bool | None:
    """Whether the gateway speaks this family; ``None``: its interfaces are not known."""
    if family == 4 or base.interfaces is None:  # noqa: PLR2004
        return True if family == 4 else None  # noqa: PLR2004
    addresses = [address.lower() for leg in base.interfaces for address in leg.addresses if ":" in address]
    return any(not address.startswith(("fe80", "::1/")) for address in addresses)


def _forward(space: Space) -> list[Chain]:
    return [chain for chain in space.chains.values() if chain.hook is Hook.FORWARD]


def _refuses(space: Space, chain: Chain, depth: int) -> bool:
    """What no line decides on is refused in the end."""
    if chain.policy in REFUSES:
        return True
    for line in space.lines[chain.name]:
        if line.must == space.whole:
            if line.rule.does in REFUSES:
                return True
            inner = space.chains.get(line.rule.chain or "")
            if inner is not None and depth and _refuses(space, inner, depth - 1):
                return True
    return False


def reached(space: Space) -> dict[str, list[Box]]:
    """Packets that may come to each chain of what passes through, by the jumps that lead there."""
    told: dict[str, list[Box]] = {}
    todo = [(chain.name, space.whole, DEPTH) for chain in _forward(space)]
    while todo:
        name, box, depth = todo.pop()
        if box in told.setdefault(name, []):
            continue
        told[name].append(box)
        for line in space.lines[name]:
            inner = meet(box, line.may)
            if line.rule.chain in space.chains and inner is not None and depth:
                todo.append((str(line.rule.chain), inner, depth - 1))
    return told


def _wide(space: Space) -> Iterator[Fault]:
    """Lines that let every service through, from all beyond one leg to all beyond another inside."""
    for name, boxes in reached(space).items():
        told: dict[str, str] = {}
        for line in space.lines[name]:
            if line.rule.does is Does.ACCEPT and line.rule.label not in told:
                if line.must is not None and any(_everything(space, meet(line.must, box)) for box in boxes):
                    told[line.rule.label] = "any_any"
                elif any(_everything(space, meet(line.may, box)) for box in boxes):
                    told[line.rule.label] = "any_any_unread"
        yield from (Fault(code, name, label) for label, code in told.items())


def _everything(space: Space, box: Box | None) -> bool:
    if box is None or box[2] != space.services.whole or not box[3] & NEW:
        return False
    legs = {name: mask & ~space.own for name, mask in space.legs.items() if mask & ~space.own}
    inside = {name: mask for name, mask in legs.items() if not mask & space.outside}
    if not inside:
        return box[0] == box[1] == space.addresses.whole
    return any(
        mask & ~box[0] == 0 and other & ~box[1] == 0
        for name, mask in legs.items()
        for to, other in inside.items()
        if name != to
    )


def _hidden(spaces: Iterable[Space], chain: Chain) -> Iterator[Fault]:
    """Lines of which every packet is decided on above."""
    told: dict[str, list[str] | None] = {}
    for space in spaces:
        legs = Legs(space, chain)
        above: list[tuple[str, Box]] = []
        index = Index(space.addresses.atoms)
        for rule in (one for one in chain.rules if one.enabled and one.does is not Does.NOTHING):
            victim = legs.box(rule, certain=False)
            by = None if victim is None else _hiding(victim, (above[at] for at in index.meeting(*victim[:2])))
            if victim is not None:
                known = told.get(rule.label, [])
                told[rule.label] = None if by is None or known is None else [*known, *by]
            certain = legs.box(rule, certain=True) if rule.does in ENDS else None
            if certain is not None:
                above.append((rule.label, certain))
                index.add(certain)
    for label, by in told.items():
        if by is not None:
            yield Fault("shadowed", chain.name, label, {"by": ", ".join([*dict.fromkeys(by)][:NAMED])})


def _hiding(victim: Box, above: Iterable[tuple[str, Box]]) -> list[str] | None:
    """Lines that together take all of a line's packets; ``None``: some are left to it."""
    left, by = [victim], []
    for label, box in above:
        if box[0] & victim[0] and box[1] & victim[1] and box[2] & victim[2]:
            after = remain(left, [box])
            if after != left:
                by.append(label)
            if not after:
                return by
            left = after
    return None


def _traceless(spaces: list[Space], chain: Chain) -> Iterator[Fault]:
    """Lines that decide on new connections without a trace: neither their own, nor of a line above that only logs."""
    told: dict[str, str] = {}
    for space in spaces:
        logs: list[Box] = []
        for rule in (one for one in chain.rules if one.enabled):
            may, _ = space.boxes(rule.match)
            if rule.does is Does.NOTHING and rule.logged and _always(rule):
                logs.append(may)
            elif rule.does in DECIDES and may[3] & NEW and not rule.logged and all(may) and remain([may], logs):
                told.setdefault(rule.label, "log_unknown" if rule.logged is None else "unlogged")
        policy = chain.hook is not None and chain.policy in REFUSES
        if policy and not _decided(space, chain) and remain([(*space.whole[:3], NEW)], logs):
            told.setdefault("", "policy_unlogged")
    yield from (Fault(code, chain.name, label or None) for label, code in told.items())


def _always(rule: FilterRule) -> bool:
    """It writes down all that it matches, but for a limit on how often."""
    return rule.match.unread is None or "limit" in rule.match.unread


def _decided(space: Space, chain: Chain) -> bool:
    """Some line decides on everything, so that the policy never comes to play."""
    return any(line.rule.does in DECIDES and line.must == space.whole for line in space.lines[chain.name])


def _expired(chain: Chain, now: datetime) -> Iterator[Fault]:
    past = {rule.label: rule.until for rule in chain.rules if rule.enabled and rule.until and rule.until <= now}
    for label, until in past.items():
        yield Fault("expired", chain.name, label, {"on": f"{until:%Y-%m-%d}"})


def _unused(chains: Iterable[Chain]) -> Iterator[Fault]:
    """Lines that let nothing through since counting began; where nothing at all was counted, nothing is known."""
    counted: dict[tuple[str, str], int | None] = {}
    everything = 0
    for chain in chains:
        for rule in (one for one in chain.rules if one.enabled):
            everything += rule.packets or 0
            key = (chain.name, rule.label)
            if rule.does is Does.ACCEPT and _begins(rule):
                known = counted.get(key, 0)
                counted[key] = None if rule.packets is None or known is None else known + rule.packets
    silent = [key for key, packets in counted.items() if packets is None]
    if silent:
        yield Fault("uncounted", values={"count": str(len(silent))})
    if not everything and len(silent) < len(counted):
        yield Fault("never_counted")
    elif everything:
        yield from (Fault("unused", *key) for key, packets in counted.items() if packets == 0)


def _begins(rule: FilterRule) -> bool:
    """It is about new connections too."""
    states = rule.match.states
    return states is None or ("new" in states) is not rule.match.not_states


def faults(base: RuleBase, now: datetime) -> tuple[Fault, ...]:
    """All of them, those that let too much through first."""
    return (*openings(base), *untidy(base, now))
