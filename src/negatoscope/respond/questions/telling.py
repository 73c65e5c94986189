"""Each row of an answer as a person reads it: what it is about, and why it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from negatoscope.kit.bilingual import Lang
from negatoscope.respond.questions import texts
from negatoscope.respond.questions.entry import Candidate
from negatoscope.respond.questions.reach import Reached
from negatoscope.respond.questions.spread import Leg, Passage
from negatoscope.respond.questions.talk import Exchange, Way
from negatoscope.respond.questions.texts import Name
from negatoscope.respond.questions.twins import Twin

SHARED = 6
"""Common points that a line tells."""
_UNITS = {"fr": ("o", "Ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
STEP = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words."""

    title: str
    because: tuple[str, ...]


def line(row: Any, lang: Lang, name: Name) -> Line:  # noqa: ANN401 -- a row of any answer
    """Say a row. Raises KeyError for what is no row of an answer."""
    return _TELLERS[type(row)](row, lang, name)


def _candidate(row: Candidate, lang: Lang, name: Name) -> Line:
    one = row.happening
    at = one.first and texts.moment(one.first, lang)
    said = (texts.texts().happenings[one.kind][lang], name(one.host), one.origin, one.who, one.protocol, at)
    return Line(" · ".join(part for part in said if part), tuple(texts.reason(told, lang) for told in row.reasons))


def _passage(row: Passage, lang: Lang, name: Name) -> Line:
    way = texts.texts().ways["back" if row.back else "forth"][lang]
    return Line(f"{name(row.host)} – {way}", (path(row, lang, name),))


def path(row: Passage, lang: Lang, name: Name) -> str:
    """A path in the order of time: who, by what and when, whom."""
    legs = [f"→ {name(leg.span.target)} ({by(leg)}, {texts.moment(leg.at, lang)})" for leg in row.path]
    return " ".join((name(row.path[0].span.source), *legs))


def by(leg: Leg) -> str:
    """The service of a step: ``tcp/445``."""
    return "/".join(str(part) for part in (leg.span.protocol, leg.span.port) if part) or "?"


def _exchange(row: Exchange, lang: Lang, name: Name) -> Line:
    arrow = "→" if row.way is Way.OUT else "←"
    service = "/".join(str(part) for part in (row.protocol, row.port) if part)
    sizes = f"↑ {size(row.sent, lang)} ↓ {size(row.received, lang)}"
    span = f"{texts.moment(row.first, lang)} – {texts.moment(row.last, lang)}"
    return Line(f"{arrow} {peer(row, name)} {service}".strip(), (sizes, span))


def peer(row: Exchange, name: Name) -> str:
    """The other end: its name, and how it was written where that differs."""
    named = name(row.host) if row.host else row.peer
    return named if row.peer in {named, ""} else f"{named} · {row.peer}"


def size(amount: int | None, lang: Lang) -> str:
    """Bytes in a unit that people read; ``?``: nobody counted."""
    if amount is None:
        return "?"
    number, unit = float(amount), 0
    while number >= STEP and unit < len(_UNITS[lang]) - 1:
        number, unit = number / STEP, unit + 1
    text = f"{number:.1f}" if unit else f"{number:.0f}"
    return f"{text.replace('.', ',') if lang == 'fr' else text}\N{NO-BREAK SPACE}{_UNITS[lang][unit]}"


def _reached(row: Reached, lang: Lang, name: Name) -> Line:
    return Line(texts.node(row, lang, name), tuple(dict.fromkeys(texts.step(step, lang, name) for step in row.path)))


def _twin(row: Twin, lang: Lang, name: Name) -> Line:
    return Line(name(row.host), tuple(texts.shared(one, lang) for one in row.shared[:SHARED]))


_TELLERS: Mapping[type[Any], Callable[[Any, Lang, Name], Line]] = {
    Candidate: _candidate, Passage: _passage, Exchange: _exchange, Reached: _reached, Twin: _twin,
}  # fmt: skip


def refs(row: Any) -> set[str]:  # noqa: ANN401 -- a row of any answer
    """The references that a row names."""
    match row:
        case Candidate():
            return {row.happening.host}
        case Passage():
            return {end for leg in row.path for end in (leg.span.source, leg.span.target)}
        case Exchange():
            return {row.host} if row.host else set()
        case Reached():
            return {end for step in row.path for end in (step.source, step.target)}
        case _:
            return {row.host}
