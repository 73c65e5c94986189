"""Legal duties as they stand here: what is shipped, what an administrator said since, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import correcting
from negatoscope.flows.correcting import NotCorrected
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import utc_now
from negatoscope.model.lawdata import DutyCorrection
from negatoscope.respond import corrected
from negatoscope.respond.duty import Duty, duties
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.lawdata import DutyForm
from negatoscope.web.labels import label
from negatoscope.web.law_labels import CONFIDENCES, REFUSED
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed


@dataclass(frozen=True)
class Row:
    """One duty of the list."""

    duty: Duty
    by: str
    old: bool

    @property
    def sure(self) -> str:
        """How sure it is, and whether it was read too long ago."""
        told = label(CONFIDENCES, self.duty.confidence)
        return _("%(told)s, lu il y a plus d’un an") % {"told": told} if self.old else told

    @property
    def until(self) -> str:
        """The delay, or that no law asks for it yet."""
        return _("pas encore de loi en vigueur") if self.duty.awaits_law else self.duty.said[desk.language()]


COLUMNS: tuple[Column[Row], ...] = (
    Column("name", gettext_lazy("Obligation"), lambda row: row.duty.name[desk.language()],
           link=lambda row: reverse("legal_duty", args=[row.duty.id])),
    Column("to", gettext_lazy("Qui prévenir"), lambda row: row.duty.to[desk.language()]),
    Column("until", gettext_lazy("Délai"), lambda row: row.until),
    Column("channel", gettext_lazy("Où et comment"), lambda row: row.duty.channel[desk.language()], sortable=False),
    Column("source", gettext_lazy("Où c’est écrit"), lambda row: row.duty.source, sortable=False),
    Column("as_of", gettext_lazy("Lu le"), lambda row: f"{row.duty.as_of:%Y-%m-%d}"),
    Column("sure", gettext_lazy("Est-ce sûr ?"), lambda row: row.sure),
    Column("by", gettext_lazy("Corrigé ici par"), lambda row: row.by or None),
)  # fmt: skip
CHOICES: tuple[Choice[Row], ...] = (
    Choice("certitude", gettext_lazy("Est-ce sûr ?"), tuple(CONFIDENCES.items()), lambda row: row.duty.confidence),
    Choice("corrige", gettext_lazy("Corrigé ici"), (("yes", gettext_lazy("oui")), ("no", gettext_lazy("non"))),
           lambda row: "yes" if row.by else "no"),
)  # fmt: skip


@needs(Role.READER)
@require_GET
def legal_duties(request: Visit) -> HttpResponse:
    """Every duty with its delay, its source, its day and how sure it is."""
    practice, today = desk.practice(request), localtime(utc_now()).date()
    said = correcting.corrections(practice)
    rows = [_row(duty, said, today) for duty in correcting.duties(practice)]
    empty = Empty(_("Aucune obligation ne répond à ce filtre."))
    table = Table("obligations", _("Obligations légales"), COLUMNS, listed(rows, COLUMNS, CHOICES), empty, CHOICES)
    return answer(request, "lawdata/list.html", table, {"stale": sum(row.old for row in rows)})


def _row(duty: Duty, said: Mapping[str, DutyCorrection], today: date) -> Row:
    return Row(duty, said[duty.id].by if duty.id in said else "", corrected.old(duty.as_of, today))


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def legal_duty(request: Visit, code: str) -> HttpResponse:
    """One duty: what is shipped, what stands, and a form to correct it or to go back."""
    console, lang = desk.console(request), desk.language()
    shipped = desk.found(next((duty for duty in duties() if duty.id == code), None))
    now = next(duty for duty in correcting.duties(console.practice) if duty.id == code)
    form = DutyForm(request.POST if request.POST.get("act") == "correct" else None, initial=DutyForm.shown(now, lang))
    if request.method == "POST" and _acted(request, code, form):
        return redirect("legal_duty", code)
    today = localtime(utc_now()).date()
    one = correcting.corrections(console.practice).get(code)
    context = {
        "code": code, "form": form, "one": one, "name": now.name[lang], "to": now.to[lang], "why": now.why[lang],
        "shown": [_told(now, lang, today)], "shipped": _told(shipped, lang, today) if one else None,
    }  # fmt: skip
    return render(request, "lawdata/duty.html", context, status=422 if form.errors else 200)


def _told(duty: Duty, lang: Lang, today: date) -> dict[str, object]:
    return {
        "said": _("pas encore de loi en vigueur") if duty.awaits_law else duty.said[lang],
        "channel": duty.channel[lang], "source": duty.source, "as_of": duty.as_of,
        "sure": label(CONFIDENCES, duty.confidence), "old": corrected.old(duty.as_of, today),
    }  # fmt: skip


def _acted(request: Visit, code: str, form: DutyForm) -> bool:
    console, operator = desk.console(request), desk.operator(request)
    try:
        if request.POST.get("act") == "withdraw":
            correcting.withdraw(console, code, operator)
            messages.success(request, _("Ce qui est livré avec le logiciel vaut de nouveau."))
            return True
        if not form.is_valid():
            return False
        correcting.correct(console, form.correction(code, desk.signature(request)), operator)
    except NotCorrected as error:
        if form.is_bound:
            form.add_error(None, label(REFUSED, error.code))
            return False
        messages.error(request, label(REFUSED, error.code))
        return True
    messages.success(request, _("C’est noté. Les délais déjà en cours ne bougent pas ; les prochains suivent ceci."))
    return True
