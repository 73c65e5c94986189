"""Alerts: what is to be handled before when; and one of them: what is usual, what was seen, what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import alerting, lettering, naming, tuning
from negatoscope.flows.alerting import Handler, NotHandled
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.alert import Alert, AlertOutcome, AlertState, AlertStep, Part, Told
from negatoscope.model.evidence import Ref
from negatoscope.store import notices
from negatoscope.store.queries import alerts as held
from negatoscope.store.queries import channels, incidents, observations, subjects, users
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.roles import Role
from negatoscope.watch import texts as said
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.detection import Kind as DetectorKind
from negatoscope.web import alert_labels, desk, exports, labels
from negatoscope.web.access import needs
from negatoscope.web.alert_words import GOT_IN, NEXT
from negatoscope.web.desk import Visit
from negatoscope.web.forms.alerting import CloseForm, CommentForm, HandForm
from negatoscope.web.tables import Choice, Column, Empty, Table, export, show
from negatoscope.web.templatetags.room import is_address, until

PARTS_SHOWN = 20
ENTERED = frozenset({"success_after", "left_in", "disabled_in", "expired_in", "never_used_in", "dormant_in"})
"""Reasons that tell of somebody who got in."""
STATES = (*alert_labels.STATES.items(), (held.EVERY, gettext_lazy("toutes")))
LOG_COLLECTOR = "watch"
BEFORE = timedelta(days=1)
"""What was written the day before an alert is of interest too."""
TAUGHT = {AlertOutcome.FALSE, AlertOutcome.BENIGN}
"""Outcomes after which nobody may want such alerts for a while."""


@dataclass(frozen=True)
class Listed:
    """An alert as the list shows it."""

    alert: Alert
    title: str
    subject: str

    @property
    def clock(self) -> str | None:
        """Until when; nothing for one that is closed."""
        return until(self.alert.due) if self.alert.open else None


@needs(Role.READER)
@require_GET
def alerts(request: Visit) -> HttpResponse:
    """List the open alerts, the one due first before the others; the page asks for itself again now and then."""
    practice, now = desk.practice(request), utc_now()
    table = _table(practice)
    wanted = request.GET.get("format")
    if wanted in exports.FORMATS:
        return export(request, table, wanted)
    standing = held.standing(practice)
    way = notices.mail(practice)
    context = {
        "table": show(request, table),
        "open": len(standing),
        "new": sum(one.state is AlertState.NEW for one in standing),
        "late": sum(one.late(now) for one in standing),
        "first": standing[0] if standing else None,
        "unheard": observations.last_look(practice, LOG_COLLECTOR) is None,
        "mute": (way is None or not way.active) and not any(one.active for one in channels.channels(practice)),
        "failing": channels.failing(practice),
    }
    alone = {"table": "web/table.html", "live": "alerts/live.html"}.get(request.htmx.target or "", "")
    return render(request, alone or "alerts/page.html", context)


def _table(practice: int) -> Table[Listed]:
    columns: tuple[Column[Listed], ...] = (
        Column("due", gettext_lazy("À traiter"), lambda row: row.clock, link=_page),
        Column("what", gettext_lazy("Alerte"), lambda row: row.title, link=_page, sortable=False),
        Column("subject", gettext_lazy("Sujet"), lambda row: row.subject, sortable=False),
        Column(
            "priority",
            gettext_lazy("Priorité"),
            lambda row: labels.label(alert_labels.PRIORITIES, row.alert.priority),
            sortable=False,
        ),
        Column("state", gettext_lazy("État"), lambda row: labels.label(alert_labels.STATES, row.alert.state)),
        Column("owner", gettext_lazy("Qui s’en charge"), lambda row: row.alert.owner or None),
        Column("count", gettext_lazy("Événements"), lambda row: row.alert.count, "number"),
        Column("began", gettext_lazy("Reçue"), lambda row: row.alert.began, "instant"),
    )
    choices: tuple[Choice[Listed], ...] = (
        Choice("etat", gettext_lazy("État"), STATES, unasked=gettext_lazy("ouvertes")),
        Choice("priorite", gettext_lazy("Priorité"), tuple(alert_labels.PRIORITIES.items())),
        Choice("quoi", gettext_lazy("Alerte"), [(code, _titled(code)) for code in held.codes(practice)]),
    )
    empty = Empty(_("Aucune alerte n’est ouverte."), f"{reverse('alerts')}?etat=closed", _("Voir les alertes closes"))
    if not held.ever(practice):
        empty = Empty(
            _("Aucune alerte encore. Elles naissent des journaux que vos serveurs et votre pare-feu envoient ici."),
            reverse("log_sources"),
            _("Recevoir des journaux"),
        )
    return Table("alertes", _("Alertes"), columns, lambda ask: _rows(practice, ask), empty, choices)


def _rows(practice: int, ask: Ask) -> Found[Listed]:
    found, lang = held.page(practice, ask), desk.language()
    titles = held.titles(one.number for one in found.rows)
    names = naming.names(practice, (one.subject for one in found.rows))
    rows = [
        Listed(one, _title(one, titles), names.get(one.subject) or texts.subject(one.subject, lang))
        for one in found.rows
    ]
    return Found(tuple(rows), found.total)


def _titled(code: str) -> str:
    """What alerts of a behaviour are called; a rule by its identifier."""
    return lettering.alert("behaviour", code, desk.language()) if code in NEXT else code


def _title(one: Alert, titles: dict[int, str]) -> str:
    return titles.get(one.number) or lettering.alert(one.kind, one.code, desk.language())


def _page(row: Listed) -> str:
    return reverse("alert", args=[row.alert.number])


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def alert(request: Visit, number: int) -> HttpResponse:
    """Explain one alert; take it on, hand it on, say something of it, close it."""
    practice = desk.practice(request)
    one = desk.found(held.alert(practice, number))
    names = users.names(practice)
    people = [(f"{name} ({username})", name) for username, name in sorted(names.items(), key=lambda item: item[1])]
    forms = {
        "comment": CommentForm(request.POST if request.POST.get("act") == "comment" else None),
        "close": CloseForm(request.POST if request.POST.get("act") == "close" else None),
        "hand": HandForm(request.POST if request.POST.get("act") == "hand" else None, people=people),
    }
    if request.method == "POST" and (answer := _acted(request, one, forms)):
        return answer
    parts = held.parts(number)
    known = bool(subjects.several(practice, [one.subject]))
    refs = {one.subject, *(value for part in parts for value in (*part.usual.values(), *part.seen.values()))}
    context = {
        "one": one,
        "title": _title(one, held.titles([number])),
        "subject": naming.known_as(practice, one.subject, desk.language()),
        "late": one.late(utc_now()),
        "state": labels.label(alert_labels.STATES, one.state),
        "priority": labels.label(alert_labels.PRIORITIES, one.priority),
        "because": [labels.label(alert_labels.BECAUSE, code) for code in one.because],
        "outcome": labels.label(alert_labels.OUTCOMES, one.outcome) if one.outcome else "",
        "parts": [_explained(one, part, naming.names(practice, refs)) for part in parts[:PARTS_SHOWN]],
        "more": max(0, len(parts) - PARTS_SHOWN),
        "next": GOT_IN if any(part.reason in ENTERED for part in parts) else NEXT.get(one.code, NEXT["sigma"]),
        "history": [_step(told, names) for told in held.history(number)],
        "alike": len(held.alike(practice, one)) if one.open else 0,
        "together": len(held.together(practice, one)),
        "leads": _leads(one, known=known),
        "known": known,
        "incident": incidents.of_alert(practice, number),
        "forms": forms,
        "sparable": one.outcome in TAUGHT and bool(tuning.sparables(desk.console(request), number)),
    }
    invalid = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "alerts/alert.html", context, status=422 if invalid else 200)


def _acted(request: Visit, one: Alert, forms: Mapping[str, Form]) -> HttpResponse | None:
    """Do what was asked; ``None``: what was filled in does not do."""
    console, act = desk.console(request), request.POST.get("act", "")
    who = Handler(desk.operator(request), desk.signature(request))
    form = forms.get(act)
    if form is not None and not form.is_valid():
        return None
    told = form.cleaned_data if form is not None else {}
    try:
        match act:
            case "take":
                alerting.take(console, one.number, who)
                messages.success(request, _("Vous avez pris cette alerte en charge."))
            case "hand":
                alerting.hand_on(console, one.number, told["to"], who)
                messages.success(request, _("L’alerte est confiée ; cette personne en est prévenue."))
            case "comment":
                alerting.comment(console, one.number, told["text"], who)
            case "reopen" | "reopen_all":
                numbers = held.together(console.practice, one) if act == "reopen_all" else [one.number]
                _reopened(request, alerting.reopen(console, numbers, who), len(numbers))
            case "close":
                alerting.close(console, one.number, AlertOutcome(told["outcome"]), told["conclusion"], who)
                messages.success(request, _("L’alerte est close. Ce que vous avez écrit reste dans son histoire."))
    except NotHandled:
        messages.error(request, _("Cette alerte est déjà close."))
    return redirect("alert", one.number)


def _reopened(request: Visit, again: int, asked: int) -> None:
    if again < asked:
        messages.error(request, _("Ce qui continue dans une alerte plus récente reste clos : traitez celle-là."))
    if again:
        messages.success(request, _("C’est rouvert. L’heure limite n’a pas changé."))


def _leads(one: Alert, *, known: bool) -> list[tuple[str, str]]:
    """Where to read on: what the subject wrote lately; its name, where the register has none."""
    head, _slash, rest = one.subject.partition("/")
    asked = {"host": "machine", "address": "machine", "person": "qui", "account": "qui"}.get(head)
    day = (one.began - BEFORE).date().isoformat()
    leads = []
    if asked:
        query = urlencode({asked: rest.rpartition("/")[2], "du": day})
        leads.append((f"{reverse('events')}?{query}", _("Voir ce que disent les journaux")))
    if head in {"host", "address"} and not known:
        query = urlencode({"adresse": rest} if is_address(rest) else {})
        leads.append((f"{reverse('host_add')}?{query}", _("Nommer cet équipement au registre")))
    return leads


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def alerts_alike(request: Visit, number: int) -> HttpResponse:
    """Close an alert and others of its kind together, for one reason, once somebody has seen which."""
    practice = desk.practice(request)
    one = desk.found(held.alert(practice, number))
    others = held.alike(practice, one) if one.open else []
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = {*request.POST.getlist("alerte")}
        numbers = [each.number for each in (one, *others) if str(each.number) in chosen]
        _close_together(request, numbers, form)
        return redirect("alert", number)
    titles = held.titles([number])
    names = naming.names(practice, (each.subject for each in (one, *others)))
    lang = desk.language()
    rows = [
        (each, names.get(each.subject) or texts.subject(each.subject, lang)) for each in (one, *others) if each.open
    ]
    context = {"one": one, "title": _title(one, titles), "rows": rows, "form": form}
    return render(request, "alerts/alike.html", context, status=422 if form.errors else 200)


def _close_together(request: Visit, numbers: Sequence[int], form: CloseForm) -> None:
    told, who = form.cleaned_data, Handler(desk.operator(request), desk.signature(request))
    outcome = AlertOutcome(told["outcome"])
    try:
        alerting.close_together(desk.console(request), numbers, outcome, told["conclusion"], who)
    except NotHandled:
        messages.error(request, _("L’une d’elles est déjà close : rien n’a été fait. Regardez de nouveau."))
    else:
        said = ngettext("%(n)d alerte close.", "%(n)d alertes closes ensemble.", len(numbers)) % {"n": len(numbers)}
        messages.success(request, said)


@dataclass(frozen=True)
class Explained:
    """What one case shows: what was seen, what is usual, from which events."""

    part: Part
    title: str
    usual: str
    seen: Sequence[tuple[str, str]]


def _explained(one: Alert, part: Part, names: dict[Ref, str]) -> Explained:
    """In the words of its behaviour; a rule's matches with the fields that it names."""
    lang = desk.language()
    if one.kind != DetectorKind.BEHAVIOUR or part.reason not in said.texts().reasons:
        seen = [(key, str(value)) for key, value in part.seen.items() if key != "title" and value is not None]
        return Explained(part, str(part.seen.get("title") or _titled(one.code)), "", seen)
    told = Detection(
        DetectorKind.BEHAVIOUR, one.code, one.subject, part.at, part.came, part.keys, Level(one.level), part.case,
        part.reason, part.count, part.usual, part.seen,
    )  # fmt: skip
    shown = said.explain(told, lang, lambda ref: names.get(ref) or said.plain(ref))
    return Explained(part, shown.title, shown.usual or "", shown.seen)


def _step(told: Told, names: dict[str, str]) -> tuple[Told, str, str]:
    step = labels.label(alert_labels.STEPS, told.step)
    return told, step, "" if told.step is AlertStep.RAISED else labels.who(told.who, names)
