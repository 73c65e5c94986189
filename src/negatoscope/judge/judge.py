"""The judge: facts and controls in, verdicts out. What was not observed is unproven, never compliant."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from inspect import signature
from typing import Any

from negatoscope.judge.coverage import PRACTICE, Coverage
from negatoscope.judge.rule import Control, Logic, Rule
from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Seen, Source
from negatoscope.model.judgement import ControlResult, Doubt, Finding, Judgement, RuleResult
from negatoscope.model.people import Attestation
from negatoscope.model.register import Register
from negatoscope.model.verdict import Proof, Verdict, combine


def judge(register: Register, rules: Sequence[Rule], at: datetime, preamble: Rule | None = None) -> Judgement:
    """Judge every rule, and apart from them the preamble, on what the register holds at the instant ``at``."""
    coverage = Coverage(register, at)
    apart = _judge_rule(preamble, coverage) if preamble else None
    return Judgement(at, tuple(_judge_rule(rule, coverage) for rule in rules), apart)


def _judge_rule(rule: Rule, coverage: Coverage) -> RuleResult:
    results = tuple(_judge_control(rule, control, coverage) for control in rule.controls.values())
    verdict = combine(result.verdict for result in results)
    deciding = [result for result in results if result.verdict is verdict]
    if verdict is Verdict.UNPROVEN:
        return RuleResult(rule.id, verdict, None, None, results)
    measured_alone = verdict is Verdict.FAILED and any(result.proof is Proof.MEASURED for result in deciding)
    if measured_alone or all(result.proof is Proof.MEASURED for result in deciding):
        proof = Proof.MEASURED
        deciding = [result for result in deciding if result.proof is Proof.MEASURED]
    else:
        proof = Proof.ATTESTED
    oldest = min((result.oldest for result in deciding if result.oldest), default=None)
    return RuleResult(rule.id, verdict, proof, oldest, results)


def _judge_control(rule: Rule, control: Control, coverage: Coverage) -> ControlResult:
    if control.proof is Proof.ATTESTED:
        return _judge_attested(control, coverage)
    if control.logic is None:
        doubt = Doubt(PRACTICE, "awaiting_collector", {"collectors": ", ".join(control.awaiting)})
        return ControlResult(control.id, Verdict.UNPROVEN, Proof.MEASURED, 0, (), (doubt,))
    return _judge_measured(rule, control, control.logic, coverage)


def _judge_attested(control: Control, coverage: Coverage) -> ControlResult:
    seen = coverage.register.seen(Attestation)
    stated = next((fact for fact in seen.facts if fact.control == control.id), None)
    if stated is None:
        doubt = Doubt(PRACTICE, "never_attested")
        return ControlResult(control.id, Verdict.UNPROVEN, Proof.ATTESTED, 0, (), (doubt,))
    said = list(_guarded(lambda: _weigh(stated, control, coverage.at)))
    findings = tuple(item for item in said if isinstance(item, Finding))
    doubts = tuple(item for item in said if isinstance(item, Doubt))
    verdict = Verdict.FAILED if findings else Verdict.UNPROVEN if doubts else Verdict.PASSED
    evidence = _digests(seen.sources.get(stated.ref, ()), stated.document_digest)
    oldest = stated.signed_at if stated.signed_at.utcoffset() is not None else None
    return ControlResult(control.id, verdict, Proof.ATTESTED, 1, findings, doubts, evidence, oldest)


def _weigh(stated: Attestation, control: Control, at: datetime) -> Iterator[Finding | Doubt]:
    """Say what stands against a statement: its own words, that nobody signed it, its age."""
    if not stated.holds:
        yield Finding(PRACTICE, "stated_not_met", {"by": stated.signed_by, "statement": stated.statement})
        return
    if not stated.signed_by.strip() or not stated.statement.strip():
        yield Doubt(PRACTICE, "attestation_unsigned")
    ends = stated.ends(control.lasts)
    if ends <= at or stated.signed_at > at:
        yield Doubt(PRACTICE, "attestation_expired", {"on": f"{ends:%Y-%m-%d}"})


def _judge_measured(rule: Rule, control: Control, logic: Logic, coverage: Coverage) -> ControlResult:
    seen = {name: coverage.concerned(kind, control.on) for name, kind in control.needs}
    said = list(_said(logic, seen, coverage.at))
    findings = tuple(item for item in said if isinstance(item, Finding))
    doubts = tuple(item for item in said if isinstance(item, Doubt))
    if doubts:
        doubts += tuple(coverage.reasons(control.kinds, control.on))
    doubts += tuple(coverage.doubts(control.kinds, control.on, control.fresh or rule.fresh))
    checked = len(coverage.concerned(control.needs[0][1], control.among or control.on).facts)
    verdict = Verdict.UNPROVEN if doubts else Verdict.PASSED if checked else Verdict.NOT_APPLICABLE
    verdict = Verdict.FAILED if findings else verdict
    proofs = coverage.behind(control.kinds, control.on, {finding.subject for finding in findings})
    evidence = _digests(proofs.sources)
    return ControlResult(control.id, verdict, Proof.MEASURED, checked, findings, doubts, evidence, proofs.oldest)


def _said(logic: Logic, seen: Mapping[str, Seen[Any]], at: datetime) -> Iterator[Finding | Doubt]:
    """Run the logic on all that is known, then on what the last looks themselves could read.

    What an instrument saw wrong stands until it sees it fixed; what it once saw right and can no longer read does not.
    """
    now = {"now": at} if "now" in signature(logic).parameters else {}
    told = list(_guarded(lambda: logic(**seen, **now)))
    yield from told
    if any(one.sober is not None for one in seen.values()):
        sober = {name: one if one.sober is None else replace(one, facts=one.sober) for name, one in seen.items()}
        known = {canonical((type(one).__name__, one)) for one in told}
        again = _guarded(lambda: logic(**sober, **now))
        yield from (one for one in again if canonical((type(one).__name__, one)) not in known)


def _guarded(logic: Callable[[], Iterable[Finding | Doubt]]) -> Iterator[Finding | Doubt]:
    """Run the logic; a crash is a doubt, and what it had found before stands."""
    try:
        yield from logic()
    except Exception as error:  # noqa: BLE001 -- the only broad except of the house: no crash may look like a pass
        yield Doubt(PRACTICE, "control_crashed", {"error": f"{type(error).__name__}: {error}"[:200]})


def _digests(sources: Iterable[Source], *more: str | None) -> tuple[str, ...]:
    return tuple(sorted({source.digest for source in sources} | {digest for digest in more if digest}))
