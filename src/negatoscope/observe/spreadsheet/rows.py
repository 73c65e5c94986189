"""From cells to facts: each row is taken, withdrawn or refused for a reason that is told."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref
from negatoscope.model.family import Column, Family, Shape
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet import delimited
from negatoscope.observe.spreadsheet.cells import Wrong, is_data, name, plain, take, words
from negatoscope.observe.spreadsheet.families import ACCOUNTS, PERSONS, columns, headings
from negatoscope.observe.spreadsheet.grid import MAX_BYTES, Cell, Row, bounded

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADINGS_WITHIN = 20
"""A title or a note may stand above the headings, within so many filled rows."""
MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is not taken: where, and what stood there. ``column``: the column's name in ``families``."""

    row: int
    code: str
    column: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is taken: what it states, or whose earlier statement it withdraws."""

    row: int
    fact: Any
    delete: bool = False


Names = Mapping[str, Ref | None]
"""What names stand for, folded by ``cells.name``. ``None``: for several things."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the names in a list stand for. ``links``: names by the kind of thing, hosts and people apart."""

    hosts: Names = field(default_factory=dict)
    holders: Names = field(default_factory=dict)
    links: Mapping[str, Names] = field(default_factory=dict)

    def of(self, kind: str) -> Names:
        """The names of one kind of thing."""
        return {"Host": self.hosts, "Person": self.holders}.get(kind) or self.links.get(kind, {})


@dataclass
class Listed:
    """A whole file, read. ``named``: the folded names of things listed elsewhere that it mentions."""

    family: Family
    ignored: tuple[str, ...] = ()
    """Headings that no column answers to."""
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    left_out: int = 0
    """Rows not taken: refused, or left out by whoever handed the file over."""


def listed(data: bytes, family: Family, known: Known, skipped: frozenset[int] = frozenset()) -> Listed:
    """Read a whole file. Raises Unreadable where it is no list of this family."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", f"byte {MAX_BYTES}")
    if not data.strip():
        raise Unreadable("empty", "byte 0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about what a list has no use for
        headings, rows = _headed(data, family)
        told = Listed(family, tuple(headings.ignored))
        if family is PERSONS and "manager" in headings.places:
            kept = tuple(rows)
            rows = iter(kept)
            known = replace(known, holders=_with_own(known.holders, kept, headings.places, skipped))
        first_seen: dict[Ref, int] = {}
        for row in rows:
            if row.number in skipped:
                told.left_out += 1
            else:
                _take_row(row, headings.places, told, known, first_seen)
    return told


def _with_own(holders: Names, rows: Iterable[Row], places: Mapping[str, int], skipped: frozenset[int]) -> Names:
    """Names of people with those that the list itself brings: a manager may stand in the same file."""
    found = dict(holders)
    for row in rows:
        ident, surname, first = (
            words(row.cells[place]) if (place := places.get(column)) is not None and place < len(row.cells) else ""
            for column in ("ident", "name", "first_name")
        )
        if ident and row.number not in skipped:
            ref = f"person/{ident}"
            full = name(f"{first} {surname}")
            found[full] = ref if found.get(full, ref) == ref else None
            found[name(ident)] = ref
    return found


@dataclass
class _Headings:
    places: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def _of_workbook(data: bytes) -> Iterator[Iterator[Row]]:
    from negatoscope.observe.spreadsheet import workbook  # noqa: PLC0415 -- openpyxl is slow to wake

    return workbook.sheets(data)


def _headed(data: bytes, family: Family) -> tuple[_Headings, Iterator[Row]]:
    """Find the first sheet and row that bear this family's headings."""
    if data.startswith(OLD_EXCEL):
        raise Unreadable("old_excel", "byte 0")
    sheets = _of_workbook(data) if data.startswith(ZIP) else iter((delimited.rows(data),))
    missing: list[str] = []
    for sheet in sheets:
        rows, most = bounded(sheet), 0
        for _, row in zip(range(HEADINGS_WITHIN), rows, strict=False):
            found = _headings(row, family)
            lacking = [column.name for column in family.columns if column.required and column.name not in found.places]
            if not lacking and len(found.places) >= most:  # below fuller headings, a row that looks like some is data
                return found, rows
            most = max(most, len(found.places))
            if lacking and found.places and (not missing or len(lacking) < len(missing)):
                missing = lacking
    if missing:
        raise Unreadable("column_missing", ", ".join(missing))
    raise Unreadable("no_headings", f"row {HEADINGS_WITHIN}")


