"""Where everything stands on the drawing: zones hold networks, networks hold hosts in a grid, and nothing moves.

What was settled once is kept: the order of networks, the room that each has, and each host's slot in it. A new host
takes the first free slot; a network that has outgrown its room gets a larger one, and only what follows it moves.
All the rest is arithmetic on these three, so that the same register is drawn alike everywhere.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count
from math import ceil, log, sqrt
from typing import NamedTuple

import msgspec

from negatoscope.model.drawing import ADRIFT, OUTSIDE, Drawing, Node, Sort
from negatoscope.model.evidence import Ref

CELL_W, CELL_H = 112, 78
PAD, TITLE, GAP = 18, 40, 44
WIDE = 2.1
"""How much wider than high things become."""
SPARE = 1.15
"""Room kept for what comes."""
REMEMBERED = 1000
"""Hosts that are gone and whose place is still known."""
LOST = "network/-"
"""Where things are drawn that are gone and of which nobody knows where they stood."""


class Settled(msgspec.Struct, frozen=True):
    """What is kept between visits."""

    order: tuple[Ref, ...] = ()
    rooms: dict[Ref, int] = {}
    """Slots of each network."""
    slots: dict[Ref, tuple[Ref, int]] = {}
    """Each host's network and slot."""
    left: dict[Ref, tuple[Ref, int]] = {}
    """The last network and slot of hosts that are gone, while nobody else needs them."""


class Box(NamedTuple):
    """A rectangle: its centre, its width, its height; without unit."""

    x: float
    y: float
    w: float
    h: float


def settle(drawing: Drawing, kept: Settled) -> Settled:
    """Find a place for what is new; leave what is there."""
    blocks: dict[Ref, list[Ref]] = {node.ref: [] for node in drawing.nodes if node.sort is Sort.NETWORK}
    for node in drawing.nodes:
        if node.sort is Sort.HOST:
            blocks.setdefault(node.parent or ADRIFT, []).append(node.ref)
    homes = {node.ref: node.parent or "~" for node in drawing.nodes if node.sort is Sort.NETWORK}
    old = [ref for ref in kept.order if ref in blocks]
    new = sorted(blocks.keys() - set(old), key=lambda ref: (_counted(homes.get(ref, "~")), _counted(ref)))
    rooms: dict[Ref, int] = {}
    slots: dict[Ref, tuple[Ref, int]] = {}
    left = _left(blocks, kept)
    for block, hosts in blocks.items():
        slots |= _seated(block, hosts, kept, left)
        needed = max((slots[ref][1] + 1 for ref in hosts), default=0)
        known = kept.rooms.get(block, 0)
        rooms[block] = known if known >= needed and known else max(3, ceil(needed * SPARE))
    taken = set(slots.values())
    return Settled((*old, *new), rooms, slots, {ref: seat for ref, seat in left.items() if seat not in taken})


def _left(blocks: Mapping[Ref, list[Ref]], kept: Settled) -> dict[Ref, tuple[Ref, int]]:
    """Who is gone, and from where; the newest are remembered."""
    there = {ref for hosts in blocks.values() for ref in hosts}
    gone = {ref: seat for ref, seat in (kept.left | kept.slots).items() if ref not in there and seat[0] in blocks}
    return dict(list(gone.items())[-REMEMBERED:])


def _seated(
    block: Ref, hosts: Iterable[Ref], kept: Settled, left: Mapping[Ref, tuple[Ref, int]]
) -> dict[Ref, tuple[Ref, int]]:
    """Each host where it was, those who come back included; newcomers where nobody is, or else where somebody was."""
    known = kept.left | kept.slots
    held = {ref: known[ref][1] for ref in hosts if ref in known and known[ref][0] == block}
    taken, empty = set(held.values()), {slot for home, slot in left.values() if home == block}
    room = max(kept.rooms.get(block, 0), len(taken) + len(empty))
    fresh = [n for n in range(room) if n not in taken | empty]
    free = chain(fresh, sorted(empty - taken), count(room))
    seats = {}
    for ref in sorted(hosts, key=_counted):
        seats[ref] = (block, held[ref] if ref in held else next(free))
    return seats


