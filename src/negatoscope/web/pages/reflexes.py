"""Reflex sheets: read by everybody with an account, printed, and followed step by step in an incident."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import chaining
from negatoscope.model.incident import Followed, Gesture, Incident
from negatoscope.respond import reflex as book
from negatoscope.respond.reflex import PHASES, Phase, Sheet, Step, name_of, sheets
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.incidents import FollowForm
from negatoscope.web.incident_words import Teller, Told
from negatoscope.web.labels import label
from negatoscope.web.pages import incident


@dataclass(frozen=True)
class Shown:
    """A step as a page shows it."""

    name: str
    text: str
    doubt: str
    source: int
    at_once: tuple[tuple[Gesture, str], ...]
    """What a button says of it."""
    reasoned: tuple[tuple[Gesture, str], ...]
    """What takes a few words."""
    told: Told | None = None
    """What an incident's log says of it."""
    gesture: str = ""


@needs(Role.READER)
@require_GET
def reflexes(request: Visit) -> HttpResponse:
    """List the sheets, by what one sees."""
    return render(request, "reflexes/list.html", {"sheets": _listed()})


@needs(Role.READER)
@require_GET
def reflex(request: Visit, name: str) -> HttpResponse:
    """Show one sheet, to be read."""
    return render(request, "reflexes/sheet.html", _content(_sheet(name)))


@needs(Role.READER)
@require_GET
def reflex_paper(request: Visit, name: str) -> HttpResponse:
    """Hand out one sheet as a PDF: two pages that work without the console."""
    sheet, lang = _sheet(name), desk.language()
    data = chaining.reflex_sheet(desk.console(request), sheet, lang)
    return desk.download(request, f"reflex sheet {name}", data, f"reflexe-{name}-{lang}.pdf", "application/pdf")


@needs(Role.READER)
@require_GET
def incident_reflexes(request: Visit, number: int) -> HttpResponse:
    """Which sheet is followed in an incident: those begun first."""

    def content(_page: incident.Sheet, one: Incident, _teller: Teller) -> dict[str, Any]:
        begun = {step.partition(".")[0] for step in one.followed}
        return {"sheets": sorted(_listed(), key=lambda each: each["id"] not in begun), "begun": begun}

    return incident.page(request, number, {}, content)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_reflex(request: Visit, number: int, name: str) -> HttpResponse:
    """Follow a sheet: what is done, left or answered becomes a line of the log."""
    chosen = _sheet(name)

    def content(page: incident.Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
        wrong, post = page.bound.get("follow"), request.POST
        kept = {"refused_step": post.get("step"), "refused_text": post.get("text")} if wrong is not None else {}
        return {**_content(chosen, one, teller), **kept}

    return incident.page(request, number, {"follow": FollowForm}, content)


def _sheet(name: str) -> Sheet:
    return desk.found(next((each for each in sheets() if each.id == name), None))


def _listed() -> list[dict[str, str]]:
    lang = desk.language()
    return [{"id": each.id, "title": each.title[lang], "seen": each.seen[lang]} for each in sheets()]


def _content(sheet: Sheet, one: Incident | None = None, teller: Teller | None = None) -> dict[str, Any]:
    lang = desk.language()
    phases = [
        (phase, sheet.title_of(phase, lang), [_shown(sheet, phase, step, one, teller) for step in sheet.steps(phase)])
        for phase in PHASES
    ]
    return {
        "reflex": {"id": sheet.id, "title": sheet.title[lang], "seen": sheet.seen[lang]},
        "phases": phases,
        "sources": [(source.name[lang], source.as_of) for source in sheet.sources().values()],
    }


def _shown(sheet: Sheet, phase: Phase, step: Step, one: Incident | None, teller: Teller | None) -> Shown:
    name = name_of(sheet, phase, step)
    entry = one.followed.get(name) if one else None
    return Shown(
        name,
        step[desk.language()],
        label(names.DOUBTS, step.confidence) if step.confidence != "sure" else "",
        list(sheet.sources()).index(step.source) + 1,
        _gestures(name, reasoned=False),
        _gestures(name, reasoned=True),
        teller.tell(entry) if entry and teller else None,
        label(names.GESTURES, entry.word.gesture) if entry and isinstance(entry.word, Followed) else "",
    )


def _gestures(name: str, *, reasoned: bool) -> tuple[tuple[Gesture, str], ...]:
    every = ((each, label(names.GESTURES, each)) for each in book.takes(name))
    return tuple((each, said) for each, said in every if book.reasoned(name, each) is reasoned)
