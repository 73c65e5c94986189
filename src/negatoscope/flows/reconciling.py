"""What people decide where hosts and declarations part: join, tell apart, confirm, retire. Each is an observation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.aliases import NotSameHost, SameHost
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Consent
from negatoscope.register.differences import GHOST_AFTER, Passage, accepted, unseen
from negatoscope.register.merge import combine
from negatoscope.store.queries import differences, register
from negatoscope.store.queries.differences import Listed


class NoSuchHost(Exception):  # noqa: N818 -- what it is
    """The register holds no host of this name; the message is the name."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much the register holds of a host: what retiring it removes."""

    facts: int
    software: int


def held(console: Console, host: Ref) -> Held:
    """Count what goes with a host. Raises NoSuchHost."""
    told = _told(console, host)
    facts = len(told) + len(register.on_host(console.practice, host))
    return Held(facts, register.software_count(console.practice, host))


def retire(console: Console, operator: str, host: Ref) -> Held:
    """Take a host off the map with all that it holds; captures stay in the vault, and a look brings it back.

    Raises NoSuchHost.
    """
    gone = held(console, host)
    declare(console, Said(operator), (), (Retraction(Host.__name__, host),))
    return gone


def join(console: Console, operator: str, host: Ref, other: Ref) -> None:
    """Tell all of ``other`` under the name ``host``, now and in later looks. Raises NoSuchHost."""
    for name in (host, other):
        _told(console, name)
    said = SameHost(host, other, operator)
    declare(console, Said(operator), (said,), _withdrawn(console, two(host, other, operator).ref, NotSameHost))


def tell_apart(console: Console, operator: str, host: Ref, other: Ref) -> None:
    """Keep two hosts two, whatever marks they share, and ask no more; a decision to join them is withdrawn."""
    decided = [
        Retraction(SameHost.__name__, one.ref)
        for one in (SameHost(host, other), SameHost(other, host))
        if register.about(console.practice, one.ref)
    ]
    declare(console, Said(operator), (two(host, other, operator),), decided)


def two(host: Ref, other: Ref, operator: str) -> NotSameHost:
    """Say that two hosts are two, their names in alphabetical order."""
    first, second = sorted((host, other))
    return NotSameHost(first, second, operator)


def part_again(console: Console, operator: str, other: Ref) -> None:
    """Withdraw the decision that ``other`` is another host: each is told under its own name again."""
    declare(console, Said(operator), (), _withdrawn(console, SameHost("", other).ref, SameHost))


def confirm(console: Console, operator: str, host: Ref, host_class: HostClass | None = None) -> None:
    """Declare a host as it is seen: it belongs here. What people said otherwise than instruments is taken back.

    Raises NoSuchHost.
    """
    told = _told(console, host)
    measured = [one.fact for one in told if not one.declared]
    declared: Host = next((one.fact for one in told if one.declared), Host(host))
    kept = accepted(declared, combine(measured)) if measured else declared
    declare(console, Said(operator), (replace(kept, ref=host, host_class=host_class or kept.host_class),))


@dataclass(frozen=True, slots=True)
class Ghost:
    """A declared host, and the last look that should have seen it."""

    host: Listed
    sought: datetime


def ghosts(console: Console) -> tuple[list[Ghost], list[Listed]]:
    """Declared hosts that looks sought in vain; and those that no look could have seen.

    A modality without a consent is never asked whether it is there: not seen proves nothing of it.
    """
    now = console.clock()
    allowed = {one.fact.host for one in register.of_kind(console.practice, Consent.__name__) if one.fact.until > now}
    passages = [Passage(*one) for one in differences.passages(console.practice)]
    found, dark = [], []
    for one in differences.long_unseen(console.practice, now - GHOST_AFTER):
        last = one.seen or one.since
        spared = one.fact.host_class is HostClass.MODALITY and one.fact.ref not in allowed
        sought = None if spared else unseen(one.fact, last, passages, now)
        if sought is not None:
            found.append(Ghost(one, sought))
        elif now - last > GHOST_AFTER:
            dark.append(one)
    return found, dark


def _told(console: Console, host: Ref) -> Sequence[register.Told]:
    told = [one for one in register.about(console.practice, host) if one.kind == Host.__name__]
    if not told:
        raise NoSuchHost(host)
    return told


def _withdrawn(console: Console, ref: Ref, kind: type) -> list[Retraction]:
    return [Retraction(kind.__name__, ref)] if register.about(console.practice, ref) else []
