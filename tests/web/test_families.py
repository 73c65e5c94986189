"""Every list of the register on its pages: empty, filled, added to, searched, exported, changed, removed, complete."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from negatoscope.flows import listing, scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.families import FAMILIES
from negatoscope.model.family import Family, Shape, rest
from negatoscope.model.hosts import Host
from negatoscope.model.keys import HANDOVERS, Handover, HandoverState, Key
from negatoscope.model.people import Person
from negatoscope.model.premises import Room
from negatoscope.model.providers import RemoteWindow
from tests.samples import THINGS, as_csv, headings, row, sample

WHO = Said("user:mdurand")


@pytest.fixture
def linked(fresh: Console) -> Console:
    """What the rows of lists may name."""
    declare(fresh, WHO, THINGS)
    return fresh


def typed(family: Family, fact: Any) -> dict[str, Any]:  # noqa: ANN401 -- a fact of the family
    """The form as a person fills it in."""
    told: dict[str, Any] = {}
    for column in family.columns:
        value = getattr(fact, column.name)
        if column.shape is Shape.DOCUMENT:
            told[column.name] = SimpleUploadedFile("piece.pdf", b"%PDF-1.4")
        elif column.shape is Shape.YES:
            told[column.name] = "oui"
        elif column.shape is Shape.NETWORKS:
            told[column.name] = " ; ".join(value)
        else:
            told[column.name] = value.isoformat() if isinstance(value, date) else str(value)
    return told


def page(client: Client, name: str, *told: str) -> str:
    answer = client.get(reverse(name, args=told))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_list_lives_its_life_on_its_pages(
    linked: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LARGE", 0)  # judged by a job, as a large register is: other tests judge
    for family in FAMILIES:
        _live(linked, marie, family)


def _live(linked: Console, marie: Client, family: Family) -> None:
    before = set(listing.declared(linked, family.fact))
    if not before:
        assert f'href="{reverse("family_add", args=[family.name])}"' in page(marie, "family", family.name)
    fact = sample(family)
    add = reverse("family_add", args=[family.name])
    answer: Any = marie.post(add, typed(family, fact))
    assert (answer.status_code, answer["Location"]) == (302, reverse("family", args=[family.name]))
    (ref,) = set(listing.declared(linked, family.fact)) - before
    assert ref == fact.ref
    assert marie.post(add, typed(family, fact)).status_code == 422, "twice"
    item = rest(ref)
    shown = page(marie, "family", family.name)
    assert quote(reverse("family_item", args=[family.name, item]), safe="/%") in shown
    assert not [head for head in ("person/", "host/", "provider/") if f">{head}" in shown]
    _exported(marie, family, fact)
    _changed(linked, marie, family, fact)
    remove = reverse("family_remove", args=[family.name, item])
    assert "Retirer" in marie.get(remove).content.decode()
    assert marie.post(remove).status_code == 302
    assert set(listing.declared(linked, family.fact)) == before
    assert marie.get(remove).status_code == 404
    if family.closable:
        assert "à votre nom" in page(marie, "family_close", family.name)
        assert marie.post(reverse("family_close", args=[family.name])).status_code == 302
        assert len(StoredRegister(linked.practice).seen(family.fact).sweeps) == 1
        assert "déclarée complète" in page(marie, "family", family.name)


def _exported(marie: Client, family: Family, fact: Any) -> None:  # noqa: ANN401 -- a fact of the family
    address = reverse("family", args=[family.name])
    sought = "?q=" + quote(str(row(family, fact)[0])[:10]) if family.columns[0].shape is Shape.TEXT else "?"
    text = marie.get(f"{address}{sought}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text), delimiter=";"))
    assert lines[0][: len(family.columns)] == headings(family)
    book = load_workbook(BytesIO(marie.get(f"{address}{sought}&format=xlsx").content))
    assert len(list(book.worksheets[0].iter_rows())) == len(lines) >= 2
    sorted_by = [column.name for column in family.columns if column.shape is not Shape.NETWORKS][-1]
    filters = "".join(f"&{one.name}=%3F" for one in family.columns if one.shape in {Shape.CHOICE, Shape.YES})
    assert 'aria-sort="descending"' in marie.get(f"{address}?tri=-{sorted_by}").content.decode()
    known = quote(reverse("family_item", args=[family.name, rest(fact.ref)]), safe="/%")
    assert (known in marie.get(f"{address}?{filters}").content.decode()) is not bool(filters)
    assert "Rien ne correspond" in marie.get(f"{address}?q=introuvable").content.decode()


def _changed(console: Console, marie: Client, family: Family, fact: Any) -> None:  # noqa: ANN401 -- a fact of the family
    free = [column for column in family.columns if column.name not in family.key and column.shape is not Shape.DOCUMENT]
    if not free:
        return
    item = reverse("family_item", args=[family.name, rest(fact.ref)])
    told = typed(family, fact)
    column = next((one for one in free if not one.required), None)
    if column is None:
        return
    told[column.name] = ""
    assert marie.post(item, told).status_code == 302
    assert getattr(listing.declared(console, family.fact)[fact.ref], column.name) is None
    history = marie.get(reverse("subject", args=[fact.ref])).content.decode()
    assert "Ce qui a changé" in history
    assert f"{column.fr} :" in history.replace("\N{NO-BREAK SPACE}", " ")


def test_what_a_form_cannot_take_is_said_beside_its_field_and_nothing_is_kept(linked: Console, marie: Client) -> None:
    told = typed(HANDOVERS, sample(HANDOVERS))
    for field, value in {"given_on": "2999-01-01", "until": "1900-01-01", "returned_on": "2026-02-31"}.items():
        answer = marie.post(reverse("family_add", args=["handovers"]), {**told, field: value})
        assert (answer.status_code, 'class="errorlist"' in answer.content.decode()) == (422, True)
    late = marie.post(reverse("family_add", args=["handovers"]), {**told, "returned_on": "2020-01-01"})
    assert "précède celui où cela commence" in late.content.decode()
    assert listing.declared(linked, Handover) == {}


def test_a_renamed_thing_replaces_the_old_one_unless_others_name_it(linked: Console, marie: Client) -> None:
    room = reverse("family_item", args=["rooms", "Accueil"])
    assert marie.post(room, {"name": "Hall", "public": "oui"}).status_code == 302
    assert set(listing.declared(linked, Room)) == {"room/Hall"}
    declare(linked, WHO, (Handover("key/Badge 1", "person/jpetit"),))
    key = reverse("family_item", args=["keys", "Badge 1"])
    assert marie.post(key, {"name": "Autre", "opens": "Tout"}).status_code == 302
    assert listing.declared(linked, Key) == {"key/Badge 1": Key("Badge 1", opens="Tout")}
    assert "Remises de clés (1)" in marie.get(reverse("family_remove", args=["keys", "Badge 1"])).content.decode()


@pytest.fixture
def crowded(fresh: Console) -> Console:
    hosts = [Host(f"host/pc-{n:04}", f"pc-{n:04}", addresses=(f"10.1.{n // 250}.{n % 250 + 1}",)) for n in range(300)]
    declare(fresh, WHO, [*hosts, *THINGS])
    return fresh


def test_a_field_that_may_name_hundreds_is_searched(crowded: Console, marie: Client) -> None:
    form = page(marie, "family_add", "remote-windows")
    ask = reverse("family_choices", args=["remote-windows", "host"])
    assert f'hx-get="{ask}"' in form
    assert '<datalist id="choix-host">' in form
    assert "pc-0042" not in form, "no host is in the page"
    assert '<select name="provider"' in form, "few things are chosen from a list"
    for sought in ("pc-0042", "10.1.0.43", "PC-0042"):
        assert '<option value="pc-0042">' in marie.get(ask, {"host": sought}).content.decode()
    assert marie.get(ask, {"host": "pc"}).content.decode().count("<option") == 20
    told = {"provider": "provider/Info du Midi", "starts_on": "2026-03-01"}
    add = reverse("family_add", args=["remote-windows"])
    wrong = marie.post(add, {**told, "host": "pc-9999"})
    assert wrong.status_code == 422
    assert "pc-9999" in wrong.content.decode()
    assert "ajoutez-le d’abord" in wrong.content.decode()
    assert marie.post(add, {**told, "host": "PC-0042"}).status_code == 302
    (window,) = listing.declared(crowded, RemoteWindow).values()
    assert window.host == "host/pc-0042"
    item = page(marie, "family_item", "remote-windows", rest(window.ref))
    assert 'value="pc-0042"' in item
    assert 'value="pc-0007"' in marie.get(f"{add}?host=host/pc-0007").content.decode()
    for column in ("tool", "rien"):
        assert marie.get(reverse("family_choices", args=["remote-windows", column])).status_code == 404


def test_a_name_that_two_people_share_is_offered_by_its_identifier(fresh: Console, marie: Client) -> None:
    declare(fresh, WHO, [Person(f"p{n}", "Luc Petit" if n < 2 else f"Anne {n}") for n in range(60)])
    ask = reverse("family_choices", args=["calls", "person"])
    assert '<option value="p1">' in marie.get(ask, {"person": "p1"}).content.decode()
    assert '<option value="Anne 7">Anne 7 · p7</option>' in marie.get(ask, {"person": "anne 7"}).content.decode()
    answer = marie.post(reverse("family_add", args=["calls"]), {"person": "Luc Petit"})
    assert "désigne plusieurs choses" in answer.content.decode()


def test_a_preview_and_a_history_say_names_and_words(linked: Console, marie: Client) -> None:
    declare(linked, WHO, (Handover("key/Badge 1", "person/jpetit", date(2026, 3, 1), state=HandoverState.HELD),))
    rows = as_csv([headings(HANDOVERS), ["Badge 1", "Jean Petit", "01/03/2026", "", "rendu", "04/03/2026"]])
    upload: Any = SimpleUploadedFile("remises.csv", rows)
    token: Any = marie.post("/imports/handovers/", {"file": upload})
    check = marie.get(token["Location"]).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Badge 1 · Jean Petit · 01/03/2026" in check
    assert """<span class="soft">État</span> en main → rendu""" in check
    for raw in ("person/jpetit", "returned_on", "HandoverState"):
        assert raw not in check
    assert marie.post(token["Location"]).status_code == 302
    history = marie.get(reverse("subject", args=["handover/Badge 1/jpetit/2026-03-01"])).content.decode()
    assert "Badge 1 · Jean Petit · 01/03/2026" in history
    assert "en main → rendu" in history
    assert ">Jean Petit</a>" in history


def test_nothing_that_a_list_holds_runs_in_the_spreadsheet_that_takes_it(linked: Console, marie: Client) -> None:
    cells = ("=1+1", "+33", "-1", "@SUM(A1)", "'=x")
    declare(linked, WHO, [Key(cell, opens=cell) for cell in cells])
    text = marie.get("/registre/keys/?format=csv").content.decode("utf-8-sig")
    assert all(f"'{cell};" in text for cell in cells)
    book = load_workbook(BytesIO(marie.get("/registre/keys/?format=xlsx").content))
    assert "f" not in {one.data_type for line in book.worksheets[0].iter_rows() for one in line}
