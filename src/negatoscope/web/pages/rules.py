"""Sigma rules: which run, which wait for a source, which cannot; and one of them, turned off and on."""

from collections.abc import Mapping
from itertools import zip_longest

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import rulebook, rulefiles, ruling, sparing
from negatoscope.flows.console import Console
from negatoscope.flows.rulebook import Entry, Gates, State
from negatoscope.flows.ruling import RulesRefused
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import alerts, users
from negatoscope.store.queries.alerts import Outcomes
from negatoscope.store.roles import Role
from negatoscope.watch.detection import Kind, Level
from negatoscope.watch.sigma.about import about
from negatoscope.watch.sigma.files import content
from negatoscope.watch.sigma.words import Speaker
from negatoscope.web import alert_labels, desk, labels, rule_labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.ruling import OffForm
from negatoscope.web.pages import situations as exempt
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

PUBLIC = "https://github.com/SigmaHQ/sigma/releases"
"""Where the public archive is."""
KEPT_SECONDS = 600
"""For how long the answer to « which sources come » is believed: it reads a week of events."""
CONCLUDED = 10
NONE = Outcomes(0, 0, 0, 0, None)


def coming(console: Console) -> Gates | None:
    """Which kinds of records came lately, as asked within the last minutes."""
    key = f"coming-{console.practice}"
    told: tuple[Gates | None] | None = cache.get(key)
    if told is None:
        told = (rulebook.coming(console),)
        cache.set(key, told, KEPT_SECONDS)
    return told[0]


@needs(Role.READER)
@require_GET
def detection_rules(request: Visit) -> HttpResponse:
    """List the rules; without any, say how to get them."""
    console = desk.console(request)
    gates = coming(console)
    rows = rulebook.entries(console, gates)
    outcomes = alerts.outcomes(console.practice)
    columns, choices = _columns(outcomes), _choices(rows)
    empty = Empty(_("Aucune règle ne répond à ces critères."), reverse("detection_rules"), _("Voir toutes les règles"))
    rows.sort(key=lambda row: -Level(row.level).rank if row.level else 1)
    table = Table("regles", _("Règles de détection"), columns, listed(rows, columns, choices), empty, choices)
    counts = [(state, rule_labels.STATES[state], sum(row.state is state for row in rows)) for state in State]
    context = {"any": bool(rows), "counts": counts, "unknown": gates is None, "public": PUBLIC}
    return answer(request, "rules/page.html", table, context)


def _columns(outcomes: Mapping[tuple[str, str], Outcomes]) -> tuple[Column[Entry], ...]:
    def raised(row: Entry) -> int | None:
        told = outcomes.get((Kind.SIGMA, row.id))
        return told.open + told.true + told.false + told.benign if told else None

    return (
        Column("title", gettext_lazy("Règle"), lambda row: row.title, link=_page),
        Column("level", gettext_lazy("Gravité"), _level, sortable=False),
        Column("source", gettext_lazy("Ce qu’elle lit"), lambda row: rule_labels.source_label(row.source) or None),
        Column("state", gettext_lazy("État"), lambda row: str(rule_labels.STATES[row.state])),
        Column("why", gettext_lazy("Pourquoi"), _why, sortable=False),
        Column("alerts", gettext_lazy("Alertes"), raised, "number"),
        Column("techniques", gettext_lazy("Techniques"), lambda row: rulebook.techniques(row.tags) or None),
        Column("id", gettext_lazy("Identifiant"), lambda row: row.id or None, "code"),
    )


def _choices(rows: list[Entry]) -> tuple[Choice[Entry], ...]:
    products = sorted({row.source.product for row in rows if row.source and row.source.product})
    return (
        Choice("etat", gettext_lazy("État"), tuple(rule_labels.STATES.items()), lambda row: row.state),
        Choice("gravite", gettext_lazy("Gravité"), tuple(rule_labels.LEVELS.items()), lambda row: row.level),
        Choice(
            "produit",
            gettext_lazy("Produit"),
            [(one, rule_labels.PRODUCTS.get(one, one)) for one in products],
            lambda row: row.source.product if row.source else None,
        ),
    )


def _level(row: Entry) -> str | None:
    return str(rule_labels.LEVELS[row.level]) if row.level else None


def _why(row: Entry) -> str | None:
    if row.off:
        return row.off.reason
    return rule_labels.why_label(row.why, row.values) if row.why else None


def _page(row: Entry) -> str | None:
    return reverse("detection_rule", args=[row.id]) if row.id else None


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def detection_rule(request: Visit, ident: str) -> HttpResponse:
    """Show one rule; turn it off, or on again."""
    console = desk.console(request)
    found = [one for one in rulebook.entries(console, coming(console)) if one.id == ident]
    one = desk.found(next(iter(sorted(found, key=lambda entry: entry.state is State.CANNOT)), None))
    form = OffForm(request.POST if request.POST.get("act") == "off" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        return _turned(request, one, form.cleaned_data["reason"] if form.is_bound else None)
    texts = rulefiles.written(console, one.path)
    data = content(one.path)
    text = data.decode("utf-8", "replace") if data else ""
    names = users.names(console.practice)
    context = {
        "one": one,
        "about": about(data, one.id) if data else None,
        "text": text,
        "said": rulebook.said(console, one.id, Speaker(desk.language(), text)),
        "state": rule_labels.STATES[one.state],
        "level": _level(one),
        "source": rule_labels.source_label(one.source),
        "why": rule_labels.why_label(one.why, one.values) if one.why else "",
        "off_by": labels.who(one.off.by, names) if one.off else "",
        "told": alerts.outcomes(console.practice).get((Kind.SIGMA, one.id), NONE),
        "concluded": _concluded(console.practice, one.id),
        "techniques": rulebook.techniques(one.tags),
        "versions": [(new.file, old and new.since(old)) for new, old in zip_longest(texts, texts[1:])],
        "exemptions": exempt.listed(console, sparing.of_rule(console, one.id), utc_now()),
        "sparable": one.source is not None and one.level not in (None, Level.CRITICAL),
        "form": form,
    }
    return render(request, "rules/rule.html", context, status=422 if form.errors else 200)


def _concluded(practice: int, ident: str) -> list[tuple[object, str]]:
    told = alerts.concluded(practice, Kind.SIGMA, ident, CONCLUDED)
    return [(one, labels.label(alert_labels.SHORT_OUTCOMES, one.outcome or "")) for one in told]


def _turned(request: Visit, one: Entry, reason: str | None) -> HttpResponse:
    """Off with a reason, or on without one."""
    console, who = desk.console(request), desk.operator(request)
    try:
        if reason is not None:
            ruling.turn_off(console, who, one.id, reason)
            messages.success(request, _("La règle est suspendue : elle ne lève plus d’alerte."))
        else:
            ruling.turn_on(console, who, one.id)
            messages.success(request, _("La règle est de nouveau en service."))
    except RulesRefused:
        messages.error(request, _("Cette règle a changé entre-temps : regardez son état."))
    return redirect("detection_rule", one.id)
