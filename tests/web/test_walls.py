"""A gateway's lines as a person reads them: in order, with what is wrong with each, in a file too."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from negatoscope.flows.console import Console
from negatoscope.flows.handing import Handed, hand_over

CAPTURE = Path(__file__).parents[1] / "captures" / "firewall" / "fortigate.conf"
pytestmark = pytest.mark.django_db


def test_each_line_says_what_it_does_and_what_is_wrong_with_it(full: Console, marie: Client) -> None:
    hand_over(full, Handed("fgt.conf", CAPTURE.read_bytes()), "user:mdurand")
    page = marie.get(reverse("host_walls", args=["fgt-cabinet"]))
    text = page.content.decode()
    assert page.status_code == 200
    assert all(
        word in text for word in ("#1 images", "10.78.0.20-10.78.0.29", "laisse passer", "sans trace", "périmée")
    )
    wrong = marie.get(reverse("host_walls", args=["fgt-cabinet"]), {"etat": "wrong"}).content.decode()
    assert "#1 images" not in wrong
    assert "#4 prestataire" in wrong
    csv = marie.get(reverse("host_walls", args=["fgt-cabinet"]), {"format": "csv"}).content.decode("utf-8-sig")
    assert "#3 sortie" in csv
    assert "Lire ses lignes" in marie.get(reverse("host", args=["fgt-cabinet"])).content.decode()
    assert marie.get(reverse("host_walls", args=["personne"])).status_code == 404
