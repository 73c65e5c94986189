"""What people do with the console: lists handed over, looks asked for, first steps, coverage, ledger, report."""

import csv
from dataclasses import fields
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import RULES
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.store.models import JobRow, LedgerRow, ObservationRow
from negatoscope.web import labels
from negatoscope.web.forms.collecting import asked
from negatoscope.web.pages.networks import neighbours


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


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
    last = ObservationRow.objects.filter(collector="nmap", operator="user:mdurand").order_by("-sequence")[0]
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


def test_addresses_surely_of_one_network_are_looked_at_once() -> None:
    same = {"192.168.7.1/24", "192.168.7.2/24"}
    apart = {"10.0.0.1/26", "10.0.0.65/26", "fe80::1/64", "fe80::2/64", "x", "10.0.0.1/", "10.0.0.1/999"}
    assert len({neighbours(one) for one in same}) == 1
    assert {neighbours(one) for one in apart} == apart
