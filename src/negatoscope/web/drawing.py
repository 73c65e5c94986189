"""What the map's page draws: boxes in their places, lines between what is shown, folded where there is too much."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negatoscope.flows.drawing import Laid
from negatoscope.model.drawing import ADRIFT, OUTSIDE, Layer, Link, Node, Sort, Way
from negatoscope.model.evidence import Ref
from negatoscope.web import labels
from negatoscope.web.templatetags.room import exact, subject_url

LARGE = 700
"""Hosts beyond which zones and networks are drawn closed, each opened on demand."""
LAYERS = {
    Layer.NETWORK: gettext_lazy("Réseau"),
    Layer.DICOM: gettext_lazy("Flux DICOM"),
    Layer.CLEAR: gettext_lazy("Échanges en clair"),
    Layer.TALK: gettext_lazy("Autres échanges"),
    Layer.REACH: gettext_lazy("Accès possibles"),
}
WAYS = {
    Way.PORT: gettext_lazy("branché sur"),
    Way.WIFI: gettext_lazy("en Wi-Fi sur"),
    Way.NEIGHBOUR: gettext_lazy("voisin de"),
    Way.MEMBER: gettext_lazy("adresse dans"),
    Way.SERVES: gettext_lazy("dessert"),
    Way.GATEWAY: gettext_lazy("passerelle de"),
    Way.EXIT: gettext_lazy("sort par"),
    Way.PARTNER: gettext_lazy("mène chez"),
    Way.TALK: gettext_lazy("parle à"),
    Way.REACH: gettext_lazy("atteint"),
    Way.ALLOWED: gettext_lazy("autorisé vers"),
}
SORTS = {
    Sort.ZONE: gettext_lazy("zone"),
    Sort.NETWORK: gettext_lazy("réseau"),
    Sort.HOST: gettext_lazy("équipement"),
    Sort.EXIT: gettext_lazy("accès à Internet"),
    Sort.PARTNER: gettext_lazy("liaison avec un partenaire"),
}


@dataclass(frozen=True)
class Folds:
    """What is shown closed, and in which box each hidden thing stands."""

    shown: frozenset[Ref]
    within: Mapping[Ref, Ref]
    """Of each hidden point, the box that stands for it."""
    holders: Mapping[Ref, tuple[Ref, ...]]
    """Of each point, the boxes around it, the nearest first."""

    def end(self, ref: Ref) -> Ref:
        """The point itself, or the box that stands for it."""
        return self.within.get(ref, ref)


def folds(laid: Laid, opened: frozenset[Ref]) -> Folds:
    """Decide what is shown."""
    nodes = {node.ref: node for node in laid.drawing.nodes}
    large = sum(node.sort is Sort.HOST for node in nodes.values()) > LARGE
    holders = {ref: tuple(_holders(node, nodes)) for ref, node in nodes.items()}
    within: dict[Ref, Ref] = {}
    for ref, around in holders.items():
        closed = next((box for box in reversed(around) if large and box not in opened), None)
        if closed is not None:
            within[ref] = closed
    return Folds(frozenset(nodes.keys() - within.keys()), within, holders)


def _holders(node: Node, nodes: Mapping[Ref, Node]) -> Iterator[Ref]:
    parent = nodes.get(node.parent or "")
    while parent is not None:
        yield parent.ref
        parent = nodes.get(parent.parent or "")


def screen(laid: Laid, opened: frozenset[Ref]) -> dict[str, Any]:
    """All that the page's script draws, in the visitor's language."""
    told = folds(laid, opened)
    hosts: dict[Ref, list[Node]] = {}
    for node in laid.drawing.nodes:
        if node.sort is Sort.HOST:
            for around in told.holders[node.ref]:
                hosts.setdefault(around, []).append(node)
    closed = set(told.within.values())
    return {
        "nodes": [
            _point(laid, node, hosts.get(node.ref, []), closed=node.ref in closed)
            for node in laid.drawing.nodes
            if node.ref in told.shown
        ],
        "links": list(lines(laid.drawing.links, told)),
    }


def _point(laid: Laid, node: Node, inside: list[Node], *, closed: bool) -> dict[str, Any]:
    box, weight = laid.boxes[node.ref], laid.drawing.weights.get(node.ref)
    failing = laid.findings.get(node.ref, 0) if node.sort is Sort.HOST else sum(n.ref in laid.findings for n in inside)
    return {
        "id": node.ref,
        "sort": node.sort.value,
        "name": name_of(node),
        "cls": node.host_class.value if node.host_class else "",
        "box": [round(side, 1) for side in box],
        "sure": node.measured,
        "closed": closed,
        "cut": weight.cut if weight else 0,
        "listed": node.listed is not None,
        "clear": bool(node.clear),
        "failing": failing,
        "says": list(_says(laid, node, inside)),
        "url": url_of(node),
        "find": " ".join((node.ref, node.name, *node.addresses)).casefold(),
    }


def name_of(node: Node) -> str:
    """What a point is called."""
    if node.ref == ADRIFT:
        return _("Réseau inconnu")
    if node.ref == OUTSIDE:
        return _("Internet")
    return short_name(node.name) if node.sort is Sort.HOST else node.name


def short_name(name: str) -> str:
    """A host's name without its domain; an address stays whole."""
    return name if ":" in name or name.replace(".", "").isdecimal() else name.partition(".")[0] or name


