"""The five situations of rule 26: what each watches, what feeds it, how it is tuned, what another way would give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import naming, previewing, ruling, sparing, tuning
from negatoscope.flows.console import Console
from negatoscope.flows.tuning import NotTuned, Tuner, Wish
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.event import Action
from negatoscope.model.evidence import Ref
from negatoscope.model.tuning import AlertExemption, Tuning
from negatoscope.model.watching import AMOUNT, SourceHealth
from negatoscope.store.jobs import PREVIEW
from negatoscope.store.queries import alerts as held
from negatoscope.store.queries import jobs
from negatoscope.store.queries.jobs import Job
from negatoscope.store.queries.register import declared, of_kind
from negatoscope.store.roles import Role
from negatoscope.watch import filtering
from negatoscope.watch import texts as said
from negatoscope.watch import tuning as words
from negatoscope.watch.behaviours import five, transfers
from negatoscope.watch.matching import Hidden
from negatoscope.watch.sparing import FIELDS, RULE
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.tuning import ExemptForm, TuningForm
from negatoscope.web.pages.collectors import HTMX_STOP
from negatoscope.web.tuning_labels import HOWS, LISTS, REFUSED, Text

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Shown:
    """One situation on the list."""

    code: str
    title: str
    watches: str
    tunings: tuple[Tuning, ...]
    loosened: bool
    sources: int
    silent: int
    alerts: int

    @property
    def off(self) -> bool:
        """Whether it tells nothing, or nothing of some site."""
        return any(not one.on for one in self.tunings)


@dataclass(frozen=True)
class Exempt:
    """One exemption on the list."""

    fact: AlertExemption
    title: str
    over: bool
    clauses: tuple[tuple[str, Text, tuple[str, ...]], ...] = ()
    hidden: Hidden | None = None
    counted: bool = False
    """Whether what it hides is counted: of rules alone."""


@needs(Role.READER)
@require_GET
def situations(request: Visit) -> HttpResponse:
    """Show the five: whether each is watched, what feeds it, how many alerts it gave; and every exemption."""
    practice, lang, now = desk.practice(request), desk.language(), utc_now()
    told = declared(practice, Tuning)
    sources = [one.fact for one in of_kind(practice, SourceHealth.__name__)]
    recent = [one for one in held.since(practice, now - LATELY) if one.began >= now - LATELY]
    shown = []
    for code, situation in words.situations().items():
        mine, fed = tuple(one for one in told if one.behaviour == code), _feeding(code, sources)
        shown.append(
            Shown(
                code,
                said.behaviour(code, lang),
                situation.watches[lang],
                mine,
                any(words.loosened(code, one.changed) for one in mine),
                len(fed),
                sum(one.silent is True for one in fed),
                sum(one.code == code for one in recent),
            )
        )
    exemptions = listed(desk.console(request), declared(practice, AlertExemption), now)
    context = {"situations": shown, "exemptions": exemptions, "heard": bool(sources)}
    return render(request, "situations/page.html", context)


def _feeding(code: str, sources: Iterable[SourceHealth]) -> list[SourceHealth]:
    """Sources whose events of late a situation looks at."""
    asked = {str(action) for action in five.asked(code)}
    if code == transfers.CODE:  # a connection that does not say how much was sent shows nothing of it
        asked = asked - {Action.CONNECTION.value} | {AMOUNT}
    return [one for one in sources if not asked.isdisjoint(one.brings or ())]


def listed(console: Console, exemptions: Iterable[AlertExemption], now: datetime) -> list[Exempt]:
    """Exemptions as a page shows them, the one that ends first before the others."""
    facts = sorted(exemptions, key=lambda one: (one.until, one.ref))
    names = naming.names(console.practice, (one.subject for one in facts))
    rules = held.titles([one.alert for one in facts if one.alert is not None])
    fields = any(one.situation == FIELDS for one in facts)
    titles = {one.id: one.title for one in ruling.in_force(console).ruleset.every} if fields else {}
    hidden, today = sparing.hidden(console), localtime(now).date()
    return [
        Exempt(
            one,
            _titled(
                one.situation, one.subject, names, titles.get(one.behaviour) or rules.get(one.alert or 0, one.behaviour)
            ),
            one.until < today,
            tuple((each.field, HOWS[each.how], each.values) for each in filtering.parted(one.clauses)),
            hidden.get(one.ref),
            one.situation in (RULE, FIELDS),
        )
        for one in facts
    ]


def _titled(situation: str, subject: Ref, names: Mapping[Ref, str], rule: str = "") -> str:
    """Name what is exempt; ``rule``: the title of a rule, where it is one's."""
    lang = desk.language()
    if situation == FIELDS:
        return _("%(rule)s, pour certains événements") % {"rule": rule}
    name = names.get(subject) or texts.subject(subject, lang)
    if situation == RULE:
        return _("%(rule)s, pour %(subject)s") % {"rule": rule, "subject": name}
    return said.texts().reasons[situation].title[lang].format(subject=name)


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def situation(request: Visit, code: str) -> HttpResponse:
    """Explain one situation and show how it is tuned; try other settings on the past, save them, go back."""
    if code not in five.CODES:
        desk.missing()
    console, practice, lang = desk.console(request), desk.practice(request), desk.language()
    site = request.GET.get("site") or None
    places = tuning.sites(console)
    if site is not None and site not in places:
        desk.missing()
    trial = _trial(practice, code, site, request.GET.get("essai", ""))
    one = tuning.held(console, code, site)
    inherited = one or tuning.held(console, code)
    wish = Wish(code, site, inherited.on, inherited.changed) if inherited else Wish(code, site)
    if trial is not None:
        wish = previewing.wish_of(trial.settings)
    form = TuningForm(code, lang, wish, request.POST if request.POST.get("act") in {"try", "save"} else None)
    if request.method == "POST" and (answer := _acted(request, (code, site), one, form)):
        return answer
    if request.htmx.target == "essai" and trial is not None:
        status = 200 if trial.open else HTMX_STOP
        return render(request, "situations/trial.html", _tried(practice, trial), status=status)
    text = words.situations()[code]
    context = {
        "code": code,
        "title": said.behaviour(code, lang),
        "watches": text.watches[lang],
        "usual": text.usual[lang],
        "form": form,
        "one": one,
        "inherited": inherited,
        "loosened": [text.settings[name].asks[lang] for name in words.loosened(code, one.changed)] if one else [],
        "site": site,
        "sites": places,
        "sources": _feeding(code, (told.fact for told in of_kind(practice, SourceHealth.__name__))),
        "lists": [(reverse("family", args=[family]), label) for family, label in LISTS[code]],
        "trial": trial,
        **(_tried(practice, trial) if trial else {}),
    }
    return render(request, "situations/situation.html", context, status=422 if form.errors else 200)