def _headings(row: Row, family: Family) -> _Headings:
    found = _Headings()
    for place, said in enumerate(row.cells):
        heading = plain(words(said))
        column = next((column for column in columns(family) if heading in headings(column)), None)
        if column is None and is_data(said):
            return _Headings()
        if column is None:
            found.ignored += [words(said)[:80]] if heading else []
        elif column.name in found.places:
            raise Unreadable("heading_twice", f"row {row.number}, {words(said)[:80]}")
        else:
            found.places[column.name] = place
    return found


def _take_row(row: Row, places: Mapping[str, int], told: Listed, known: Known, first_seen: dict[Ref, int]) -> None:
    problems: list[Problem] = []
    values = dict(_values(row, places, told.family, problems))
    delete = bool(values.pop("delete", False))
    fact = None
    if not problems:
        try:
            fact = _build(told.family, values, known, told.named, delete=delete)
        except _Refused as error:
            problems.append(Problem(row.number, error.code, error.column, error.value))
    if fact is not None and (first := first_seen.setdefault(_key(fact), row.number)) != row.number:
        problems.append(Problem(row.number, "duplicate", told.family.columns[0].name, str(first)))
    if problems or fact is None:
        told.left_out += 1
        told.problems += problems[: max(MAX_PROBLEMS - len(told.problems), 0)]
    else:
        told.lines.append(Line(row.number, fact, delete))


def _key(fact: Any) -> str:  # noqa: ANN401 -- any fact
    return str(fact.ref).casefold()


def _values(row: Row, places: Mapping[str, int], family: Family, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """What each filled cell says. A row to delete needs its identity only, but nothing it says is left unchecked."""
    for column in columns(family):
        place = places.get(column.name)
        said: Cell = row.cells[place] if place is not None and place < len(row.cells) else None
        if said is None:
            if column.required:
                problems.append(Problem(row.number, "missing", column.name))
            continue
        try:
            yield column.name, take(said, column)
        except Wrong as error:
            problems.append(Problem(row.number, error.code, column.name, words(said)[:80]))


class _Refused(Exception):  # noqa: N818 -- what it is
    def __init__(self, code: str, column: str, value: str) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.value = value[:80]


def _build(family: Family, values: dict[str, Any], known: Known, named: set[str], *, delete: bool) -> Any:  # noqa: ANN401 -- a fact of the family
    if family is ACCOUNTS:
        return _account(values, known, named, delete=delete)
    if family is PERSONS:
        first = values.pop("first_name", None)
        values["name"] = f"{first} {values['name']}" if first else values["name"]
    for column in family.columns:
        if column.name in values and column.shape in {Shape.LINK, Shape.DOCUMENT}:
            named.add(name(values[column.name]))
            values[column.name] = _linked(column, values[column.name], known)
    if not delete and (column_name := reversed_days(family, values)):
        raise _Refused("days_reversed", column_name, str(values[column_name]))
    return family.fact(**values)


def _linked(column: Column, said: str, known: Known) -> Ref:
    try:
        return linked(column, said, known)
    except Wrong as error:
        raise _Refused(error.code, column.name, said) from error


def linked(column: Column, said: str, known: Known) -> Ref:
    """What a name stands for: one thing of the kinds that the column may name. Raises Wrong."""
    kinds = ("Document",) if column.shape is Shape.DOCUMENT else column.to
    found = [ref for kind in kinds for ref in (known.of(kind).get(name(said), ""),) if ref != ""]
    if not found:
        raise Wrong("document_unknown" if column.shape is Shape.DOCUMENT else "link_unknown")
    if len(found) > 1 or found[0] is None:
        raise Wrong("link_ambiguous")
    return found[0]


def reversed_days(family: Family, values: Mapping[str, Any]) -> str | None:
    """The column whose day comes before the one that it must follow."""
    for earlier, later in family.order:
        before, after = values.get(earlier), values.get(later)
        if before and after and after < before:
            return later
    return None


def _account(values: dict[str, Any], known: Known, named: set[str], *, delete: bool) -> Account | DirectoryAccount:
    """An account of a host or of a directory that the register knows, else of an application of that name."""
    system = values.pop("system")
    login = values.pop("login")
    holder = values.pop("holder", None)
    named.update(name(one) for one in (system, holder) if one)
    host, directory = known.hosts.get(name(system)), known.of("Directory").get(name(system))
    if (host is None and name(system) in known.hosts) or (host and directory):
        raise _Refused("system_ambiguous", "system", system)
    if holder and not delete:
        values["holder"] = known.holders.get(name(holder))
        if values["holder"] is None:
            code = "holder_ambiguous" if name(holder) in known.holders else "holder_unknown"
            raise _Refused(code, "holder", holder)
    if directory:
        return DirectoryAccount(directory, login, **values)
    return Account(host=host, name=login, realm=None if host else system, **values)
