"""A Sigma rule that spares events by their fields: picked from an alert's first event, tried on the past, then kept."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows import sparing
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.sparing import Tried, Wish
from negatoscope.flows.tuning import NotTuned, Tuner
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.kit.clock import utc_now
from negatoscope.model.event import Told
from negatoscope.store.queries import alerts
from negatoscope.store.roles import Role
from negatoscope.watch import filtering
from negatoscope.watch.filtering import Clauses, NotAFilter
from negatoscope.watch.sigma.tree import Rule
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.sparing import LineForm, Lines, SpareForm, clauses_of, lines_of
from negatoscope.web.tuning_labels import NO_FILTER, REFUSED

LONG = 160
"""Characters of a value in an example."""


@dataclass
class Sheet:
    """What is on the page."""

    rule: Rule
    alert: int | None
    lines: "BaseFormSet[LineForm]"
    form: SpareForm
    wrong: str = ""
    clauses: Clauses | None = None
    tried: Tried | None = None

    @property
    def digest(self) -> str:
        """Which filter was tried, to keep no other."""
        return sha256(canonical([self.rule.id, self.clauses])) if self.clauses else ""


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def rule_spare(request: Visit, ident: str) -> HttpResponse:
    """Ask which events of a rule are harmless; try it on the past; keep it."""
    console = desk.console(request)
    try:
        rule = sparing.rule_of(console, ident)
    except NotTuned as error:
        if error.code == "unknown":
            desk.missing()
        messages.error(request, labels.label(REFUSED, error.code))
        return redirect("detection_rule", ident)
    alert = _alert(request, ident)
    sheet = Sheet(rule, alert, _lines(request, alert), SpareForm(None, today=localtime(utc_now()).date()))
    if request.method == "POST" and (done := _acted(request, sheet)):
        return done
    hidden = [_example(one, sheet.clauses) for one in sheet.tried.hidden] if sheet.tried else []
    rest = [_example(one, sheet.clauses) for one in sheet.tried.told] if sheet.tried else []
    context = {"sheet": sheet, "tried": sheet.tried, "hidden": hidden, "rest": rest, "digest": sheet.digest}
    return render(request, "rules/spare.html", context, status=422 if sheet.wrong or sheet.form.errors else 200)


def _alert(request: Visit, ident: str) -> int | None:
    """The alert that the address names, if it is one of this rule."""
    number = request.GET.get("alerte", "")
    one = alerts.alert(desk.practice(request), int(number)) if number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004 -- a number
    return one.number if one is not None and one.code == ident else None


def _lines(request: Visit, alert: int | None) -> "BaseFormSet[LineForm]":
    """The lines as they were sent, or those of the alert's first event."""
    if request.method == "POST":
        return Lines(request.POST, prefix="champ")
    first = sparing.origin(desk.console(request), alert) if alert is not None else None
    return Lines(initial=lines_of(first.event.fields) if first else [], prefix="champ")


def _acted(request: Visit, sheet: Sheet) -> HttpResponse | None:
    """Try what was asked; keep it if that is what was tried before, and whoever asks is sure."""
    console = desk.console(request)
    try:
        sheet.clauses = filtering.told(clauses_of(sheet.lines))
        sheet.tried = sparing.rehearse(console, sheet.rule, sheet.clauses)
    except NotAFilter as error:
        sheet.clauses = None
        sheet.wrong = f"{error.what.partition('|')[0]} : " * bool(error.what) + labels.label(NO_FILTER, error.code)
        return None
    known = request.POST.get("tried") == sheet.digest
    sheet.form = SpareForm(
        request.POST if request.POST.get("act") == "keep" and known else None,
        today=localtime(utc_now()).date(),
        everything=sheet.tried.matches if sheet.tried.everything else 0,
    )
    if not sheet.form.is_bound or not sheet.form.is_valid():
        return None
    if sheet.tried.everything and not sheet.form.cleaned_data["sure"]:
        sheet.form.add_error("sure", _("Cochez cette case, ou choisissez moins d’événements."))
        return None
    return _kept(request, sheet)


def _kept(request: Visit, sheet: Sheet) -> HttpResponseRedirect | None:
    told = sheet.form.cleaned_data
    wish = Wish(sheet.rule.id, sheet.clauses or {}, told["until"], told["reason"], sheet.alert)
    try:
        sparing.keep(desk.console(request), wish, Tuner(desk.operator(request), desk.signature(request)))
    except NotTuned as error:
        sheet.wrong = labels.label(REFUSED, error.code)
        return None
    except DiskFull:
        sheet.wrong = _("Le disque de la console est plein. Rien n’a changé.")
        return None
    messages.success(request, _("Ces événements sont épargnés. La dispense se retire à tout moment."))
    return redirect(f"{reverse('detection_rule', args=[sheet.rule.id])}#dispenses")


def _example(one: Told, clauses: Clauses | None) -> tuple[Told, list[tuple[str, str]]]:
    """An event, with what the fields that are asked say in it."""
    asked = {each.field.lower() for each in filtering.parted(clauses or {})}
    return one, [(name, str(value)[:LONG]) for name, value in one.event.fields.items() if name.lower() in asked]
