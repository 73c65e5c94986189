"""Pages of probes: a code shown once, a file for a medium, what a lost one knew, and looks made from elsewhere."""

import re
from io import BytesIO

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows import ordering, scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.scheduling import Asked
from negatoscope.model.networks import Network
from negatoscope.probe import code, messages, signed
from negatoscope.probe.messages import Enrolled, Handed, Receipt, Request, Task
from negatoscope.store import probes
from negatoscope.store.models import JobRow, ObservationRow, ProbeRow
from tests.probes import Stand, enrolled, made

CODE = re.compile(r"(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}")


def test_a_code_is_shown_once_and_another_one_kills_it(fresh: Console, marie: Client) -> None:
    assert "Aucune sonde" in marie.get("/sondes/").content.decode()
    page = marie.post("/sondes/", {"name": "Baie nord", "way": "network"}).content.decode()
    shown = set(CODE.findall(page))
    assert len(shown) == 1
    assert not CODE.search(marie.get("/sondes/").content.decode())
    assert "porte déjà ce nom" in marie.post("/sondes/", {"name": "Baie nord", "way": "network"}).content.decode()
    (row,) = ProbeRow.objects.all()
    other = set(CODE.findall(marie.post(f"/sondes/{row.pk}/code/").content.decode()))
    assert len(other) == 1
    assert other.isdisjoint(shown)
    assert code.proof(code.typed(other.pop()).secret) == ProbeRow.objects.get().code_hash
    assert marie.post("/sondes/99/code/").status_code == 302


def test_a_probe_without_network_goes_through_the_pages(fresh: Console, marie: Client) -> None:
    answer = marie.post("/sondes/", {"name": "Cave", "way": "medium"})
    handed = msgspec.json.decode(answer.content, type=Handed)
    stand = Stand()
    csr = stand.request
    mac = code.vouched(bytes.fromhex(handed.secret), csr.encode())
    asked = msgspec.json.encode(Request(handed.id, csr, mac))
    request = SimpleUploadedFile("a.request", asked)
    page = marie.post("/sondes/support/", {"taken": [request]}, follow=True).content.decode()
    assert "est enrôlée" in page
    row = ProbeRow.objects.get()
    receipt = b"".join(marie.get(f"/sondes/{row.pk}/recu/"))
    said = signed.read(messages.RECEIPT, Receipt, BytesIO(receipt)).content
    stand.enrolled = Enrolled(row.ident, said.certificate, handed.authority, handed.recipients)
    scheduling.ask(fresh, Asked("local", "", "user:mdurand", {}, row.pk))
    scheduling.ask(fresh, Asked("ssh", "10.0.0.1", "user:mdurand", {"credential": "serveurs"}, row.pk))
    task = b"".join(marie.post(f"/sondes/{row.pk}/taches/"))
    found = signed.read(messages.TASK, Task, BytesIO(task)).content
    (order,) = found.orders  # a look that borrows a log-in stays here
    assert not order.logins
    assert JobRow.objects.get(collector="ssh").outcome == "credential_stays"
    one = stand.seal(made(order, found.issued), b"")
    files = [SimpleUploadedFile("1.parcel", one.data), SimpleUploadedFile("2.parcel", b"x")]
    page = marie.post("/sondes/support/", {"taken": files}, follow=True).content.decode()
    assert "1 colis enregistré" in page
    assert "le colis est incomplet" in page
    assert ObservationRow.objects.filter(parcel=f"{row.ident}/1").count() == 1
    again = SimpleUploadedFile("1.parcel", one.data)
    assert "Rien de nouveau" in marie.post("/sondes/support/", {"taken": [again]}, follow=True).content.decode()
    assert marie.post("/sondes/support/", {}).status_code == 302


def test_a_lost_probe_is_no_longer_heard_and_its_log_ins_are_named(fresh: Console, marie: Client) -> None:
    _stand, row = enrolled(fresh, "Accueil")
    probes.lend(row, 1, ("serveurs",), fresh.clock())
    assert "serveurs" in marie.get(f"/sondes/{row.pk}/revoquer/").content.decode()
    marie.post(f"/sondes/{row.pk}/revoquer/", {"act": "revoke"})
    assert "révoquée" in marie.get(f"/sondes/{row.pk}/").content.decode().lower()
    page = marie.post(f"/sondes/{row.pk}/revoquer/", {"act": "lost"}, follow=True).content.decode()
    assert "À changer maintenant" in page
    assert "serveurs" in page
    assert "déjà révoquée" in marie.post(f"/sondes/{row.pk}/revoquer/", {"act": "lost"}, follow=True).content.decode()
    assert marie.post(f"/sondes/{row.pk}/taches/").status_code == 404


def test_a_try_from_where_a_probe_stands_keeps_its_own_settings(fresh: Console, marie: Client) -> None:
    """The collector has a setting of its own that says from where: one field never hides the other."""
    declare(fresh, Said("marie"), [Network("10.77.0.0/24")])
    _stand, row = enrolled(fresh, "Accueil")
    page = marie.get("/collecteurs/vantage/").content.decode()
    assert "Sonde Accueil" in page
    assert 'name="origin"' in page
    told = {"target": "10.77.0.0/24", "ports": "22", "minutes": "10", "packets_per_second": "50"}
    asked = {**told, "probe": str(row.pk), "origin": "10.78.0.0/24"}
    assert marie.post("/collecteurs/vantage/", asked).status_code == 302
    job = JobRow.objects.get()
    assert (job.probe_id, job.settings["origin"]) == (row.pk, "10.78.0.0/24")
    page = marie.post("/collecteurs/vantage/", {**asked, "origin": "dehors"}).content.decode()
    assert "ou un réseau comme 192.168.1.0/24" in page


def test_a_probe_enrolled_over_the_network_was_heard_already(fresh: Console, marie: Client) -> None:
    _stand, row = enrolled(fresh, "Accueil")
    page = marie.get(f"/sondes/{row.pk}/").content.decode()
    assert "À l’écoute" in page
    assert "clé USB<" not in page


@pytest.mark.parametrize("repeat", [True, False])
def test_a_look_may_be_made_by_a_probe(fresh: Console, marie: Client, repeat: bool) -> None:  # noqa: FBT001 -- a case
    assert "Depuis" not in marie.get("/collecteurs/local/").content.decode()
    _stand, row = enrolled(fresh, "Accueil")
    assert "Sonde Accueil" in marie.get("/collecteurs/local/").content.decode()
    told = {"probe": str(row.pk), "minutes": "10", "every_hours": "24"} | ({"repeat": "on"} if repeat else {})
    answer = marie.post("/collecteurs/local/", told)
    assert answer.status_code == 302
    job = JobRow.objects.get()
    assert job.probe_id == row.pk
    page = marie.get(answer["Location"]).content.decode()
    assert "Attend la sonde" in page
    assert ordering.following(fresh, row, ()) is not None
    assert "fait ce relevé" in marie.get(answer["Location"]).content.decode()
    assert "Accueil" in marie.get("/collecteurs/").content.decode()
    assert ("Accueil" in marie.get("/plannings/").content.decode()) is repeat
