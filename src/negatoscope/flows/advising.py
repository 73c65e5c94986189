"""What to do first, from what the store knows: ``prove.plan`` orders it, pages and the report put it into words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.coverage import swept_as
from negatoscope.judge.rule import Control
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.people import Attestation, Person
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.prove import plan
from negatoscope.prove.plan import Films, Looked, Reach, Step
from negatoscope.store.queries import observations, register, subjects

CONTROLS: tuple[Control, ...] = tuple(control for rule in RULES for control in rule.controls.values())


def number_of(control: str) -> int:
    """The rule's number in its own name or a control's: ``R10.2`` is of rule 10."""
    return int(control.removeprefix("R").partition(".")[0])


def given(kind: type, collector: str) -> bool:
    """Whether a collector brings back facts of this kind."""
    return bool({kind.__name__, swept_as(kind)} & set(COLLECTORS[collector].gives))


def given_by(control: Control, collector: str) -> bool:
    """Whether a collector brings back something that this control reads."""
    return any(given(kind, collector) for kind in control.kinds)


def stands(attestation: Attestation | None, control: Control, at: datetime) -> bool:
    """Whether an attestation still answers a control: given, and not expired."""
    return attestation is not None and attestation.ends(control.lasts) > at


def steps(practice: int, verdicts: Mapping[int, Verdict], findings: int, at: datetime) -> list[Step]:
    """The most useful things to do now. ``verdicts``: by the film's number; empty: nothing was judged yet."""
    networks = tuple(dict.fromkeys(one.cidr for one in register.declared(practice, Network)))
    complete = observations.list_declared(practice, Person.__name__)
    looked = Looked(
        observations.last_look(practice, "local"),
        networks,
        observations.swept_networks(practice),
        complete,
        0 if complete else subjects.count(practice, Person.__name__),
    )
    attested = {one.control: one for one in register.declared(practice, Attestation)}
    missing = [
        number_of(control.id)
        for control in CONTROLS
        if control.proof is Proof.ATTESTED and not stands(attested.get(control.id), control, at)
    ]
    reach = Reach(*_reads(), tuple(missing))
    return plan.steps(verdicts or _unlit(), findings, looked, reach, at)


def _unlit() -> dict[int, Verdict]:
    return {number: Verdict.UNPROVEN for number, _rule in enumerate(RULES, start=1)}


@cache
def _reads() -> tuple[Films, Films, Films]:
    """Films that a look at this host, at the network, and the list of people can move."""
    return (
        _films(lambda control: given_by(control, "local")),
        _films(lambda control: any(kind is Host or kind.SCOPE == "host" for kind in control.kinds)),
        _films(lambda control: Person in control.kinds),
    )


def _films(concerned: Callable[[Control], bool]) -> Films:
    return frozenset(number_of(control.id) for control in CONTROLS if control.logic and concerned(control))
