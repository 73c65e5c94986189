"""One good thing of every family, and what its links name."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from negatoscope.model.evidence import Ref
from negatoscope.model.families import FAMILIES
from negatoscope.model.family import Column, Family, Shape
from negatoscope.model.hosts import Host
from negatoscope.model.keys import AlarmCode, Key
from negatoscope.model.people import Person
from negatoscope.model.premises import Room, Site
from negatoscope.model.providers import Provider
from negatoscope.model.zones import Zone
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.cells import name as folded
from negatoscope.observe.spreadsheet.rows import Known

DIGEST = "a" * 64
THINGS = (
    Person("jpetit", "Jean Petit"), Host("host/poste-1", "poste-1", addresses=("10.0.0.9",)), Site("Albi"),
    Room("Accueil", public=True), Key("Badge 1"), AlarmCode("Alarme"), Provider("Info du Midi"),
    Zone("Imagerie"),
)  # fmt: skip
"""What links may name, one of each kind."""
LINKED: Mapping[str, Ref] = {type(thing).__name__: thing.ref for thing in THINGS}
CALLED: Mapping[Ref, str] = {
    ref: "Jean Petit" if ref == "person/jpetit" else ref.partition("/")[2] for ref in LINKED.values()
}
KNOWN = Known(
    {"poste-1": "host/poste-1"},
    {"jean petit": "person/jpetit"},
    {"Document": {DIGEST: DIGEST}, **{kind: {folded(CALLED[ref]): ref} for kind, ref in LINKED.items()}},
)
SAID: Mapping[Shape, Any] = {
    Shape.YES: True, Shape.MAIL: "a@cabinet.example", Shape.PHONE: "05 61 00 00 00", Shape.COUNT: 3,
    Shape.HOURS: "08:00–12:30", Shape.NETWORKS: ("10.9.0.0/24",), Shape.DOCUMENT: DIGEST,
}  # fmt: skip
FIRST = date(2026, 3, 1)


def value(column: Column, place: int, nth: int) -> Any:  # noqa: ANN401 -- what the column holds
    """What this column may say of the nth thing; days follow one another from left to right."""
    if column.shape is Shape.LINK:
        return LINKED[column.to[0]]
    if column.shape is Shape.CHOICE:
        return list(column.choices)[nth % len(column.choices)]
    if column.shape is Shape.DAY:
        return FIRST + timedelta(days=place + 40 * nth)
    if column.shape is Shape.SERVICE:
        return f"tcp/{104 + nth}"
    return SAID.get(column.shape, f"Essai {nth}")


def sample(family: Family, nth: int = 0) -> Any:  # noqa: ANN401 -- a fact of the family
    """The nth good thing: no two are alike, save where a family holds one thing a person or host."""
    return family.fact(**{column.name: value(column, place, nth) for place, column in enumerate(family.columns)})


def row(family: Family, fact: Any, lang: str = "fr") -> list[Any]:  # noqa: ANN401 -- a fact of the family
    """The same as cells of a spreadsheet."""
    return [words.cell(column, getattr(fact, column.name), CALLED, lang) for column in family.columns]


def headings(family: Family, lang: str = "fr") -> list[str]:
    """As its template writes them."""
    return [column.heading(lang) for column in family.columns]


def as_csv(rows: Iterable[Iterable[Any]], separator: str = ";") -> bytes:
    """As people save it."""
    return "".join(separator.join(map(_text, one)) + "\n" for one in rows).encode()


def _text(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    said = "" if cell is None else str(cell)
    return f'"{said}"' if set(said) & set(';,\t\n"') else said


__all__ = ["FAMILIES", "KNOWN", "LINKED", "THINGS", "as_csv", "headings", "row", "sample", "value"]
