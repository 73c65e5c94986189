"""Messages: by which server, to whom, what was told last; and what loses its proof this week."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import delivering, lettering, notifying
from negatoscope.flows.console import Console
from negatoscope.flows.decaying import decaying as ending
from negatoscope.flows.naming import about, known_as
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.clock import utc_now
from negatoscope.prove.plan import Ending
from negatoscope.store import notices as held
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.advice import page_of
from negatoscope.web.desk import Visit
from negatoscope.web.forms.mailing import MailForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

SHOWN = 30
AHEAD = timedelta(days=30)
SORTS: dict[str, str | Promise] = {
    "attestation": gettext_lazy("attestation"),
    "consent": gettext_lazy("accord d’interrogation"),
    "waiver": gettext_lazy("dérogation"),
    "action": gettext_lazy("action"),
    "arrival": gettext_lazy("arrivée"),
    "departure": gettext_lazy("départ"),
}
STATES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("en attente"),
    "sent": gettext_lazy("parti"),
    "given_up": gettext_lazy("abandonné"),
}
WHY: dict[str, str | Promise] = {
    "unreachable": gettext_lazy("Le serveur ne répond pas."),
    "refused": gettext_lazy("Le serveur a refusé le message."),
    "recipient_refused": gettext_lazy("Le serveur ne connaît pas ce destinataire."),
    "login_refused": gettext_lazy("Le serveur refuse cet accès."),
    "certificate_refused": gettext_lazy("Le certificat du serveur n’est pas valable : rien n’a été envoyé."),
    "no_encryption": gettext_lazy("Le serveur ne sait pas chiffrer : rien n’a été envoyé."),
    "credential_unknown": gettext_lazy("L’accès enregistré de ce nom manque ou ne s’ouvre pas."),
    "password_in_clear": gettext_lazy("Un mot de passe ne part jamais sans chiffrement."),
}


MISSED: dict[str, str | Promise] = {
    "unknown": gettext_lazy("« %(name)s » : personne de ce nom au registre ni à la console."),
    "gone": gettext_lazy("%(name)s n’est plus là."),
    "no_address": gettext_lazy("%(name)s n’a pas d’adresse."),
    "away": gettext_lazy("%(name)s est en absence jusqu’au %(until)s."),
    "quiet": gettext_lazy("%(name)s a coupé ces messages."),
}
LINES = 5
"""Lines of a coming mail that the page shows."""


@dataclass(frozen=True)
class Next:
    """A mail to come, as the page shows it; ``more``: how many lines it bears beside those shown."""

    to: str
    at: datetime
    lines: list[str]
    more: int


@dataclass(frozen=True)
class Told:
    """A notice as the page shows it."""

    subject: str
    to: str
    state: str
    why: str
    at: datetime


@needs(Role.READER)
@require_GET
def decaying(request: Visit) -> HttpResponse:
    """List what ends within thirty days, the soonest first."""
    practice = desk.practice(request)
    rows = ending(practice, utc_now(), AHEAD)
    columns: tuple[Column[Ending], ...] = (
        Column("what", gettext_lazy("Quoi"), lambda row: _name(practice, row), link=page_of),
        Column("sort", gettext_lazy("Nature"), lambda row: str(SORTS[row.code])),
        Column("at", gettext_lazy("Prend fin"), lambda row: row.at, "instant"),
    )
    empty = Empty(_("Rien ne prend fin dans les trente jours."))
    sorts: Choice[Ending] = Choice("nature", gettext_lazy("Nature"), tuple(SORTS.items()), lambda row: row.code)
    table = Table("echeances", _("Échéances"), columns, listed(rows, columns, (sorts,)), empty, (sorts,))
    return answer(request, "notices/decaying.html", table)


def _name(practice: int, row: Ending) -> str:
    lang = desk.language()
    return " · ".join(filter(None, (about(row.control, lang), row.subject and known_as(practice, row.subject, lang))))


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def notices(request: Visit) -> HttpResponse:
    """Say by which server messages leave, and show the last ones."""
    practice, way = desk.practice(request), held.mail(desk.practice(request))
    names = ("host", "port", "security", "login", "sender", "to", "language", "active")
    initial = {name: getattr(way, name) for name in names} if way else {"sender": request.user.email}
    form = MailForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        console = desk.console(request)
        with alone(console):
            held.set_mail(practice, form.cleaned_data)
            enter(console, utc_now(), "configuration", desk.operator(request), {"mail": form.cleaned_data})
        messages.success(request, _("C’est noté. Envoyez un message d’essai pour en être sûr."))
        return redirect("notices")
    told = [_told(row, desk.language()) for row in held.newest(practice, SHOWN)]
    context = {"form": form, "way": way, "told": told, **(_coming(desk.console(request), way) if way else {})}
    return render(request, "notices/page.html", context, status=422 if form.errors else 200)


def _coming(console: Console, way: held.MailRow) -> dict[str, object]:
    """What would leave next, and who would not get what concerns them."""
    found, lang = notifying.foreseen(console, way), desk.language()
    mails = delivering.coming(console, found)
    following = [
        Next(one.to, one.at, [lettering.told(row, lang) for row in one.rows[:LINES]], max(0, len(one.rows) - LINES))
        for one in mails[:SHOWN]
    ]
    missed = [
        str(MISSED[one.why]) % {"name": one.name, "until": one.until and date_format(one.until, "SHORT_DATE_FORMAT")}
        for one in found.missed
    ]
    return {"following": following, "missed": missed}


def _told(row: held.NoticeRow, language: str) -> Told:
    why = str(WHY.get(row.error, row.error))
    return Told(lettering.told(row, language), row.to, str(STATES[row.state]), why, row.sent_at or row.due_at)


@needs(Role.ADMINISTRATOR)
@require_POST
def trial(request: Visit) -> HttpResponse:
    """Ask for a test message."""
    if notifying.trial(desk.console(request), desk.operator(request)):
        messages.success(request, _("Un message d’essai va partir ; revenez voir ici ce qu’il devient."))
    else:
        messages.error(request, _("Dites d’abord par quel serveur et à qui."))
    return redirect("notices")
