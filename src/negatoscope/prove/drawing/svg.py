"""The drawing as a picture: plain SVG 1.1, light, without script or outside reference."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from negatoscope.model.drawing import ADRIFT, Drawing, Layer, Link, Node, Sort, Way
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import HostClass
from negatoscope.prove.drawing.places import Box

MARGIN = 40
INK, SOFT, EDGE, LINE = "#16202a", "#55626e", "#76828e", "#c9d3dc"
STROKES = {Layer.NETWORK: EDGE, Layer.DICOM: "#1259b3", Layer.CLEAR: "#b3261e"}
"""Layers that the picture shows, and in which colour."""
FILLS = {Sort.ZONE: "#eef3f8", Sort.NETWORK: "#ffffff"}
LONGEST = 17
"""Signs of a name under a point."""


def picture(drawing: Drawing, boxes: Mapping[Ref, Box], title: str) -> str:
    """All zones, networks and hosts, and the lines of three layers."""
    left, top, right, bottom = _edges(boxes)
    width, height = f"{right - left:.0f}", f"{bottom - top:.0f}"
    size = f'viewBox="{left:.0f} {top:.0f} {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Source Sans Pro, sans-serif" role="img">',
        f"<title>{_text(title)}</title>",
        f'<rect x="{left:.0f}" y="{top:.0f}" width="100%" height="100%" fill="#fbfcfd"/>',
        *(_area(node, boxes[node.ref]) for sort in FILLS for node in drawing.nodes if node.sort is sort),
        *_lines(drawing, boxes),
        *(_point(node, boxes[node.ref], drawing) for node in drawing.nodes if node.sort not in FILLS),
        "</svg>",
    ]
    return "\n".join(parts)


def _edges(boxes: Mapping[Ref, Box]) -> tuple[float, float, float, float]:
    sides = list(boxes.values()) or [Box(0, 0, 200, 100)]
    return (
        min(box.x - box.w / 2 for box in sides) - MARGIN,
        min(box.y - box.h / 2 for box in sides) - MARGIN,
        max(box.x + box.w / 2 for box in sides) + MARGIN,
        max(box.y + box.h / 2 for box in sides) + MARGIN,
    )


def _area(node: Node, box: Box) -> str:
    x, y = box.x - box.w / 2, box.y - box.h / 2
    name = "?" if node.ref == ADRIFT else node.name
    size = 22 if node.sort is Sort.ZONE else 17
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{box.w:.0f}" height="{box.h:.0f}" rx="10" fill="{FILLS[node.sort]}"'
        f' stroke="{LINE}"{_dashes(sure=node.measured)}/>'
        f'<text x="{x + 14:.0f}" y="{y + size + 8:.0f}" font-size="{size}" font-weight="600" fill="{SOFT}">'
        f"{_text(name)}</text>"
    )


def _text(said: str) -> str:
    """What a host calls itself may hold anything: only what is printed stays."""
    return escape("".join(sign for sign in said if sign.isprintable()))


def _dashes(*, sure: bool) -> str:
    return "" if sure else ' stroke-dasharray="6 4"'


def _lines(drawing: Drawing, boxes: Mapping[Ref, Box]) -> Iterator[str]:
    parents = {node.ref: node.parent for node in drawing.nodes}
    for link in drawing.links:
        if link.layer in STROKES and link.way is not Way.SERVES and not _holds(link, parents):
            one, other = boxes[link.source], boxes[link.target]
            width = 1.1 if link.layer is Layer.NETWORK else 2
            paint = f'stroke="{STROKES[link.layer]}" stroke-width="{width}" stroke-opacity=".7"'
            yield (
                f'<line x1="{one.x:.0f}" y1="{one.y:.0f}" x2="{other.x:.0f}" y2="{other.y:.0f}" {paint}'
                f"{_dashes(sure=link.measured)}><title>{_text(link.said)}</title></line>"
            )


def _holds(link: Link, parents: Mapping[Ref, Ref | None]) -> bool:
    return link.target in {parents.get(link.source), parents.get(parents.get(link.source) or "")}


def _point(node: Node, box: Box, drawing: Drawing) -> str:
    weak = node.ref in drawing.weights or node.listed is not None
    halo = f'<circle cx="{box.x:.0f}" cy="{box.y:.0f}" r="25" fill="#1259b3" fill-opacity=".16"/>' if weak else ""
    name = node.name if len(node.name) <= LONGEST else node.name[: LONGEST - 1] + "…"
    return (
        f"{halo}{_shape(node, box)}"
        f'<text x="{box.x:.0f}" y="{box.y + 32:.0f}" font-size="12" text-anchor="middle" fill="{INK}">'
        f"<title>{_text(', '.join((node.name, *node.addresses)))}</title>{_text(name)}</text>"
    )


def _shape(node: Node, box: Box) -> str:
    x, y = box.x, box.y
    paint = f'fill="#ffffff" stroke={quoteattr(INK)} stroke-width="1.6"{_dashes(sure=node.measured)}'
    match node.host_class:
        case HostClass.NETWORK:
            points = f"{x:.0f},{y - 17:.0f} {x + 17:.0f},{y:.0f} {x:.0f},{y + 17:.0f} {x - 17:.0f},{y:.0f}"
            return f'<polygon points="{points}" {paint}/>'
        case HostClass.MODALITY:
            across = ((-17, 0), (-9, -13), (9, -13), (17, 0), (9, 13), (-9, 13))
            return f'<polygon points="{" ".join(f"{x + dx:.0f},{y + dy:.0f}" for dx, dy in across)}" {paint}/>'
        case _:
            return f'<rect x="{x - 17:.0f}" y="{y - 12:.0f}" width="34" height="24" rx="4" {paint}/>'
