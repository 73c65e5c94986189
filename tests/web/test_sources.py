"""The page of those who send logs: doors, silence, losses, clocks; a token shown once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from negatoscope.flows import overseeing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hearing import RECEIVER, folder
from negatoscope.intake.continuity import Continuity
from negatoscope.intake.events.counting import Counters
from negatoscope.model.hosts import Host
from negatoscope.model.watching import DetectorRun
from negatoscope.store import sources
from negatoscope.store.models import TokenRow


def test_a_token_for_logs_is_shown_once_and_revoked_on_the_page(fresh: Console, marie: Client) -> None:
    page = marie.post("/sources/", {"name": "serveur PACS"}).content.decode()
    found = re.search(r"password: &quot;([\w-]{20,})", page)
    assert found is not None
    assert "omelasticsearch" in page
    again = marie.get("/sources/").content.decode()
    assert found[1] not in again
    assert "serveur PACS" in again
    assert "porte déjà ce nom" in marie.post("/sources/", {"name": "serveur PACS"}).content.decode()
    token = TokenRow.objects.get()
    assert token.receiver == RECEIVER
    assert marie.post(f"/sources/{token.pk}/revoquer/").status_code == 302
    assert TokenRow.objects.get().revoked_at is not None


def test_doors_that_are_shut_say_how_to_open_them(fresh: Console, marie: Client) -> None:
    page = marie.get("/sources/").content.decode()
    assert page.count("Fermée.") == 3
    assert "bulk = &quot;127.0.0.1:9200&quot;" in page
    assert "Aucune ligne reçue" in page


@pytest.fixture
def heard(fresh: Console) -> Console:
    """Sources of four weeks: one that fell silent, one whose clock is wrong, and strangers."""
    now = fresh.clock()
    began, talker = now - timedelta(days=28), Counters()
    talker.kept("cert:pare-feu", began, [10])
    for minutes in range(30, 28 * 24 * 60 - 600, 30):
        talker.kept("cert:pare-feu", began + timedelta(minutes=minutes), [10])
    talker.kept("token:serveur", now, [10])
    talker.kept("10.0.0.9", now, [10])
    talker.lost("*", now, "sender_outside", 3)
    talker.lost("10.0.0.9", now, "cut")
    sources.add(fresh.practice, talker.take())
    hour = now.replace(minute=0, second=0, microsecond=0)
    sources.skewed(fresh.practice, "token:serveur", hour, 3600)
    sources.skewed(fresh.practice, "10.0.0.9", hour, 5)
    listening = Continuity(folder(fresh))
    folder(fresh).mkdir(parents=True)
    listening.restart(RECEIVER, began)
    for hours in range(28 * 24 * 4):
        listening.hear(RECEIVER, began + timedelta(minutes=15 * hours))
    listening.save()
    return fresh


def test_who_is_silent_what_was_lost_and_whose_clock_is_wrong(heard: Console, marie: Client) -> None:
    page = marie.get("/sources/").content.decode().replace("\xa0", " ")
    silent = page[page.index("Ces sources se taisent") : page.index("Portes")]
    assert "certificat « pare-feu »" in silent
    assert "jeton" not in silent
    assert "en retard de 60 min" in page
    assert "à l’heure" in page
    assert "lignes trop longues, coupées (1)" in page
    assert "hors de vos réseaux déclarés (3)" in page
    assert "inconnus" in page


def test_who_sends_from_the_address_of_a_known_host_is_called_by_its_name(heard: Console, marie: Client) -> None:
    declare(heard, Said("user:marie"), [Host("host/nas", "nas", addresses=("10.0.0.9",))])
    talker = Counters()
    talker.kept("flows:10.0.0.9", heard.clock(), [0])
    sources.add(heard.practice, talker.take())
    page = marie.get("/sources/").content.decode()
    assert "nas (10.0.0.9)" in page
    assert "flux de nas (10.0.0.9)" in page


def test_rules_that_the_watch_does_without_are_named(fresh: Console, marie: Client) -> None:
    overseeing.oversee(fresh, [], [DetectorRun("sigma", missing=("sigma.zip",))])
    page = marie.get("/sources/").content.decode()
    assert "Des règles de détection manquent" in page
    assert "sigma.zip" in page
