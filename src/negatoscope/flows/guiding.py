"""Reflex sheets on paper. Needs neither console nor Django: they are printed before the day, and without us too."""

from datetime import date, datetime

from negatoscope.kit.bilingual import Lang
from negatoscope.prove.reflexes import paper
from negatoscope.prove.reflexes.paper import Caller, Paper
from negatoscope.respond.reflex import PHASES, Sheet, Step

DOUBT = {"sure": "", "likely": " ?", "doubtful": " ??"}


def printed(sheet: Sheet, lang: Lang, made: datetime, practice: str = "", callers: tuple[Caller, ...] = ()) -> bytes:
    """One sheet as a PDF of two pages; ``callers``: whom to call, the first one first."""
    checked = paper.words(lang)["checked"]
    told = Paper(
        lang, practice, _day(made.date(), lang), sheet.title[lang], sheet.seen[lang],
        {phase: sheet.title_of(phase, lang) for phase in PHASES},
        {phase: [_said(sheet, step, lang) for step in sheet.steps(phase)] for phase in PHASES},
        [f"{one.name[lang]} ({checked} {_day(one.as_of, lang)})" for one in sheet.sources().values()],
        callers,
    )  # fmt: skip
    return paper.render(told, made)


def _said(sheet: Sheet, step: Step, lang: Lang) -> str:
    place = list(sheet.sources()).index(step.source) + 1
    return f"{step[lang]}\u00a0[{place}]{DOUBT[step.confidence]}"


def _day(day: date, lang: Lang) -> str:
    return f"{day:{'%d/%m/%Y' if lang == 'fr' else '%Y-%m-%d'}}"
