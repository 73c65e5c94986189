"""Pages of directories: connecting one, its own page, the path to privilege, the password profile."""

import re
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.test import Client

from negatoscope.flows import appending, scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.importing import Upload, accept, preview
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.clock import utc_now
from negatoscope.model.passwords import PasswordChoice, Profile
from negatoscope.store.models.access import ScheduleRow
from negatoscope.store.models.jobs import JobRow
from negatoscope.store.queries import register
from negatoscope.store.users import User
from negatoscope.web import holding
from negatoscope.web.desk import Visit
from negatoscope.web.forms.directory import DirectoryForm
from negatoscope.web.pages import directories
from negatoscope.web.templatetags.room import shown
from tests.web.test_pages import text

CAPTURES = Path(__file__).parents[1] / "captures" / "directory"
TYPED = {
    "realm": "cabinet.lan", "kind": "active_directory", "servers": "127.0.0.1", "mode": "ldaps",
    "username": "lecteur@cabinet.lan", "password": "jamais-montre", "ca": "", "certificate_name": "",
    "privileged_groups": "",
}  # fmt: skip


@pytest.fixture
def looked(full: Console) -> Console:
    """A practice whose directory was read, with its flaws."""
    data = (CAPTURES / "flawed.jsonl").read_bytes()
    deliver(full, Delivery("directory", "cabinet.lan", "user:mdurand", "observation", data))
    return full


def test_a_directory_tells_who_administers_and_by_which_path(looked: Console, marie: Client) -> None:
    page = text(marie, "/annuaires/cabinet.lan/")
    assert "elise.moreau → support → equipe-admin → Domain Admins" in page
    assert "<svg" in page
    assert "PSO secretariat" in page


def test_an_account_draws_its_own_path(looked: Console, marie: Client) -> None:
    page = text(marie, "/sujets/account/cabinet.lan/elise.moreau/")
    assert "elise.moreau → support → equipe-admin → Domain Admins" in page
    assert "par quel chemin" not in text(marie, "/sujets/account/cabinet.lan/anne.moreau/")


def test_somebody_answers_for_a_directory_account(looked: Console, marie: Client) -> None:
    ref = "account/cabinet.lan/anne.moreau"
    marie.post(f"/comptes/preciser/{ref}/", {"kind": "person", "holder": "person/mdurand", "purpose": ""})
    said = [one.fact for one in register.about(looked.practice, ref) if one.declared]
    assert [fact.holder for fact in said] == ["person/mdurand"]


def test_accounts_of_directories_stand_in_the_list_of_accounts(looked: Console, marie: Client) -> None:
    assert "elise.moreau" in text(marie, "/comptes/?q=elise.moreau")
    there = text(marie, "/comptes/?lieu=directory/cabinet.lan")
    assert "annuaire cabinet.lan" in there
    assert "anne.moreau" in there
    for elsewhere in ("host/", "-"):
        assert "account/cabinet.lan" not in text(marie, f"/comptes/?lieu={elsewhere}")


def test_a_list_of_accounts_says_whose_an_account_of_the_directory_is(looked: Console) -> None:
    said = Upload("accounts", "c.csv", b"annuaire;compte;titulaire\ncabinet.lan;Anne.Moreau;mdurand\n")
    told = preview(looked, said)
    (row,) = told.rows
    assert (row.state, told.label(row.fact, "fr")) == ("new", "Anne.Moreau · cabinet.lan")
    accept(looked, said, "user:mdurand")
    ref = "account/cabinet.lan/anne.moreau"
    assert [one.fact.holder for one in register.about(looked.practice, ref) if one.declared] == ["person/mdurand"]
    (row,) = preview(looked, said).rows
    assert row.state == "unchanged"


def test_a_test_that_fails_says_exactly_why_and_keeps_nothing(full: Console, marie: Client) -> None:
    page = marie.post("/annuaires/", {**TYPED, "try": ""}).content.decode()
    assert "hors des réseaux déclarés" in page
    assert "jamais-montre" not in page
    assert not JobRow.objects.filter(collector="directory").exists()


