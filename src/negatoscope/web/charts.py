"""Lines drawn as SVG attributes: the page's policy allows no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from negatoscope.store.queries.judgements import Day

WIDTH, HEIGHT, MARGIN = 260, 72, 4
FILMS = 40


@dataclass(frozen=True)
class Line:
    """One line: its name in the style sheet, its points, its last value."""

    name: str
    points: str
    first: int
    last: int
    end: tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """Two lines over time."""

    lines: tuple[Line, ...]
    since: date
    until: date
    width: int = WIDTH
    height: int = HEIGHT


def trend_chart(days: Sequence[Day]) -> Chart | None:
    """Films passed and failed by day; one day alone is no trend."""
    if len(days) < 2:  # noqa: PLR2004 -- a line has two ends
        return None
    span = max(1, (days[-1].day - days[0].day).days)
    told = {"passed": [one.passed for one in days], "failed": [one.failed for one in days]}
    top = max(1, *(value for values in told.values() for value in values))
    xs = [MARGIN + (WIDTH - 2 * MARGIN) * (one.day - days[0].day).days / span for one in days]
    lines = []
    for name, values in told.items():
        ys = [HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top for value in values]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        lines.append(Line(name, points, values[0], values[-1], (round(xs[-1], 1), round(ys[-1], 1))))
    return Chart(tuple(lines), days[0].day, days[-1].day)
