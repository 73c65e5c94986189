"""The matrix of zones: three views side by side, flows allowed and withdrawn in a cell, ready-made policies."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from openpyxl import load_workbook

from negatoscope.flows import listing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.segmenting import presets
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.providers import Days, Provider, RemoteWindow
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind

FIREWALL = Path(__file__).parents[1] / "captures" / "firewall" / "fortigate.conf"
USERS = Zone("Postes", ZoneKind.USERS, ("10.77.0.0/25",))
IMAGING = Zone("Imagerie", ZoneKind.IMAGING, ("10.78.0.0/24",))
SERVERS = Zone("Serveurs / PACS", ZoneKind.SERVERS, ("10.79.0.0/24",))


@pytest.fixture
def zoned(fresh: Console) -> Console:
    declare(fresh, Said("user:mdurand"), (USERS, IMAGING, SERVERS))
    return fresh


def cell(source: Zone, target: Zone) -> str:
    return "/segmentation/flux/?" + urlencode({"de": source.name, "vers": target.name})


def page(client: Client, where: str, **told: Any) -> str:  # noqa: ANN401 -- fields of a form
    answer = client.post(where, told, follow=True) if told else client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def flows(console: Console) -> list[AllowedFlow]:
    return list(listing.declared(console, AllowedFlow).values())


def test_ways_out_are_sorted_filtered_and_taken_away(zoned: Console, marie: Client) -> None:
    assert "Aucune sortie" in page(marie, "/segmentation/sorties/")
    hand_over(zoned, Handed("fgt.conf", FIREWALL.read_bytes()), "user:mdurand")
    told = marie.get("/segmentation/sorties/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(told) > 1
    assert "fgt-cabinet" in told[1]
    assert "non déclaré" in told[1]
    assert "Rien ne correspond" in page(marie, "/segmentation/sorties/?acces=yes")
    assert "/segmentation/sorties/" in page(marie, "/segmentation/")


def test_without_zones_the_page_leads_on(fresh: Console, marie: Client) -> None:
    shown = page(marie, "/segmentation/")
    assert "/registre/zones/ajouter/" in shown
    assert "<table>" not in shown


def test_each_pair_of_zones_has_its_cell(zoned: Console, marie: Client) -> None:
    shown = page(marie, "/segmentation/")
    assert shown.count('scope="row"') == 4
    assert "Aucune règle de pare-feu" in shown
    assert "pas encore mesuré" in shown


def test_a_flow_is_allowed_and_withdrawn_in_its_cell(zoned: Console, marie: Client) -> None:
    where = cell(IMAGING, SERVERS)
    shown = page(marie, where, service="TCP / 2762, 104", purpose="Images vers le PACS", until="2027-01-31")
    assert "tcp/104,2762" in shown
    (flow,) = flows(zoned)
    assert (flow.source, flow.target, flow.service) == (IMAGING.ref, SERVERS.ref, "tcp/104,2762")
    assert "tcp/104,2762" not in page(marie, where, remove=flow.ref)
    assert flows(zoned) == []


def test_what_is_no_service_is_refused_with_its_reason(zoned: Console, marie: Client) -> None:
    answer = marie.post(cell(IMAGING, SERVERS), {"service": "dicom"})
    assert answer.status_code == 422
    assert "tcp/443,8443" in answer.content.decode()
    assert flows(zoned) == []


def test_a_first_flow_to_the_internet_declares_its_zone(zoned: Console, marie: Client) -> None:
    page(marie, "/segmentation/flux/?de=Postes&vers=Internet", service="tcp/443")
    assert [zone.kind for zone in listing.declared(zoned, Zone).values() if zone.name == "Internet"] == [
        ZoneKind.INTERNET
    ]
    assert [flow.target for flow in flows(zoned)] == ["zone/Internet"]


def test_a_ready_made_policy_shows_what_it_would_allow_first(zoned: Console, marie: Client) -> None:
    assert "Imagerie → Serveurs / PACS" in page(marie, "/segmentation/politique/pacs/")
    assert flows(zoned) == []
    marie.post("/segmentation/politique/pacs/")
    assert [flow.service for flow in flows(zoned)] == ["tcp/104,2762,11112"]
    assert "Rien à ajouter" in page(marie, "/segmentation/politique/pacs/")


@pytest.mark.parametrize("name", [one.name for one in presets()])
def test_every_ready_made_policy_has_its_page(zoned: Console, marie: Client, name: str) -> None:
    assert "<h1>" in page(marie, f"/segmentation/politique/{name}/")


def test_networks_without_a_zone_are_suggested(zoned: Console, marie: Client) -> None:
    host = Host("host/irm-9", "irm-9", HostClass.MODALITY, addresses=("10.90.0.4",))
    declare(zoned, Said("user:mdurand"), (host,))
    shown = page(marie, "/segmentation/")
    assert "10.90.0.0/24" in shown
    assert "imagerie" in shown


def test_the_matrix_leaves_as_a_file(zoned: Console, marie: Client) -> None:
    text = marie.get("/segmentation/?format=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + 12
    book = load_workbook(BytesIO(marie.get("/segmentation/?format=xlsx").content))
    assert book.worksheets[0].max_row == 13


@pytest.mark.parametrize(
    "where", ["/segmentation/flux/", "/segmentation/flux/?de=x&vers=y", "/segmentation/politique/x/"]
)
def test_what_does_not_exist_has_no_page(zoned: Console, marie: Client, where: str) -> None:
    assert marie.get(f"/segmentation/{where}").status_code == 404


def test_what_comes_from_outside_is_shown_beside_the_times_agreed(zoned: Console, marie: Client) -> None:
    shown = page(marie, cell(Zone("Internet"), SERVERS))
    assert "toute prise en main depuis l’extérieur sera signalée" in shown
    pacs = Host("host/srv-pacs", "srv-pacs", HostClass.SERVER, addresses=("10.79.0.5",))
    window = RemoteWindow("provider/Midi", pacs.ref, date(2026, 11, 20), date(2026, 11, 21), days=Days.EVERY)
    other = RemoteWindow("provider/Midi", "host/ailleurs", date(2026, 11, 20))
    declare(zoned, Said("user:mdurand"), (pacs, Provider("Midi"), window, other))
    shown = page(marie, cell(Zone("Internet"), SERVERS))
    assert "tous les jours" in shown
    assert "Il manque les jours ou les heures" in shown
    assert "ailleurs" not in shown
    assert "/registre/remote-windows/ajouter/" in shown
    declare(zoned, Said("user:mdurand"), (replace(window, hours="08:00–12:00", ticket="INT-7"),))
    shown = page(marie, cell(Zone("Internet"), SERVERS))
    assert "08:00–12:00" in shown
    assert "INT-7" in shown
    assert "Il manque" not in shown
    assert "Télémaintenances" not in page(marie, cell(IMAGING, SERVERS))
