"""What people are told by: a person's name rather than their number, and what a control is about beside its code."""

from collections.abc import Sequence
from dataclasses import replace

from negatoscope.judge import texts
from negatoscope.judge.texts import Lang
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.store.queries import subjects

PERSON = "person/"


def called(practice: int, ref: Ref, lang: Lang) -> str:
    """A subject as people call it; somebody by the name that the register has, if it has one."""
    if ref.startswith(PERSON) and (one := subjects.several(practice, {ref}).get(ref)) is not None:
        return str(one.fact.name)
    return texts.subject(ref, lang)


def sentences(practice: int, items: Sequence[Finding | Doubt], rule: str, lang: Lang) -> list[str]:
    """Findings and doubts of a rule in words, people by their names: one query where people are concerned."""
    told = {ref for item in items for ref in (item.subject, *item.values.values())}
    people = {ref for ref in told if isinstance(ref, str) and ref.startswith(PERSON)}
    names = {ref: str(one.fact.name) for ref, one in subjects.several(practice, people).items()}
    if not names:
        return [texts.sentence(item, rule, lang) for item in items]
    said = [replace(item, values={key: names.get(str(one), one) for key, one in item.values.items()}) for item in items]
    return [texts.sentence(item, rule, lang, names.get(item.subject)) for item in said]


def about(code: str, lang: Lang) -> str:
    """A rule or a control with what it is about: ``R27.4 (Journaux)``; nothing for nothing."""
    return f"{code} ({texts.rule(code.partition('.')[0]).short[lang]})" if code else ""
