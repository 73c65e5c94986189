"""The page where anybody on the practice's network reports what they see, without an account; and their receipt."""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from negatoscope.flows import chaining, naming, tipping
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tipping import File, NotTaken, Sending
from negatoscope.model.tip import Look, Voice
from negatoscope.respond import tips
from negatoscope.store.queries import tips as held
from negatoscope.web import desk, tip_labels
from negatoscope.web.forms.tips import MoreForm, ReceiptForm, TipForm
from negatoscope.web.labels import label

MOST_POSTED = (tips.MOST_FILES + 1) * tips.MOST_FILE
"""Octets of a form with its files: a larger one is not read."""
PEOPLE, OUTSIDE = 2, 3
"""How many people of the practice are shown with their numbers, and how many outside."""
DIALLED = frozenset("+0123456789 .")
TOO_LARGE, FULL, UNFIT, TOO_MANY, FORBIDDEN = 413, 507, 422, 429, 403


@login_not_required
@csrf_exempt  # until the size is known: checking the form's own key reads all of it; the pages below check it
@require_http_methods(["GET", "POST"])
def tip_send(request: HttpRequest) -> HttpResponse:
    """Take a report."""
    return _shut(request) or _send(request)


@login_not_required
@csrf_exempt  # as above
@require_http_methods(["GET", "POST"])
def tip_receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What to do now, whom to call, what became of it, and room for more words."""
    return _shut(request) or _receipt(request, code)


def _shut(request: HttpRequest) -> HttpResponse | None:
    """Turn away who comes from elsewhere, and a form that nobody filled in by hand."""
    if not (request.user.is_authenticated or tipping.admitted(desk.console(request), _address(request))):
        return render(request, "tips/shut.html", status=FORBIDDEN)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_POSTED:
        return render(request, "tips/refused.html", {"too_large": True, **_calls(request)}, status=TOO_LARGE)
    return None


def _address(request: HttpRequest) -> str:
    told = tips.plain_address(request.META.get("REMOTE_ADDR", ""))
    return str(told) if told else ""


@csrf_protect
def _send(request: HttpRequest) -> HttpResponse:
    if request.POST.get("act") == "find":
        return _find(request)
    host = tipping.host_at(desk.console(request), _address(request))
    known = naming.known_as(desk.console(request).practice, host, desk.language()) if host else ""
    form = TipForm(request.POST or None, request.FILES or None, initial={"where": known})
    if request.method == "POST" and form.is_valid():
        told = _sending(request, form.cleaned_data)
        try:
            one = tipping.send(desk.console(request), told)
        except (NotTaken, DiskFull) as refused:
            return _refused(request, "tips/send.html", {"form": form, "receipt": ReceiptForm()}, refused)
        return redirect("tip_receipt", tips.shown(one.code))
    context = {"form": form, "receipt": ReceiptForm(), "key": _key(request)}
    return render(request, "tips/send.html", context, status=UNFIT if form.errors else 200)


def _key(request: HttpRequest) -> str:
    """What marks this form, so that it is taken once however often it is sent."""
    return request.POST.get("cle", "")[:30] or secrets.token_urlsafe(15)


def _sending(request: HttpRequest, told: dict[str, Any]) -> Sending:
    files = [File(one.name or "", one.file) for one in told["joined"]]
    look = Look(told.get("look", Look.UNKNOWN))
    said = {name: told.get(name, "") for name in ("text", "where", "name", "phone")}
    return Sending(_key(request), look, **said, address=_address(request), files=files)


def _refused(request: HttpRequest, page: str, context: dict[str, Any], refused: NotTaken | DiskFull) -> HttpResponse:
    """Say plainly that nothing was kept, why, and whom to call; what was typed stays in the form."""
    if isinstance(refused, DiskFull):
        return render(request, "tips/refused.html", {"full": True, **_calls(request)}, status=FULL)
    many = refused.code.startswith("too_many")
    said = label(tip_labels.REFUSED, refused.code)
    shown = {"refused": f"{refused.name} : {said}" if refused.name else said, "key": _key(request)}
    calls = _calls(request) if many else {}
    return render(request, page, {**context, **shown, **calls}, status=TOO_MANY if many else UNFIT)


def _find(request: HttpRequest) -> HttpResponse:
    form = ReceiptForm(request.POST)
    one = _of(request, request.POST.get("code", ""))
    if one is not None:
        return redirect("tip_receipt", tips.shown(one.code))
    if form.is_valid():
        form.add_error("code", label(tip_labels.REFUSED, "unknown"))
    return render(request, "tips/send.html", {"form": TipForm(), "receipt": form, "key": _key(request)}, status=UNFIT)


def _of(request: HttpRequest, code: str) -> Any:  # noqa: ANN401 -- a report, or none
    return held.of_code(desk.console(request).practice, tips.spelt(code))


@csrf_protect
def _receipt(request: HttpRequest, code: str) -> HttpResponse:
    one = desk.found(_of(request, code))
    form = MoreForm(request.POST or None, request.FILES or None)
    first, do, dont = tips.advice(one.look)
    lang = desk.language()
    context = {
        "one": one,
        "code": tips.shown(one.code),
        "saw": tips.guidance()[one.look].says[lang],
        "first": [step[lang] for step in first],
        "do": [step[lang] for step in do],
        "dont": [step[lang] for step in dont],
        "answers": [word for word in one.words if word.voice is Voice.ANSWER],
        "mine": [word for word in one.words if word.voice is Voice.REPORTER and (word.text or word.file)],
        "form": form,
        "key": _key(request) if form.is_bound else secrets.token_urlsafe(15),
        **_calls(request),
    }
    if request.method == "POST" and form.is_valid():
        try:
            tipping.add(desk.console(request), one.code, _sending(request, form.cleaned_data))
        except (NotTaken, DiskFull) as refused:
            return _refused(request, "tips/receipt.html", context, refused)
        return HttpResponseRedirect(reverse("tip_receipt", args=[context["code"]]) + "#dit")
    return render(request, "tips/receipt.html", context, status=UNFIT if form.errors else 200)


def _calls(request: HttpRequest) -> dict[str, Any]:
    """Whom to call now: the first who answer today, and those outside who help."""
    known = StoredRegister(desk.console(request).practice)
    outside = [(one, set(one.phone) <= DIALLED) for one in chaining.outside(known, desk.language(), OUTSIDE)]
    return {"people": chaining.answering(known, desk.console(request).clock(), PEOPLE), "outside": outside}
