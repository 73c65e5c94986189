"""The code of one alarm: entered, shown and forgotten by who approves, once they have shown again who they are."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from negatoscope.flows import codes as flow
from negatoscope.flows import listing
from negatoscope.flows.codes import CodeRefused
from negatoscope.flows.console import KeyLost
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.sealing import Unsealable
from negatoscope.model.keys import ALARM_CODES, AlarmCode, Handover, HandoverState
from negatoscope.store.queries import users
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.forms.codes import REFUSED, CodeForm

LOST = gettext_lazy("Le fichier codes.key manque : remettez-le depuis votre copie du dossier des clés.")
UNREADABLE = gettext_lazy("Ce code ne s’ouvre plus : saisissez-le de nouveau.")


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@confirm_first
def alarm_code(request: Visit, name: str) -> HttpResponse:
    """Say whether the code of an alarm is kept and who knows it; take a new one, show it, forget it."""
    alarm: AlarmCode = desk.found(listing.declared(desk.console(request), AlarmCode).get(f"{ALARM_CODES.head}/{name}"))
    act = request.POST.get("act", "")
    form = CodeForm(request.POST if act == "keep" else None)
    try:
        if act == "forget":
            flow.forget(desk.console(request), desk.operator(request), alarm.ref)
            messages.success(request, _("Le code n’est plus gardé ici."))
            return redirect("alarm_code", name)
        if act == "keep" and form.is_valid():
            return _kept(request, alarm, form)
        code = flow.shown(desk.console(request), desk.operator(request), alarm.ref) if act == "show" else None
    except (CodeRefused, KeyLost, Unsealable) as error:
        form.add_error("code", _why(error)) if act == "keep" else messages.error(request, _why(error))
        code = None
    return _page(request, alarm, form, code)


def _kept(request: Visit, alarm: AlarmCode, form: CodeForm) -> HttpResponse:
    act = flow.change if form.cleaned_data["changed"] else flow.keep
    act(desk.console(request), desk.operator(request), alarm.ref, form.cleaned_data["code"])
    if form.cleaned_data["changed"]:
        desk.judge_again(request)
    messages.success(request, _("Le code est gardé, scellé."))
    return redirect("alarm_code", alarm.name)


def _why(error: Exception) -> str:
    if isinstance(error, CodeRefused):
        return str(REFUSED[error.code])
    return str(LOST if isinstance(error, KeyLost) else UNREADABLE)


@sensitive_variables()
def _page(request: Visit, alarm: AlarmCode, form: CodeForm, code: str | None) -> HttpResponse:
    console = desk.console(request)
    kept = flow.kept(console, alarm.ref)
    context = {
        "alarm": alarm,
        "form": form,
        "code": code,
        "kept": kept,
        "by": labels.who(kept.by, users.names(console.practice)) if kept else "",
        "knowing": _knowing(StoredRegister(console.practice), alarm),
        "family": ALARM_CODES.title.say(desk.language()),
    }
    return render(request, "families/code.html", context, status=422 if form.errors else 200)


def _knowing(register: StoredRegister, alarm: AlarmCode) -> list[tuple[str, Handover]]:
    """To whom the code was told, and not since the last change only: a code is not given back."""
    names = listing.named(register, ("Person", "Provider"))
    told = [one for one in register.seen(Handover).facts if one.item == alarm.ref]
    out = {HandoverState.RETURNED, HandoverState.DISABLED}
    return sorted((names.get(one.holder, one.holder), one) for one in told if one.state not in out)
