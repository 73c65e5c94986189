"""Factory log-ins: what a trial sends, who allows it on which hosts, and the trial itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from negatoscope.flows import trying
from negatoscope.flows.observing import TRIED_CLASSES, ModalityNowhere
from negatoscope.kit.clock import utc_now
from negatoscope.model.defaults import LEFT_ALONE, NO_LOG_IN, UNRECOGNISED, FactoryLogin
from negatoscope.model.hosts import HostClass
from negatoscope.store.queries import register
from negatoscope.store.queries.register import Told
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.trying import TrialForm
from negatoscope.web.labels import OUTCOMES
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url

SAID = {
    "works": gettext_lazy("ouvre encore"),
    "refused": gettext_lazy("refusé"),
    "unclear": gettext_lazy("réponse peu claire"),
    UNRECOGNISED: gettext_lazy("produit non reconnu"),
    LEFT_ALONE: gettext_lazy("laissé tranquille"),
    NO_LOG_IN: gettext_lazy("ne demande aucun mot de passe"),
}


def _said(row: Told) -> str:
    """What became of one attempt."""
    if row.fact.pair in SAID:
        return str(row.fact.pair)
    return "unclear" if row.fact.works is None else "works" if row.fact.works else "refused"


COLUMNS: tuple[Column[Told], ...] = (
    Column("host", gettext_lazy("Équipement"), lambda row: subject_name(row.fact.host),
           link=lambda row: subject_url(row.fact.host)),
    Column("service", gettext_lazy("Service"), lambda row: f"{row.fact.protocol} {row.fact.port}", "code"),
    Column("pair", gettext_lazy("Identifiant publié"),
           lambda row: None if row.fact.pair in SAID else row.fact.pair, "code"),
    Column("said", gettext_lazy("Résultat"), lambda row: str(SAID[_said(row)])),
    Column("at", gettext_lazy("Quand"), lambda row: row.at, "instant"),
)  # fmt: skip
CHOICES: tuple[Choice[Told], ...] = (
    Choice("resultat", gettext_lazy("Résultat"), tuple(SAID.items()), of=_said),
)  # fmt: skip


def _table(practice: int) -> Table[Told]:
    """The last answer to each attempt, those that open first."""
    last = {
        one.fact.ref: one for one in sorted(register.of_kind(practice, FactoryLogin.__name__), key=lambda one: one.at)
    }
    order = [*SAID]
    rows = sorted(last.values(), key=lambda one: (order.index(_said(one)), one.fact.ref))
    empty = Empty(_("Aucun essai n’a encore été fait."))
    return Table("essais", _("Résultats des essais"), COLUMNS, listed(rows, COLUMNS, CHOICES), empty, CHOICES)


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def trials(request: Visit) -> HttpResponse:
    """Say what will be sent, take or withdraw a consent, start a trial."""
    act = request.POST.get("act", "")
    form = TrialForm(request.POST if act == "allow" else None, today=localtime(utc_now()).date())
    try:
        if act in {"withdraw", "try"}:
            return _acted(request, act)
        if act == "allow" and form.is_valid():
            told = form.cleaned_data
            console, who = desk.console(request), desk.operator(request)
            trying.allow(console, who, told["host_class"], told["given_by"], told["until"])
            messages.success(request, _("L’accord est enregistré. Rien n’est encore envoyé."))
            return redirect("trials")
        rows = trying.allowed(desk.console(request))
    except ModalityNowhere:
        messages.error(request, str(OUTCOMES["modality_without_address"]))
        return redirect("collectors")
    context = {"form": form, "rows": rows, "sent": trying.sent()}
    page = answer(request, "collectors/trials.html", _table(desk.practice(request)), context)
    page.status_code = 422 if form.errors else 200
    return page


def _acted(request: Visit, act: str) -> HttpResponse:
    said = request.POST.get("host_class", "")
    if said not in {one.value for one in TRIED_CLASSES}:
        desk.missing()
    console, who = desk.console(request), desk.operator(request)
    if act == "withdraw":
        trying.withdraw(console, who, HostClass(said))
        messages.success(request, _("L’accord est retiré."))
        return redirect("trials")
    count = trying.ask(console, who, HostClass(said))
    text = ngettext("%(count)d essai est demandé.", "%(count)d essais sont demandés.", count)
    messages.success(request, text % {"count": count})
    return redirect("collectors")
