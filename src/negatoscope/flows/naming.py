"""What people are told by: a person's name rather than their number, and what a control is about beside its code."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from negatoscope.judge import texts
from negatoscope.judge.texts import Lang
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.store.queries import subjects

PERSON = "person/"


def people(practice: int, values: Iterable[Any]) -> dict[Ref, str]:
    """The names of the persons among these values, in one query; none where there is no person."""
    told = {one for one in values if isinstance(one, str) and one.startswith(PERSON)}
    return {ref: str(one.fact.name) for ref, one in subjects.several(practice, told).items()}


def known_as(practice: int, ref: Ref, lang: Lang) -> str:
    """A subject as people call it; somebody by the name that the register has, if it has one."""
    return people(practice, [ref]).get(ref) or texts.subject(ref, lang)


def sentences(practice: int, items: Sequence[Finding | Doubt], rule: str, lang: Lang) -> list[str]:
    """Findings and doubts of a rule in words, people by their names: one query where people are concerned."""
    names = people(practice, (value for item in items for value in (item.subject, *item.values.values())))
    said = [replace(item, values={key: names.get(str(one), one) for key, one in item.values.items()}) for item in items]
    return [texts.sentence(item, rule, lang, names.get(item.subject)) for item in said]


def about(code: str, lang: Lang) -> str:
    """A rule or a control with what it is about: ``R27.4 (Journaux)``; nothing for nothing."""
    return f"{code} ({texts.rule(code.partition('.')[0]).short[lang]})" if code else ""
