"""What strangers and lists call things stays text on every page, and reads as it is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse

from negatoscope.flows import receiving
from negatoscope.flows.carrying import ANNEXES
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.judging import judge_now
from negatoscope.flows.receiving import Sender
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.cases import RoleTemplate
from negatoscope.model.directory import Directory, DirectoryAccount
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.people import Person, Waiver
from negatoscope.model.premises import Room
from negatoscope.model.zones import InternetAccess, Partner, Zone, ZoneKind
from tests.web.routes import addresses

AGENT = Path(__file__).parents[1] / "captures" / "agent"
EVIL = "\"'><b data-evil onclick=alert(1)>{{7*7}}</script>\u202egnp.exe"
MARK = "<b data-evil"


def spread(console: Console) -> None:
    """Put the name wherever a stranger or a list can write one."""
    post = json.loads((AGENT / "pc-accueil-1.inventory.json").read_bytes())
    for section in post["content"].values():
        for row in section if isinstance(section, list) else [section]:
            for name, value in list(row.items()) if isinstance(row, dict) else ():
                if isinstance(value, str) and name not in {"ipaddress", "mac", "macaddr", "ipmask", "logdate"}:
                    row[name] = EVIL
    receiving.receive(console, Sender(console.practice, "essai"), json.dumps(post).encode(), native=True)
    person = Person("mechant", EVIL, role=EVIL, site=EVIL, email=EVIL, phone=EVIL)
    declare(console, Said("user:mdurand"), (
        person,
        Host("host/mechant", EVIL, HostClass.PRINTER, vendor=EVIL, model=EVIL, serial=EVIL, os_name=EVIL),
        Network("10.77.8.0/24", EVIL),
        Account(None, EVIL, EVIL, holder=person.ref, purpose=EVIL),
        Directory("mechant.lan"),
        DirectoryAccount("directory/mechant.lan", EVIL, purpose=EVIL),
        Waiver("R10.1", "host/srv-essai", EVIL, EVIL, console.clock()),
        RoleTemplate(EVIL, (EVIL,), (EVIL,), (EVIL,), (EVIL,)),
        Room(EVIL),
        Zone(EVIL, ZoneKind.USERS, ("10.77.90.0/24",)),
        InternetAccess(EVIL, operator=EVIL, router="host/mechant", reason=EVIL),
        Partner(EVIL, means=EVIL, reason=EVIL, networks=("198.51.100.0/29",)),
    ))  # fmt: skip
    radio = f"interface=wlan0\nssid={EVIL}\nwpa=0\n"
    hand_over(console, Handed("hostapd.conf", radio.encode(), EVIL), "user:mdurand")
    judge_now(console, "user:mdurand")


@pytest.fixture
def spoilt(full: Console) -> Console:
    spread(full)
    return full


def pages(console: Console) -> list[str]:
    known = StoredRegister(console.practice)
    hosts = [f"/equipements/{host.ref.removeprefix('host/')}/" for host in known.seen(Host).facts]
    return [*addresses(console), *hosts]


def test_on_no_page_does_a_name_become_an_element(spoilt: Console, marie: Client) -> None:
    shown = 0
    for address in pages(spoilt):
        answer: Any = marie.get(address)
        if answer.streaming or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        assert MARK not in page, address
        assert "\u202e" not in page, address
        shown += "&lt;b data-evil" in page
    assert shown > 5
    drawn: Any = marie.get(reverse("drawing_file", args=["svg"]))
    told = [node.tag.rpartition("}")[2] for node in fromstring(drawn.content).iter()]
    assert "text" in told
    assert not {"b", "script", "a"} & set(told)
    assert marie.get(reverse("drawing_file", args=[ANNEXES])).content.startswith(b"%PDF")
