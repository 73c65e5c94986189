"""The page of factory log-ins: nothing is sent before somebody allowed it, and it says what will be."""

from datetime import timedelta
from pathlib import Path

from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.store.models import JobRow

KEPT = Path(__file__).parents[1] / "captures" / "defaults" / "kept.jsonl"
PAGE = "/mots-de-passe-usine/"


def test_a_consent_is_given_used_and_taken_back(fresh: Console, marie: Client) -> None:
    switch = Host("host/sw1", "sw1", HostClass.NETWORK, addresses=("10.77.0.2",))
    declare(fresh, Said("marie"), (Network("10.77.0.0/24"), switch))
    until = f"{fresh.clock() + timedelta(days=10):%Y-%m-%d}"
    told = {"act": "allow", "host_class": "network", "given_by": "Dr Petit", "until": until, "understood": "on"}
    assert "Orthanc" in marie.get(PAGE).content.decode()
    assert marie.post(PAGE, {**told, "understood": ""}).status_code == 422
    assert marie.post(PAGE, {**told, "until": "2099-01-01"}).status_code == 422
    assert marie.post(PAGE, told).status_code == 302
    assert "Dr Petit" in marie.get(PAGE).content.decode()
    assert not JobRow.objects.exists()
    marie.post(PAGE, {"act": "try", "host_class": "network"})
    assert list(JobRow.objects.values_list("collector", "target")) == [("defaults", "10.77.0.2")]
    assert marie.post(PAGE, {"act": "try", "host_class": "modality"}).status_code == 404
    marie.post(PAGE, {"act": "withdraw", "host_class": "network"})
    assert "Dr Petit" not in marie.get(PAGE).content.decode()


def test_what_became_of_each_attempt_is_listed_and_taken_away(fresh: Console, marie: Client) -> None:
    assert "Aucun essai n’a encore été fait" in marie.get(PAGE).content.decode()
    deliver(fresh, Delivery("defaults", "10.77.0.5", "user:mdurand", "observation", KEPT.read_bytes()))
    told = marie.get(PAGE, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[1:4] for line in told[1:]] == [
        ["http 80", "orthanc", "ouvre encore"], ["snmp 161", "snmp-private", "refusé"],
        ["snmp 161", "snmp-public", "refusé"],
    ]  # fmt: skip
    assert "orthanc" not in marie.get(PAGE, {"resultat": "refused", "format": "csv"}).content.decode()


def test_a_modality_that_could_not_be_spared_stops_everything(fresh: Console, marie: Client) -> None:
    declare(fresh, Said("marie"), (Network("10.77.0.0/24"), Host("host/irm", "irm", HostClass.MODALITY)))
    marie.post(PAGE, {"act": "try", "host_class": "network"})
    assert not JobRow.objects.exists()


def test_a_reader_allows_nothing(fresh: Console, jean: Client) -> None:
    assert jean.post(PAGE, {"act": "try", "host_class": "network"}).status_code == 403
