"""Configurations of each maker, written after its documentation: what passes, who comes in, what is never kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from negatoscope.judge.segmentation.evaluate import Gate, Packet
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.gateways import RemoteAccess, Rewrites, RuleBase, Tunnel
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.firewall.collector import SORTS
from negatoscope.observe.handed import HANDLE

CAPTURES = Path(__file__).parents[2] / "captures" / "firewall"
BY_NAME = {sort.name: sort for sort in SORTS}
FILES = {"fortigate": "fortigate.conf", "pfsense": "pfsense.xml", "opnsense": "opnsense.xml", "nftables": "nft.json",
         "iptables-save": "iptables.txt"}  # fmt: skip
OPENVPN = b"port 1194\nproto udp\ndev tun\nserver 10.79.0.0 255.255.255.0\ncipher BF-CBC\nverify-client-cert none\n"
SWANCTL = b"""connections {
  nomades {
    version = 2
    proposals = aes256-sha256-modp1024
    remote { auth = eap-mschapv2 }
    children { net { esp_proposals = aes128gcm16 } }
  }
  site { remote_addrs = 203.0.113.9
    remote { auth = psk } }
}
secrets { ike { secret = n3g4t0 } }
"""
IPSEC = b"""conn %default
  keyexchange=ikev2
conn nomades
  right=%any
  rightauth=pubkey
  rightauth2=eap-mschapv2
  ike=aes256-sha256-modp2048!
