"""Exercises: chosen and begun, led on, held against what their scenario expects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import debriefing, exercising
from negatoscope.flows.alerting import Handler
from negatoscope.kit.clock import utc_now
from negatoscope.model.exercise import Chosen
from negatoscope.model.incident import Entry, Incident
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.result import Line, Mark, Result, weigh
from negatoscope.respond.exercise.scenario import RATES, scenarios
from negatoscope.respond.incident import Refused, read
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries.incidents import Listed
from negatoscope.store.roles import Role
from negatoscope.web import desk, exercise_words, present
from negatoscope.web import exercise_labels as labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.incident_words import Teller, Told
from negatoscope.web.labels import label
from negatoscope.web.tables import Choice, Column, Empty, Table, listed
from negatoscope.web.tables import answer as table_page

CONFLICT = 409
STANDS = 0


@dataclass(frozen=True)
class Played:
    """An exercise as the list shows it."""

    row: Listed
    one: Incident
    state: str
    result: Result


def _played(practice: int, row: Listed) -> Played:
    log = held.entries(practice, row.number)
    one = read(row.number, log)
    return Played(row, one, exercise_words.state(one), weigh(one, log, utc_now()))


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def exercises(request: Visit) -> HttpResponse:
    """Offer scenarios, begin one, list what was played."""
    refused = ""
    if request.method == "POST":
        try:
            number = exercising.begin(
                desk.console(request), request.POST.get("scenario", ""), _number(request, "rate"), _who(request),
                desk.language(),
            )  # fmt: skip
        except Refused as error:
            refused = label(labels.REFUSED, error.code)
        else:
            messages.success(request, _("L’exercice commence. Rien de ce qui s’y écrit n’est réel."))
            return redirect("exercise", number)
    lang = desk.language()
    told = {
        "scenarios": [(one, one.title[lang], one.about[lang], len(one.inject)) for one in scenarios().values()],
        "rates": list(labels.RATES.items()),
        "refused": refused,
    }
    page = table_page(request, "exercises/list.html", _table(desk.practice(request)), told)
    page.status_code = CONFLICT if refused else page.status_code
    return page


def _table(practice: int) -> Table[Played]:
    rows = [_played(practice, row) for row in held.exercises(practice)]
    columns: tuple[Column[Played], ...] = (
        Column("number", gettext_lazy("Numéro"), lambda each: each.row.number, "number", link=_page),
        Column("title", gettext_lazy("Exercice"), lambda each: each.row.title, link=_page),
        Column("begun", gettext_lazy("Commencé"), lambda each: each.row.opened_at, "instant"),
        Column("state", gettext_lazy("État"), lambda each: label(labels.STATES, each.state)),
        Column("met", gettext_lazy("Attendus tenus"), lambda each: each.result.met, "number"),
        Column("asked", gettext_lazy("Attendus"), lambda each: each.result.asked, "number"),
        Column("vital", gettext_lazy("Vitaux manqués"), lambda each: len(each.result.vital), "number"),
    )
    choices: tuple[Choice[Played], ...] = (
        Choice("etat", gettext_lazy("État"), tuple(labels.STATES.items()), lambda each: each.state),
    )
    says = _("Aucun exercice n’a été joué ici. Choisissez un scénario ci-dessus : une heure suffit.")
    empty = Empty(says, reverse("exercises"), _("Choisir un scénario"))
    return Table("exercices", _("Exercices"), columns, listed(rows, columns, choices), empty, choices)


def _page(each: Played) -> str:
    return reverse("exercise", args=[each.row.number])


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < len("1000") else -1


def _who(request: Visit) -> Handler:
    return Handler(desk.operator(request), desk.signature(request))


def _load(request: Visit, number: int) -> tuple[Incident, list[Entry]]:
    """An exercise with its log. Raises Http404, also where it is a real incident."""
    log = held.entries(desk.practice(request), number)
    one = read(number, log) if log else desk.missing()
    return (one, log) if one.exercise else desk.missing()


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def exercise(request: Visit, number: int) -> HttpResponse:
    """Lead one: its clock, what came, what is decided; what is to come is not told."""
    _load(request, number)
    refused = ""
    if request.method == "POST":
        try:
            _act(request, number)
        except Refused as error:
            refused = label(labels.REFUSED, error.code)
        else:
            return redirect("exercise", number)
    one, log = _load(request, number)
    left, played = stage.waiting(one), stage.scenario(one)
    at = stage.showing(one, utc_now())
    context = {
        "one": one,
        "at": at,
        "pace": stage.pace(one),
        "state": exercise_words.state(one),
        "state_said": label(labels.STATES, exercise_words.state(one)),
        "next": stage.comes(one, left[0]) if left else None,
        "soon": bool(left) and stage.comes(one, left[0]) - at < timedelta(minutes=1),
        "left": len(left),
        "rates": [(rate, _("× %(rate)d") % {"rate": rate}) for rate in RATES],
        "came": _came(one),
        "sheet": played.sheet if played is not None else "",
        "shown": weigh(one, log, utc_now()),
        "refused": refused,
    }
    alone = request.htmx.target == "stage"
    with present.of(one):
        template = "exercises/stage.html" if alone else "exercises/exercise.html"
        return render(request, template, context, status=CONFLICT if refused else 200)


@dataclass(frozen=True)
class Came:
    """Something that came, as the page shows it."""

    name: str
    entry: Entry
    kind: str
    by: str
    said: str
    choices: list[tuple[str, str]]
    chosen: str
    who: str


def _came(one: Incident) -> list[Came]:
    """What came, the newest first."""
    played, lang, found = stage.scenario(one), desk.language(), []
    for name, entry in one.came.items():
        inject = played.named(name) if played is not None else None
        if inject is not None:
            answer = one.chosen.get(name)
            said = exercise_words.chosen(one, answer.word) if answer and isinstance(answer.word, Chosen) else ""
            offered = [(each.id, each[lang]) for each in inject.choice] if one.finished is None else []
            kind, who = label(labels.KINDS, inject.kind), answer.name if answer else ""
            found.append(Came(name, entry, kind, inject.by[lang], inject[lang], offered, said, who))
    return found[::-1]


def _act(request: Visit, number: int) -> None:
    """Do what was sent. Raises Refused, SuspiciousOperation."""
    console, who, post = desk.console(request), _who(request), request.POST
    acts: dict[str, Callable[[], Any]] = {
        "pace": lambda: exercising.pace(console, number, _number(request, "rate"), who),
        "pause": lambda: exercising.pace(console, number, STANDS, who),
        "leap": lambda: exercising.leap(console, number, who),
        "choose": lambda: exercising.choose(
            console, number, Chosen(post.get("inject", ""), post.get("choice", "")), who
        ),
        "end": lambda: exercising.end(console, number, who),
    }
    act = acts.get(post.get("act", ""))
    if act is None:
        raise SuspiciousOperation(post.get("act"))
    act()


@dataclass(frozen=True)
class Weighed:
    """One expectation as the page shows it."""

    line: Line
    text: str
    why: str
    mark: str
    sign: str
    tone: str
    vital: bool
    told: Told | None


@needs(Role.READER)
@require_GET
def exercise_result(request: Visit, number: int) -> HttpResponse:
    """What it shows: each expectation, when it was met, by both clocks."""
    one, log = _load(request, number)
    shown, lang = weigh(one, log, utc_now()), desk.language()
    teller = Teller(desk.practice(request), one)
    rows = [
        Weighed(
            line, line.expected[lang], line.expected.why[lang], label(labels.MARKS, line.mark),
            labels.SIGNS[line.mark], labels.TONES[line.mark], line.expected.vital,
            teller.tell(line.entry) if line.entry else None,
        )
        for line in shown.settled
    ]  # fmt: skip
    context = {
        "one": one,
        "rows": rows,
        "shown": shown,
        "waited": shown.count(Mark.WAITED),
        "whole": stage.whole(one),
        "state_said": label(labels.STATES, exercise_words.state(one)),
    }
    with present.of(one):
        return render(request, "exercises/result.html", context)


@needs(Role.READER)
@require_GET
def exercise_sheet(request: Visit, number: int) -> HttpResponse:
    """Hand out what it shows, as a PDF."""
    one, log = _load(request, number)
    data = debriefing.sheet(desk.console(request), one, log, desk.language())
    return desk.download(request, f"exercise {number}", data, f"exercice-{number}.pdf", "application/pdf")
