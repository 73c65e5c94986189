"""What to do first, in the plan's own order; where it leaves room, what doubts themselves ask for."""

from collections.abc import Iterable, Iterator

from negatoscope.model.judgement import ControlResult, Judgement
from negatoscope.model.verdict import Verdict
from negatoscope.prove.plan import Step
from negatoscope.prove.report.content import Act
from negatoscope.prove.report.words import say

SHOWN = 3
_BY_REASON = {"holder_unknown": "holders", "purpose_unknown": "holders"}
_BY_GAP = {"needs_root": "root", "modality_without_consent": "consent"}
_OTHERS = ("root", "holders", "consent")
"""What only paper says, where the light box leaves room; in this order where two would move as many films."""


def acts(judgement: Judgement, steps: Iterable[Step], lang: str) -> tuple[Act, ...]:
    """The most useful things to do; ``steps``: the most useful first."""
    dark = frozenset(rule.rule for rule in judgement.rules if rule.verdict is Verdict.UNPROVEN)
    told = [Act(say("acts", step.code, lang, n=step.n), len(step.films)) for step in steps]
    others = sorted(_others(judgement, dark, lang), key=lambda act: -act.films)
    return tuple(act for act in (*told, *others) if act.films)[:SHOWN]


def _others(judgement: Judgement, dark: frozenset[str], lang: str) -> list[Act]:
    films: dict[str, set[str]] = {code: set() for code in _OTHERS}
    for rule in judgement.rules:
        for code in (code for control in rule.controls for code in _remedies(control)):
            films[code].add(rule.rule)
    return [Act(say("acts", code, lang, n=0), len(dark & moved)) for code, moved in films.items()]


def _remedies(control: ControlResult) -> Iterator[str]:
    """The remedies of a control's doubts that nobody's look would bring."""
    for doubt in control.doubts:
        by_gap = _BY_GAP.get(str(doubt.values.get("why"))) if doubt.reason == "gap" else None
        if code := by_gap or _BY_REASON.get(doubt.reason):
            yield code


def counts(judgement: Judgement) -> dict[str, int]:
    """How many rules stand where."""
    return {verdict.value: sum(rule.verdict is verdict for rule in judgement.rules) for verdict in Verdict}


def headline(judgement: Judgement, lang: str) -> str:
    """The state in one sentence."""
    told = counts(judgement)
    if told[Verdict.UNPROVEN] == len(judgement.rules):
        return say("headline", "nothing", lang)
    return ", ".join(_headlines(told, lang)) + "."


def _headlines(told: dict[str, int], lang: str) -> Iterator[str]:
    for verdict in (Verdict.FAILED, Verdict.PASSED, Verdict.UNPROVEN):
        number = told[verdict]
        many = "none" if number == 0 else "one" if number == 1 else "many"
        if verdict is not Verdict.FAILED or number:
            yield say("headline", f"{verdict.value}_{many}", lang, n=number)
