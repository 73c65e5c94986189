"""Findings against the truth: what was missed, what was invented, kind by kind."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from negatoscope.model.judgement import Judgement
from tests.lab.flaws import KINDS, MEASURED, SCOPE, Planted
from tests.lab.plan import Truth


class Score(NamedTuple):
    """How findings compare with the truth."""

    planted: frozenset[Truth]
    found: frozenset[Truth]
    """In scope."""
    beyond: frozenset[Truth]
    """Findings on controls that no kind of flaw is about."""
    may: frozenset[Truth] = frozenset()
    """What flaws explain and do not demand."""

    @property
    def missed(self) -> frozenset[Truth]:
        return frozenset(one for one in self.planted if not self.seen(one))

    @property
    def invented(self) -> frozenset[Truth]:
        known = self.planted | self.may
        return frozenset(one for one in self.found if not any(truth.explains(one) for truth in known))

    def seen(self, truth: Truth) -> bool:
        """Whether something that must be found was."""
        return any(truth.explains(one) for one in self.found)

    @property
    def precision(self) -> float:
        return 1 - len(self.invented) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / len(self.planted) if self.planted else 1.0


def compare(flaws: tuple[Planted, ...], judgement: Judgement, names: Mapping[str, str]) -> Score:
    """Set what was judged beside what is wrong. ``names``: hosts as described, by what the register calls them."""
    findings = frozenset(
        Truth(
            control.id,
            _described(finding.subject, names),
            finding.reason,
            frozenset((name, _described(str(value), names)) for name, value in finding.values.items()),
        )
        for rule in judgement.rules
        for control in rule.controls
        for finding in control.findings
    )
    planted = frozenset[Truth]().union(*(flaw.truth for flaw in flaws))
    inside = frozenset(one for one in findings if one.control in SCOPE)
    may = frozenset[Truth]().union(*(flaw.may for flaw in flaws))
    return Score(planted, inside, findings - inside, may)


def _described(subject: str, names: Mapping[str, str]) -> str:
    """A subject in the words of the description: the register calls hosts as their list does, in plain letters."""
    family, slash, rest = subject.partition("/")
    host, *more = rest.split("/")
    return "/".join((family, names.get(host, host), *more)) if slash else subject


def table(flaws: tuple[Planted, ...], score: Score) -> Iterator[str]:
    """Lines to print: every kind of flaw, then each finding missed, invented, or beyond the scope."""
    yield f"{'flaw':<26}{'controls':<34}{'planted':>8}{'found':>7}{'missed':>8}{'invented':>10}"
    counted: set[Truth] = set()
    for kind, one in sorted(KINDS.items()):
        mine = [flaw for flaw in flaws if flaw.kind == kind]
        found = sum(all(map(score.seen, flaw.truth)) for flaw in mine)
        invented = {truth for truth in score.invented if truth.control in one.CONTROLS} - counted
        counted |= invented
        cells = (len(mine), found, len(mine) - found) if mine else ("n/a", "n/a", "n/a")
        row = "".join(f"{cell:>{width}}" for cell, width in zip(cells, (8, 7, 8), strict=True))
        yield f"{kind:<26}{' '.join(one.CONTROLS):<34}{row}{len(invented):>10}"
    yield f"controls in scope: {' '.join(SCOPE)}"
    if awaited := [one for one in SCOPE if one not in MEASURED]:
        yield f"of which not built yet: {' '.join(awaited)}"
    for what, some in (("missed", score.missed), ("invented", score.invented)):
        yield from (f"{what}: {one}" for one in sorted(some, key=str))
    yield from (f"out of scope: {one.control} {one.subject} {one.reason}" for one in sorted(score.beyond, key=str))


def last_line(flaws: tuple[Planted, ...], score: Score) -> str:
    """The figures, as machines read them."""
    figures = f"precision={score.precision:.4g} recall={score.recall:.4g}"
    return f"{figures} flaws={len(flaws)} missed={len(score.missed)} invented={len(score.invented)}"
