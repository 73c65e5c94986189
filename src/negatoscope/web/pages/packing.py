"""The hand-over pack of an incident, for whoever investigates: as it is, or sealed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from negatoscope.flows import packing
from negatoscope.flows.carrying import NoRecipient
from negatoscope.respond.incident import Refused
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit


@needs(Role.OPERATOR)
@require_POST
def incident_pack(request: Visit, number: int) -> HttpResponse:
    """Make it now, and hand it out."""
    told = desk.console(request), desk.operator(request), number, desk.language()
    try:
        if request.POST.get("act") == "seal":
            return desk.attachment(
                packing.sealed(*told), f"remise-incident-{number}.zip.age", "application/octet-stream"
            )
        return desk.attachment(packing.packed(*told), f"remise-incident-{number}.zip", "application/zip")
    except NoRecipient:
        why = _("Aucune clé n’est enregistrée : ajoutez-en une à la page Carte.")
        return render(request, "packing/refused.html", {"why": why, "number": number}, status=409)
    except Refused:
        desk.missing()
