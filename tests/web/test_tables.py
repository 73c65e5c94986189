"""Tables: search, filters, sorting, pages, and an export that runs nothing in a spreadsheet."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.people import Person
from negatoscope.store.models import ObservationRow
from negatoscope.store.queries import subjects
from negatoscope.store.queries.paging import Ask
from negatoscope.store.queries.subjects import Within


@pytest.fixture
def crowd(fresh: Console) -> Console:
    people = [Person(f"p{n:03}", f"Étienne Numéro {n:03}", role="=1+1" if n == 7 else None) for n in range(120)]
    declare(fresh, Said("user:mdurand"), [*people, Person("zz", "Zoé", role="@SUM(A1)")])
    return fresh


def page(client: Client, query: str = "") -> str:
    return client.get(f"/personnes/{query}").content.decode()


def test_a_long_list_is_cut_into_pages(crowd: Console, marie: Client) -> None:
    first = page(marie)
    assert "1 à 50 sur 121" in first
    assert "page 1 sur 3" in first
    assert "101 à 121 sur 121" in page(marie, "?page=3")
    assert "1 à 50 sur 121" in page(marie, "?page=99")
    assert "1 à 50 sur 121" in page(marie, "?page=x&tri=rien")


def test_search_ignores_case_and_accents(crowd: Console, marie: Client) -> None:
    assert "1 à 1 sur 1" in page(marie, "?q=etienne NUMERO 042".replace(" ", "+"))
    assert "Rien ne correspond" in page(marie, "?q=personne-ici")


def test_headings_sort_both_ways_and_say_so(crowd: Console, marie: Client) -> None:
    down = page(marie, "?tri=-name")
    assert down.index("Zoé") < down.index("Étienne Numéro 119")
    assert 'aria-sort="descending"' in down
    assert 'aria-sort="ascending"' in page(marie, "?tri=name")


def test_htmx_gets_the_table_alone(crowd: Console, marie: Client) -> None:
    part = marie.get("/personnes/?q=zoe", headers={"HX-Request": "true", "HX-Target": "table"}).content.decode()
    assert "<html" not in part
    assert "Zoé" in part


def test_the_export_holds_what_is_seen_and_not_only_this_page(crowd: Console, marie: Client) -> None:
    answer = marie.get("/personnes/?format=csv&tri=-name")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 122
    assert rows[1][0] == "Zoé"
    assert len(marie.get("/personnes/?format=csv&q=zoe").content.decode().splitlines()) == 2


def test_no_cell_of_an_export_is_a_formula(crowd: Console, marie: Client) -> None:
    text = marie.get("/personnes/?format=csv").content.decode("utf-8-sig")
    assert ";'=1+1;" in text
    assert ";'@SUM(A1);" in text
    book = load_workbook(BytesIO(marie.get("/personnes/?format=xlsx").content))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


def test_a_table_of_the_store_sorts_and_filters_there(full: Console, marie: Client) -> None:
    packages = marie.get("/equipements/srv-essai/logiciels/?q=openssl&tri=-version").content.decode()
    assert "openssl" in packages
    observations = marie.get("/observations/?collector=nmap").content.decode()
    assert "1 à 3 sur 3" in observations
    imports = ObservationRow.objects.filter(act="import").count()
    assert f"1 à {imports} sur {imports}" in marie.get("/observations/?act=import").content.decode()


def test_an_empty_table_leads_on(fresh: Console, marie: Client) -> None:
    assert 'href="/imports/persons/"' in page(marie)


@pytest.mark.parametrize("order", ["", "holder", "enabled", "last_logon_at", "name"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_read_from_either_end_join_into_the_whole_list(full: Console, order: str, descending: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    def refs(start: int, stop: int | None) -> list[str]:
        asked = Ask(order=order, descending=descending, start=start, stop=stop)
        return [row.ref for row in subjects.page(full.practice, ["Account"], asked, Within()).rows]

    whole = refs(0, None)
    assert len(whole) > 20
    assert [ref for start in range(0, len(whole), 7) for ref in refs(start, start + 7)] == whole
