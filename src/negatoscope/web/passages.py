"""Possible paths as a drawing: a line a host, time to the right, an arrow for each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from negatoscope.model.evidence import Ref
from negatoscope.respond.questions.answer import Window
from negatoscope.respond.questions.spread import Leg, Passage
from negatoscope.respond.questions.telling import by
from negatoscope.respond.questions.texts import Name

PASSAGES, LANES, LETTERS = 16, 14, 22
"""Paths and hosts drawn at most; letters of a name."""
LEFT, WIDTH, LANE, TOP, EDGE = 190, 900, 34, 30, 30


@dataclass(frozen=True)
class Arrow:
    """One step."""

    x: int
    start: int
    end: int
    head: int
    """Where the head's two strokes begin."""
    unusual: bool
    at: datetime
    says: str


@dataclass(frozen=True)
class Lane:
    """One host."""

    name: str
    short: str
    y: int
    mine: bool


@dataclass(frozen=True)
class Drawn:
    """The whole; ``sign``: where the first sign stands, if it is within."""

    lanes: list[Lane]
    arrows: list[Arrow]
    first: datetime
    last: datetime
    sign: int | None
    left: int = LEFT
    width: int = WIDTH

    @property
    def height(self) -> int:
        """Of the drawing."""
        return TOP + LANE * len(self.lanes)


def draw(rows: Sequence[Passage], name: Name, window: Window) -> Drawn | None:
    """Draw the first paths, those never seen before alone where there are any; nothing where there is none."""
    rows = [row for row in rows if row.unusual] or rows
    legs: dict[Leg, None] = {}
    hosts: dict[Ref, int] = {}
    for row in rows[:PASSAGES]:
        ends = {end for leg in row.path for end in (leg.span.source, leg.span.target)}
        if len(hosts.keys() | ends) <= LANES:
            legs |= dict.fromkeys(row.path)
            hosts |= dict.fromkeys(ends, 0)
    if not legs:
        return None
    told = sorted(legs, key=lambda leg: (leg.at, leg.span.source, leg.span.target))
    order = list(dict.fromkeys(end for leg in told for end in (leg.span.source, leg.span.target)))
    first, last = told[0].at, max(told[-1].at, min(window.sign, window.until))
    places = {ref: TOP + LANE * number + LANE // 2 for number, ref in enumerate(order)}
    mine = {rows[0].path[-1].span.target if rows[0].back else rows[0].path[0].span.source}
    lanes = [Lane(name(ref), _short(name(ref)), places[ref], ref in mine) for ref in order]
    arrows = [_arrow(leg, places, _across(leg.at, first, last), name) for leg in told]
    sign = _across(window.sign, first, last) if first <= window.sign <= last else None
    return Drawn(lanes, arrows, first, last, sign)


def _across(at: datetime, first: datetime, last: datetime) -> int:
    whole = (last - first).total_seconds()
    share = (at - first).total_seconds() / whole if whole else 0.5
    return round(LEFT + EDGE + (WIDTH - LEFT - 2 * EDGE) * share)


def _arrow(leg: Leg, places: dict[Ref, int], x: int, name: Name) -> Arrow:
    start, end = places[leg.span.source], places[leg.span.target]
    says = f"{name(leg.span.source)} → {name(leg.span.target)} ({by(leg)})"
    return Arrow(x, start, end, end - 7 if end > start else end + 7, leg.span.habitual is False, leg.at, says)


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
