"""What pages promise: honest darkness, proof behind every word, and constant work whatever the register holds."""

import csv
from collections import Counter
from dataclasses import fields
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localtime
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.judging import judge_now
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import RULES
from negatoscope.kit.clock import utc_now
from negatoscope.model.accounts import Account
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.kinds import KINDS
from negatoscope.model.networks import Consent, Network
from negatoscope.model.people import Attestation, Person
from negatoscope.model.verdict import Verdict
from negatoscope.store.models import JobRow, JudgementRow, LedgerRow, ObservationRow
from negatoscope.store.queries import judgements
from negatoscope.web import labels
from negatoscope.web.forms.collecting import asked
from negatoscope.web.numbers import counted


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_an_empty_console_shows_forty_unlit_films_and_where_to_begin(fresh: Console, marie: Client) -> None:
    page = text(marie, "/")
    assert page.count('class="film unproven"') == 40
    assert 'class="film passed' not in page
    assert "/demarrer/" in page
    assert "aucun jugement encore" in page


def test_the_light_box_says_its_state_in_words(full: Console, marie: Client) -> None:
    page = text(marie, "/")
    red, dark = verdicts()[Verdict.FAILED], verdicts()[Verdict.UNPROVEN]
    assert red > 1
    assert f"Quarante films\u00a0: aucun vert, {counted(red)} rouges, {counted(dark)} éteints" in page
    assert page.count('class="film failed') == red
    assert "film failed attested" in page


def verdicts() -> Counter[Verdict]:
    box = judgements.light_box(1)
    assert box
    return judgements.counted(box)