def url_of(node: Node) -> str | None:
    """The page of what a point shows."""
    if node.sort is Sort.NETWORK:
        return reverse("networks")
    if node.ref == OUTSIDE or node.ref.startswith(("gateway/", "beyond/")):
        return reverse("coverage")
    return subject_url(node.ref)


def kind_of(node: Node) -> str:
    """What sort of thing a point is, in words."""
    return str(labels.CLASSES[node.host_class]) if node.host_class else str(SORTS[node.sort])


def word_of(node: Node) -> str:
    """On whose word a point stands."""
    if node.measured:
        return _("vu par un relevé, et déclaré") if node.declared else _("vu par un relevé, non déclaré")
    return _("déclaré, vu par aucun relevé")


def voice_of(node: Node) -> str:
    """The same, as short as a table needs it."""
    if node.measured:
        return _("relevé et déclaration") if node.declared else _("relevé seul")
    return _("déclaration seule")


def _says(laid: Laid, node: Node, inside: list[Node]) -> Iterator[str]:
    """What the page tells of a point when it is chosen, a line each."""
    yield kind_of(node)
    if node.addresses:
        yield ", ".join(node.addresses)
    if node.ref not in {OUTSIDE, ADRIFT}:
        yield word_of(node)
    yield from _holds(node, inside)
    weight = laid.drawing.weights.get(node.ref)
    if weight:
        yield critical(weight.cut)
    if node.listed is not None:
        yield named(node.listed)
    if node.clear:
        yield _("Répond en clair : %(what)s") % {"what": ", ".join(node.clear)}
    failing = laid.findings.get(node.ref, 0)
    if failing:
        yield ngettext("%(n)d contrôle non conforme", "%(n)d contrôles non conformes", failing) % {"n": failing}


def _holds(node: Node, inside: list[Node]) -> Iterator[str]:
    """What a box contains; what is missing of a link with somebody else, and what would fill it."""
    if node.sort in {Sort.ZONE, Sort.NETWORK}:
        yield ngettext("%(n)d équipement", "%(n)d équipements", len(inside)) % {"n": len(inside)}
    elif node.sort is not Sort.PARTNER:
        return
    elif not node.declared:
        yield _("Cette liaison n’est déclarée nulle part : à qui est ce réseau ?")
    elif not node.addresses:
        yield _("Ses réseaux ne sont pas donnés : la carte ne peut pas trouver par où l’on y va.")
    elif not node.measured:
        yield _("Rien ne montre cette liaison : lisez la passerelle qui la porte.")


def named(why: str) -> str:
    """Why people call a point critical."""
    return _("Point critique déclaré : %(why)s") % {"why": why or "—"}


def critical(cut: int) -> str:
    """What hangs on a point."""
    return ngettext("Sans lui, %(n)d équipement est coupé", "Sans lui, %(n)d équipements sont coupés", cut) % {"n": cut}


def lines(links: Iterable[Link], told: Folds) -> Iterator[dict[str, Any]]:
    """Lines between what is shown; those that fold into the same two boxes are one, with their number."""
    gathered: dict[tuple[Ref, Ref, Layer], list[Link]] = {}
    for link in links:
        source, target = told.end(link.source), told.end(link.target)
        apart = source not in told.holders[target] and target not in told.holders[source]
        if source != target and apart and not (link.way is Way.SERVES and target in told.shown and not told.within):
            gathered.setdefault((source, target, link.layer), []).append(link)
    for number, ((source, target, layer), many) in enumerate(sorted(gathered.items())):
        best = next((link for link in many if link.measured), many[0])
        says = f"{WAYS[best.way]}"
        yield {
            "id": f"l{number}",
            "source": source,
            "target": target,
            "layer": layer.value,
            "sure": best.measured,
            "many": len(many),
            "says": says,
            "what": best.said if len(many) == 1 else "",
            "at": exact(best.at) if best.at else "",
        }


def legend() -> list[tuple[str, str]]:
    """Layers by code and name, in the order in which the page offers them."""
    return [(layer.value, str(name)) for layer, name in LAYERS.items()]
