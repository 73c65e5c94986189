"""One person's file: added, changed, its hours and absences, and the history of each change."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negatoscope.flows.console import Console
from negatoscope.model.accounts import Account
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.presence import Absence, Presence
from negatoscope.store.queries.register import declared
from negatoscope.store.queries.subjects import held_by

FILE = "/registre/persons/fiche/jpetit/"


def post(client: Client, where: str, **told: Any) -> str:  # noqa: ANN401 -- fields of a form
    return client.post(where, told, follow=True).content.decode()


def person(console: Console, ident: str) -> Person:
    return next(one for one in declared(console.practice, Person) if one.ident == ident)


def test_a_person_is_changed_on_a_form_and_the_change_stands_in_their_history(full: Console, marie: Client) -> None:
    before = person(full, "jpetit")
    assert FILE in marie.get("/personnes/jpetit/").content.decode()
    page = post(
        marie, FILE, ident="autre", name=before.name, role="assistant", arrived_on="2021-09-15", kind="staff",
        phone="05 61 00 00 00", site="Gare", manager="person/mdurand",
    )  # fmt: skip
    after = person(full, "jpetit")
    assert (after.role, after.site, after.manager, after.kind) == (
        "assistant",
        "Gare",
        "person/mdurand",
        StaffKind.STAFF,
    )
    assert "Ce qui a changé" in page
    assert "assistant" in page.split("Ce qui a changé")[1]
    assert marie.post(FILE, {"name": "x", "left_on": "2020-01-01", "arrived_on": "2021-01-01"}).status_code == 422


def test_a_person_is_added_and_removed(full: Console, marie: Client) -> None:
    post(marie, "/registre/persons/ajouter/", ident="lroy", name="Luc Roy")
    assert person(full, "lroy").name == "Luc Roy"
    assert marie.post("/registre/persons/ajouter/", {"ident": "LROY", "name": "x"}).status_code == 422
    post(marie, "/registre/persons/retirer/lroy/")
    assert "lroy" not in {one.ident for one in declared(full.practice, Person)}


def test_usual_hours_are_said_from_the_person_s_page(full: Console, marie: Client) -> None:
    where = "/registre/presence/ajouter/?person=person/jpetit"
    assert where.replace("person/", "person%2F") in marie.get("/personnes/jpetit/").content.decode().replace(
        "?person=person/", "?person=person%2F"
    )
    assert '<option value="person/jpetit" selected' in marie.get(where).content.decode()
    assert marie.post(where, {"person": "person/jpetit", "monday": "le matin"}).status_code == 422
    post(marie, where, person="person/jpetit", monday="8h-12h30 ; 14h-18h", sunday="absent")
    (told,) = [one for one in declared(full.practice, Presence) if one.person == "person/jpetit"]
    assert (told.monday, told.tuesday, told.sunday) == ("08:00–12:30; 14:00–18:00", None, "–")
    assert "Modifier ses heures" in marie.get("/personnes/jpetit/").content.decode()


def test_a_calendar_brings_absences_through_the_preview_and_its_titles_are_not_kept(
    full: Console, marie: Client
) -> None:
    name = person(full, "jpetit").name
    event = "BEGIN:VEVENT\nSUMMARY:{}\nDTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260822\nEND:VEVENT\n"
    text = f"BEGIN:VCALENDAR\n{event.format(f'Congés {name}')}{event.format('arrêt maladie')}END:VCALENDAR\n"

    def hand_over(family: str, data: str = text) -> Any:  # noqa: ANN401 -- a response
        file = SimpleUploadedFile("agenda.ics", data.encode())
        return marie.post(f"/imports/{family}/", {"file": file}, follow=True)

    preview = hand_over("absences")
    assert "événement du 03/08/2026" in preview.content.decode()
    assert "maladie" not in preview.content.decode()
    marie.post(preview.redirect_chain[-1][0])
    (told,) = [one for one in declared(full.practice, Absence) if one.person == "person/jpetit"]
    assert (str(told.begins_on), str(told.ends_on)) == ("2026-08-03", "2026-08-21")
    assert "Un agenda n’apporte que" in hand_over("rooms").content.decode()
    assert "ligne 2" in hand_over("absences", "BEGIN:VCALENDAR\nx\n").content.decode()


def test_accounts_of_a_person_are_looked_up_by_holder(full: Console, marie: Client) -> None:
    accounts = [one for one in declared(full.practice, Account) if one.holder]
    holder = accounts[0].holder
    assert holder
    assert {one.ref for one in accounts if one.holder == holder} <= set(held_by(full.practice, holder, {"Account"}))
    with CaptureQueriesContext(connection) as asked:
        marie.get(f"/personnes/{holder.removeprefix('person/')}/")
    scans = [one["sql"] for one in asked if "body" in one["sql"] and "LIKE" in one["sql"] and "'Account'" in one["sql"]]
    assert scans == []