def _counted(ref: Ref) -> list[tuple[int, str]]:
    """Sort as people count: 2 before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", ref)]


def places(drawing: Drawing, settled: Settled) -> dict[Ref, Box]:
    """The rectangle of every point."""
    zones = {node.ref: node.parent for node in drawing.nodes if node.sort is Sort.NETWORK and node.parent}
    rooms = {block: _room(settled.rooms[block]) for block in settled.order}
    groups: dict[Ref, dict[Ref, tuple[float, float]]] = {}
    for block in settled.order:
        groups.setdefault(zones.get(block, block), {})[block] = rooms[block]
    for node in drawing.nodes:
        if node.sort is Sort.ZONE:
            groups.setdefault(node.ref, {})
    corners = {group: _shelves(blocks, PAD) for group, blocks in groups.items() if group not in rooms}
    sizes = {group: _extent(corners[group], rooms) if group in corners else rooms[group] for group in groups}
    found: dict[Ref, Box] = {}
    for group, (left, top) in _shelves(sizes).items():
        found[group] = _box(left, top, sizes[group])
        for block, (x, y) in corners.get(group, {}).items():
            found[block] = _box(left + PAD + x, top + PAD + TITLE + y, rooms[block])
    for ref, (block, slot) in settled.slots.items():
        found[ref] = _slot(found[block], settled.rooms[block], slot)
    return found | _beyond(drawing.nodes, found)


def once(gone: Collection[Ref], settled: Settled, boxes: Mapping[Ref, Box]) -> dict[Ref, Box]:
    """Where things that are gone once stood; below everything, those of which nobody knows."""
    found = {
        ref: _slot(boxes[block], settled.rooms[block], slot)
        for ref, (block, slot) in settled.left.items()
        if ref in gone and block in boxes
    }
    lost = sorted({*gone} - found.keys(), key=_counted)
    if lost:
        room = max(3, len(lost))
        size = _room(room)
        left = min((box.x - box.w / 2 for box in boxes.values()), default=0.0)
        bottom = max((box.y + box.h / 2 for box in boxes.values()), default=0.0)
        found[LOST] = _box(left, bottom + GAP, size)
        found |= {ref: _slot(found[LOST], room, slot) for slot, ref in enumerate(lost)}
    return found


def _box(left: float, top: float, size: tuple[float, float]) -> Box:
    return Box(left + size[0] / 2, top + size[1] / 2, *size)


def _columns(room: int) -> int:
    return max(1, ceil(sqrt(room * WIDE * CELL_H / CELL_W)))


def _room(room: int) -> tuple[float, float]:
    columns = _columns(room)
    return columns * CELL_W + 2 * PAD, ceil(room / columns) * CELL_H + 2 * PAD + TITLE


def _slot(block: Box, room: int, slot: int) -> Box:
    row, column = divmod(slot, _columns(room))
    left, top = block.x - block.w / 2 + PAD, block.y - block.h / 2 + PAD + TITLE
    return Box(left + (column + 0.5) * CELL_W, top + (row + 0.5) * CELL_H, CELL_W, CELL_H)


def _extent(
    corners: Mapping[Ref, tuple[float, float]], sizes: Mapping[Ref, tuple[float, float]]
) -> tuple[float, float]:
    """How large a zone is around its networks."""
    right = max((x + sizes[ref][0] for ref, (x, _) in corners.items()), default=3.0 * CELL_W)
    bottom = max((y + sizes[ref][1] for ref, (_, y) in corners.items()), default=1.0 * CELL_H)
    return right + 2 * PAD, bottom + 2 * PAD + TITLE


def _shelves(sizes: Mapping[Ref, tuple[float, float]], gap: float = GAP) -> dict[Ref, tuple[float, float]]:
    """Top left corners, row by row, in the order given; of several widths, the one that comes nearest to ``WIDE``."""
    area = sum((w + gap) * (h + gap) for w, h in sizes.values())
    widest = max((w for w, _ in sizes.values()), default=0.0)
    tried = (_rows(sizes, max(widest, sqrt(area * WIDE) * more), gap) for more in TRIES)
    return min(tried, key=lambda corners: abs(log(_aspect(corners, sizes) / WIDE)))


TRIES = (0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5)


def _aspect(corners: Mapping[Ref, tuple[float, float]], sizes: Mapping[Ref, tuple[float, float]]) -> float:
    right = max((x + sizes[ref][0] for ref, (x, _) in corners.items()), default=1.0)
    return right / max((y + sizes[ref][1] for ref, (_, y) in corners.items()), default=1.0)


def _rows(sizes: Mapping[Ref, tuple[float, float]], limit: float, gap: float) -> dict[Ref, tuple[float, float]]:
    x = y = tallest = 0.0
    corners = {}
    for ref, (w, h) in sizes.items():
        if x and x + w > limit:
            x, y, tallest = 0.0, y + tallest + gap, 0.0
        corners[ref] = (x, y)
        x, tallest = x + w + gap, max(tallest, h)
    return corners


def _beyond(nodes: Iterable[Node], found: Mapping[Ref, Box]) -> dict[Ref, Box]:
    """The outside stands above everything: Internet first, then accesses and partners, in a row over the middle."""
    above = sorted(
        (node for node in nodes if node.sort in {Sort.EXIT, Sort.PARTNER}),
        key=lambda node: (node.ref != OUTSIDE, node.sort is Sort.PARTNER, node.ref),
    )
    right = max((box.x + box.w / 2 for box in found.values()), default=0.0)
    step, top = 1.9 * CELL_W, -1.4 * CELL_H
    left = right / 2 - step * (len(above) - 1) / 2
    return {node.ref: Box(left + n * step, top, CELL_W, CELL_H) for n, node in enumerate(above)}
