"""Findings about a subject, in words, with the film that each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from negatoscope.flows.naming import sentences
from negatoscope.judge import texts
from negatoscope.model.judgement import Finding
from negatoscope.store.queries import judgements
from negatoscope.web import desk


@dataclass(frozen=True)
class Found:
    """One finding and where to read about its rule."""

    number: int
    control: str
    text: str
    title: str


def about(practice: int, *refs: str) -> Sequence[Found]:
    """What the newest judgement finds about these subjects and what is below them."""
    lang = desk.language()
    return [
        Found(
            int(rule.removeprefix("R")),
            control,
            sentences(practice, [Finding(said["subject"], said["reason"], said["values"])], rule, lang)[0],
            texts.rule(rule).title[lang],
        )
        for rule, control, said in judgements.findings_about(practice, *refs)
    ]
