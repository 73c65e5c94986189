"""How far two sets of statements speak of one host: which marks agree, which contradict, and what follows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from negatoscope.model.aliases import Leaders
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.marks import HARD, LIFELONG, WEIGHTS, Marks, full, marks

CROWD = 3
"""So many hosts with one burned-in address: it is a router's or a switch's, and tells nobody from anybody."""
RENEWED = frozenset({"agent", "directory"})
"""Ids given anew to the same machine: its agent reinstalled, its membership of a directory renewed."""


class Fit(StrEnum):
    """What marks say of two sets of statements."""

    SAME = "same"
    DOUBT = "doubt"
    OTHER = "other"


class Confidence(StrEnum):
    """How surely marks make two statements one host."""

    CERTAIN = "certain"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Kinds of marks that agree and that contradict, the strongest first, and what follows."""

    fit: Fit
    agreed: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much agrees."""
        return sum(WEIGHTS[kind] for kind in self.agreed)

    @property
    def confidence(self) -> Confidence:
        """How surely: by a lifelong mark that nothing contradicts, by a card, or by what is lent and given."""
        if not {*self.agreed}.isdisjoint({*LIFELONG, "ref"}) and HARD.isdisjoint(self.differs):
            return Confidence.CERTAIN
        return Confidence.WEAK if HARD.isdisjoint(self.agreed) else Confidence.STRONG


def compare(known: Sequence[Host], other: Sequence[Host], lent_marks: AbstractSet[str] = frozenset()) -> Likeness:
    """Hold what is told of one host against what is told of another; ``lent_marks`` count for nothing."""
    mine, theirs = (_together(told, lent_marks) for told in (known, other))
    both = [kind for kind in WEIGHTS if kind in mine and kind in theirs]
    agreed = tuple(kind for kind in both if mine[kind] & theirs[kind])
    differs = tuple(kind for kind in both if not mine[kind] & theirs[kind] and kind not in {"ref", "lent_mac", "ae"})
    return Likeness(_fit(agreed, differs, (mine, theirs), (*known, *other)), agreed, differs)


def _together(told: Iterable[Host], lent_marks: AbstractSet[str]) -> Marks:
    found: Marks = {}
    for host in told:
        for kind, values in ({"ref": {host.ref}} | marks(host)).items():
            kept = {value for value in values if f"{kind}:{value}" not in lent_marks}
            if kept:
                found.setdefault(kind, set()).update(kept)
    return found


def _fit(agreed: tuple[str, ...], differs: tuple[str, ...], told: tuple[Marks, Marks], hosts: Sequence[Host]) -> Fit:
    firm, against = HARD.intersection(agreed), HARD.intersection(differs)
    if "ref" in agreed and against <= {"serial"}:  # a label misread by whoever types it makes no second host
        return Fit.SAME
    if firm and against:
        return _torn(firm, against, told)
    if against:
        return Fit.OTHER
    if firm or not {"ae", "ip", "lent_mac"}.isdisjoint(agreed):
        return Fit.SAME
    return _by_name(hosts) if "name" in agreed else Fit.OTHER


def _torn(firm: frozenset[str], against: frozenset[str], told: tuple[Marks, Marks]) -> Fit:
    """Firm marks on both sides: a reinstalled machine, a docking station, or a clone."""
    if {"serial", "mac"} <= firm or (against <= RENEWED and firm != {"mac"}):
        return Fit.SAME
    borrowed = firm == {"mac"} and told[0]["mac"] != told[1]["mac"]
    return Fit.OTHER if borrowed else Fit.DOUBT


def _by_name(hosts: Sequence[Host]) -> Fit:
    """A full name is one host's; so is a short one in a directory, which gives it out once."""
    names = {name for host in hosts if (name := full(host))}
    whole = len(names) == 1 and all(full(host) for host in hosts if host.hostname)
    if whole or (len(names) <= 1 and any(host.directory_id for host in hosts)):
        return Fit.SAME
    return Fit.DOUBT if len(names) <= 1 else Fit.OTHER


def lent(bearers: Mapping[str, AbstractSet[Ref]], told: Mapping[Ref, Sequence[Host]], leaders: Leaders) -> set[str]:
    """Cards that are no mark: a docking station's or an adapter's, borne by several machines, or a router's."""
    found = set()
    for mark, names in bearers.items():
        if not mark.startswith("mac:"):
            continue
        borne = {leaders.get(name, name) for name in names}
        ids = {host.machine_id for name in names for host in told[name] if host.machine_id}
        if len(borne) >= CROWD or (len(borne) > 1 and len(ids) > 1):
            found.add(mark)
    return found
