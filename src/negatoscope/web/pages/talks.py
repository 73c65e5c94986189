"""Who talks with whom, as flow exporters tell it; who exports, and what was not taken."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows.listening import refusals
from negatoscope.flows.naming import names
from negatoscope.model.traffic import INTERNET, Conversation, FlowWatch
from negatoscope.store.queries import register
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.queries.subjects import Subject
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.naming import Called
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, held
from negatoscope.web.templatetags.room import subject_name, subject_url

REASONS: dict[str, str | Promise] = {
    "too_many_exporters": gettext_lazy("trop d’appareils envoient à la fois : les nouveaux ne sont plus écoutés"),
    "exporter_outside": gettext_lazy("envoi venu d’une adresse hors de vos réseaux déclarés"),
    "not_flows": gettext_lazy("envoi qui n’est pas un relevé de flux"),
    "spool_full": gettext_lazy("trop de relevés en attente"),
    "disk_full": gettext_lazy("disque de la console plein"),
    "address_taken": gettext_lazy("porte fermée : un autre programme écoute à cette adresse"),
}
PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6")


@needs(Role.READER)
@require_GET
def talks(request: Visit) -> HttpResponse:
    """List the exchanges seen, and how to be told of them."""
    practice = desk.practice(request)
    bearers: dict[str, Called] = {}
    columns: tuple[Column[Subject], ...] = (
        _end("source", gettext_lazy("Qui commence"), bearers),
        _end("target", gettext_lazy("Qui répond"), bearers),
        Column("protocol", gettext_lazy("Protocole"), lambda row: row.fact.protocol, "code"),
        Column("port", gettext_lazy("Port"), lambda row: row.fact.port, "number"),
        Column("octets", gettext_lazy("Octets"), lambda row: row.fact.octets, "octets"),
        Column("answered", gettext_lazy("Réponse vue"), lambda row: row.fact.answered),
        Column("first", gettext_lazy("Premier échange"), lambda row: row.fact.first, "instant"),
        Column("last", gettext_lazy("Dernier échange"), lambda row: row.fact.last, "instant"),
    )
    choices: tuple[Choice[Subject], ...] = (
        Choice("protocole", gettext_lazy("Protocole"), [(one, one) for one in PROTOCOLS], by="protocol"),
        Choice("vers", gettext_lazy("Vers"), [(INTERNET, gettext_lazy("Internet"))], by="target"),
    )
    empty = Empty(_("Aucun échange vu pour l’instant."))
    source = _borne(held(practice, Conversation, columns, choices), practice, bearers)
    table = Table("echanges", _("Échanges vus"), columns, source, empty, choices)
    refused = refusals(desk.console(request))
    context = {
        "watches": [told.fact for told in register.of_kind(practice, FlowWatch.__name__)],
        "door": settings.CONFIG.flows,
        "line": 'flows = "0.0.0.0:2055"',
        "file": settings.CONFIG.data / "negatoscope.toml",
        "refused": [(REASONS.get(code, code), one.count, one.last) for code, one in sorted(refused.items())],
    }
    return answer(request, "talks/page.html", table, context)


def _end(side: str, title: Promise, bearers: Mapping[str, Called]) -> Column[Subject]:
    """One end of an exchange: its address, and the host that bears it."""

    def says(row: Subject) -> str:
        address: str = getattr(row.fact, side)
        if address == INTERNET:
            return _("Internet")
        named = bearers[address].name if address in bearers else address
        return address if named == address else f"{named} · {address}"

    def leads(row: Subject) -> str | None:
        address: str = getattr(row.fact, side)
        if address == INTERNET:
            return None
        known = bearers.get(address)
        return subject_url(known.ref) if known else f"{reverse('hosts')}?{urlencode({'q': address})}"

    return Column(side, title, says, link=leads)


def _borne(
    source: Callable[[Ask], Found[Subject]], practice: int, bearers: dict[str, Called]
) -> Callable[[Ask], Found[Subject]]:
    """Answer as ``source`` does, and put into ``bearers`` who bears the addresses of the rows."""

    def filled(ask: Ask) -> Found[Subject]:
        found = source(ask)
        ends = {end for row in found.rows for end in (row.fact.source, row.fact.target)}
        borne = register.bearers(practice, ends)
        known = names(practice, borne.values())
        bearers.update({end: Called(ref, known.get(ref) or subject_name(ref)) for end, ref in borne.items()})
        return found

    return filled
