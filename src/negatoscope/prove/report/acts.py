"""What to do first, as the light box says it: looks never made, then what concerns most films."""

from collections.abc import Iterator

from msgspec import Struct

from negatoscope.model.judgement import ControlResult, Judgement
from negatoscope.model.verdict import Verdict
from negatoscope.prove.report.content import Act
from negatoscope.prove.report.words import say

SHOWN = 3
_MISSING = frozenset({"never_attested", "attestation_expired"})
_BY_REASON = {"holder_unknown": "holders", "purpose_unknown": "holders"}
_BY_GAP = {"needs_root": "root", "modality_without_consent": "consent"}
_OTHERS = ("root", "holders", "consent")
"""What only paper says, where the light box leaves room; in this order where two would move as many films."""


class Look(Struct, frozen=True):
    """Something to observe or to declare, and the rules that read what it brings."""

    act: str
    rules: frozenset[str]
    quick: bool = False
    """A look that was never made: minutes of nobody's time."""


def acts(judgement: Judgement, looks: tuple[Look, ...], lang: str) -> tuple[Act, ...]:
    """The most useful things to do: quick looks, then the widest first, in the light box's own order and numbers."""
    dark = frozenset(rule.rule for rule in judgement.rules if rule.verdict is Verdict.UNPROVEN)
    quick = [_act(look.act, look.rules & dark, lang) for look in looks if look.quick]
    wide = [_act(look.act, look.rules & dark, lang) for look in looks if not look.quick]
    wide += [_attest(judgement, dark, lang), _repair(judgement, lang)]
    ranked = [*_widest(quick), *_widest(wide), *_widest(_others(judgement, dark, lang))]
    return tuple(act for act in ranked if act.films)[:SHOWN]


def _act(code: str, films: frozenset[str], lang: str, n: int = 0) -> Act:
    return Act(say("acts", code, lang, n=n), len(films))


def _widest(found: list[Act]) -> list[Act]:
    return sorted(found, key=lambda act: -act.films)


def _attest(judgement: Judgement, dark: frozenset[str], lang: str) -> Act:
    """Every attestation missing counts, on any film; only dark films are moved by one."""
    missing = [
        (rule.rule, control.id)
        for rule in judgement.rules
        for control in rule.controls
        if any(doubt.reason in _MISSING for doubt in control.doubts)
    ]
    return _act("attest", dark & {rule for rule, _ in missing}, lang, n=len(missing))


def _repair(judgement: Judgement, lang: str) -> Act:
    """On a red film only repair moves anything; more proof would leave it red."""
    failed = frozenset(rule.rule for rule in judgement.rules if rule.verdict is Verdict.FAILED)
    many = sum(len(control.findings) for rule in judgement.rules for control in rule.controls)
    return _act("repair", failed, lang, n=many)


def _others(judgement: Judgement, dark: frozenset[str], lang: str) -> list[Act]:
    films: dict[str, set[str]] = {code: set() for code in _OTHERS}
    for rule in judgement.rules:
        for code in (code for control in rule.controls for code in _remedies(control)):
            films[code].add(rule.rule)
    return [_act(code, dark & moved, lang) for code, moved in films.items()]


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
