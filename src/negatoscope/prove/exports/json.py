"""A judgement as JSON: the shape that ``negatoscope judge --json`` promises."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from negatoscope.model.actions import Action
from negatoscope.model.judgement import ControlResult, Doubt, Finding, Judgement, RuleResult
from negatoscope.model.people import Waiver


def judgement(told: Judgement) -> list[dict[str, Any]]:
    """Forty objects, in rule order."""
    return [_rule(result, told.at) for result in told.rules]


def preamble(told: Judgement) -> dict[str, Any] | None:
    """R0, the written policy: told apart from the forty."""
    return _rule(told.preamble, told.at) if told.preamble else None


def waivers(accepted: Iterable[Waiver]) -> list[dict[str, Any]]:
    """Deviations accepted for a while; none of them changes a verdict."""
    return [
        {
            "control": one.control,
            "subject": one.subject,
            "owner": one.owner,
            "compensation": one.compensation,
            "until": one.until,
        }
        for one in accepted
    ]


def actions(planned: Iterable[Action]) -> list[dict[str, Any]]:
    """Repairs planned, each with its history; costs in whole euros."""
    return [msgspec.to_builtins(one) for one in sorted(planned, key=lambda each: (each.due_on, each.ref))]


def _rule(result: RuleResult, at: datetime) -> dict[str, Any]:
    age = None if result.oldest is None else round((at - result.oldest).total_seconds() / 3600, 2)
    return {
        "rule": result.rule,
        "verdict": result.verdict.value,
        "proof": result.proof.value if result.proof else None,
        "age_hours": age,
        "controls": [_control(control) for control in result.controls],
    }


def _control(control: ControlResult) -> dict[str, Any]:
    return {
        "id": control.id,
        "verdict": control.verdict.value,
        "checked": control.checked,
        "findings": [_said(finding) for finding in control.findings],
        "doubts": [_said(doubt) for doubt in control.doubts],
        "evidence": list(control.evidence),
    }


def _said(item: Finding | Doubt) -> dict[str, Any]:
    return {"subject": item.subject, "reason": item.reason, "values": dict(item.values)}
