"""The closed list of flaws that a description may plant: each by real configuration, each with the truth it makes."""

import re
import types
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Protocol

import msgspec

from negatoscope.judge.catalogue import RULES
from negatoscope.model.verdict import Proof
from tests.lab import (
    flaws_afar,
    flaws_directory,
    flaws_factory,
    flaws_flows,
    flaws_linux,
    flaws_map,
    flaws_radio,
    flaws_router,
    flaws_services,
    flaws_walls,
)
from tests.lab.description import Description, Wrong
from tests.lab.plan import Plan, Truth, sound


class Flaw(Protocol):
    """One flaw of a description."""

    CONTROLS: ClassVar[tuple[str, ...]]
    """Those that judge it."""

    def plant(self, plan: Plan) -> None:
        """Change what will be built. Raises Wrong."""

    def truth(self, plan: Plan) -> frozenset[Truth]:
        """The findings that must come of it; none but those of the flaws may come at all."""


MODULES = (
    flaws_services, flaws_linux, flaws_directory, flaws_router, flaws_walls, flaws_radio, flaws_afar, flaws_factory,
    flaws_flows, flaws_map,
)  # fmt: skip
KINDS: dict[str, type[Any]] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", one.__name__).lower(): one for module in MODULES for one in module.KINDS
}
"""By the name that a description writes."""
MEASURED = frozenset(
    one.id for rule in RULES for one in rule.controls.values() if one.proof is Proof.MEASURED and not one.awaiting
)
READY = frozenset(kind for kind, one in KINDS.items() if MEASURED.issuperset(one.CONTROLS))
"""Kinds whose controls are all built; flaws of the others count as missed until they are."""
ENCRYPTED = frozenset({"ssh", "sold-ssh", "sold-https", "switch"})
"""Programs that hide what they carry, in other ways than the settings of a lab's TLS."""
SCOPE = tuple(sorted({control for one in KINDS.values() for control in one.CONTROLS}))
"""Controls whose findings must all be explained by a flaw."""


class Planted(NamedTuple):
    """A flaw of the description, and what must be found."""

    kind: str
    truth: frozenset[Truth]
    may: frozenset[Truth] = frozenset()
    """What may be found too."""


def planted(lab: Description) -> tuple[Plan, tuple[Planted, ...]]:
    """What will be built, and what is wrong with it. Raises Wrong."""
    plan, told = sound(lab), list(_understood(lab))
    for place, _kind, flaw in told:
        try:
            flaw.plant(plan)
        except Wrong as error:
            raise Wrong(f"{lab.where(place)}: {error}") from error
    flaws_router.check(plan)
    flaws_flows.check(plan)
    return plan, tuple(Planted(kind, flaw.truth(plan), _may(flaw, plan)) for _place, kind, flaw in told)


def _may(flaw: Flaw, plan: Plan) -> frozenset[Truth]:
    told: frozenset[Truth] = flaw.may(plan) if hasattr(flaw, "may") else frozenset()
    return told | _looked_at(plan)


def _looked_at(plan: Plan) -> frozenset[Truth]:
    """What the console asks in clear, who watches the traffic sees."""
    source = frozenset({("source", plan.lab.administration.console)})
    clear = (one for one in plan.servers if not one.tls and one.program not in ENCRYPTED)
    refs = (ref for one in clear for ref in (one.ref, one.ref.replace("/tcp/", "/udp/")))
    return frozenset(Truth("R23.3", ref, "exchanged", source) for ref in refs)


def _understood(lab: Description) -> Iterator[tuple[int, str, Flaw]]:
    for place, said in enumerate(lab.flaws):
        kind = said.get("kind")
        if kind not in KINDS:
            raise Wrong(f"{lab.where(place)}: unknown kind {kind!r}; known: {', '.join(sorted(KINDS))}")
        if said in lab.flaws[:place]:
            raise Wrong(f"{lab.where(place)}: '{kind}' is described twice")
        rest = types.MappingProxyType({name: value for name, value in said.items() if name != "kind"})
        try:
            yield place, kind, msgspec.convert(dict(rest), KINDS[kind])
        except msgspec.ValidationError as error:
            raise Wrong(f"{lab.where(place)} ({kind}): {error}") from error
