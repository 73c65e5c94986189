"""A page of a long list: what was asked, and what was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Ask:
    """Which rows are wanted. ``stop`` ``None``: all of them, for an export."""

    search: str = ""
    order: str = ""
    descending: bool = False
    start: int = 0
    stop: int | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    """Exact values wanted, by the name of the filter."""


@dataclass(frozen=True)
class Found(Generic[T_co]):
    """The rows of one page, and how many there are in all."""

    rows: tuple[T_co, ...]
    total: int


@dataclass(frozen=True)
class Reach:
    """Which columns of a table a page may search, sort and filter."""

    searched: tuple[str, ...]
    sorted: Mapping[str, str]
    """Column of the table by the name that pages use; the first is the order when none is asked."""
    first_descending: bool = False
    filtered: Mapping[str, str] = field(default_factory=dict)


def pick(rows: QuerySet[M], ask: Ask, reach: Reach, shape: Callable[[M], T]) -> Found[T]:
    """Answer from a table: search, filter, sort and cut there."""
    wanted = Q()
    for column in reach.searched if ask.search else ():
        wanted |= Q(**{f"{column}__icontains": ask.search})
    exact: dict[str, Any] = {reach.filtered[name]: value for name, value in ask.only.items() if name in reach.filtered}
    rows = rows.filter(wanted, **exact)
    column = reach.sorted.get(ask.order) or next(iter(reach.sorted.values()))
    descending = ask.descending if ask.order in reach.sorted else reach.first_descending
    ordered = rows.order_by(_first_unknown(column, descending=descending), "-pk" if descending else "pk")
    total = rows.count()
    return Found(tuple(shape(row) for row in ordered[ask.start : ask.stop]), total)


def _first_unknown(column: str, *, descending: bool) -> OrderBy:
    """Order by a column; what is not known stands before the rest, on every database."""
    return F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_first=True)
