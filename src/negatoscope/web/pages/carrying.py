"""The map taken away: as a picture, on paper, as a workbook; and the sealed crisis copy."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import carrying
from negatoscope.kit import age
from negatoscope.kit.clock import utc_now
from negatoscope.model.carrying import COPY_STANDS
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs, require
from negatoscope.web.desk import Visit

KINDS = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    carrying.ANNEXES: "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OPENED_BY = "age -d -i cle.txt copie-de-crise.html.age > copie-de-crise.html"
"""Typed where the copy is kept, by whoever holds a key."""


class RecipientForm(forms.Form):
    """Whose key opens the sealed copies."""

    name = forms.CharField(
        label=gettext_lazy("Gardée par"),
        max_length=80,
        help_text=gettext_lazy("La personne qui garde la clé secrète, ou le lieu où elle se trouve."),
    )
    key = forms.CharField(
        label=gettext_lazy("Clé publique age"),
        max_length=100,
        help_text=gettext_lazy("Elle commence par age1. La clé secrète, elle, ne vient jamais ici."),
    )

    def clean_key(self) -> str:
        """Take only what seals."""
        try:
            return age.checked(self.cleaned_data["key"])
        except age.NoKey as error:
            raise ValidationError(_("Ce n’est pas une clé publique age : elle commence par age1.")) from error


@needs(Role.READER)
@require_GET
def drawing_file(request: Visit, form: str) -> HttpResponse:
    """Make the map in one form, now."""
    kind = desk.found(KINDS.get(form))
    data = carrying.taken(desk.console(request), desk.operator(request), form, desk.language())
    name, ending = ("registre-du-reseau", "pdf") if form == carrying.ANNEXES else ("carte", form)
    return desk.attachment(data, f"{name}-{localtime(utc_now()):%Y-%m-%d}.{ending}", kind)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def drawing_sealed(request: Visit) -> HttpResponse:
    """Say whose keys open the sealed copies and when the last was made; add a key, withdraw one, make a copy."""
    act = request.POST.get("act", "")
    form = RecipientForm(request.POST if act == "add" else None)
    console, operator = desk.console(request), desk.operator(request)
    if act == "seal":
        return _sealed(request)
    if act in {"add", "drop"}:
        require(request, Role.ADMINISTRATOR)
    if act == "drop":
        carrying.withdraw(console, operator, request.POST.get("ref", ""))
        messages.success(request, _("Cette clé n’ouvrira plus les copies à venir."))
        return redirect("drawing_sealed")
    if act == "add" and form.is_valid():
        carrying.entrust(console, operator, form.cleaned_data["name"], form.cleaned_data["key"])
        messages.success(request, _("Cette clé ouvrira les copies à venir."))
        return redirect("drawing_sealed")
    made = carrying.copies(console)
    context = {
        "form": form,
        "recipients": [(one, age.fingerprint(one.key)) for one in carrying.recipients(console)],
        "copies": made[:12],
        "late": bool(made) and utc_now() - made[0].made_at > COPY_STANDS,
        "days": COPY_STANDS.days,
        "opened_by": OPENED_BY,
    }
    return render(request, "drawing/sealed.html", context)


def _sealed(request: Visit) -> HttpResponse:
    try:
        data, copy = carrying.sealed(desk.console(request), desk.operator(request), desk.language())
    except carrying.NoRecipient:
        messages.error(request, _("Ajoutez d’abord une clé : sans elle, personne n’ouvrirait la copie."))
        return redirect("drawing_sealed")
    desk.judge_again(request)
    name = f"copie-de-crise-{localtime(copy.made_at):%Y-%m-%d}.html.age"
    return desk.attachment(data, name, "application/octet-stream")
