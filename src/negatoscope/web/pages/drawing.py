"""The map: who is joined to whom, drawn and as a table."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows.drawing import Laid, lay
from negatoscope.model.drawing import OUTSIDE, Layer, Node, Sort, Way
from negatoscope.model.evidence import Ref
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web import drawing as screens
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

SHOWN = 8
"""Critical points that the page names before it says how many more there are."""


@dataclass(frozen=True)
class Row:
    """One host of the table: where it hangs, and what hangs on it."""

    node: Node
    network: str
    zone: str
    plugged: str
    cut: int
    failing: int


def rows(laid: Laid) -> list[Row]:
    """The drawing as a table, a line a host."""
    nodes = {node.ref: node for node in laid.drawing.nodes}
    plugged: dict[Ref, str] = {}
    for link in laid.drawing.links:
        if link.way in {Way.PORT, Way.WIFI} and link.layer is Layer.NETWORK:
            plugged[link.source] = f"{screens.name_of(nodes[link.target])} · {link.said}"
    found = []
    for node in laid.drawing.nodes:
        if node.sort is Sort.HOST:
            network = nodes.get(node.parent or "")
            zone = nodes.get(network.parent or "") if network else None
            weight = laid.drawing.weights.get(node.ref)
            found.append(
                Row(
                    node,
                    screens.name_of(network) if network else "",
                    zone.name if zone else "",
                    plugged.get(node.ref, ""),
                    weight.cut if weight else 0,
                    laid.findings.get(node.ref, 0),
                )
            )
    return found


COLUMNS: tuple[Column[Row], ...] = (
    Column("name", gettext_lazy("Équipement"), lambda row: row.node.name, link=lambda row: screens.url_of(row.node)),
    Column("kind", gettext_lazy("Classe"), lambda row: screens.kind_of(row.node)),
    Column("zone", gettext_lazy("Zone"), lambda row: row.zone or None),
    Column("network", gettext_lazy("Réseau"), lambda row: row.network or None),
    Column("plugged", gettext_lazy("Branché sur"), lambda row: row.plugged or None),
    Column("word", gettext_lazy("Connu par"), lambda row: screens.voice_of(row.node)),
    Column("clear", gettext_lazy("Répond en clair"), lambda row: row.node.clear or None),
    Column("cut", gettext_lazy("Coupés sans lui"), lambda row: row.cut or None, "number"),
    Column("failing", gettext_lazy("Non conformes"), lambda row: row.failing or None, "number"),
)


def _table(laid: Laid) -> Table[Row]:
    found = rows(laid)
    zones = sorted({row.zone for row in found if row.zone})
    choices = (
        Choice[Row]("classe", gettext_lazy("Classe"), tuple(labels.CLASSES.items()), lambda row: row.node.host_class),
        Choice[Row]("zone", gettext_lazy("Zone"), tuple((one, one) for one in zones), lambda row: row.zone),
    )
    empty = Empty(_("Aucun équipement ne répond à cette recherche."))
    return Table("carte", _("La carte en tableau"), COLUMNS, listed(found, COLUMNS, choices), empty, choices)


@needs(Role.READER)
@require_GET
def drawing(request: Visit) -> HttpResponse:
    """The map's page: the drawing, its critical points, and the same as a table."""
    laid = lay(desk.console(request))
    nodes = {node.ref: node for node in laid.drawing.nodes}
    heavy = sorted(laid.drawing.weights.items(), key=lambda one: (-one[1].cut, one[0]))
    weak = [(nodes[ref], screens.critical(weight.cut)) for ref, weight in heavy]
    weak += [(node, screens.named(node.listed)) for node in nodes.values() if node.listed is not None]
    hosts = [node for node in nodes.values() if node.sort is Sort.HOST]
    context = {
        "hosts": len(hosts),
        "seen": sum(node.measured for node in hosts),
        "networks": sum(node.sort is Sort.NETWORK for node in nodes.values()),
        "exits": [
            (screens.name_of(node), screens.url_of(node), "" if node.ref == OUTSIDE else screens.word_of(node))
            for node in nodes.values()
            if node.sort in {Sort.EXIT, Sort.PARTNER}
        ],
        "critical": weak[:SHOWN],
        "more": max(0, len(weak) - SHOWN),
        "layers": screens.legend(),
        "opened": request.GET.getlist("ouvre"),
    }
    return answer(request, "drawing/page.html", _table(laid), context)


@needs(Role.READER)
@require_GET
def drawing_data(request: HttpRequest) -> HttpResponse:
    """What the page's script draws: places, names, lines."""
    laid = lay(desk.console(request))
    return JsonResponse(screens.screen(laid, frozenset(request.GET.getlist("ouvre"))))