def test_the_light_box_asks_the_same_number_of_questions_whatever_the_register_holds(
    full: Console, marie: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    marie.get("/")
    with django_assert_max_num_queries(30) as before:
        marie.get("/")
    hosts = [Host(f"host/poste-{n}", addresses=(f"10.77.0.{n}",)) for n in range(50, 150)]
    people = [Person(f"p{n}", f"Personne {n}") for n in range(100)]
    declare(full, Said("user:mdurand"), [*hosts, *people])
    judge_now(full, "user:mdurand")
    with django_assert_max_num_queries(len(before)):
        marie.get("/")


@pytest.mark.parametrize(("query", "wanted"), [("?verdict=failed", None), ("?chapitre=13", 1), ("?verdict=passed", 0)])
def test_filters_dim_the_other_films_without_moving_them(
    full: Console, marie: Client, query: str, wanted: int | None
) -> None:
    page = text(marie, f"/{query}")
    wanted = verdicts()[Verdict.FAILED] if wanted is None else wanted
    assert page.count("<li><a class") + page.count('class="film ') >= 40
    assert page.count("dimmed") == 40 - wanted


def test_what_i_can_settle_today_leaves_out_what_awaits_a_collector(full: Console, marie: Client) -> None:
    page = text(marie, "/?aujourdhui=1")
    assert 0 < page.count("dimmed") < 40


def test_a_newcomer_is_told_to_look_first(fresh: Console, marie: Client) -> None:
    page = text(marie, "/")
    assert page.index("Observer cet équipement") < page.index("Attester")


def test_every_film_opens_and_names_its_controls(full: Console, marie: Client) -> None:
    for number, rule in enumerate(RULES, start=1):
        page = text(marie, f"/regle/{number}/")
        for control in rule.controls:
            assert f'id="{control}"' in page
    assert marie.get("/regle/41/").status_code == 404
    assert marie.get("/regle/10/R11.1/").status_code == 404


def test_a_film_names_culprits_and_hands_out_their_evidence(full: Console, marie: Client) -> None:
    page = text(marie, "/regle/10/")
    assert "/equipements/srv-essai/" in page
    digest = ObservationRow.objects.get(sequence=1).digest
    assert f"/preuves/{digest}/" in page
    answer = marie.get(f"/preuves/{digest}/")
    assert b"negatoscope-linux/1" in answer.content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert LedgerRow.objects.order_by("-sequence")[0].kind == "export"


def test_a_spoilt_capture_is_never_handed_out(full: Console, marie: Client) -> None:
    digest = ObservationRow.objects.get(sequence=1).digest
    next(full.vault.objects.glob(f"*/{digest}.zst")).write_bytes(b"spoilt")
    assert marie.get(f"/preuves/{digest}/").status_code == 409


def test_only_what_the_register_leans_on_is_handed_out(full: Console, marie: Client) -> None:
    assert marie.get(f"/preuves/{full.vault.put(b'nobody speaks of it')}/").status_code == 404


def test_a_waiver_is_listed_and_changes_nothing(full: Console, marie: Client) -> None:
    page = text(marie, "/regle/10/")
    assert "mot de passe de 20 signes" in page
    assert 'class="filmhead failed' in page


def test_a_waiver_is_noted_and_ended_and_the_film_stays_red(full: Console, marie: Client) -> None:
    until = localtime(utc_now()).date() + timedelta(days=30)
    told = {"subject": "host/srv-essai", "owner": "Jean", "compensation": "réseau à part", "until": until.isoformat()}
    assert marie.post("/regle/10/R10.2/deroger/", {**told, "subject": "host/ailleurs"}).status_code == 422
    assert marie.post("/regle/10/R10.2/deroger/", {**told, "until": "2999-01-01"}).status_code == 422
    assert marie.post("/regle/10/R10.2/deroger/", told).status_code == 302
    page = text(marie, "/regle/10/")
    assert "réseau à part" in page
    assert 'class="filmhead failed' in page
    assert LedgerRow.objects.order_by("-sequence")[0].kind == "waiver"
    marie.post("/regle/10/derogations/lever/", {"ref": "waiver/R10.2/host/srv-essai"})
    assert "réseau à part" not in text(marie, "/regle/10/")
    assert marie.get("/regle/41/R41.1/deroger/").status_code == 404


def attestation(**changed: object) -> dict[str, object]:
    until = localtime(utc_now()).date() + timedelta(days=90)
    return {"holds": "yes", "statement": "Vu et vérifié.", "expires_on": until.isoformat(), **changed}


def test_an_attestation_is_signed_kept_and_judged(full: Console, marie: Client) -> None:
    before = JudgementRow.objects.count()
    document = SimpleUploadedFile("preuve.pdf", b"%PDF-1.4 preuve")
    answer = marie.post("/regle/40/R40.1/attester/", attestation(document=document))
    assert answer.status_code == 302
    said = next(one for one in StoredRegister(1).seen(Attestation).facts if one.control == "R40.1")
    assert said.signed_by == "Marie Durand (mdurand)"
    assert said.document_digest
    assert JudgementRow.objects.count() == before + 1
    assert marie.get(f"/preuves/{said.document_digest}/").content == b"%PDF-1.4 preuve"
    told = judgements.film(1, 40)
    assert told
    assert next(one for one in told[1] if one.id == "R40.1").verdict == "passed"
    marie.post("/regle/40/R40.1/retirer/")
    told = judgements.film(1, 40)
    assert told
    assert next(one for one in told[1] if one.id == "R40.1").verdict == "unproven"


@pytest.mark.parametrize(
    "changed",
    [
        {"statement": ""},
        {"holds": ""},
        {"expires_on": "2020-01-01"},
        {"expires_on": "2999-01-01"},
        {"document": SimpleUploadedFile("gros.pdf", b"x" * (10 * 1024 * 1024 + 1))},
    ],
    ids=["nothing stated", "neither", "past", "too far", "too large"],
)
def test_a_bad_attestation_is_explained_and_not_kept(full: Console, marie: Client, changed: dict[str, object]) -> None:
    before = ObservationRow.objects.count()
    assert marie.post("/regle/40/R40.1/attester/", attestation(**changed)).status_code == 422
    assert ObservationRow.objects.count() == before


def test_a_measured_control_has_no_attestation_form(full: Console, marie: Client) -> None:
    assert marie.get("/regle/10/R10.1/attester/").status_code == 404
    assert marie.post("/regle/10/R10.1/attester/", attestation()).status_code == 404


def test_a_host_gets_a_class_and_the_rules_are_judged_again(full: Console, marie: Client) -> None:
    before = JudgementRow.objects.count()
    marie.post("/equipements/irm-1/preciser/", {"host_class": "modality", "model": "Essai 3T"})
    host = next(one for one in StoredRegister(1).seen(Host).facts if one.ref == "host/irm-1")
    assert (host.host_class, host.model, host.addresses) == (HostClass.MODALITY, "Essai 3T", ("10.77.0.41",))
    assert JudgementRow.objects.count() == before + 1
    assert marie.post("/equipements/rien/preciser/", {}).status_code == 404


def test_only_an_administrator_says_that_a_modality_is_none(full: Console, jean: Client) -> None:
    assert jean.post("/equipements/irm-1/preciser/", {"host_class": "workstation"}).status_code == 403
    assert jean.post("/equipements/irm-1/preciser/", {"host_class": "modality", "model": "X"}).status_code == 302


def test_a_modality_is_probed_only_after_consent_that_can_be_withdrawn(full: Console, marie: Client) -> None:
    until = localtime(utc_now()).date() + timedelta(days=10)
    told = {"given_by": "Anne Lebrun", "until": until.isoformat(), "understood": "on"}
    assert marie.post("/equipements/irm-1/accord/", {**told, "understood": ""}).status_code == 422
    assert marie.post("/equipements/irm-1/accord/", told).status_code == 302
    assert {one.host for one in StoredRegister(1).seen(Consent).facts} == {"host/irm-1", "host/scanner-1"}
    marie.post("/equipements/irm-1/accord/retirer/")
    assert {one.host for one in StoredRegister(1).seen(Consent).facts} == {"host/scanner-1"}


def test_a_host_shows_what_was_observed_and_what_was_not(full: Console, marie: Client) -> None:
    page = text(marie, "/equipements/srv-essai/")
    assert "Non observé" in page
    assert "765 logiciels relevés" in page
    assert "SCOPE" not in page + text(marie, "/equipements/scanner-1/")
    assert "Tout voir" in page
    assert len(text(marie, "/equipements/srv-essai/?tout=1")) > len(page)


def test_an_account_gets_its_holder(full: Console, marie: Client) -> None:
    address = "/comptes/preciser/account/poste-accueil/mdurand/"
    assert "Marie Durand" in text(marie, address)
    assert marie.post(address, {"kind": "person", "holder": "person/mdurand", "purpose": ""}).status_code == 302
    account = next(one for one in StoredRegister(1).seen(Account).facts if one.ref == "account/poste-accueil/mdurand")
    assert account.holder == "person/mdurand"
    assert account.password is not None, "what was measured stays"


@pytest.mark.parametrize("typed", ["", "ici", "10.0.0.0/8", "::/0", "300.1.1.1/24"])
def test_a_bad_network_is_refused(fresh: Console, marie: Client, typed: str) -> None:
    assert "errorlist" in marie.post("/reseaux/", {"cidr": typed}).content.decode()
    assert StoredRegister(1).seen(Network).facts == ()


def test_a_network_is_declared_suggested_and_withdrawn(full: Console, marie: Client) -> None:
    assert "192.0.2.0/24" in text(marie, "/reseaux/")
    marie.post("/reseaux/", {"cidr": "192.0.2.9/24", "name": "Bureau"})
    assert "192.0.2.0/24" in {one.cidr for one in StoredRegister(1).seen(Network).facts}
    marie.post("/reseaux/retirer/", {"cidr": "192.0.2.0/24"})
    assert "192.0.2.0/24" not in {one.cidr for one in StoredRegister(1).seen(Network).facts}


def test_a_list_is_previewed_before_it_touches_the_register(fresh: Console, marie: Client, jean: Client) -> None:
    file = SimpleUploadedFile("liste.csv", b"identifiant;nom\nmd;Marie Durand\n;Sans identifiant\n")
    answer = marie.post("/imports/persons/", {"file": file})
    check = answer.headers["Location"]
    page = text(marie, check)
    assert "Marie Durand" in page
    assert "Lignes en défaut" in page
    assert StoredRegister(1).seen(Person).facts == ()
    marie.post(check)
    assert [one.name for one in StoredRegister(1).seen(Person).facts] == ["Marie Durand"]
    assert LedgerRow.objects.filter(kind="import").exists()
    assert marie.post(check).headers["Location"] == "/imports/persons/"


def test_a_list_waits_for_its_owner_only(fresh: Console, client: Client) -> None:
    from negatoscope.store.models import User  # noqa: PLC0415 -- after Django's set-up

    client.force_login(User.objects.get(username="mdurand"))
    check = client.post(
        "/imports/persons/", {"file": SimpleUploadedFile("l.csv", b"identifiant;nom\nmd;Marie\n")}
    ).headers["Location"]
    other = Client()
    other.force_login(User.objects.get(username="jpetit"))
    assert other.post(check).status_code == 302
    assert StoredRegister(1).seen(Person).facts == ()


def test_a_spoilt_list_is_explained_and_not_kept(fresh: Console, marie: Client) -> None:
    check = marie.post("/imports/persons/", {"file": SimpleUploadedFile("l.xlsx", b"PK\x03\x04 spoilt")}).headers[
        "Location"
    ]
    assert 'role="alert"' in text(marie, check)
    marie.post(check)
    assert not ObservationRow.objects.exists()


def test_a_template_can_be_filled_in(fresh: Console, marie: Client) -> None:
    for family in ("persons", "accounts"):
        assert load_workbook(BytesIO(marie.get(f"/imports/{family}/modele/").content)).worksheets
    assert marie.get("/imports/rien/").status_code == 404


def test_a_scan_made_elsewhere_stays_inside_declared_networks(fresh: Console, marie: Client) -> None:
    from tests.web.furnished import CAPTURES  # noqa: PLC0415 -- asks Django

    data = (CAPTURES / "nmap" / "healthy.xml").read_bytes()
    answer = marie.post("/imports/", {"file": SimpleUploadedFile("s.xml", data)})
    assert answer.status_code == 422
    assert "hors de vos réseaux" in answer.content.decode()
    declare(fresh, Said("user:mdurand", "configuration"), (Network("10.77.0.0/24"),))
    assert marie.post("/imports/", {"file": SimpleUploadedFile("s.xml", data)}).status_code == 302
    assert {one.ref for one in StoredRegister(1).seen(Host).facts} == {"host/10.77.0.5"}


def test_a_look_is_asked_followed_and_stopped(fresh: Console, marie: Client) -> None:
    answer = marie.post("/collecteurs/local/", {"minutes": "5"})
    job = JobRow.objects.get()
    assert answer.headers["Location"] == f"/releves/{job.pk}/"
    assert (job.collector, job.settings, job.operator) == ("local", {"minutes": 5}, "user:mdurand")
    polled = marie.get(f"/releves/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert polled.status_code == 200
    assert b"<html" not in polled.content
    marie.post(f"/releves/{job.pk}/annuler/")
    assert marie.get(f"/releves/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "progress"}).status_code == 286
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_settings_that_a_collector_cannot_take_are_refused(fresh: Console, marie: Client) -> None:
    assert marie.post("/collecteurs/local/", {"minutes": "-3"}).status_code == 422
    assert marie.get("/collecteurs/declared/").status_code == 404
    assert not JobRow.objects.exists()


def test_nobody_sends_packets_before_a_network_is_declared(fresh: Console, marie: Client) -> None:
    assert 'name="target"' not in text(marie, "/collecteurs/nmap/")
    told = {"target": "10.0.0.0/24", "ports": "1-100", "minutes": "5", "host_minutes": "5", "packets_per_second": "10"}
    assert marie.post("/collecteurs/nmap/", told).status_code == 422
    assert not JobRow.objects.exists()


def test_the_first_steps_can_be_left_and_taken_up_again(fresh: Console, marie: Client) -> None:
    assert marie.get("/demarrer/").headers["Location"] == "/demarrer/equipement/"
    assert marie.post("/demarrer/cabinet/", {"name": "Cabinet du Port"}).status_code == 302
    assert "Cabinet du Port" in text(marie, "/")
    marie.post("/demarrer/observer/")
    assert JobRow.objects.get().collector == "local"
    marie.post("/demarrer/reseaux/", {"cidr": "10.77.0.0/24"})
    marie.post("/demarrer/parcourir/")
    assert set(JobRow.objects.values_list("collector", "target")) == {("local", ""), ("nmap", "10.77.0.0/24")}


def test_coverage_counts_every_control(full: Console, marie: Client) -> None:
    total = sum(len(rule.controls) for rule in RULES)
    page = text(marie, "/couverture/")
    assert f"sur {total}" in page
    rows = list(csv.reader(StringIO(text(marie, "/couverture/?format=csv").removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == total + 1
    missing = text(marie, "/couverture/?preuve=attested&etat=missing&format=csv")
    assert 1 < len(missing.splitlines()) < total


def test_every_collector_is_in_the_coverage(full: Console, marie: Client) -> None:
    page = text(marie, "/couverture/")
    for label in ("Cet équipement", "Réseau", "Annuaire", "Tableur", "Déclaration"):
        assert label in page
    assert COLLECTORS.keys() == labels.COLLECTORS.keys()


def test_every_field_setting_and_collector_has_a_name_for_people() -> None:
    seen = {field.name for kind in KINDS.values() if kind.__name__ not in labels.LISTED for field in fields(kind)} - {
        "ref"
    }
    assert seen - set(labels.FIELDS) == set()
    assert set(COLLECTORS) - set(labels.COLLECTORS) == set()
    chosen = {setting.name for one in COLLECTORS.values() if one.capture for setting in asked(one)}
    assert chosen - set(labels.SETTINGS) == set()
    assert chosen >= {"minutes", "ports"}


def test_an_observation_tells_its_origin_and_its_blind_spots(full: Console, marie: Client) -> None:
    last = ObservationRow.objects.filter(collector="nmap").order_by("-sequence")[0]
    page = text(marie, f"/observations/{last.sequence}/")
    assert last.digest in page
    assert "Le contenu n’a pas pu être lu" in page
    assert marie.get("/observations/999/").status_code == 404


def test_the_ledger_shows_its_head_and_exports_itself(full: Console, marie: Client) -> None:
    page = text(marie, "/journal/")
    assert LedgerRow.objects.order_by("-sequence")[0].hash in page
    lines = marie.get("/journal/export/").content.splitlines()
    assert lines[0].startswith(b'{"entry"')
    assert lines[-1].startswith(b'{"checkpoint"')


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{")])
def test_the_report_comes_in_three_forms(full: Console, marie: Client, form: str, begins: bytes) -> None:
    assert marie.get(f"/rapport/{form}/").content.lstrip().startswith(begins)
    assert marie.get("/rapport/doc/").status_code == 404


def test_a_full_disk_is_a_clear_answer(fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_told: object) -> None:
        raise DiskFull

    monkeypatch.setattr("negatoscope.web.pages.networks.declare", full_disk)
    answer = marie.post("/reseaux/", {"cidr": "10.77.0.0/24"})
    assert answer.status_code == 507
    assert "Le disque est plein" in answer.content.decode()


def test_somebody_of_no_practice_sees_nothing(full: Console, marie: Client) -> None:
    from negatoscope.store.models import User  # noqa: PLC0415 -- after Django's set-up

    User.objects.filter(username="mdurand").update(practice=None)
    assert marie.get("/").status_code == 403
