"""The snmp collector on real agents: versions 1 to 3, a switch, a copier, who says what in clear."""

import subprocess
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.networks import Service
from negatoscope.model.switching import Neighbour, Place, Sighting, SwitchPort, Vlan
from negatoscope.model.traffic import Route
from negatoscope.observe.collector import Bounds, Item, Look, Unreachable
from negatoscope.observe.snmp import collector, knock
from negatoscope.observe.snmp.collector import SNMP, Settings, bound, capture
from negatoscope.observe.snmp.usm import localized
from tests.needs import needs_program
from tests.observe.snmp.agents import COMMUNITY, ENCRYPTS, SIGNS, USERS, Agent, free_port, snmpd
from tests.observe.snmp.devices import copier, switch


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knock, "WAIT", 1.2)


@pytest.fixture(scope="module")
def a_switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knock, "WAIT", 1.2)
        with snmpd(tmp_path_factory.mktemp("switch"), switch(), f"rocommunity {COMMUNITY}\n{USERS}") as agent:
            yield agent


@pytest.fixture(scope="module")
def third_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """A Linux computer whose agent takes version 3 alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knock, "WAIT", 1.2)
        with snmpd(tmp_path_factory.mktemp("third"), None) as agent:
            yield agent


def of(items: list[Item], kind: type) -> list[object]:
    return [item for item in items if type(item) is kind]


def test_a_switch_tells_its_ports_vlans_and_who_is_behind(a_switch: Agent) -> None:
    items = a_switch.told("lecteur")
    (host,) = of(items, Host)
    assert isinstance(host, Host)
    assert (host.hostname, host.host_class, host.vendor, host.model) == ("SW1", HostClass.NETWORK, "HPE", "JL070A")
    assert (host.serial, host.os_version, host.addresses) == ("CN12ABC345", "YA.16.11.0003", ("10.10.0.2",))
    assert "02:00:5e:00:00:fe" in (host.macs or ())
    ports = {port.name: port for port in of(items, SwitchPort) if isinstance(port, SwitchPort)}
    assert ports["2"] == SwitchPort(
        host.ref, "2", 2, "prise 2.14 salle d'attente", enabled=True, linked=False, vlan=10, tagged=(),
        authenticated=False, stations=0,
    )  # fmt: skip
    assert (ports["4"].enabled, ports["6"].authenticated, ports["3"].vlan) == (False, True, 20)
    assert (ports["8"].vlan, ports["8"].tagged) == (10, (20, 30))
    assert Vlan(host.ref, 10, "Postes", ("10.10.0.0/24",)) in items
    assert Neighbour(host.ref, "8", "02:00:5e:00:00:01", "pare-feu", "lan0") in items
    assert Sighting(host.ref, "02:00:5e:00:01:03", Place.PORT, "3", vlan=20) in items
    assert Sighting(host.ref, "02:00:5e:00:01:01", Place.ARP, "VLAN10", "10.10.0.11", vlan=10) in items
    assert Interface(host.ref, "VLAN10", None, ("10.10.0.2/24",)) in items
    assert Route(host.ref, "0.0.0.0/0", "10.10.0.1", "VLAN10") in items
    for kind in (SwitchPort, Vlan, Neighbour, Sighting, Route, Interface):
        assert Sweep(kind.__name__, host.ref) in items


def test_a_community_reads_the_same_and_travels_in_clear(a_switch: Agent) -> None:
    with_community, with_user = a_switch.told("communaute"), a_switch.told("lecteur")
    assert of(with_community, SwitchPort) == of(with_user, SwitchPort)
    (service,) = of(with_community, Service)
    assert isinstance(service, Service)
    assert (service.port, service.encrypted) == (a_switch.port and 161, False)
    assert ClearAnswer(service.host, 161, "snmp", answers=True) in with_community


@pytest.mark.parametrize(
    ("credential", "version", "encrypted"),
    [("lecteur", "3 sha1 aes128", True), ("ancien", "3 md5 des", True), ("signataire", "3 sha256", False)],
)
def test_each_way_of_version_3_is_told_with_its_strength(
    third_alone: Agent, credential: str, version: str, *, encrypted: bool
) -> None:
    items = third_alone.told(credential)
    (service,) = of(items, Service)
    assert isinstance(service, Service)
    assert (service.version, service.encrypted) == (version, encrypted)
    (host,) = of(items, Host)
    assert isinstance(host, Host)
    assert host.host_class is None  # a computer says nothing certain
    assert of(items, Interface)


def test_an_agent_that_takes_version_3_alone_proves_it_by_its_own_list(third_alone: Agent) -> None:
    answers = [item for item in third_alone.told("lecteur") if isinstance(item, ClearAnswer)]
    assert [(one.protocol, one.answers) for one in answers] == [("snmp", False), ("tftp", False)]


def test_without_a_log_in_version_3_is_seen_and_nothing_is_proven(third_alone: Agent) -> None:
    answers = [item for item in third_alone.told() if isinstance(item, ClearAnswer)]
    assert [(one.protocol, one.answers) for one in answers] == [("snmp", None), ("tftp", False)]


def test_a_refused_log_in_is_a_gap_for_everything(third_alone: Agent) -> None:
    items = third_alone.told("faux")
    assert {item.why for item in items if isinstance(item, Gap)} == {"snmp_refused"}
    assert not of(items, Sweep)


@pytest.mark.parametrize("credential", ["mot", "sans-phrase"])
def test_a_log_in_of_another_sort_is_refused(credential: str) -> None:
    with pytest.raises(Unreachable, match="credential_not_snmp"):
        Agent("127.0.0.1", free_port(), free_port()).look(credential)


def test_a_copier_and_the_factory_community(tmp_path: Path) -> None:
    with snmpd(tmp_path, copier(), "rocommunity public\nrocommunity cabinet-lecture\n") as agent:
        items = agent.told("communaute")
    (host,) = of(items, Host)
    assert isinstance(host, Host)
    assert (host.host_class, host.vendor, host.model) == (HostClass.PRINTER, "Kyocera", "TASKalfa 3554ci")
    assert (host.serial, host.macs) == ("W3T0900123", ("02:00:5e:00:01:06",))
    assert ClearAnswer(host.ref, 161, "snmp", answers=True, published=True) in items


def test_no_secret_is_ever_kept(a_switch: Agent, third_alone: Agent) -> None:
    kept = a_switch.look("communaute") + a_switch.look("lecteur") + third_alone.look("ancien")
    assert all(secret.encode() not in kept for secret in (COMMUNITY, SIGNS, ENCRYPTS))


def test_what_an_agent_repeats_of_a_secret_is_left_out(tmp_path: Path) -> None:
    told = switch() | {"1.3.6.1.2.1.1.6.0": (4, f"mot de passe : {COMMUNITY}")}
    with snmpd(tmp_path, told, f"rocommunity {COMMUNITY}\n") as agent:
        assert COMMUNITY.encode() not in agent.look("communaute")


def test_tftp_answers_whoever_asks(tmp_path: Path) -> None:
    programme, port, closed = needs_program("in.tftpd"), free_port(), free_port()
    words = [programme, "-L", "-u", "root", "-a", f"127.0.0.1:{port}", str(tmp_path)]
    with subprocess.Popen(words) as server:
        try:
            time.sleep(0.3)
            items = Agent("127.0.0.1", closed, port).told()
        finally:
            server.terminate()
    host = "host/127.0.0.1"
    assert ClearAnswer(host, 69, "tftp", answers=True) in items
    assert ClearAnswer(host, 161, "snmp", answers=False, published=False) in items
    assert Service(host, "udp", 69, "tftp", encrypted=False, reachable=True) in items


def test_a_network_of_254_is_asked_quickly_and_only_who_is_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, began = BytesIO(), time.monotonic()
    settings = Settings(declared=("127.0.9.0/24",), packets_per_second=2000, udp=(free_port(), free_port()))
    capture(settings, "127.0.9.0/24", Look(kept))
    assert time.monotonic() - began < 8
    assert sum(line.startswith(b'["knock"') for line in kept.getvalue().splitlines()) == 2 * 254


def test_bounds_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arp = tmp_path / "arp"
    arp.write_text("IP address HW type Flags HW address Mask Device\n127.0.9.3 0x1 0x2 AA:00:00:00:00:01 * eth0\n")
    monkeypatch.setattr(collector, "ARP", arp)
    told = bound(Settings(), Bounds(("127.0.9.0/29",), ("127.0.9.2",), spared_macs=("aa:00:00:00:00:01",)))
    told = Settings(told.credential, declared=told.declared, spared=told.spared, spared_macs=told.spared_macs,
                    udp=(free_port(), free_port()))  # fmt: skip
    kept = BytesIO()
    capture(told, "127.0.9.0/29", Look(kept))
    asked = {line.split(b",")[1] for line in kept.getvalue().splitlines() if line.startswith(b'["knock"')}
    assert asked == {b'"127.0.9.1"', b'"127.0.9.4"', b'"127.0.9.5"', b'"127.0.9.6"'}
    for target, why in {
        "127.0.9.2": "modality_without_consent",
        "127.0.8.1": "outside_declared_networks",
        "chez-nous": "not_an_address",
    }.items():
        with pytest.raises(Unreachable, match=why):
            capture(told, target, Look(BytesIO()))
    with pytest.raises(Unreachable, match="network_too_large"):
        capture(Settings(declared=("127.0.0.0/8",)), "127.0.0.0/16", Look(BytesIO()))
    assert SNMP.bound is bound


def test_keys_are_those_of_the_standard() -> None:
    """RFC 3414 appendix A.3."""
    engine = bytes.fromhex("000000000000000000000002")
    assert localized("md5", "maplesyrup", engine).hex() == "526f5eed9fcce26f8964c2930787d82b"
    assert localized("sha1", "maplesyrup", engine).hex() == "6695febc9288e36282235fc7151f128497b38f3f"
