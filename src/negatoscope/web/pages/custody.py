"""The evidence of an incident: how it is taken, what was, and who holds it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import custody_paper, responding
from negatoscope.model.incident import Incident, Touched, What
from negatoscope.respond.acquisition import steps
from negatoscope.respond.custody import Chain, chains
from negatoscope.respond.incident import Refused
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.custody import CollectForm, PassForm
from negatoscope.web.incident_words import Teller, Told
from negatoscope.web.labels import label
from negatoscope.web.pages.incident import Forms, Sheet, page

SYSTEMS = ("any", "windows", "linux", "macos")


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_evidence(request: Visit, number: int) -> HttpResponse:
    """How evidence is taken, each piece and its chain of custody."""
    offered: Forms = {"collect": partial(_choosing, request, number), "pass": PassForm}
    return page(request, number, offered, _evidence)


@needs(Role.READER)
@require_GET
def incident_custody(request: Visit, number: int) -> HttpResponse:
    """The chain of custody on paper."""
    try:
        data = custody_paper.printed(desk.console(request), number, desk.language())
    except Refused:
        desk.missing()
    return desk.download(request, f"custody {number}", data, f"preuves-incident-{number}.pdf", "application/pdf")


def _choosing(request: Visit, number: int, *args: Any, **more: Any) -> CollectForm:  # noqa: ANN401 -- what a form takes
    """A form that offers the equipment of this incident."""
    form = CollectForm(*args, **more)
    one = responding.incident(desk.console(request), number)
    teller = Teller(desk.practice(request), one)
    form.narrow([(host, teller.called(host)) for host in _hosts(one)])
    return form


def _hosts(one: Incident) -> list[str]:
    words = (entry.word for entry in one.touched.values())
    return sorted(word.name for word in words if isinstance(word, Touched) and word.what is What.HOST)


def _evidence(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    pieces = [
        (chain, label(names.PIECES, chain.word.piece), teller.called(chain.word.host), _links(chain, teller))
        for chain in chains(one)
    ]
    wrong = sheet.bound.get("pass")
    return {
        "pieces": pieces,
        "hosts": _hosts(one),
        "read_by": f"negatoscope incident collect {one.number} {_('FICHIER')} --host … --held …",
        "steps": [(system, label(names.SYSTEMS, system), _steps(system)) for system in SYSTEMS],
        "wrong": (sheet.request.POST.get("place"), wrong) if wrong is not None and wrong.errors else (None, None),
        "forms": {"collect": sheet.form("collect"), "pass": PassForm(auto_id=False)},
    }


def _links(chain: Chain, teller: Teller) -> list[Told]:
    return [teller.tell(link) for link in chain.links]


def _steps(system: str) -> list[tuple[str, str, str]]:
    """Sentences, doubts and sources."""
    lang, mine = desk.language(), (one for one in steps() if one.system == system)
    return [
        (one[lang], doubt(one.confidence), f"{one.source}, {date_format(one.as_of, 'SHORT_DATE_FORMAT')}")
        for one in mine
    ]


def doubt(confidence: str) -> str:
    """How sure a statement is, where it is not."""
    return "" if confidence == "sure" else label(names.DOUBTS, confidence)
