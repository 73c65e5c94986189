"""Care: who may decide what is probed, and words that promise nothing the console does not do."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Consent, Network
from negatoscope.store.models import JobRow, LedgerRow, ObservationRow
from negatoscope.store.queries import register


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def networks() -> set[str]:
    return {one.cidr for one in StoredRegister(1).seen(Network).facts}


def test_a_modality_that_a_look_spoke_to_is_not_said_never_probed(full: Console, marie: Client) -> None:
    assert "modalité, jamais interrogée" in text(marie, "/equipements/irm-1/")
    ref = next(one.ref for one in register.of_kind(1, "Host") if one.collector == "nmap")
    declare(full, Said("user:mdurand"), (Host(ref, host_class=HostClass.MODALITY),))
    page = text(marie, f"/equipements/{ref.removeprefix('host/')}/")
    assert "n’est plus interrogée" in page
    assert "modalité, jamais interrogée" not in page


def test_an_operator_does_not_decide_what_is_probed(full: Console, jean: Client) -> None:
    before = networks()
    assert jean.get("/equipements/irm-1/accord/").status_code == 403
    posts = ("/equipements/irm-1/accord/", "/equipements/scanner-1/accord/retirer/", "/reseaux/", "/reseaux/retirer/")
    for address in (*posts, "/demarrer/reseaux/"):
        assert jean.post(address, {"cidr": "10.77.0.0/24"}).status_code == 403, address
    assert networks() == before
    assert {one.host for one in StoredRegister(1).seen(Consent).facts} == {"host/scanner-1"}
    for address in ("/reseaux/", "/demarrer/reseaux/", "/equipements/irm-1/", "/equipements/scanner-1/"):
        page = text(jean, address)
        assert "Seul un" in page, address
        assert "/retirer/" not in page
        assert 'name="cidr"' not in page


@pytest.mark.parametrize("cidr", ["8.8.8.0/24", "100.64.0.0/16", "2001:4860::/64"])
def test_a_public_range_is_declared_only_by_those_who_say_it_is_theirs(
    fresh: Console, marie: Client, cidr: str
) -> None:
    page = marie.post("/reseaux/", {"cidr": cidr}).content.decode()
    assert "Ces adresses publiques sont bien les nôtres" in page
    assert networks() == set()
    marie.post("/reseaux/", {"cidr": cidr, "ours": "on"})
    assert networks() == {cidr}


def test_private_ranges_are_asked_nothing_more(fresh: Console, marie: Client) -> None:
    assert "adresses publiques" not in text(marie, "/reseaux/")
    marie.post("/reseaux/", {"cidr": "192.168.7.0/24"})
    assert networks() == {"192.168.7.0/24"}


def test_the_guide_says_what_the_first_pass_does_and_retires_networks(full: Console, marie: Client) -> None:
    page = text(marie, "/demarrer/reseaux/")
    assert "Un équipement que personne n’a classé est regardé" in page
    assert 'id="progress"' in page, "the pass that waits is followed here"
    answer = marie.post("/reseaux/retirer/", {"cidr": "192.168.50.0/24", "guide": "1"})
    assert answer.headers["Location"] == "/demarrer/reseaux/"
    assert "192.168.50.0/24" not in networks()


def test_a_refused_attestation_asks_for_its_document_again(full: Console, marie: Client) -> None:
    told = {"holds": "yes", "statement": ""}
    again = "joignez de nouveau votre document"
    assert again not in marie.post("/regle/40/R40.1/attester/", told).content.decode()
    document = SimpleUploadedFile("preuve.pdf", b"%PDF-1.4")
    assert again in marie.post("/regle/40/R40.1/attester/", {**told, "document": document}).content.decode()


def test_a_control_says_whether_a_document_stands_behind_it(full: Console, marie: Client) -> None:
    page = text(marie, "/regle/39/")
    assert "emargement.pdf" in page
    assert "sans document" in page
    assert "sans document" in text(marie, "/regle/40/R40.1/attester/")


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json"])
def test_the_ledger_names_who_made_a_report(full: Console, marie: Client, form: str) -> None:
    marie.get(f"/rapport/{form}/")
    marie_says = LedgerRow.objects.filter(kind="import").latest("sequence").actor
    assert LedgerRow.objects.filter(kind="report").latest("sequence").actor == marie_says


def test_before_any_administrator_the_log_in_page_points_at_the_link(empty: Console, client: Client) -> None:
    page = text(client, "/connexion/")
    assert "ouvrez le lien affiché dans le terminal" in page
    assert "Demandez à votre administrateur" not in page


def test_a_list_with_bad_rows_is_said_not_to_be_complete(fresh: Console, marie: Client) -> None:
    rows = "identifiant;nom;arrivée\nmd;Marie Durand;\nMD;Encore;\n;;demain\n"
    file = SimpleUploadedFile("liste.csv", rows.encode())
    told = {"file": file, "complete_on": date(2026, 1, 5).isoformat()}
    page = " ".join(text(marie, marie.post("/imports/persons/", told).headers["Location"]).split())
    assert "La liste ne sera pas tenue pour complète : 2 lignes en défaut." in page
    assert "<b>2</b> en défaut" in page
    assert "<code>Marie Durand</code>" in page


@pytest.mark.parametrize("typed", ["abc", "0", "22-21", "70000", "-sC"])
def test_ports_that_cannot_be_looked_at_are_refused_beside_their_field(
    full: Console, marie: Client, typed: str
) -> None:
    before = JobRow.objects.count()
    told = {
        "target": "10.77.0.0/24", "ports": typed, "minutes": "30", "host_minutes": "5", "packets_per_second": "100",
    }  # fmt: skip
    answer = marie.post("/collecteurs/nmap/", told)
    assert answer.status_code == 422
    assert "Écrivez des ports de 1 à 65535" in answer.content.decode()
    assert JobRow.objects.count() == before
    assert marie.post("/collecteurs/nmap/", {**told, "ports": "22,80-90"}).status_code == 302


def test_users_can_be_disabled_from_their_list(fresh: Console, marie: Client) -> None:
    page = text(marie, "/utilisateurs/")
    assert "Désactiver…" in page
    assert "Réactiver…" in page
    assert 'href="/utilisateurs/jpetit/"' in page


@pytest.mark.parametrize(("collector", "ending"), [("local", ".jsonl"), ("declared", ".json"), ("nmap", ".xml")])
def test_a_raw_capture_has_a_name_that_programs_open(full: Console, marie: Client, collector: str, ending: str) -> None:
    one = ObservationRow.objects.filter(collector=collector).exclude(operator__startswith="probe:").latest("sequence")
    assert marie.get(f"/preuves/{one.digest}/").headers["Content-Disposition"].endswith(f'{ending}"')
    assert "· register" not in text(marie, f"/observations/{one.sequence}/")
