"""How long logs are kept: what is chosen for each class, what the law asks, what a shorter time would erase."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import retaining
from negatoscope.flows.hunting import store
from negatoscope.flows.retaining import NotRetained
from negatoscope.flows.tuning import Tuner
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.retention import LAW, EventClass, LogKeeping
from negatoscope.store.queries.register import declared
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_act, confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.file_labels import NOT_RETAINED
from negatoscope.web.forms.keeping import KeepingForm


@dataclass(frozen=True)
class Shown:
    """One class of logs. ``first``: the oldest day of which something is kept."""

    kind: EventClass
    title: str
    holds: str
    chosen: LogKeeping | None
    now: datetime
    first: date | None

    @property
    def days(self) -> int:
        """For how many days it is kept today."""
        return self.chosen.at(self.now) if self.chosen else LAW.usual

    @property
    def waits(self) -> bool:
        """Whether a shorter time is to begin."""
        return self.chosen is not None and self.chosen.starts > self.now

    @property
    def unjustified(self) -> bool:
        """Whether the reason is to be said again."""
        return self.chosen is not None and self.chosen.unjustified(self.now)


@needs(Role.READER)
@require_GET
def log_keeping(request: Visit) -> HttpResponse:
    """Show for how long each class of logs is kept, and what the law asks."""
    context = {"classes": _shown(request), "law": _law(), "as_of": LAW.as_of}
    return render(request, "sources/keeping.html", context)


def _shown(request: Visit) -> list[Shown]:
    lang, now = desk.language(), utc_now()
    told = {one.kind: one for one in declared(desk.practice(request), LogKeeping)}
    first: dict[str, date] = {}
    for one in store(desk.console(request)).files():
        first.setdefault(one.kind, one.day)
    return [
        Shown(kind, texts.logs(kind, lang), LAW.holds[kind][lang], told.get(kind), now, first.get(kind))
        for kind in EventClass
    ]


def _law() -> list[tuple[str, str, bool]]:
    """Who asks what, and whether we know it from others alone."""
    lang = desk.language()
    return [(one.name, one.says[lang], one.confidence == "second_hand") for one in LAW.sources]


@needs(Role.ADMINISTRATOR)
@confirm_first
@require_http_methods(["GET", "POST"])
def log_keeping_change(request: Visit, kind: str) -> HttpResponse:
    """Choose for how long a class of logs is kept; before a shorter time, show what it will erase."""
    which = _class(kind)
    console = desk.console(request)
    one = next(each for each in _shown(request) if each.kind is which)
    form = KeepingForm(request.POST or None, one.chosen.days if one.chosen else LAW.usual)
    context = {"one": one, "form": form, "law": _law(), "as_of": LAW.as_of}
    if request.method == "POST" and form.is_valid():
        days, reason = form.cleaned_data["days"], form.cleaned_data["reason"]
        loss = retaining.loss(console, which, days)
        if loss and "sure" not in request.POST:
            return render(request, "sources/keeping_sure.html", {**context, "loss": loss, "days": days})
        try:
            retaining.choose(console, which, days, reason, _who(request))
        except NotRetained as error:
            messages.error(request, labels.label(NOT_RETAINED, error.code))
        else:
            later = _("Noté. Rien n’est effacé avant sept jours : d’ici là, annulez quand vous voulez.")
            messages.success(request, later if loss else _("La durée de conservation est enregistrée."))
        return redirect("log_keeping")
    return render(request, "sources/keeping_change.html", context, status=422 if form.errors else 200)


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def log_keeping_undo(request: Visit, kind: str) -> HttpResponse:
    """Take back a shorter time that has not begun."""
    try:
        retaining.undo(desk.console(request), _class(kind), _("Réduction annulée avant son début."), _who(request))
        messages.success(request, _("C’est annulé : rien ne sera effacé de plus."))
    except NotRetained as error:
        messages.error(request, labels.label(NOT_RETAINED, error.code))
    return redirect("log_keeping")


def _class(kind: str) -> EventClass:
    if kind not in {*EventClass}:
        desk.missing()
    return EventClass(kind)


def _who(request: Visit) -> Tuner:
    return Tuner(desk.operator(request), desk.signature(request))
