"""Rule 38's questions about one equipment: an overview in words, then each answer as a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from negatoscope.flows import inquiring, questioning
from negatoscope.flows.naming import names
from negatoscope.flows.questioning import Questioning
from negatoscope.judge import texts as judged
from negatoscope.kit.calendar import in_paris
from negatoscope.respond.questions import telling, texts
from negatoscope.respond.questions.answer import Answer, Window
from negatoscope.respond.questions.telling import Line
from negatoscope.respond.questions.texts import Name
from negatoscope.store.queries.events import Refused
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.event_labels import REFUSALS
from negatoscope.web.passages import draw
from negatoscope.web.question_rows import SLUGS, choices, columns
from negatoscope.web.tables import Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name

SHOWN = 3
"""Rows of each answer on the overview."""


@dataclass(frozen=True)
class Told:
    """One answer on the overview."""

    slug: str
    question: str
    lines: list[Line] = field(default_factory=list)
    count: int = 0
    blind: list[str] = field(default_factory=list)
    refused: str | Promise = ""
    """Why there is no answer now."""


@needs(Role.OPERATOR)
@require_GET
def host_questions(request: Visit, name: str) -> HttpResponse:
    """The first rows of each answer, what each stands on, and what could not be seen."""
    asked, wrong = _asked(request, name)
    context = _around(request, name, asked, wrong)
    told = [_answered(asked, slug) for slug in SLUGS]
    context["concerned"] = inquiring.concerned(desk.console(request), asked.host)
    return render(request, "questions/page.html", {**context, "told": told}, status=422 if wrong else 200)


@needs(Role.OPERATOR)
@require_GET
def host_question(request: Visit, name: str, part: str) -> HttpResponse:
    """One answer, whole: to sort, to filter, to take away."""
    code = SLUGS.get(part) or desk.missing()
    asked, wrong = _asked(request, name)
    lang = desk.language()
    context = _around(request, name, asked, wrong) | {"part": part, "question": texts.texts().questions[code][lang]}
    try:
        found: Answer[Any] = getattr(asked, code)
    except Refused as error:
        return render(request, "questions/part.html", {**context, "refused": REFUSALS[error.why]}, status=503)
    called = _names(asked, found.rows)
    shaped, filters = columns(code, lang, called), choices(code, lang)
    empty = Empty(_("Rien n’a été trouvé dans ce qui a été lu. Ce qui n’a pas pu l’être est dit au-dessus."))
    caption = f"{context['called']} – {context['question']}"
    table = Table(f"questions-{part}", caption, shaped, listed(found.rows, shaped, filters), empty, filters)
    context |= {
        "blind": [texts.blind(one, lang) for one in found.blind],
        "read": [(one.count, _kind(one.kind), one.newest) for one in found.read],
        "cut": found.cut,
        "drawn": draw(found.rows, called, asked.window) if code == "spread" else None,
    }
    return answer(request, "questions/part.html", table, context)


def _asked(request: Visit, name: str) -> tuple[Questioning, bool]:
    """The questions on this host; the second value: what the address asks for is no time, and the usual one stands."""
    console, wrong = desk.console(request), False
    try:
        since, until, sign = (_instant(request.GET.get(word, "")) for word in ("du", "au", "signe"))
        window = questioning.window(console.clock(), since, until, sign)
    except ValueError:
        window, wrong = questioning.window(console.clock(), None, None, None), True
    try:
        if request.htmx:  # another page or order of what was asked
            return questioning.find(console, name, window), wrong
        return questioning.ask(console, desk.operator(request), name, window), wrong
    except questioning.NoSuchHost:
        desk.missing()


def _instant(text: str) -> datetime | None:
    """Raises ValueError."""
    return in_paris(text) if text.strip() else None


def _around(request: Visit, name: str, asked: Questioning, wrong: bool) -> dict[str, Any]:  # noqa: FBT001 -- said on the page
    window: Window = asked.window
    local = {word: f"{localtime(at):%Y-%m-%dT%H:%M}" for word, at in zip(
        ("du", "au", "signe"), (window.since, window.until, window.sign), strict=True)}  # fmt: skip
    return {
        "name": asked.host.removeprefix("host/"),
        "called": _names(asked, ())(asked.host),
        "window": window,
        "local": local,
        "wrong": wrong,
        "query": request.GET.urlencode(),
        "parts": [(slug, texts.texts().questions[code][desk.language()]) for slug, code in SLUGS.items()],
        "here": reverse("host_questions", args=[name]),
    }


def _answered(asked: Questioning, slug: str) -> Told:
    """One answer in words; one that takes too long keeps no other from being read."""
    lang = desk.language()
    try:
        found: Answer[Any] = getattr(asked, SLUGS[slug])
    except Refused as error:
        return Told(slug, texts.texts().questions[SLUGS[slug]][lang], refused=REFUSALS[error.why])
    rows = found.rows[:SHOWN]
    called = _names(asked, rows)
    return Told(
        slug,
        texts.texts().questions[SLUGS[slug]][lang],
        [telling.line(row, lang, called) for row in rows],
        len(found.rows) + found.cut,
        [texts.blind(one, lang) for one in found.blind],
    )


def _names(asked: Questioning, rows: Iterable[Any]) -> Name:
    """What people call the subjects of these rows: one query for all."""
    refs = {asked.host, *(ref for row in rows for ref in telling.refs(row))}
    known = names(asked.console.practice, refs)
    return lambda ref: known.get(ref) or subject_name(ref)


def _kind(code: str) -> str:
    said = texts.texts().reads.get(code)
    return said[desk.language()] if said else judged.kind(code, desk.language())