def _trial(practice: int, code: str, site: str | None, number: str) -> Job | None:
    """The preview that the address names, if it is one of this situation."""
    job = jobs.job(practice, int(number)) if number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004 -- a number
    if job is None or job.collector != PREVIEW or job.settings["behaviour"] != code or job.settings["site"] != site:
        return None
    return job


def _tried(practice: int, trial: Job) -> dict[str, Any]:
    """What a preview says, once it is done."""
    told = [*trial.values.get("gone", ()), *trial.values.get("new", ())]
    names = naming.names(practice, (each["subject"] for each in told))
    lines = {
        which: [
            (_titled(each["reason"], each["subject"], names), datetime.fromisoformat(each["at"]))
            for each in trial.values.get(which, ())
        ]
        for which in ("gone", "new")
    }
    return {"trial": trial, **lines}


def _acted(request: Visit, which: tuple[str, str | None], one: Tuning | None, form: TuningForm) -> HttpResponse | None:
    """Do what was asked; ``None``: what was filled in does not do."""
    console, act, (code, site) = desk.console(request), request.POST.get("act", ""), which
    if form.is_bound and not form.is_valid():
        return None
    try:
        match act:
            case "try":
                number = previewing.ask(console, form.wish(site), _who(request))
                return redirect(f"{_address(code, site, essai=str(number))}#essai")
            case "save":
                tuning.save(console, form.wish(site), form.cleaned_data["reason"], _who(request))
                messages.success(request, _("Les réglages sont enregistrés. La surveillance les suit aussitôt."))
            case "back" if one is not None:
                reason = _("Retour aux réglages d’avant : %(reason)s") % {"reason": one.reason}
                tuning.go_back(console, one, reason, _who(request))
                messages.success(request, _("Les réglages d’avant sont rétablis."))
            case "follow" if site is not None:
                tuning.follow_practice(console, code, site, _who(request))
                messages.success(request, _("Ce site suit de nouveau les réglages du cabinet."))
    except NotTuned as error:
        messages.error(request, labels.label(REFUSED, error.code))
    return redirect(_address(code, site))


def _address(code: str, site: str | None, **more: str) -> str:
    return reverse("situation", args=[code], query=({"site": site} if site else {}) | more)


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def alert_exempt(request: Visit, number: int) -> HttpResponse:
    """Ask why alerts like one that was closed are harmless, and until when nobody wants them."""
    console, practice = desk.console(request), desk.practice(request)
    one = desk.found(held.alert(practice, number))
    sparable = tuning.sparables(console, number)
    if one.open or not sparable:
        messages.error(request, labels.label(REFUSED, "never_spared"))
        return redirect("alert", number)
    form = ExemptForm(request.POST or None, today=localtime(utc_now()).date())
    if request.method == "POST" and form.is_valid():
        tuning.exempt(console, number, form.cleaned_data["until"], form.cleaned_data["reason"], _who(request))
        messages.success(request, _("La dispense est notée. Elle se retire à tout moment."))
        return redirect(f"{reverse('situations')}#dispenses")
    names = naming.names(practice, [one.subject])
    rule = held.titles([number]).get(number, one.code)
    context = {"one": one, "titles": [_titled(each, one.subject, names, rule) for each in sparable], "form": form}
    return render(request, "situations/exempt.html", context, status=422 if form.errors else 200)


@needs(Role.APPROVER)
@require_POST
def exemption_withdraw(request: Visit) -> HttpResponse:
    """Raise such alerts again from now on."""
    try:
        tuning.withdraw(desk.console(request), request.POST.get("ref", ""), _who(request))
        messages.success(request, _("La dispense est retirée : ces alertes reviennent."))
    except NotTuned:
        messages.info(request, _("Cette dispense était déjà retirée."))
    return redirect(f"{reverse('situations')}#dispenses")


def _who(request: Visit) -> Tuner:
    return Tuner(desk.operator(request), desk.signature(request))
