"""What differs between two dates, drawn on the map: each thing in its place, with a sign, a word and what changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negatoscope.flows.drawing import Laid
from negatoscope.judge import texts
from negatoscope.model.drawing import OUTSIDE, Drawing, Layer, Link, Sort, Way
from negatoscope.model.evidence import Ref
from negatoscope.prove.drawing.places import LOST
from negatoscope.store.queries.changes import Change
from negatoscope.web import desk, labels
from negatoscope.web import drawing as screens
from negatoscope.web.drawing import Folds
from negatoscope.web.templatetags.room import exact, subject_name
from negatoscope.web.values import in_words

SORTS = {"new": gettext_lazy("apparu"), "gone": gettext_lazy("disparu"), "moved": gettext_lazy("changé")}
MANY = {"new": gettext_lazy("Apparus"), "gone": gettext_lazy("Disparus"), "moved": gettext_lazy("Changés")}
SIGNS = {"new": "+", "gone": "\N{MINUS SIGN}", "moved": "\N{NOT EQUAL TO}"}
POINTS = {
    "Host": Sort.HOST, "Network": Sort.NETWORK, "Zone": Sort.ZONE, "InternetAccess": Sort.EXIT, "Partner": Sort.PARTNER,
}  # fmt: skip
"""Kinds that are points of the drawing; what changes of the others is told at the host that holds it."""
FLOW = "AllowedFlow"
TOLD = 12
"""Changes told of one point; more are counted."""


@dataclass
class Mark:
    """What is said of one point or line. ``ref`` of a point that is gone: drawn where it stood."""

    sort: str
    says: list[str] = field(default_factory=list)


def detail(change: Change) -> str:
    """What a move changed, field by field."""
    return " · ".join(
        f"{labels.field_label(name)} : {_value(change.before[name])} → {_value(value)}"
        for name, value in sorted(change.after.items())
    )


def _value(value: object) -> str:
    return in_words(tuple(value)) if isinstance(value, list) else in_words(value)


def told(change: Change) -> str:
    """One change as a line of text."""
    kind = texts.kind(change.kind, desk.language())
    words = f"{SIGNS[change.sort]} {kind} {subject_name(change.ref)} : {SORTS[change.sort]}, {exact(change.at)}"
    return f"{words} · {detail(change)}" if change.after else words


def marks(changes: Iterable[Change]) -> dict[Ref, Mark]:
    """What is said of each point: its own coming, going or move before what changed on it."""
    found: dict[Ref, Mark] = {}
    for change in sorted(changes, key=lambda one: one.kind not in POINTS):
        ref = change.ref if change.kind in POINTS else change.host
        if ref:
            mark = found.setdefault(ref, Mark(change.sort if change.kind in POINTS else "moved"))
            mark.says.append(told(change))
    return found


def flows(changes: Iterable[Change], drawing: Drawing) -> dict[tuple[Ref, Ref], Mark]:
    """What is said of the line between two zones: flows that people allowed, or no longer allow."""
    zones = {node.ref.partition("/")[2]: node.ref for node in drawing.nodes if node.sort is Sort.ZONE}
    there = {*zones.values(), *(OUTSIDE for node in drawing.nodes if node.ref == OUTSIDE)}
    found: dict[tuple[Ref, Ref], Mark] = {}
    for change in changes:
        ends = _ends(change.ref.partition("/")[2], zones) if change.kind == FLOW else None
        if ends is not None and there.issuperset(ends):
            mark = found.setdefault(ends, Mark(change.sort))
            mark.sort = change.sort if mark.sort == change.sort else "moved"
            mark.says.append(told(change))
    return found


def _ends(said: str, zones: Mapping[str, Ref]) -> tuple[Ref, Ref] | None:
    """The zones of ``<source>/<target>/<service>``; what is no zone of the drawing is the Internet."""
    source = next((name for name in zones if said.startswith(f"{name}/")), said.partition("/")[0])
    onward = said[len(source) + 1 :]
    target = next((name for name in zones if onward.startswith(f"{name}/")), onward.partition("/")[0])
    ends = zones.get(source, OUTSIDE), zones.get(target, OUTSIDE)
    return None if ends[0] == ends[1] else ends


def screen(laid: Laid, opened: frozenset[Ref], changes: list[Change]) -> dict[str, Any]:
    """All that the page's script draws: the map of now, what differs on it, and in its place what is gone."""
    folds = screens.folds(laid, opened)
    there = {node.ref for node in laid.drawing.nodes}
    about = marks(changes)
    gone = {ref: mark for ref, mark in about.items() if ref not in there and mark.sort == "gone"}
    hidden = {ref: box for ref in gone if (box := _closed(laid, folds, ref)) is not None}
    inside = Counter(hidden.values()) + Counter(folds.within[ref] for ref in about if ref in folds.within)
    nodes = [_marked(node, about.get(node["id"]), inside[node["id"]]) for node in screens.screen(laid, opened)["nodes"]]
    nodes += _gone(laid, {ref: mark for ref, mark in gone.items() if ref not in hidden})
    links = list(_lines(laid.drawing, folds, about, flows(changes, laid.drawing)))
    steps = [node["id"] for node in nodes if node.get("change")]
    return {"nodes": nodes, "links": links, "steps": steps}


