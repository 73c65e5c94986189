"""What to do first: each reason for darkness has one remedy, and remedies are ranked by the films they would move."""

from collections.abc import Iterator

from negatoscope.model.judgement import ControlResult, Doubt, Judgement, RuleResult
from negatoscope.model.people import Person
from negatoscope.model.verdict import Verdict
from negatoscope.prove.report.content import Act
from negatoscope.prove.report.words import say

SHOWN = 3
_BY_REASON = {
    "never_attested": "attest",
    "attestation_expired": "attest",
    "attestation_unsigned": "attest",
    "not_observed": "look",
    "holder_unknown": "holders",
    "holder_not_listed": "people",
    "purpose_unknown": "holders",
}
_BY_OPENING = {"no_host": "look", "no_network_declared": "networks"}
_BY_GAP = {"needs_root": "root", "modality_without_consent": "consent"}
_FIRST = ("repair", "look", "networks", "sweep", "root", "people", "holders", "attest", "consent")
"""Where two remedies would move as many films."""


def acts(judgement: Judgement, lang: str) -> tuple[Act, ...]:
    """The most useful things to do, the widest first."""
    films: dict[str, set[str]] = {}
    controls: dict[str, set[str]] = {}
    findings = 0
    for rule in judgement.rules:
        for control in rule.controls:
            findings += len(control.findings)
            for remedy in _remedies(rule, control):
                films.setdefault(remedy, set()).add(rule.rule)
                controls.setdefault(remedy, set()).add(control.id)
    ranked = sorted(films, key=lambda remedy: (-len(films[remedy]), _FIRST.index(remedy)))
    counted = {"attest": len(controls.get("attest", ())), "repair": findings}
    return tuple(
        Act(say("acts", remedy, lang, n=counted.get(remedy, 0)), len(films[remedy])) for remedy in ranked[:SHOWN]
    )


def _remedies(rule: RuleResult, control: ControlResult) -> set[str]:
    """On a red film only repair moves anything; more proof would leave it red."""
    if control.verdict is Verdict.FAILED:
        return {"repair"}
    if rule.verdict is not Verdict.UNPROVEN:
        return set()
    return set(filter(None, (_remedy(doubt) for doubt in control.doubts)))


def _remedy(doubt: Doubt) -> str | None:
    """The remedy of one doubt; ``None``: nothing that anybody here can do today."""
    if doubt.reason == "population_open":
        return _BY_OPENING.get(str(doubt.values.get("why")), "sweep")
    if doubt.reason == "gap":
        return _BY_GAP.get(str(doubt.values.get("why")))
    if doubt.reason in {"list_open", "stale"}:
        people = doubt.values.get("kind") == Person.__name__
        return "people" if people else "look" if doubt.reason == "stale" else None
    return _BY_REASON.get(doubt.reason)


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
