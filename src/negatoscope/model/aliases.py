"""Two hosts of the register that a person says are one, and what is then told under which name.

Each host that looks tell apart keeps a name of its own for ever. A decision makes one of two names answer for both; it
changes no own name, so that withdrawing it gives back exactly what was told of each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

from negatoscope.model.evidence import Ref, Scope

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SameHost:
    """A person says that ``other`` is ``host``: all that is told of the one is told of the other."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    """The name that answers for both."""
    other: Ref
    said_by: str | None = None

    @property
    def ref(self) -> Ref:
        """``same-host/<other>``: a host is told under one other name at most."""
        return f"same-host/{self.other.removeprefix('host/')}"


@dataclass(frozen=True, slots=True)
class NotSameHost:
    """A person says that these are two, whatever marks they share: nobody is asked again."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    """The first of the two names in alphabetical order."""
    other: Ref
    said_by: str | None = None

    @property
    def ref(self) -> Ref:
        """``two-hosts/<host>/<other>``."""
        return f"two-hosts/{self.host.removeprefix('host/')}/{self.other.removeprefix('host/')}"


Leaders = Mapping[Ref, Ref]
"""The name that answers, by the own name of each host told under another."""


def leaders(decisions: Iterable[SameHost]) -> dict[Ref, Ref]:
    """Follow decisions to the name that answers; of names that lead to each other, the first in the alphabet does."""
    told = {one.other: one.host for one in decisions if one.other != one.host}
    found = {}
    for name in told:
        trail = [name]
        while (following := told.get(trail[-1])) is not None and following not in trail:
            trail.append(following)
        circle = trail[trail.index(following) :] if following is not None else trail[-1:]
        if min(circle) != name:
            found[name] = min(circle)
    return found


def told_of(fact: T, known: Leaders) -> T:
    """Tell a fact, a sweep or a gap of the name that answers; decisions themselves keep own names."""
    if not known or isinstance(fact, SameHost | NotSameHost):
        return fact
    changed: dict[str, Any] = {}
    for field in fields(fact):  # type: ignore[arg-type]  # facts are dataclasses
        value = getattr(fact, field.name)
        answering = _answering(value, known)
        if answering != value:
            changed[field.name] = answering
    return replace(fact, **changed) if changed else fact  # type: ignore[type-var]  # facts are dataclasses


def _answering(value: Any, known: Leaders) -> Any:  # noqa: ANN401 -- whatever a field holds
    if isinstance(value, str):
        return subject_of(value, known)
    if isinstance(value, tuple):
        return tuple(subject_of(one, known) if isinstance(one, str) else one for one in value)
    return value


def subject_of(ref: Ref, known: Leaders) -> Ref:
    """Give a subject's name once its host answers to another: ``account/pc-1/root`` becomes ``account/pc-2/root``."""
    kind, _, rest = ref.partition("/")
    name, slash, more = rest.partition("/")
    leader = known.get(f"host/{name}") if kind in _KINDS_OF_REF else None
    return f"{kind}/{leader.removeprefix('host/')}{slash}{more}" if leader else ref


_KINDS_OF_REF = frozenset({"host", "account", "service", "volume", "privilege", "interface", "software"})
"""What names of subjects begin with when their host's name follows."""
