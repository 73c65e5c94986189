"""What is kept in an incident: documents, and the answers to rule 38's questions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from negatoscope.flows import inquiring, questioning
from negatoscope.flows.alerting import Handler
from negatoscope.kit.calendar import in_paris
from negatoscope.model.custody import Inquired
from negatoscope.model.incident import Attached
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents as held
from negatoscope.store.roles import Role
from negatoscope.store.vault import Tampered
from negatoscope.web import desk
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.labels import label


@needs(Role.READER)
@require_GET
def incident_document(request: Visit, number: int, place: int) -> HttpResponse:
    """Hand out a document, after checking that it is what it was."""
    log = held.entries(desk.practice(request), number)
    word = desk.found(next((entry.word for entry in log if entry.place == place), None))
    if not isinstance(word, Attached | Inquired):
        desk.missing()
    try:
        with desk.console(request).vault.open(word.digest) as stream:
            data = stream.read()
    except Tampered:
        return render(request, "evidence/tampered.html", {"digest": word.digest}, status=409)
    return desk.download(request, f"incident {number} {word.digest}", data, word.name, "application/octet-stream")


@needs(Role.OPERATOR)
@require_POST
def host_questions_keep(request: Visit, name: str) -> HttpResponse:
    """Keep the answers on a host, for the window that was shown, in an incident that names it."""
    console, post = desk.console(request), request.POST
    try:
        since, until, sign = (in_paris(post.get(word, "")) for word in ("du", "au", "signe"))
        asked = questioning.ask(console, desk.operator(request), name, questioning.window(until, since, until, sign))
    except (ValueError, questioning.NoSuchHost):
        desk.missing()
    number = next((one for one, _title in inquiring.concerned(console, asked.host) if str(one) == post.get("n")), 0)
    if not number:
        desk.missing()
    who = Handler(desk.operator(request), desk.signature(request))
    try:
        place = inquiring.keep(console, number, asked, who)
    except Refused as refused:
        messages.error(request, label(names.REFUSED, refused.code))
        return redirect("host_questions", name)
    messages.success(
        request, _("Les réponses sont gardées à la ligne %(place)d de la main courante.") % {"place": place}
    )
    return redirect("incident", number)
