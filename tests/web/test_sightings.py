"""Devices sighted: whose each card is, what to do with a stranger, and that doing it settles it."""

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.hosts import Host

LEASES = (Path(__file__).parent.parent / "captures/leases/dnsmasq.leases").read_bytes()
OURS = LEASES.replace(b"3c:06:30:11:22:33 10.77.0.58 iPhone-de-Claire", b"00:1c:42:00:00:08 10.77.0.59 accueil")
PHONE = "3c:06:30:11:22:33"


def dropped(marie: Client, data: bytes, device: str = "box") -> str:
    answer = marie.post("/imports/", {"file": SimpleUploadedFile("x", data), "device": device})
    return answer.content.decode() if answer.status_code == 422 else ""


def test_a_stranger_is_named_declared_and_known(fresh: Console, marie: Client) -> None:
    declare(
        fresh,
        Said("user:mdurand"),
        (Host("host/box", "box"), Host("host/accueil", "accueil", macs=("00:1c:42:00:00:08",))),
    )
    assert "Aucun appareil aperçu" in marie.get("/appareils-apercus/").content.decode()
    assert dropped(marie, LEASES + OURS) == ""
    page = marie.get("/appareils-apercus/").content.decode()
    assert page.index(PHONE) < page.index("00:1c:42:00:00:08")
    assert "Apple" in page
    link = re.search(r'href="(/equipements/[^"]*carte=[^"]*)"', page)
    assert link
    marie.post(link[1].replace("&amp;", "&"), {"address": "10.77.0.58", "hostname": "iphone", "host_class": "other"})
    (declared,) = [one for one in StoredRegister(1).seen(Host).facts if one.macs == (PHONE,)]
    assert declared.addresses == ("10.77.0.58",)
    page = marie.get("/appareils-apercus/?etat=unknown").content.decode()
    assert PHONE not in page


def test_a_file_that_cannot_be_taken_says_why_where_it_stands(fresh: Console, marie: Client) -> None:
    assert "Indiquez son nom" in dropped(marie, LEASES, "")
    assert "Ajoutez-le d’abord" in dropped(marie, LEASES, "inconnu")
    assert "aucune sorte" in dropped(marie, b"Bonjour")