def test_a_password_typed_once_is_held_for_the_next_try_and_opened_for_nobody_else(
    full: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = marie.post("/annuaires/", {**TYPED, "try": ""}).content.decode()
    (kept,) = re.findall(r'name="kept" value="([\w=-]+)"', page)
    again = {**TYPED, "password": "", "kept": kept, "try": ""}
    assert 'name="kept"' in marie.post("/annuaires/", again).content.decode()
    assert marie.post("/annuaires/", {**again, "kept": "x" * 80}).status_code == 422
    request = cast("Visit", marie.post("/annuaires/", again).wsgi_request)
    told = holding.typed(request)
    assert told is not None
    assert told["password"] == TYPED["password"]
    request.user = User(pk=9999)
    other = holding.typed(request)
    assert other is not None
    assert other["password"] == ""
    monkeypatch.setattr(holding, "utc_now", lambda: utc_now() + timedelta(hours=1))
    assert marie.post("/annuaires/", again).status_code == 422


def test_a_look_is_not_asked_for_while_the_test_fails(full: Console, marie: Client) -> None:
    marie.post("/annuaires/", {**TYPED, "look": ""})
    assert not JobRow.objects.filter(collector="directory").exists()


def test_a_name_without_its_password_is_refused(full: Console, marie: Client) -> None:
    assert marie.post("/annuaires/", {**TYPED, "password": "", "try": ""}).status_code == 422
    assert marie.post("/annuaires/", {**TYPED, "realm": "a b", "try": ""}).status_code == 422


def test_the_list_of_directories_is_declared_complete(full: Console, marie: Client) -> None:
    assert marie.post("/annuaires/liste-complete/").status_code == 302


def test_the_profile_is_chosen_with_a_reason(full: Console, marie: Client) -> None:
    assert "le texte de 2013 s’applique" in text(marie, "/mots-de-passe/")
    marie.post("/mots-de-passe/", {"profile": "anssi-2021", "why": "avis du comité"})
    (told,) = register.of_kind(full.practice, PasswordChoice.__name__)
    assert told.fact == PasswordChoice(Profile.ANSSI_2021, "avis du comité")
    assert "avis du comité" in text(marie, "/mots-de-passe/")


def test_the_first_steps_connect_a_directory_or_hear_that_there_is_none(fresh: Console, marie: Client) -> None:
    page = text(marie, "/demarrer/annuaire/")
    assert "Nous n’avons pas d’annuaire" in page
    assert 'name="every_hours" value="24"' in page
    tried = marie.post("/demarrer/annuaire/", {**TYPED, "try": ""}).content.decode()
    assert "hors des réseaux déclarés" in tried
    assert marie.post("/annuaires/liste-complete/", {"guide": "1"}).headers["Location"] == "/demarrer/"
    page = text(marie, "/demarrer/annuaire/")
    assert "Liste des annuaires déclarée complète" in page
    assert "Nous n’avons pas d’annuaire" not in page


def test_a_look_that_starts_is_repeated_if_wanted(full: Console, marie: Client) -> None:
    request = cast("Visit", marie.get("/annuaires/").wsgi_request)
    form = DirectoryForm({**TYPED, "repeat": "on", "every_hours": "24"})
    assert form.is_valid()
    assert directories.start(request, form) == JobRow.objects.get(collector="directory").pk
    row = ScheduleRow.objects.get(collector="directory")
    assert (row.target, row.every_hours, row.settings) == ("cabinet.lan", 24, form.settings)
    assert "jamais-montre" not in str(row.settings)
    assert "<progress" in text(marie, "/demarrer/annuaire/")


def test_rules_on_passwords_say_by_which_text_they_judge(full: Console, marie: Client) -> None:
    marie.post("/mots-de-passe/", {"profile": "anssi-2021", "why": "avis du comité"})
    for number in (9, 10):
        assert "pas de changement forcé" in text(marie, f"/regle/{number}/")
    assert "pas de changement forcé" not in text(marie, "/regle/11/")
    held = StoredRegister(full.practice)
    assert "délibération 2022-100" in appending.passwords(held, "fr")
    assert "deliberation 2022-100" in appending.passwords(held, "en")


def test_a_look_with_the_certificate_of_an_authority_has_a_page(full: Console, marie: Client) -> None:
    settings = {"kind": "active_directory", "ca": "-----BEGIN CERTIFICATE-----\r\nMI/D+=\r\n-----END CERTIFICATE-----"}
    job = scheduling.ask(full, scheduling.Asked("directory", "cabinet.lan", "user:mdurand", settings))
    page = text(marie, f"/releves/{job}/")
    assert "certificat joint" in page
    assert "BEGIN CERTIFICATE" not in page


def test_a_text_of_several_lines_is_nobodys_page() -> None:
    assert "href" not in shown("host/a\nb")
