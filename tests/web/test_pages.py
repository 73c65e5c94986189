"""What pages promise: honest darkness, proof behind every word, and constant work whatever the register holds."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import RULES
from negatoscope.kit.clock import utc_now
from negatoscope.model.accounts import Account
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Consent, Network
from negatoscope.model.people import Attestation, Person
from negatoscope.model.verdict import Verdict
from negatoscope.store.models import JudgementRow, LedgerRow, ObservationRow
from negatoscope.store.queries import judgements
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
    with django_assert_max_num_queries(38) as before:
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
