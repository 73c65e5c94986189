"""Legal duties as pages: all may read, an administrator corrects and goes back, old and doubtful ones say so."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client

from negatoscope.flows import correcting
from negatoscope.flows.console import Console
from negatoscope.kit.clock import PARIS

THERE, CNIL = "/obligations/", "/obligations/CNIL/"
SAID = {
    "act": "correct", "hours": "48", "working_days": "", "channel": "guichet.example", "in_force": "on",
    "source": "RGPD art. 33 modifié", "as_of": "2025-01-15", "confidence": "likely", "reason": "relu au Journal",
}  # fmt: skip


def test_a_duty_is_corrected_shown_beside_what_is_shipped_and_taken_back(fresh: Console, marie: Client) -> None:
    assert "Revenir à ceci" not in marie.get(CNIL).content.decode()
    page = marie.post(CNIL, SAID, follow=True).content.decode()
    assert "48 heures, nuits et jours fériés compris" in page
    assert "72 heures, nuits et jours fériés compris" in page
    assert "relu au Journal" in page
    assert "lu il y a plus d’un an" in page
    listed = marie.get(f"{THERE}?format=csv&corrige=yes").content.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(listed), delimiter=";")
    assert row["Délai"] == "48 heures, nuits et jours fériés compris"
    assert row["Corrigé ici par"]
    assert "1 obligation a été lue" in marie.get(THERE).content.decode()
    assert "72 heures" in marie.post(CNIL, {"act": "withdraw"}, follow=True).content.decode()
    assert correcting.corrections(fresh.practice) == {}
    assert "Rien n’est corrigé ici." in marie.post(CNIL, {"act": "withdraw"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"working_days": "2"}, "pas les deux"),
        ({"hours": "0"}, "supérieure ou égale à 1"),
        ({"source": " "}, "obligatoire"),
        ({"reason": ""}, "obligatoire"),
    ],
)
def test_what_cannot_be_said_comes_back_with_why(
    fresh: Console, marie: Client, change: dict[str, str], said: str
) -> None:
    answer = marie.post(CNIL, SAID | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "guichet.example" in answer.content.decode()
    assert correcting.corrections(fresh.practice) == {}


def test_a_day_to_come_is_refused(fresh: Console, marie: Client) -> None:
    ahead = fresh.clock().astimezone(PARIS).date() + timedelta(days=2)
    answer = marie.post(CNIL, SAID | {"as_of": f"{ahead:%Y-%m-%d}"})
    assert answer.status_code == 422
    assert "Ce jour est à venir." in answer.content.decode()


def test_who_is_no_administrator_reads_and_changes_nothing(fresh: Console, jean: Client) -> None:
    page = jean.get(CNIL).content.decode()
    assert "notifications.cnil.fr" in page
    assert "Noter la correction" not in page
    assert jean.post(CNIL, SAID).status_code == 403
    assert jean.get("/obligations/RIEN/").status_code == 404
    jean.cookies["language"] = "en"
    english = jean.get(THERE).content.decode()
    assert "no law in force yet" in english
    assert correcting.corrections(fresh.practice) == {}
