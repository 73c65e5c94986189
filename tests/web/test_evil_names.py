"""What strangers and lists call things stays text on every page, and reads as it is written."""

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import orjson
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse

from negatoscope.flows import alerting, hunting, receiving
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
from negatoscope.model.event import Told
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.people import Person, Waiver
from negatoscope.model.premises import Room
from negatoscope.model.zones import InternetAccess, Partner, Zone, ZoneKind
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.source import Line, normalise
from tests.web.furnished import RULE_ID
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
    forge(console)
    judge_now(console, "user:mdurand")


def forge(console: Console) -> None:
    """Logs and alerts in which a host forges its name, and everything else that it writes."""
    now = console.clock().astimezone(UTC)
    said = dict.fromkeys(("hostname", "host", "user", "message", "program", "src_ip", "dst", EVIL), EVIL)
    lines = (
        Line(orjson.dumps(said), now, "json", "10.77.0.66"),
        Line(f"<86>1 {now:%Y-%m-%dT%H:%M:%SZ} {EVIL.replace(' ', '')} sshd 1 - - Failed password for {EVIL} from "
             f"10.9.9.9 port 1 ssh2\x1b[31m\r\n<86>1 - scanner-1 sshd - - - Accepted".encode(), now, "syslog", EVIL),
    )  # fmt: skip
    told = [Told(f"e{n}", line.sender, now, normalise(line, b"k" * 32)) for n, line in enumerate(lines)]
    hunting.store(console).keep(told)
    seen = Detection(
        Kind.BEHAVIOUR, "attempts", f"address/{EVIL}", now, now, ("e0",), Level.MEDIUM, f"attempts/{EVIL}",
        "brute_force", 2, {"limit": 10}, {"failures": 12, "source": EVIL, "account": EVIL},
    )  # fmt: skip
    alerting.raise_from(console, [seen, replace(seen, kind=Kind.SIGMA, code=RULE_ID, case="s", seen={"title": EVIL})])


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
