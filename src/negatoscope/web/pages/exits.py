"""The ways out to the Internet, as a list to sort, to filter and to take away."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows import segmenting
from negatoscope.judge.exits import Exit
from negatoscope.kit.clock import utc_now
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.segment_words import WAYS
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url

DECLARED = (("no", gettext_lazy("non déclaré")), ("yes", gettext_lazy("déclaré")))
COLUMNS: tuple[Column[Exit], ...] = (
    Column("subject", gettext_lazy("Par qui"), lambda row: subject_name(row.subject),
           link=lambda row: subject_url(row.subject)),
    Column("way", gettext_lazy("Comment"), lambda row: str(WAYS[row.way])),
    Column("label", gettext_lazy("Carte ou routeur"), lambda row: row.label, "code"),
    Column("access", gettext_lazy("Accès déclaré"),
           lambda row: row.access.name if row.access else str(_("non déclaré"))),
    Column("users", gettext_lazy("Équipements vus y passer"), lambda row: len(row.users) or None, "number"),
    Column("who", gettext_lazy("Lesquels"), lambda row: tuple(map(subject_name, row.users)) or None, sortable=False),
)  # fmt: skip
CHOICES: tuple[Choice[Exit], ...] = (
    Choice("comment", gettext_lazy("Comment"), tuple((way.value, word) for way, word in WAYS.items()),
           lambda row: row.way.value),
    Choice("acces", gettext_lazy("Accès déclaré"), DECLARED, lambda row: "yes" if row.access else "no"),
)  # fmt: skip


@needs(Role.READER)
@require_GET
def segmentation_exits(request: Visit) -> HttpResponse:
    """Every way out that anything shows, and who takes it."""
    found = segmenting.ground(desk.practice(request), utc_now()).exits
    empty = Empty(
        _("Aucune sortie n’a encore été vue : lisez une passerelle, ou relevez les chemins de vos ordinateurs."),
        reverse("imports"),
        _("Importer un fichier d’équipement"),
    )  # fmt: skip
    table = Table("sorties", _("Sorties vers Internet"), COLUMNS, listed(found.told, COLUMNS, CHOICES), empty, CHOICES)
    return answer(request, "segmentation/exits.html", table, {"unseen": found.unseen})
