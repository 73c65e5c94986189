"""A kept mail reported to Signal Spam: looked at first, sent by a click; and the account an administrator gives."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from negatoscope.flows import signalling
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import KeyLost
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.flows.signalling import Dry, Mail, NotSignalled, Tampered
from negatoscope.observe.collector import Login
from negatoscope.respond.spam import guard
from negatoscope.respond.spam.service import KIND, body, service
from negatoscope.respond.spam.words import words
from negatoscope.store import credentials
from negatoscope.store.queries import spam as held
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.forms.signalling import AccountForm, LookedForm

SHOWN = 20_000
"""Letters of a mail that the page shows."""
UNFIT, CONFLICT = 422, 409


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def tip_spam(request: Visit, number: int, place: int) -> HttpResponse:
    """What would leave of a mail joined to a report; it leaves when it is said."""
    return _page(request, desk.found(signalling.of_tip(desk.console(request), number, place)))


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_spam(request: Visit, number: int, place: int) -> HttpResponse:
    """What would leave of a mail attached to an incident; it leaves when it is said."""
    return _page(request, desk.found(signalling.of_incident(desk.console(request), number, place)))


def _page(request: Visit, mail: Mail) -> HttpResponse:
    console = desk.console(request)
    try:
        told = signalling.dry(console, mail)
        form = LookedForm(request.POST if request.method == "POST" else None, asked=_asked(told))
        refused, status = "", 200
        if request.method == "POST":
            if form.is_valid():
                try:
                    signalling.send(console, mail, frozenset(form.fields), _who(request))
                except NotSignalled as error:
                    refused, status = _why(error.code), CONFLICT
                    told, form = signalling.dry(console, mail), LookedForm(asked=_asked(told))
                else:
                    messages.success(request, _("Signal Spam a pris ce courriel. Merci."))
                    return redirect(request.path)
            else:
                status = UNFIT
    except Tampered:
        return render(request, "evidence/tampered.html", {"digest": mail.digest}, status=CONFLICT)
    context = _context(request, told) | {"form": form, "refused": refused}
    return render(request, "signalling/mail.html", context, status=status)


def _asked(told: Dry) -> dict[str, str]:
    """What a person says to have looked at, by sign."""
    lang = desk.language()
    asked = {sign.telling.code: sign.telling.does[lang] for sign in told.signs if not sign.telling.stops}
    return asked | {code: says[lang] for code, says in words().looked.items() if code in told.asked}


def _context(request: Visit, told: Dry) -> dict[str, object]:
    lang, sent = desk.language(), body(told.data)
    account = credentials.named(desk.practice(request), signalling.ACCOUNT)
    return {
        "told": told,
        "why": _why(told.refused),
        "signs": [
            (one.telling.says[lang], ", ".join(one.values), one.telling.stops, one.telling.does[lang])
            for one in told.signs
        ],
        "blind": [said[lang] for said in guard.book().blind],
        "tries": [(one, words().outcome[one.outcome][lang], _why(one.why)) for one in told.tries],
        "address": told.service.address if told.service else service().address,
        "account": account.username if account else "",
        "kind": KIND,
        "field": service().field,
        "octets": len(sent),
        "source": told.data[:SHOWN].decode("utf-8", "replace"),
        "more": len(told.data) > SHOWN,
        "by": desk.signature(request),
    }


def _why(code: str) -> str:
    return words().why[code][desk.language()] if code else ""


def _who(request: Visit) -> Handler:
    return Handler(desk.operator(request), desk.signature(request))


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@confirm_first
def spam_account(request: Visit) -> HttpResponse:
    """Give the account, try it, open or close the way to Signal Spam."""
    console, practice = desk.console(request), desk.practice(request)
    told, account = held.service(practice), credentials.named(practice, signalling.ACCOUNT)
    first = {"address": told.address if told else service().address, "active": bool(told and told.active)}
    changing = request.method == "POST" and request.POST.get("act") != "try"
    form = AccountForm(request.POST if changing else None, initial=first)
    try:
        if request.method == "POST" and not changing:
            _say(request, signalling.try_out(console, _who(request)))
            return redirect("spam_account")
        if changing and form.is_valid():
            said = form.cleaned_data
            login = Login(said["username"], said["password"]) if said["username"] else None
            signalling.set_account(console, said["address"], login, _who(request), active=said["active"])
            messages.success(request, _("C’est enregistré. Essayez le compte : aucun courriel ne part."))
            return redirect("spam_account")
    except NotSignalled as error:
        form.add_error(None, _why(error.code)) if changing else _say(request, error.code)
    except (KeyLost, CredentialRefused):
        form.add_error(None, _why("key_lost"))
    context = {
        "form": form,
        "told": told,
        "account": account.username if account else "",
        "tried": _why(told.tried) if told else "",
        "service": service(),
    }
    return render(request, "signalling/account.html", context, status=UNFIT if form.errors else 200)


def _say(request: Visit, why: str) -> None:
    if why:
        messages.error(request, _why(why))
    else:
        messages.success(request, _("Signal Spam connaît ce compte. Aucun courriel n’est parti."))