def _closed(laid: Laid, folds: Folds, gone: Ref) -> Ref | None:
    """The closed box in which something that is gone stood; ``None``: it can be drawn in its place."""
    home, _slot = laid.settled.left.get(gone, ("", 0))
    return folds.within.get(home) or (home if home in folds.within.values() else None)


def _marked(node: dict[str, Any], mark: Mark | None, inside: int) -> dict[str, Any]:
    """A point with what is said of it; a closed box with how much differs inside."""
    if mark is not None:
        return node | {"change": mark.sort, "sign": SIGNS[mark.sort], "says": [*_few(mark.says), *node["says"]]}
    if inside:
        many = ngettext("%(n)d différence à l’intérieur", "%(n)d différences à l’intérieur", inside) % {"n": inside}
        return node | {"change": "moved", "sign": SIGNS["moved"], "inside": inside, "says": [many, *node["says"]]}
    return node


def _few(says: list[str]) -> list[str]:
    more = len(says) - TOLD
    return [*says[:TOLD], _("et %(n)d autres, dans le tableau") % {"n": more}] if more > 0 else says


def _gone(laid: Laid, gone: Mapping[Ref, Mark]) -> Iterator[dict[str, Any]]:
    """What is no longer there, where it stood."""
    for ref, box in laid.once(gone.keys()).items():
        node = {"id": ref, "cls": "", "box": [round(side, 1) for side in box], "sure": False, "find": ref.casefold()}
        if ref == LOST:
            yield node | {"sort": "network", "name": _("Disparus, place inconnue"), "says": [], "url": None}
            continue
        mark = gone[ref]
        told_of = {"change": "gone", "sign": SIGNS["gone"], "says": _few(mark.says), "url": None}
        yield node | told_of | {"sort": "host", "name": screens.short_name(subject_name(ref))}


def _lines(
    drawing: Drawing, folds: Folds, about: Mapping[Ref, Mark], flowing: Mapping[tuple[Ref, Ref], Mark]
) -> Iterator[dict[str, Any]]:
    """Lines of the network, those between things that came marked so; and flows allowed or no longer so."""
    new = {ref for ref, mark in about.items() if mark.sort == "new"}
    kept = [link for link in drawing.links if link.layer is Layer.NETWORK]
    fresh = [link for link in kept if link.source in new or link.target in new]
    old = [link for link in kept if link.source not in new and link.target not in new]
    for change, links in (("new", fresh), ("", old)):
        for line in screens.lines(links, folds):
            yield line | {"id": f"{change or 'k'}{line['id']}", "change": change, "sign": SIGNS.get(change, "")}
    for number, ((source, target), mark) in enumerate(sorted(flowing.items())):
        link = Link(source, target, Layer.REACH, Way.ALLOWED, measured=False)
        for line in screens.lines((link,), folds):
            yield line | {
                "id": f"f{number}", "change": mark.sort, "sign": SIGNS[mark.sort], "what": " / ".join(_few(mark.says)),
            }  # fmt: skip
