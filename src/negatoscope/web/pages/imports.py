"""Imports: download a template, hand a list over, see what it would do, accept it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import importing
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.importing import Preview, Refused, Row, Upload
from negatoscope.flows.observing import Outcome
from negatoscope.judge import texts
from negatoscope.model.evidence import Ref
from negatoscope.observe.spreadsheet.families import FAMILIES
from negatoscope.observe.spreadsheet.template import template
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.importing import DeviceForm, UploadForm

PENDING_SECONDS = 3600
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Pending:
    """A list waiting for its owner's yes; kept an hour, for that person only."""

    upload: Upload
    owner: int


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def imports(request: Visit) -> HttpResponse:
    """Offer the families, and take a file that a device wrote or an nmap scan made elsewhere."""
    form = DeviceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        handed = Handed(told["file"].name or "", told["file"].read(), told["device"], told["on"])
        try:
            outcome = hand_over(desk.console(request), handed, desk.operator(request))
        except Refused as error:
            place = "device" if error.code.startswith("device_") else "file"
            form.add_error(place, importing.refusal(error, desk.language()))
        else:
            return _done(request, outcome, "observation", str(outcome.sequence))
    titles = [(name, family.title.say(desk.language())) for name, family in FAMILIES.items()]
    context = {"families": titles, "form": form}
    return render(request, "imports/page.html", context, status=422 if form.errors else 200)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def import_family(request: Visit, family: str) -> HttpResponse:
    """Take a list, and show what it would do."""
    listed = desk.found(FAMILIES.get(family))
    dated = family in importing.DATED
    form = UploadForm(request.POST or None, request.FILES or None, closable=listed.closable, dated=dated)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = Upload(family, file.name or "", file.read(), form.complete)
        token = secrets.token_urlsafe(16)
        cache.set(_key(token), Pending(upload, request.user.pk), PENDING_SECONDS)
        return redirect("import_check", family, token)
    context = {"family": family, "title": listed.title.say(desk.language()), "form": form}
    return render(request, "imports/family.html", context, status=422 if form.errors else 200)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def import_check(request: Visit, family: str, token: str) -> HttpResponse:
    """Show what a list would do, row by row; take it once its owner agrees."""
    pending: Pending | None = cache.get(_key(token))
    if pending is None or pending.owner != request.user.pk or pending.upload.family != family:
        messages.info(request, _("Cette liste n’attend plus : déposez-la de nouveau."))
        return redirect("import_family", family)
    console = desk.console(request)
    try:
        told = importing.preview(console, pending.upload)
        if request.method == "POST" and told.unreadable is None:
            outcome = importing.accept(console, pending.upload, desk.operator(request))
            cache.delete(_key(token))
            return _done(request, outcome, *_page_of(family))
    except Refused as error:
        messages.error(request, importing.refusal(error, desk.language()))
        return redirect("import_family", family)
    return render(request, "imports/check.html", _seen(pending.upload, told))


def _seen(upload: Upload, told: Preview) -> dict[str, object]:
    lang = desk.language()
    by_row = {str(row.number): told.label(row.fact, lang) for row in told.rows}
    problems = [
        (
            problem,
            by_row.get(problem.value) if problem.code == "duplicate" else problem.value,
            *importing.row_problem(problem, upload.family, lang),
        )
        for problem in told.problems[:SHOWN]
    ]
    unreadable = told.unreadable
    changing = [row for row in told.rows if row.state != "unchanged"]
    return {
        "family": upload.family,
        "title": FAMILIES[upload.family].title.say(lang),
        "upload": upload,
        "told": told,
        "unreadable": unreadable and importing.file_problem(upload.family, unreadable.why, unreadable.position, lang),
        "problems": problems,
        "missing": [told.label(fact, lang) for fact in told.missing[:SHOWN]],
        "incomplete": upload.complete_on is not None and told.left_out > 0,
        "rows": [(row, told.label(row.fact, lang), _changes(row, told.names)) for row in changing[:SHOWN]],
        "rows_count": len(changing),
        "counts": [(state, told.count(state)) for state in ("new", "changed", "deleted", "unchanged")],
    }


def _changes(row: Row, names: Mapping[Ref, str]) -> list[tuple[str, Any, Any]]:
    """The heading of each field that changes, and its words before and after."""

    def said(field: str, value: Any) -> Any:  # noqa: ANN401 -- any field
        if isinstance(value, StrEnum):
            return labels.chosen_label(type(row.fact).__name__, field, value)
        return names.get(value, value) if isinstance(value, str) else value

    return [
        (labels.title_of(type(row.fact).__name__, one.field), said(one.field, one.before), said(one.field, one.after))
        for one in row.changes
    ]


@needs(Role.READER)
@require_GET
def import_template(_request: Visit, family: str) -> HttpResponse:
    """Hand out an empty list to fill in."""
    desk.found(FAMILIES.get(family))
    return desk.attachment(template(family, desk.language()), f"negatoscope-{family}.xlsx", XLSX)


def _page_of(family: str) -> tuple[str, ...]:
    """The page that shows what an import brought."""
    own = FAMILIES[family].own_page
    return (own,) if own else ("family", family)


def _done(request: Visit, outcome: Outcome, *page: str) -> HttpResponse:
    if outcome.blocking:
        why = texts.gap(outcome.blocking.why, outcome.blocking.values, desk.language())
        messages.error(request, _("Le fichier est gardé, mais il n’a pas pu être lu. %(why)s") % {"why": why})
        return redirect("observation", str(outcome.sequence))
    desk.judge_again(request)
    messages.success(
        request,
        ngettext(
            "Import terminé : %(n)d fait lu ; les règles sont jugées de nouveau.",
            "Import terminé : %(n)d faits lus ; les règles sont jugées de nouveau.",
            outcome.facts,
        )
        % {"n": outcome.facts},
    )
    return redirect(*page)


def _key(token: str) -> str:
    return f"import-{token}"
