"""A switch's page of ports: what is wired to which socket, who is behind, in both languages and in a file."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.model.premises import Room, Socket

CAPTURE = Path(__file__).parents[1] / "captures" / "snmp" / "switch-2c.jsonl"
pytestmark = pytest.mark.django_db


def test_each_port_says_what_it_leads_to(full: Console, marie: Client) -> None:
    deliver(full, Delivery("snmp", "10.10.0.2", "user:mdurand", "observation", CAPTURE.read_bytes()))
    hall = Room("Hall", public=True)
    declare(full, Said("user:mdurand"), (hall, Socket("9.1", hall.ref, "SW1 / 3", used_by="Écran")))
    host = marie.get(reverse("hosts"), {"q": "SW1"}).content.decode()
    name = host.split("/equipements/")[1:]
    place = next(one.split("/")[0] for one in name if not one.startswith(("ajouter", '"', "?")))
    page = marie.get(reverse("host_ports", args=[place]))
    text = page.content.decode()
    assert page.status_code == 200
    assert all(word in text for word in ("Ecran attente", "9.1", "Hall", "pare-feu", "coupé", "20, 30"))
    off = marie.get(reverse("host_ports", args=[place]), {"state": "off"}).content.decode()
    assert "Ecran attente" not in off
    csv = marie.get(reverse("host_ports", args=[place]), {"format": "csv"}).content.decode("utf-8-sig")
    assert len(csv.strip().splitlines()) == 9
    assert "8 ports" in marie.get(reverse("host", args=[place])).content.decode()
