"""Every family: what is exported is what was imported; a template of it is read back."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negatoscope.model.families import FAMILIES, GROUPS
from negatoscope.model.family import Column, Family, Shape
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.cells import name as folded
from negatoscope.observe.spreadsheet.cells import words as one_line
from negatoscope.observe.spreadsheet.families import BY_KIND
from negatoscope.observe.spreadsheet.grid import MAX_CELL, Formula, text
from negatoscope.observe.spreadsheet.rows import Known, listed
from negatoscope.web.exports import FORMATS

DIGEST = "a" * 64
NAMES = {
    f"{kind.lower()}/{kind} {sign}": f"{kind} {sign}" for kind in ("Host", "Person", *BY_KIND) for sign in ("é", "/ b")
}
LINKS = {
    kind: {folded(name): ref for ref, name in NAMES.items() if ref.startswith(f"{kind.lower()}/")}
    for kind in ("Host", "Person", *BY_KIND)
}
KNOWN = Known(LINKS["Host"], LINKS["Person"], {**LINKS, "Document": {DIGEST: DIGEST}})


def kept(said: str) -> bool:
    """Whether a cell would hold exactly this."""
    cell = text(said)
    return (
        said.isprintable()
        and cell is not None
        and not isinstance(cell, Formula)
        and one_line(cell) == said
        and len(said) <= MAX_CELL
    )


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1, max_size=40).filter(kept)
SHAPES: dict[Shape, st.SearchStrategy[Any]] = {
    Shape.TEXT: TEXTS | st.sampled_from(["+33 5 61", "-x", "@y", "'+z", "''=1", "a;b", 'g"h']),
    Shape.NOTE: TEXTS,
    Shape.DAY: st.dates(date(1940, 1, 1), date(2100, 12, 31)),
    Shape.YES: st.booleans(),
    Shape.MAIL: st.sampled_from(["a@b.example", "claire.martin+1@cabinet.example"]),
    Shape.PHONE: st.sampled_from(["05 61 00 00 00", "+33 5 61 00 00 00", "18"]),
    Shape.COUNT: st.integers(0, 999_999_999),
    Shape.NETWORKS: st.sampled_from([("10.0.0.0/24",), ("10.0.0.0/24", "fd00::/64")]),
    Shape.SERVICE: st.sampled_from(["tcp/104,2762", "tcp/8000-8010", "udp/53", "icmp", "any"]),
    Shape.DOCUMENT: st.just(DIGEST),
    Shape.HOURS: st.sampled_from(["08:00–12:30", "08:00–12:30; 14:00–18:00", "22:00–06:00", "–"]),
}


def values(column: Column) -> st.SearchStrategy[Any]:
    if column.shape is Shape.LINK:
        found = st.sampled_from([ref for kind in column.to[:1] for ref in LINKS[kind].values()])
    elif column.shape is Shape.CHOICE:
        found = st.sampled_from(list(column.choices))
    else:
        found = SHAPES[column.shape]
    return found if column.required else st.none() | found


def facts(family: Family) -> st.SearchStrategy[list[Any]]:
    one = st.fixed_dictionaries({column.name: values(column) for column in family.columns})
    built = one.filter(lambda told: all(not (told[a] and told[b]) or told[a] <= told[b] for a, b in family.order))
    several = st.lists(built.map(lambda told: family.fact(**told)), max_size=6)
    return several.map(lambda many: list({fact.ref.casefold(): fact for fact in many}.values()))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_exported_is_imported_again(family: Family, lang: str, data: st.DataObject) -> None:
    told = data.draw(facts(family))
    titles = [column.heading(lang) for column in family.columns]
    rows = [[words.cell(column, getattr(fact, column.name), NAMES, lang) for column in family.columns] for fact in told]
    for write in FORMATS.values():
        file, _kind = write(family.title.say(lang), titles, rows)
        again = listed(file, family, KNOWN)
        assert [line.fact for line in again.lines] == told
        assert (again.problems, again.ignored) == ([], ())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_says_all_that_pages_need(family: Family) -> None:
    assert family.group in GROUPS
    assert {column.name for column in family.columns} == {field.name for field in fields(family.fact)}
    assert all(one.fr and one.en for one in (family.title, family.one, family.why))
    assert set(family.key) <= {column.name for column in family.columns}
    for column in family.columns:
        assert column.note, column.name
        assert (column.shape is Shape.CHOICE) == bool(column.choices)
        assert (column.shape is Shape.LINK) == bool(column.to)
        told_by_its_key = column.name in family.key and column.name not in {"given_on", "starts_on"}
        assert column.required == (told_by_its_key or (column.name == "ends_on" and "begins_on" in family.key))
