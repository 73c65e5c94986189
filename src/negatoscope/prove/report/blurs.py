"""Thousands of doubts become the few sentences that they repeat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Judgement
from negatoscope.prove.report.content import Blur
from negatoscope.prove.report.words import say

NAMED = 4
AWAITING = "awaiting_collector"
Sentence = Callable[[Doubt, str, str], str]
"""Says a doubt of a rule about somebody of that name."""
Key = tuple[str, tuple[tuple[str, object], ...], str]


@dataclass
class _Same:
    doubt: Doubt
    rule: str
    subjects: dict[Ref, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    controls: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def join(self, other: "_Same") -> None:
        """Take in another that reads the same."""
        self.rules |= other.rules
        self.controls |= other.controls
        self.count += other.count


def blurs(judgement: Judgement, lang: str, name: Callable[[Ref], str], sentence: Sentence) -> tuple[Blur, ...]:
    """One sentence for all doubts of one reason and the same values; none is said twice.

    Those that darken most rules come first; what nobody here can help, because its collector is not built, last.
    """
    told: dict[str, _Same] = {}
    for same in _grouped(judgement):
        said = sentence(same.doubt, same.rule, _together(same.subjects, lang, name))
        if told.setdefault(said, same) is not same:
            told[said].join(same)
    ranked = sorted(
        told.items(), key=lambda one: (one[1].doubt.reason == AWAITING, -len(one[1].rules), -len(one[1].controls))
    )
    return tuple(
        Blur(said, tuple(sorted(same.rules, key=_number)), tuple(same.controls), same.count) for said, same in ranked
    )


def _number(rule: str) -> int:
    return int(rule.removeprefix("R"))


def _grouped(judgement: Judgement) -> list[_Same]:
    found: dict[Key, _Same] = {}
    for rule, control, doubt in _doubts(judgement):
        same = found.setdefault(_key(doubt, rule), _Same(doubt, rule))
        same.subjects[doubt.subject] = None
        same.rules[rule] = None
        same.controls[control] = None
        same.count += 1
    return list(found.values())


_SHARED = frozenset({
    "not_observed", "stale", "gap", "population_open", "list_open", "awaiting_collector", "never_attested", "unread",
    "holder_unknown", "holder_not_listed", "purpose_unknown",
})  # fmt: skip
"""Reasons that mean the same in every rule; others are grouped rule by rule."""


def _key(doubt: Doubt, rule: str) -> Key:
    values = tuple(sorted((name, value) for name, value in doubt.values.items() if name != "detail"))
    return doubt.reason, values, "" if doubt.reason in _SHARED else rule


def _doubts(judgement: Judgement) -> Iterator[tuple[str, str, Doubt]]:
    for result in judgement.rules:
        for control in result.controls:
            for doubt in control.doubts:
                yield from ((result.rule, control.id, part) for part in _parts(doubt))


def _parts(doubt: Doubt) -> list[Doubt]:
    """A control that awaits several collectors is counted under each."""
    if doubt.reason != AWAITING:
        return [doubt]
    names = str(doubt.values.get("collectors", "")).split(", ")
    return [Doubt(doubt.subject, AWAITING, {"collectors": name}) for name in names]


def _together(subjects: dict[Ref, None], lang: str, name: Callable[[Ref], str]) -> str:
    """The first names, and how many others."""
    said = ", ".join(name(ref) for ref in list(subjects)[:NAMED])
    left = len(subjects) - NAMED
    return f"{said} {say('paper', 'and_more', lang, n=left)}" if left > 0 else said
