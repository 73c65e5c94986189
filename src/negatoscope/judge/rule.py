"""A rule and its controls. The signature of a control's logic declares what it needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import EVERY_CLASS, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.verdict import Proof

Logic = Callable[..., Iterator[Finding | Doubt]]


@dataclass(frozen=True, slots=True)
class Control:
    """One testable obligation of a rule, measured by logic, attested by a person, or awaiting a collector."""

    id: str
    proof: Proof
    logic: Logic | None = None
    needs: tuple[tuple[str, type[Any]], ...] = ()
    """Parameter name and fact kind; the first is the population."""
    on: frozenset[HostClass] = EVERY_CLASS
    awaiting: tuple[str, ...] = ()
    lasts: timedelta | None = None
    """How long an attestation stands, at most."""
    fresh: timedelta | None = None
    """How old its proofs may be, where that differs from its rule's."""
    among: frozenset[HostClass] | None = None
    """Classes that the control is about, where it reads more for comparison; ``None``: all that it reads."""

    @property
    def kinds(self) -> tuple[type[Any], ...]:
        """The fact kinds it reads, population first."""
        return tuple(kind for _, kind in self.needs)


class Rule:
    """One of the forty. ``fresh``: how old a proof may be before it is a doubt."""

    def __init__(self, ident: str, *, fresh: timedelta = timedelta(days=7)) -> None:
        """Name the rule and say how long its proofs stay fresh."""
        self.id = ident
        self.fresh = fresh
        self.controls: dict[str, Control] = {}

    def measured(
        self,
        ident: str,
        *,
        on: frozenset[HostClass] = EVERY_CLASS,
        fresh: timedelta | None = None,
        among: frozenset[HostClass] | None = None,
    ) -> Callable[[Logic], Logic]:
        """Declare a measured control.

        ``on`` says which classes of host it concerns (unknown classes always count); ``fresh``, how old its proofs may
        be where that differs from the rule's; ``among``, the classes that it is about, where it reads the others only
        to compare.
        """

        def declare(logic: Logic) -> Logic:
            self._add(Control(ident, Proof.MEASURED, logic, _needs(logic), on, fresh=fresh, among=among))
            return logic

        return declare

    def attested(self, *idents: str, lasts: timedelta = timedelta(days=365)) -> None:
        """Declare controls that a named person states, with a document, for at most ``lasts``."""
        for ident in idents:
            self._add(Control(ident, Proof.ATTESTED, lasts=lasts))

    def awaiting(self, ident: str, *collectors: str) -> None:
        """Declare a measured control whose collectors are not built yet: unproven until they are."""
        self._add(Control(ident, Proof.MEASURED, awaiting=collectors))

    def _add(self, control: Control) -> None:
        if control.id in self.controls or not control.id.startswith(f"{self.id}."):
            message = f"{control.id} cannot be declared in {self.id}"
            raise ValueError(message)
        self.controls[control.id] = control


def _needs(logic: Logic) -> tuple[tuple[str, type[Any]], ...]:
    """Fact kinds by parameter, from annotations ``Seen[Kind]``; a ``datetime`` parameter named now is the instant."""
    hints = get_type_hints(logic)
    hints.pop("return", None)
    timed = hints.pop("now", datetime) is datetime
    if not timed or not hints or any(get_origin(hint) is not Seen for hint in hints.values()):
        message = f"{logic.__qualname__}: parameters are Seen[Kind], at least one, and now: datetime"
        raise TypeError(message)
    return tuple((name, get_args(hint)[0]) for name, hint in hints.items())
