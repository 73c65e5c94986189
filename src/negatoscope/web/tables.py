"""One table for every list: search, filters, sorting, pages, and an export of what is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise

from negatoscope.store.queries import subjects
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.queries.subjects import Subject, Within, plain
from negatoscope.web import exports
from negatoscope.web.desk import Visit, download
from negatoscope.web.values import in_words

T = TypeVar("T")
Text = str | Promise
PER_PAGE = 50
EXPORTED_AT_MOST = 100_000


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: how it is named in addresses, titled, filled and linked."""

    name: str
    title: Text
    value: Callable[[T], Any]
    kind: Literal["text", "number", "octets", "instant", "code", "verdict"] = "text"
    link: Callable[[T], str | None] | None = None
    sortable: bool = True
    by: str = ""
    """Field of the fact by which the database sorts, if not ``name``; or ``ref``, ``at``, ``seen``, ``since``."""


@dataclass(frozen=True)
class Choice(Generic[T]):
    """A filter with a few values; ``of`` reads it from a row, where rows are in memory."""

    name: str
    title: Text
    options: Sequence[tuple[str, Text]]
    of: Callable[[T], str | None] | None = None
    by: str = ""
    """Field of the fact that the database filters by, if not ``name``. The value ``?`` asks for the unknown."""
    unasked: Text = ""
    """What the list shows while nothing is chosen, where that is not all."""


@dataclass(frozen=True)
class Empty:
    """What an empty table says, and where it leads."""

    says: Text
    url: str = ""
    link: Text = ""


@dataclass(frozen=True)
class Table(Generic[T]):
    """A list of things, declared by its columns."""

    name: str
    caption: Text
    columns: Sequence[Column[T]]
    source: Callable[[Ask], Found[T]]
    empty: Empty
    choices: Sequence[Choice[T]] = ()
    searchable: bool = True


@dataclass(frozen=True)
class Cell:
    """What one cell shows."""

    column: Column[Any]
    value: Any
    link: str | None

    @property
    def text(self) -> str:
        """The value as words."""
        return filesizeformat(self.value) if self.column.kind == "octets" else in_words(self.value)


@dataclass(frozen=True)
class Heading:
    """A column's title and the address that sorts by it."""

    title: Text
    kind: str
    url: str | None
    sorted: Literal["ascending", "descending", "none"]


@dataclass(frozen=True)
class Shown(Generic[T]):
    """A table as asked for: its page of rows and the addresses of its neighbours."""

    table: Table[T]
    ask: Ask
    found: Found[T]
    query: QueryDict
    page: int
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> list[list[Cell]]:
        """The cells, row by row."""
        return [
            [
                Cell(column, column.value(row), column.link(row) if column.link else None)
                for column in self.table.columns
            ]
            for row in self.found.rows
        ]

    @property
    def headings(self) -> list[Heading]:
        """Titles, each a link that sorts."""
        return [self._heading(column) for column in self.table.columns]

    def _heading(self, column: Column[T]) -> Heading:
        mine = self.ask.order == column.name
        state: Literal["ascending", "descending", "none"] = (
            "none" if not mine else "descending" if self.ask.descending else "ascending"
        )
        wanted = f"-{column.name}" if mine and not self.ask.descending else column.name
        return Heading(column.title, column.kind, self._address(tri=wanted) if column.sortable else None, state)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty table has one."""
        return max(1, -(-self.found.total // PER_PAGE))

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return self.ask.start + 1 if self.found.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.ask.start + len(self.found.rows)

    @property
    def previous_url(self) -> str | None:
        """The page before."""
        return self._address(page=self.page - 1) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        """The page after."""
        return self._address(page=self.page + 1) if self.page < self.pages else None

    @property
    def csv_url(self) -> str:
        """What is seen, as CSV."""
        return self._address(format="csv")

    @property
    def xlsx_url(self) -> str:
        """What is seen, as a workbook."""
        return self._address(format="xlsx")

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter leaves rows out."""
        return bool(self.ask.search or self.ask.only)

    @property
    def order(self) -> str:
        """The order asked for, as an address says it."""
        return self.query.get("tri", "")

    @property
    def choices(self) -> list[tuple[Choice[T], str]]:
        """Filters with the value that each has now."""
        return [(choice, self.ask.only.get(choice.name, "")) for choice in self.table.choices]

    def _address(self, **changed: str | int) -> str:
        query = self.query.copy()
        if "page" not in changed:
            query.pop("page", None)
        for name, value in changed.items():
            query[name] = str(value)
        return f"?{query.urlencode()}"


