"""Lists that people keep: what names stand for, what leans on what, complete or not, and a bad file changes nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.conftest import START, TickingClock
from tests.samples import THINGS, as_csv, headings, row, sample

from negatoscope.flows import listing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.importing import Upload, accept, preview
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.documents import DOCUMENTS
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.families import FAMILIES
from negatoscope.model.family import Family, Shape
from negatoscope.model.hosts import Host
from negatoscope.model.keys import HANDOVERS, KEYS, Handover, Key
from negatoscope.model.people import Person
from negatoscope.model.premises import ROOMS, Room
from negatoscope.observe.spreadsheet.families import ACCOUNTS

WHO = "user:amelie"


def swept(console: Console, kind: type[Any]) -> int:
    return len(StoredRegister(console.practice).seen(kind).sweeps)


def standing(console: Console, kind: type[Any]) -> list[Ref]:
    return sorted(listing.declared(console, kind))


def test_a_list_is_kept_changed_and_declared_complete(console: Console) -> None:
    listing.save(console, WHO, Room("Accueil"))
    listing.save(console, WHO, Room("Accueil", public=True))
    assert listing.declared(console, Room) == {"room/Accueil": Room("Accueil", public=True)}
    assert swept(console, Room) == 0
    listing.close(console, WHO, ROOMS)
    assert (swept(console, Room), standing(console, Room)) == (1, ["room/Accueil"])
    listing.save(console, WHO, Room("Salle 2"))
    assert standing(console, Room) == ["room/Accueil", "room/Salle 2"], "complete does not mean closed to what comes"


def test_an_empty_list_is_declared_complete_too(console: Console) -> None:
    listing.close(console, WHO, KEYS)
    assert (swept(console, Key), standing(console, Key)) == (1, [])


def test_a_name_stands_for_one_thing_or_for_nothing_sure(console: Console) -> None:
    people = (Person("p1", "Luc Petit"), Person("p2", "Luc Petit"), Person("p3", "Anne Roy"))
    declare(
        console, Said(WHO), (*people, Host("host/pc-1", "pc-1.cabinet.lan", addresses=("10.0.0.1",)), Key("Badge 1"))
    )
    known = listing.known(console, HANDOVERS)
    assert known.of("Person") == {
        "luc petit": None,
        "p1": "person/p1",
        "p2": "person/p2",
        "p3": "person/p3",
        "anne roy": "person/p3",
    }
    assert known.of("Key") == {"badge 1": "key/Badge 1"}
    hosts = listing.known(console, ACCOUNTS).hosts
    assert set(hosts) == {"pc-1", "pc-1.cabinet.lan", "10.0.0.1"}
    register = StoredRegister(console.practice)
    assert listing.named(register, ("Person", "Key", "Host")) == {
        "person/p1": "p1", "person/p2": "p2", "person/p3": "Anne Roy", "key/Badge 1": "Badge 1",
    }  # fmt: skip
    assert listing.names(register, HANDOVERS.columns) == listing.named(register, ("Person", "Key"))


def test_only_documents_that_a_list_holds_may_be_named_in_its_file(console: Console) -> None:
    declare(console, Said(WHO), (sample(DOCUMENTS), *THINGS))
    assert listing.known(console, DOCUMENTS).of("Document") == {"a" * 64: "a" * 64}


def test_what_leans_on_a_thing_is_counted_by_list(console: Console) -> None:
    declare(
        console,
        Said(WHO),
        (*THINGS, *(Handover("key/Badge 1", "person/jpetit", START.date() - timedelta(n)) for n in (1, 2))),
    )
    assert listing.leaning(console, "key/Badge 1") == {"handovers": 2}
    assert listing.leaning(console, "person/jpetit") == {"handovers": 2}
    assert listing.leaning(console, "room/Accueil") == {}
    declare(console, Said(WHO), (), [Retraction("Handover", ref) for ref in standing(console, Handover)])
    assert listing.leaning(console, "key/Badge 1") == {}


def test_a_list_complete_on_an_earlier_day_says_so_and_a_row_named_anew_replaces_the_old(
    console: Console, clock: TickingClock
) -> None:
    first = as_csv([headings(KEYS), ["Badge 1", None, None, None], ["Badge 2", None, None, None]])
    accept(console, Upload("keys", "a.csv", first, START.date() - timedelta(days=3)), WHO)
    second = as_csv([headings(KEYS), ["badge 1 bis", None, None, None], ["Badge 2", None, None, None]])
    told = preview(console, Upload("keys", "b.csv", second, START.date()))
    assert [fact.name for fact in told.missing] == ["Badge 1"]
    accept(console, Upload("keys", "b.csv", second, START.date()), WHO)
    assert standing(console, Key) == ["key/Badge 2", "key/badge 1 bis"]


def spoilt(family: Family) -> Iterable[tuple[str, bytes]]:
    heads, one, other = headings(family), row(family, sample(family)), row(family, sample(family, 1))
    whole = as_csv([heads, one, other])
    yield "half of it", whole[: whole.rindex(b"\n", 0, -1) + len(f"{other[0]};")]
    yield "no headings", as_csv([one, other])
    yield "another list", as_csv([["Bonjour", "Monde"], ["a", "b"]])
    yield "empty", b""
    for column in family.columns:
        if column.shape is Shape.LINK:
            wrong = [*other]
            wrong[family.columns.index(column)] = "Inconnu au bataillon"
            yield f"unknown {column.name}", as_csv([heads, wrong])
            break


def test_a_spoilt_list_said_to_be_complete_takes_nothing_away(console: Console) -> None:
    declare(console, Said(WHO), THINGS)
    for family in FAMILIES:
        today = START.date() if family.closable else None
        if any(column.shape is Shape.DOCUMENT for column in family.columns):
            declare(console, Said(WHO), (sample(family),))  # its file may name the document that a form brought
        first = as_csv([headings(family), row(family, sample(family))])
        accept(console, Upload(family.name, "bonne.csv", first), WHO)
        before = listing.declared(console, family.fact)
        assert sample(family).ref in before, family.name
        for name, data in spoilt(family):
            upload = Upload(family.name, "abimee.csv", data, today)
            told = preview(console, upload)
            assert told.unreadable or told.problems, (family.name, name)
            assert (told.missing, told.closes) == ((), False), (family.name, name)
            accept(console, upload, WHO)
            assert listing.declared(console, family.fact) == before, (family.name, name)
