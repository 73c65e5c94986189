"""The alert chain as of now: names, absences, departures; outside, the practice's word before ours."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.conftest import TickingClock

from negatoscope.flows import chaining
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import Call, Contact
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.model.providers import Provider
from negatoscope.prove.card import paper
from negatoscope.respond.contacts import public

ANNA, MARC = Person("anna", "Anna Petit"), Person("marc", "Marc Durand")


def called(console: Console) -> None:
    today = console.clock().astimezone(PARIS).date()
    facts = (
        ANNA, MARC, Call(ANNA.ref, 1, "06 11 22 33 44", MARC.ref, other_phone="05 11 22 33 44"), Call(MARC.ref, 2),
        Absence(ANNA.ref, today, today + timedelta(2)),
        Contact("Assureur Exemple", "Sinistre", "01 55 66 77 88", checked_on=today),
        Provider("Éditeur RIS", "RIS", "04 70 00 03 00", emergency="04 70 00 03 99"), Provider("Assureur Exemple"),
    )  # fmt: skip
    declare(console, Said("user:essai"), facts)


def text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_whoever_is_away_gives_way_to_the_deputy(console: Console, clock: TickingClock) -> None:
    called(console)
    first, second = chaining.links(StoredRegister(console.practice), console.clock())
    assert (first.name, first.deputy, first.called) == ("Anna Petit", "Marc Durand", "Marc Durand")
    assert (second.name, second.deputy, second.called) == ("Marc Durand", "", "Marc Durand")
    clock.advance(timedelta(days=3))
    assert chaining.links(StoredRegister(console.practice), console.clock())[0].called == "Anna Petit"


def test_who_left_is_called_no_more(console: Console) -> None:
    called(console)
    left = Person("marc", "Marc Durand", left_on=(console.clock() - timedelta(days=5)).date())
    declare(console, Said("user:essai"), (left,))
    first, second = chaining.links(StoredRegister(console.practice), console.clock())
    assert (first.called, second.called, second.rung.person_left) == ("", "", True)
    assert "a quitté le cabinet" in text(chaining.tree(console, "fr"))


def test_the_practice_s_own_word_replaces_a_public_one(console: Console) -> None:
    called(console)
    declare(console, Said("user:essai"), (Contact("cert santé", "Notre contact", "09 00 00 00 00"),))
    told = {one.name: one for one in chaining.helpers(StoredRegister(console.practice), "fr")}
    assert told["cert santé"].phone == "09 00 00 00 00"
    assert "CERT Santé" not in told
    assert (told["Éditeur RIS"].phone, told["Assureur Exemple"].when) == ("04 70 00 03 99", "Sinistre")
    assert {one.id for one in public()} - {one.public.id for one in told.values() if one.public} == {"cert-sante"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_tree_on_paper_says_all_of_it(console: Console, lang: Lang) -> None:
    called(console)
    said = text(chaining.tree(console, lang))
    for word in ("Anna Petit", "06 11 22 33 44", "05 11 22 33 44", "Marc Durand", "Assureur Exemple", "01 55 66 77 88"):
        assert word in said
    assert ("absent jusqu’au" if lang == "fr" else "away until") in said
    assert "Corse" not in said


def test_four_cards_of_two_sides_stand_on_one_sheet(console: Console) -> None:
    called(console)
    data = chaining.card(console, "fr")
    assert len(PdfReader(BytesIO(data)).pages) == 1
    assert text(data).count("06 11 22 33 44") == text(data).count("01 55 66 77 88") == 4
    assert text(data).count("CERT Santé") == text(data).count("3218") == 4


def test_long_lists_and_names_stay_on_the_card(console: Console) -> None:
    people = [Person(f"p{n}", f"Maximilienne-Joséphine de la Tour du Pin {n}") for n in range(9)]
    calls = [Call(one.ref, n + 1, f"06 00 00 00 0{n}", other_phone=f"05 00 00 00 0{n}") for n, one in enumerate(people)]
    contacts = [Contact(f"Un contact au nom très, très long, numéro {n}", None, f"01 00 00 00 0{n}") for n in range(9)]
    declare(console, Said("user:essai"), (*people, *calls, *contacts))
    data = chaining.card(console, "fr")
    assert len(PdfReader(BytesIO(data)).pages) == 1
    assert sorted(set(re.findall(r"06 00 00 00 0\d", text(data)))) == [f"06 00 00 00 0{n}" for n in range(paper.CALLED)]
    assert text(data).count("…") > 0
    assert text(data).count("01 00 00 00 00") == text(data).count("17 ou 112") == 4


def test_an_empty_list_still_prints_who_helps(console: Console) -> None:
    for lay in (chaining.card, chaining.tree):
        assert "Personne dans la liste d’appel" in text(lay(console, "fr"))
        assert "CERT Santé" in text(lay(console, "fr"))


def test_each_public_body_is_dated_and_sourced_and_what_is_doubtful_says_so() -> None:
    told = public()
    assert len({one.id for one in told}) == len({one.name for one in told}) == len(told) == 16
    assert all(one.doubt for one in told if one.confidence == "doubtful")
    assert not [one.id for one in told if one.card and (one.confidence == "doubtful" or one.region)]
    assert sum(one.card for one in told) <= paper.HELPERS