def asked(request: HttpRequest, table: Table[Any]) -> tuple[Ask, int]:
    """Read an address: what is searched, filtered, sorted, and which page."""
    order = request.GET.get("tri", "")
    names = {column.name for column in table.columns if column.sortable}
    known = order.removeprefix("-") in names
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < len("1000000") else 1
    only = {choice.name: value for choice in table.choices if (value := request.GET.get(choice.name))}
    ask = Ask(
        search=request.GET.get("q", "").strip()[:200],
        order=order.removeprefix("-") if known else "",
        descending=known and order.startswith("-"),
        start=(page - 1) * PER_PAGE,
        stop=page * PER_PAGE,
        only=only,
    )
    return ask, page


def show(request: HttpRequest, table: Table[T]) -> Shown[T]:
    """Answer what an address asks of a table."""
    ask, page = asked(request, table)
    found = table.source(ask)
    if page > 1 and not found.rows:
        ask, page = replace(ask, start=0, stop=PER_PAGE), 1
        found = table.source(ask)
    return Shown(table, ask, found, request.GET, page)


def answer(request: Visit, template: str, table: Table[Any], context: Mapping[str, Any] | None = None) -> HttpResponse:
    """Answer with a page around a table, the table alone (htmx), or its export."""
    wanted = request.GET.get("format")
    if wanted in exports.FORMATS:
        return export(request, table, wanted)
    shown = show(request, table)
    alone = request.htmx and request.htmx.target == "table"
    return render(request, "web/table.html" if alone else template, {"table": shown, **(context or {})})


def export(request: Visit, table: Table[Any], wanted: str) -> HttpResponse:
    """Every row that the search and the filters leave, in the order shown."""
    ask, _page = asked(request, table)
    found = table.source(replace(ask, start=0, stop=EXPORTED_AT_MOST))
    titles = [str(column.title) for column in table.columns]
    rows = [[column.value(row) for column in table.columns] for row in found.rows]
    data, kind = exports.FORMATS[wanted](str(table.caption), titles, rows)
    return download(request, f"table {table.name}", data, f"negatoscope-{table.name}.{wanted}", kind)


def listed(
    rows: Sequence[T], columns: Sequence[Column[T]], choices: Sequence[Choice[T]] = ()
) -> Callable[[Ask], Found[T]]:
    """Answer from rows in memory."""

    def source(ask: Ask) -> Found[T]:
        kept = [row for row in rows if _wanted(row, ask, columns, choices)]
        column = next((column for column in columns if column.name == ask.order), None)
        if column:
            value = column.value
            known = [row for row in kept if value(row) is not None]
            known.sort(key=lambda row: _sortable(value(row)), reverse=ask.descending)
            kept = known + [row for row in kept if value(row) is None]
        return Found(tuple(kept[ask.start : ask.stop]), len(kept))

    return source


def held(
    practice: int,
    kind: type[Any] | tuple[type[Any], ...],
    columns: Sequence[Column[Subject]],
    choices: Sequence[Choice[Subject]] = (),
    through: Mapping[str, type[Any]] | None = None,
) -> Callable[[Ask], Found[Subject]]:
    """Answer from the database for any kind of fact, or several: it sorts, filters, searches and cuts, in two queries.

    A column sorts by the field of the fact that bears its name, or by ``Column.by``; one that shows what no field holds
    says ``sortable=False``. Rows are ``Subject``: ``row.fact`` is the fact, ``row.at`` its newest instant.
    ``through``: fields that name subjects of another kind, which a search may find by their own words.
    """
    names = {column.name: column.by or column.name for column in columns if column.sortable}
    kinds = [one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,))]
    leads = {field: other.__name__ for field, other in (through or {}).items()}
    names |= {choice.name: choice.by or choice.name for choice in choices}

    def source(ask: Ask) -> Found[Subject]:
        sought = plain(ask.search)
        meaning = tuple(
            (names[choice.name], code)
            for choice in choices
            for code, title in choice.options
            if sought and code not in {"?", "!"} and sought in plain(str(title))
        )
        return subjects.page(practice, kinds, ask, Within(names, meaning, leads))

    return source


def referring(
    source: Callable[[Ask], Found[Subject]], practice: int, field: str, named: dict[str, Subject]
) -> Callable[[Ask], Found[Subject]]:
    """Answer as ``source`` does, and put into ``named`` the subjects that this field of the rows refers to."""

    def filled(ask: Ask) -> Found[Subject]:
        found = source(ask)
        named.update(subjects.several(practice, {ref for row in found.rows if (ref := getattr(row.fact, field))}))
        return found

    return filled


def _wanted(row: T, ask: Ask, columns: Sequence[Column[T]], choices: Sequence[Choice[T]]) -> bool:
    for choice in choices:
        value = ask.only.get(choice.name)
        if value and choice.of and (choice.of(row) or "") != value:
            return False
    return not ask.search or any(plain(ask.search) in plain(in_words(column.value(row))) for column in columns)


def _sortable(value: Any) -> Any:  # noqa: ANN401 -- whatever a column shows
    return value if isinstance(value, int | float | datetime | date) else plain(in_words(value))
