"""The alert chain: whom to call today, in which order, and who helps from outside; as a card and on the wall."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows import chaining
from negatoscope.flows.chaining import Helper
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.clock import utc_now
from negatoscope.model import calltree
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

PAPERS = {"carte": chaining.card, "arbre": chaining.tree}
WHOSE = (("own", gettext_lazy("du cabinet")), ("public", gettext_lazy("organisme public")))
CONFIDENCE = {
    "sure": gettext_lazy("sûr"),
    "likely": gettext_lazy("probable"),
    "doubtful": gettext_lazy("douteux, à vérifier"),
}


@needs(Role.READER)
@require_GET
def chain(request: Visit) -> HttpResponse:
    """Show the call tree of today, and everybody outside who helps."""
    known, lang = StoredRegister(desk.practice(request)), desk.language()
    rows = chaining.helpers(known, lang)
    columns: tuple[Column[Helper], ...] = (
        Column("name", gettext_lazy("Contact"), lambda row: row.name),
        Column("when", gettext_lazy("Quand l’appeler"), _when),
        Column("phone", gettext_lazy("Téléphone"), lambda row: row.phone or None, "code"),
        Column("checked", gettext_lazy("Vérifié le"), lambda row: row.checked_on),
        Column("source", gettext_lazy("Source"), _source),
        Column("sure", gettext_lazy("Certitude"), _sure),
    )
    choices: tuple[Choice[Helper], ...] = (Choice("whose", gettext_lazy("De qui"), WHOSE, _whose),)
    empty = Empty(_("Aucun contact ne répond à ces critères."))
    table = Table("contacts", _("Contacts hors du cabinet"), columns, listed(rows, columns, choices), empty, choices)
    told = [(one, calltree.numbers(one.rung.call)) for one in chaining.links(known, utc_now())]
    return answer(request, "chain/chain.html", table, {"links": told})


@needs(Role.READER)
@require_GET
def chain_paper(request: Visit, kind: str) -> HttpResponse:
    """Hand out the card or the tree, as a PDF."""
    data = PAPERS[kind](desk.console(request), desk.language()) if kind in PAPERS else desk.missing()
    return desk.download(request, f"alert chain {kind}", data, f"alerte-{kind}.pdf", "application/pdf")


def _when(row: Helper) -> str:
    doubt = row.public.doubt[desk.language()] if row.public and row.public.doubt else ""
    return " ".join(filter(None, (row.when, doubt)))


def _source(row: Helper) -> str:
    return row.public.source if row.public else _("registre du cabinet")


def _sure(row: Helper) -> str:
    return str(CONFIDENCE[row.public.confidence]) if row.public else _("dit par le cabinet")


def _whose(row: Helper) -> str:
    return "public" if row.public else "own"
