"""What the judge says: codes and values only; sentences are made at display."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from negatoscope.model.evidence import Ref, Values
from negatoscope.model.verdict import Proof, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A subject that fails a control."""

    subject: Ref
    reason: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A subject that the facts cannot settle."""

    subject: Ref
    reason: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control judged. ``checked``: size of the population examined. ``oldest``: age mark of its proof."""

    id: str
    verdict: Verdict
    proof: Proof
    checked: int
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    evidence: tuple[str, ...] = ()
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule judged: the worst of its controls."""

    rule: str
    verdict: Verdict
    proof: Proof | None
    oldest: datetime | None
    controls: tuple[ControlResult, ...]

    @property
    def settled(self) -> int:
        """How many controls are no longer in doubt."""
        return sum(control.verdict is not Verdict.UNPROVEN for control in self.controls)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Forty rules at one instant."""

    at: datetime
    rules: tuple[RuleResult, ...]
    preamble: RuleResult | None = None
    """R0, the written policy: judged alike, shown apart, never one of the forty."""

    @property
    def by_rule(self) -> Mapping[str, RuleResult]:
        """Results by rule id."""
        return {result.rule: result for result in (*self.rules, *([self.preamble] if self.preamble else []))}
