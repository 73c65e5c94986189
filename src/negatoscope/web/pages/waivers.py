"""Waivers: a deviation accepted for a while. It belongs to the action plan and never changes a verdict."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows.declaring import Said, declare
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Retraction
from negatoscope.model.people import Waiver
from negatoscope.store.queries import judgements, register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.waiving import WaiverForm
from negatoscope.web.templatetags.room import subject_name

OFFERED = 500


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def waive(request: Visit, number: int, ident: str) -> HttpResponse:
    """Accept a deviation on one subject that fails this control now."""
    told = desk.found(judgements.film(desk.practice(request), number))
    result = desk.found(next((one for one in told[1] if one.id == ident), None))
    subjects = dict.fromkeys(finding.subject for finding in result.findings[:OFFERED])
    form = WaiverForm(
        request.POST or None,
        today=localtime(utc_now()).date(),
        subjects=[(ref, subject_name(ref)) for ref in subjects],
        initial={"owner": desk.signature(request)},
    )
    if request.method == "POST" and form.is_valid():
        waiver = Waiver(control=ident, **form.cleaned_data)
        declare(desk.console(request), Said(desk.operator(request), "waiver"), (waiver,))
        messages.success(request, _("La dérogation est notée. Le verdict ne change pas."))
        return redirect(f"{reverse('film', args=[number])}#{ident}")
    context = {
        "number": number,
        "ident": ident,
        "asks": texts.rule(f"R{number}").controls[ident].asks[desk.language()],
        "subjects": subjects,
        "form": form,
    }
    return render(request, "film/waive.html", context, status=422 if form.errors else 200)


@needs(Role.APPROVER)
@require_POST
def withdraw_waiver(request: Visit, number: int) -> HttpResponse:
    """End a waiver before its date."""
    if not 1 <= number <= len(RULES):
        desk.missing()
    ref = request.POST.get("ref", "")
    if ref in {one.ref for one in register.of_kind(desk.practice(request), Waiver.__name__)}:
        said = Said(desk.operator(request), "waiver")
        declare(desk.console(request), said, (), (Retraction(Waiver.__name__, ref),))
        messages.success(request, _("La dérogation est levée."))
    return redirect("film", number)
