"""The ledger: every act, chained; its head, its last checkpoint, its key, its export."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows import ledgering
from negatoscope.prove.ledger import key_id
from negatoscope.store.queries import ledger as held
from negatoscope.store.queries import users
from negatoscope.store.queries.ledger import Line
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer
from negatoscope.web.templatetags.room import act_label


@needs(Role.READER)
@require_GET
def ledger(request: Visit) -> HttpResponse:
    """Show the entries, and what proves that none is missing."""
    keys = desk.console(request).keys
    known = {keys.pseudonym(f"user:{name}"): full for name, full in users.names(desk.practice(request)).items()}
    known |= {keys.pseudonym("console"): _("la console")}
    columns: tuple[Column[Line], ...] = (
        Column("sequence", gettext_lazy("N°"), lambda row: row.sequence, "number"),
        Column("at", gettext_lazy("Quand"), lambda row: row.at, "instant"),
        Column("kind", gettext_lazy("Acte"), lambda row: act_label(row.kind)),
        Column("actor", gettext_lazy("Par"), lambda row: known.get(row.actor, row.actor[:12])),
        Column("digest", gettext_lazy("Empreinte du contenu"), lambda row: row.digest, "code", sortable=False),
        Column("hash", gettext_lazy("Maillon"), lambda row: row.hash, "code", sortable=False),
    )
    choices: tuple[Choice[Line], ...] = (
        Choice("kind", gettext_lazy("Acte"), [(kind, act_label(kind)) for kind in held.kinds()]),
    )
    table = Table("journal", _("Journal"), columns, held.lines, Empty(_("Le journal est vide.")), choices)
    signed = held.last_checkpoint()
    context = {"last": held.last(), "signed": signed, "key": key_id(signed.key) if signed else None}
    return answer(request, "ledger/page.html", table, context)


@needs(Role.READER)
@require_GET
def ledger_export(request: Visit) -> HttpResponse:
    """Hand out the whole ledger, freshly signed, for ``negatoscope ledger verify``."""
    data = ledgering.export(desk.console(request), desk.operator(request))
    return desk.attachment(data, "negatoscope-journal.jsonl", "application/jsonl")
