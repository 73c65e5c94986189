"""Files of devices handed over: known by their content, dated, tied to a device of the register, or refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import START, TickingClock

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.importing import Refused
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.mail import MailSystem
from negatoscope.model.networks import Network
from negatoscope.model.switching import Sighting

CAPTURES = Path(__file__).parent.parent / "captures"
LEASES = (CAPTURES / "leases/dnsmasq.leases").read_bytes()


@pytest.fixture(autouse=True)
def box(console: Console) -> None:
    hosts = (
        Host("host/box", hostname="box.cabinet.lan", addresses=("10.77.0.1",)),
        Host("host/a", hostname="twin.a.lan", addresses=("10.77.0.8",)),
        Host("host/b", hostname="twin.b.lan", addresses=("10.77.0.9",)),
    )
    declare(console, Said("amelie"), hosts)


def handed(device: str = "box", data: bytes = LEASES, days: int = 0) -> Handed:
    return Handed("leases", data, device, START.date() - timedelta(days=days) if days else None)


@pytest.mark.parametrize("device", ["box", "BOX.cabinet.lan", "10.77.0.1"])
def test_leases_are_told_of_the_device_that_wrote_them(console: Console, device: str) -> None:
    hand_over(console, handed(device), "amelie")
    (seen,) = StoredRegister(console.practice).seen(Sighting).facts
    assert (seen.host, seen.mac, seen.name) == ("host/box.cabinet.lan", "3c:06:30:11:22:33", "iPhone-de-Claire")


def test_a_later_file_replaces_the_earlier_and_an_older_is_refused(console: Console) -> None:
    hand_over(console, handed(days=3), "amelie")
    known = StoredRegister(console.practice).seen(Sighting)
    assert known.sweeps[0].source.at.date() == START.date() - timedelta(days=3)
    other = LEASES.replace(b"3c:06:30:11:22:33", b"00:1c:42:00:00:08")
    hand_over(console, handed(data=other), "amelie")
    assert [one.mac for one in StoredRegister(console.practice).seen(Sighting).facts] == ["00:1c:42:00:00:08"]
    with pytest.raises(Refused) as refused:
        hand_over(console, handed(days=2), "amelie")
    assert refused.value.code == "file_older"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (handed(data=b"Bonjour"), "file_unknown"),
        (handed(""), "device_wanted"),
        (handed("nobody"), "device_unknown"),
        (handed("twin"), "device_several"),
        (handed(days=-2), "file_ahead"),
    ],
)
def test_what_cannot_be_tied_is_refused_and_not_kept(console: Console, file: Handed, code: str) -> None:
    before = list(console.vault.objects.rglob("*.zst"))
    with pytest.raises(Refused) as refused:
        hand_over(console, file, "amelie")
    assert refused.value.code == code
    assert list(console.vault.objects.rglob("*.zst")) == before


def test_a_scan_comes_by_the_same_door(console: Console, clock: TickingClock) -> None:
    del clock
    with pytest.raises(Refused) as refused:
        hand_over(console, Handed("scan.xml", (CAPTURES / "nmap/healthy.xml").read_bytes()), "amelie")
    assert refused.value.code == "outside_declared_networks"
    declare(console, Said("amelie"), (Network("10.77.0.0/24"), Network("10.78.0.0/24")))


def test_a_firewall_names_itself_and_its_secrets_stay_outside(console: Console) -> None:
    data = (CAPTURES / "firewall/fortigate.conf").read_bytes()
    assert b"ENC " in data
    outcome = hand_over(console, Handed("fgt.conf", data), "amelie")
    (base,) = StoredRegister(console.practice).seen(RuleBase).facts
    assert (base.host, base.product) == ("host/box.cabinet.lan", "FortiGate")
    with console.vault.open(outcome.digest) as kept:
        stored = kept.read()
    assert b"ENC " not in stored
    assert b"PRIVATE KEY" not in stored
    assert b"n3g4t0" not in stored


def test_no_passphrase_of_an_access_point_reaches_the_vault(console: Console) -> None:
    outcome = hand_over(console, handed(data=b"interface=w\nssid=Cabinet\nwpa=2\nwpa_passphrase=Chamois-Bleu\n"), "a")
    with console.vault.open(outcome.digest) as stream:
        kept = stream.read()
    assert b"ssid=Cabinet" in kept
    assert b"wpa_passphrase=***" in kept
    assert b"Chamois" not in kept


def test_a_file_without_a_device_of_ours_is_the_service_s(console: Console) -> None:
    data = b'"PrimarySmtpAddress","ForwardingSmtpAddress","DeliverToMailboxAndForward"\n"c@cabinet.example","",""\n'
    hand_over(console, handed("", data), "amelie")
    (system,) = StoredRegister(console.practice).seen(MailSystem).facts
    assert (system.system, system.domains) == ("exchange", ("cabinet.example",))