"""
WIREGUARD = b"""[Interface]
ListenPort = 51820
PrivateKey = bjNnNHQwc2NvcGU=
# anna
[Peer]
PublicKey = aaaaaaaabbbb
PresharedKey = bjNnNHQw
AllowedIPs = 10.99.0.2/32
[Peer]
PublicKey = ccccccccdddd
Endpoint = 203.0.113.9:51820
AllowedIPs = 10.50.0.0/16
"""
SMALL = {"openvpn": OPENVPN, "strongswan": SWANCTL, "wireguard": WIREGUARD}
SECRETS = (b"c2VjcmV0", b"bm90LXlvdXJz", b"MIIFDjBABg", b"cHJlLXNoYXJlZA", b"aG9waXRhbA", b"n3g4t0", b"$2y$10$",
           b"bi0zLWct", b"n-3-g-4", b"bjNnNHQw")  # fmt: skip


def data_of(name: str) -> bytes:
    return SMALL[name] if name in SMALL else (CAPTURES / FILES[name]).read_bytes()


def read(name: str, data: bytes | None = None, host: str = HANDLE) -> list[Item]:
    sort: Sort = BY_NAME[name]
    return list(sort.read(sort.scrub(data_of(name) if data is None else data), host))


def base_of(name: str) -> RuleBase:
    return next(item for item in read(name) if isinstance(item, RuleBase))


def accesses(name: str, data: bytes | None = None) -> dict[str, RemoteAccess]:
    return {item.name: item for item in read(name, data) if isinstance(item, RemoteAccess)}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_file_is_recognised_by_one_reader_alone(name: str) -> None:
    assert [sort.name for sort in SORTS if sort.recognises(data_of(name))] == [name]


@pytest.mark.parametrize("name", BY_NAME)
def test_no_secret_passes_the_door(name: str) -> None:
    kept = BY_NAME[name].scrub(data_of(name))
    assert [secret for secret in SECRETS if secret in kept] == []
    assert BY_NAME[name].recognises(kept)


@pytest.mark.parametrize("name", ["fortigate", "pfsense", "opnsense"])
def test_a_whole_configuration_names_its_device_and_closes_both_kinds(name: str) -> None:
    items = read(name)
    (host,) = [item for item in items if isinstance(item, Host)]
    assert host.hostname in {"FGT-CABINET", "fw-cabinet"}
    assert host.addresses == ("198.51.100.2", "10.77.0.1", "10.78.0.1")
    kinds = {"RuleBase", "RemoteAccess"} | (set() if name == "fortigate" else {"AutoOpening", "PortMapping"})
    assert {item.kind for item in items if isinstance(item, Sweep)} == kinds
    assert not [item for item in read(name, host="host/fw") if isinstance(item, Host)]


Asked = tuple[str, str, str, int, int]
ANSWERS: dict[str, list[tuple[Asked, bool | None]]] = {
    "fortigate": [
        (("10.77.0.9", "10.78.0.5", "tcp", 2000, 11112), True),
        (("10.77.0.9", "10.78.0.25", "tcp", 2000, 443), True),
        (("10.77.0.9", "10.78.0.5", "tcp", 99, 11112), False),
        (("10.77.0.9", "10.78.0.9", "tcp", 2000, 443), False),
        (("203.0.113.5", "198.51.100.3", "tcp", 2000, 443), True),
        (("203.0.113.5", "10.78.0.9", "tcp", 2000, 8443), False),
        (("203.0.113.5", "198.51.100.3", "tcp", 2000, 2222), False),
        (("10.78.0.9", "203.0.113.5", "udp", 2000, 53), True),
        (("203.0.113.5", "10.78.0.5", "tcp", 2000, 443), None),
        (("10.77.0.9", "10.77.0.1", "tcp", 2000, 8443), True),
        (("203.0.113.5", "198.51.100.2", "tcp", 2000, 8443), False),
    ],
    "pfsense": [
        (("10.77.0.9", "10.78.0.6", "tcp", 2000, 11113), True),
        (("10.77.0.9", "10.78.0.17", "tcp", 2000, 104), True),
        (("10.77.0.9", "10.78.0.6", "tcp", 2000, 80), False),
        (("10.77.0.9", "203.0.113.5", "udp", 2000, 443), True),
        (("10.77.0.9", "203.0.113.5", "tcp", 2000, 25), False),
        (("10.77.0.9", "203.0.113.5", "tcp", 2000, 80), None),
        (("203.0.113.5", "198.51.100.2", "tcp", 2000, 8443), True),
        (("203.0.113.5", "198.51.100.2", "tcp", 2000, 3389), True),
        (("203.0.113.5", "198.51.100.2", "tcp", 2000, 22), False),
        (("10.78.0.9", "10.78.0.1", "udp", 2000, 53), True),
        (("10.77.0.9", "203.0.113.5", "icmp", 0, 0), None),
    ],
    "iptables-save": [
        (("10.77.0.9", "10.78.0.5", "udp", 2000, 53), True),
    ],
}
ANSWERS["opnsense"] = [*ANSWERS["pfsense"][:5], *ANSWERS["pfsense"][6:]]


@pytest.mark.parametrize(
    ("name", "packet", "passes"), [(name, packet, passes) for name, told in ANSWERS.items() for packet, passes in told]
)
def test_what_passes_is_what_the_lines_say(name: str, packet: Asked, passes: bool | None) -> None:  # noqa: FBT001 -- a table
    assert Gate(base_of(name)).answer(Packet(*packet)) is passes


def test_dates_labels_and_logs_are_told() -> None:
    forti, pf = base_of("fortigate"), base_of("pfsense")
    assert forti.chains is not None
    assert pf.chains is not None
    by_label = {rule.label: rule for rule in forti.chains[0].rules}
    assert by_label["#4 prestataire"].until == datetime(2025, 1, 31, 17, tzinfo=UTC)
    assert by_label["#3 sortie"].logged is False
    assert by_label["#5 ancien"].enabled is False
    assert [rule.logged for rule in forti.chains[0].rules if rule.label == "implicit deny"] == [True]
    lines = {rule.label: rule for rule in pf.chains[0].rules}
    assert lines["#4 Web jusqu’au 31/01/2025"].until == datetime(2025, 1, 31, 23, tzinfo=UTC)
    assert lines["#5 Liste"].match.unread == "sources LISTE"
    assert [rule.label for rule in pf.chains[0].rules][:2] == ["NAT #2 bureau", "#6 Pas de courrier"]
    assert ("10.90.0.0/16", "opt1") in (pf.routes or ())
    assert ("10.90.0.0/16", "srv") in (forti.routes or ())


def test_iptables_keeps_counters_sets_and_what_it_does_not_know() -> None:
    base = base_of("iptables-save")
    forward = next(chain for chain in base.chains or () if chain.name == "filter FORWARD")
    images, logs, friends, strangers, changed, gone, odd = forward.rules[1:]
    assert (images.packets, images.label) == (1200, "#2 images vers le PACS")
    assert images.match.target_ports == ((104, 104), (11112, 11115))
    assert (logs.logged, logs.match.entering) == (True, ("wan*",))
    assert friends.match.sources is not None
    assert strangers.match.unread == "set src"
    assert changed.match.translated is True
    assert (gone.does, gone.chain) == ("goto", "filter journal")
    assert odd.match.unread is not None
    turns = [turn for turn in base.translations or () if turn.rewrites is Rewrites.TARGET]
    assert [(turn.address, turn.port) for turn in turns] == [("10.78.0.9", (443, 443)), (None, (53, 53))]
    assert turns[1].match.unread is not None
    assert base.families == (4,)


def test_who_comes_in_from_afar_and_how() -> None:
    forti = accesses("fortigate")
    assert set(forti) == {"SSL VPN 10443", "nomades"}
    assert forti["SSL VPN 10443"].weak == ("TLS 1.1",)
    assert (forti["SSL VPN 10443"].second_factor, forti["SSL VPN 10443"].known_devices) == (True, False)
    assert (forti["nomades"].shared_secret, forti["nomades"].weak) == (True, ("aes128-sha1", "group5"))
    pf = accesses("pfsense")
    assert (pf["Nomades"].certificates, pf["Nomades"].second_factor, pf["Nomades"].weak) == (True, True, ("BF-CBC",))
    assert (pf["IKEv2"].certificates, pf["IKEv2"].weak) == (False, ("3des", "group2"))
    opn = accesses("opnsense")
    assert (opn["Prestataire"].certificates, opn["Prestataire"].second_factor) == (False, None)
    assert opn["WireGuard"].peers == ("anna",)


@pytest.mark.parametrize(
    ("name", "added", "named"),
    [
        ("pfsense", (b"<installedpackages><wireguard><config><enable>on</enable></config></wireguard>"
                     b"</installedpackages>"), "WireGuard"),
        ("pfsense", b"<l2tp><mode>server</mode></l2tp>", "L2TP"),
        ("opnsense", (b"<OPNsense><Swanctl><Connections><Connection><enabled>1</enabled></Connection></Connections>"
                      b"</Swanctl></OPNsense>"), "IPsec (connexions)"),
    ],
)  # fmt: skip
def test_a_way_in_that_is_not_read_is_a_gap(name: str, added: bytes, named: str) -> None:
    end = f"</{name}>".encode()
    items = read(name, data_of(name).replace(end, added + end))
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert (gap.what, gap.why, gap.values["names"]) == ("RemoteAccess", "tunnels_unread", named)
    off = read(name, data_of(name).replace(end, added.replace(b">on<", b">off<").replace(b"server", b"off") + end))
    assert name == "opnsense" or Sweep("RemoteAccess", host=HANDLE) in off


def test_small_files_tell_of_one_server_and_close_nothing() -> None:
    (ovpn,) = accesses("openvpn").values()
    assert (ovpn.name, ovpn.certificates, ovpn.weak) == ("OpenVPN udp/1194", False, ("BF-CBC",))
    (swan,) = accesses("strongswan").values()
    assert (swan.name, swan.certificates, swan.weak) == ("nomades", False, ("aes256-sha256-modp1024",))
    (old,) = accesses("strongswan", IPSEC).values()
    assert (old.certificates, old.second_factor, old.weak) == (True, True, ())
    (guard,) = accesses("wireguard").values()
    assert (guard.tunnel, guard.peers, guard.known_devices) == (Tunnel.WIREGUARD, ("anna",), True)
    for name in SMALL:
        assert not [item for item in read(name) if isinstance(item, Sweep)]
        assert [item for item in read(name) if isinstance(item, Gap)]


@pytest.mark.parametrize("name", [*FILES, "strongswan"])
def test_a_file_cut_short_is_unreadable_or_read_as_far_as_it_goes(name: str) -> None:
    data = data_of(name)
    for part in range(1, 20):
        try:
            read(name, data[: len(data) * part // 20])
        except Unreadable as error:
            assert error.why  # noqa: PT017 -- either is right


@pytest.mark.parametrize("name", ["pfsense", "opnsense"])
@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE x [<!ENTITY a 'b'>]><pfsense>&a;</pfsense>",
        "<other/>",
        "\0\1\2",
        "<pfsense>" * 100_000,
    ],
)
def test_hostile_xml_is_refused(name: str, text: str) -> None:
    with pytest.raises(Unreadable):
        read(name, text.encode())
