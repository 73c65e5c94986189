"""What the network's own devices would tell: firewall, switches, leases, Wi-Fi, flows, a look from outside. Written.

Each file is in its maker's public format, or in that of our own collector, and is kept as the console keeps it.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from ipaddress import IPv4Address

from negatoscope.observe.handed import FORMAT, Header, wrapped
from negatoscope.observe.snmp import columns
from tests.demonstration import bible
from tests.observe.snmp.devices import ENTITY, GAUGE, IF, IFX, INT, OBJECT, PAE, TEXT, Q, Variables

VLANS = {"postes": 10, "imagerie": 20, "serveurs": 30, "administration": 40}
PORTS, UPLINK = 48, 48
SWITCHES = {"sw-tilleuls-1": ("postes",), "sw-tilleuls-2": ("imagerie", "serveurs", "administration")}
"""Which networks each switch serves."""
LABELS = {1: "0.01 attente", 2: "0.02 attente", 3: "0.07 couloir"}
"""Sockets in rooms open to the public, by port of the first switch."""
STRANGERS = (
    ("3c:06:30:5a:11:07", "10.20.1.143", "iPhone-de-Sophie"),
    ("a4:77:33:18:40:2c", "10.20.1.144", "Chromecast-attente"),
)
UP, DOWN, FORCED, AUTO, LEARNED, ETHERNET = 1, 2, 3, 2, 3, 6
UNPLUGGED = frozenset({"portable", "pret", "tablette"})
FIREWALL = """<?xml version="1.0"?>
<pfsense>
  <version>23.3</version>
  <system><hostname>pare-feu</hostname><domain>tilleuls.lan</domain></system>
  <interfaces>
    <wan><enable></enable><if>igb0</if><descr>WAN</descr><ipaddr>198.51.100.2</ipaddr><subnet>29</subnet><gateway>FIBRE</gateway></wan>
    <lan><enable></enable><if>igb1.10</if><descr>POSTES</descr><ipaddr>10.20.1.1</ipaddr><subnet>24</subnet></lan>
    <opt1><enable></enable><if>igb1.20</if><descr>IMAGERIE</descr><ipaddr>10.20.2.1</ipaddr><subnet>24</subnet></opt1>
    <opt2><enable></enable><if>igb1.30</if><descr>SERVEURS</descr><ipaddr>10.20.3.1</ipaddr><subnet>24</subnet></opt2>
    <opt3><enable></enable><if>igb1.40</if><descr>ADMINISTRATION</descr><ipaddr>10.20.4.1</ipaddr><subnet>24</subnet></opt3>
    <opt4><enable></enable><if>ipsec1</if><descr>LIAISONS</descr><ipaddr>10.255.0.1</ipaddr><subnet>29</subnet></opt4>
  </interfaces>
  <gateways>
    <gateway_item><interface>wan</interface><gateway>198.51.100.1</gateway><name>FIBRE</name></gateway_item>
    <gateway_item><interface>opt4</interface><gateway>10.255.0.2</gateway><name>HOPITAL</name></gateway_item>
    <gateway_item><interface>opt4</interface><gateway>10.255.0.3</gateway><name>GARE</name></gateway_item>
    <defaultgw4>FIBRE</defaultgw4>
  </gateways>
  <staticroutes>
    <route><network>172.20.0.0/16</network><gateway>HOPITAL</gateway></route>
    <route><network>192.168.240.0/24</network><gateway>HOPITAL</gateway></route>
    <route><network>10.21.1.0/24</network><gateway>GARE</gateway></route>
  </staticroutes>
  <aliases>
    <alias><name>PACS</name><type>host</type><address>10.20.3.21</address></alias>
    <alias><name>RIS</name><type>host</type><address>10.20.3.20</address></alias>
    <alias><name>DICOM</name><type>port</type><address>104 4242 11112</address></alias>
  </aliases>
  <filter>
    <rule><type>pass</type><interface>opt1</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><network>opt1</network></source><destination><address>PACS</address><port>DICOM</port></destination><descr>Images vers le PACS</descr><log></log></rule>
    <rule><type>pass</type><interface>lan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><network>lan</network></source><destination><address>PACS</address><port>443</port></destination><descr>Visionneuse</descr><log></log></rule>
    <rule><type>pass</type><interface>lan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><network>lan</network></source><destination><address>RIS</address><port>443</port></destination><descr>RIS</descr><log></log></rule>
    <rule><type>pass</type><interface>lan</interface><ipprotocol>inet</ipprotocol><source><network>lan</network></source><destination><network>opt1</network></destination><descr>Depannage scanner, provisoire</descr></rule>
    <rule><type>pass</type><interface>lan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><network>lan</network></source><destination><address>10.20.1.0/24</address><not></not><port>443</port></destination><descr>Web</descr></rule>
    <rule><type>pass</type><interface>opt3</interface><ipprotocol>inet</ipprotocol><source><network>opt3</network></source><destination><any></any></destination><descr>Administration</descr><log></log></rule>
    <rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any></any></source><destination><address>10.20.3.21</address><port>443</port></destination><descr>NAT images en ligne</descr><associated-rule-id>nat_1</associated-rule-id><log></log></rule>
    <rule><type>block</type><interface>lan</interface><ipprotocol>inet</ipprotocol><source><any></any></source><destination><any></any></destination><descr>Reste</descr><log></log></rule>
  </filter>
  <nat>
    <outbound><mode>automatic</mode></outbound>
    <rule><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any></any></source><destination><network>wanip</network><port>443</port></destination><target>10.20.3.21</target><local-port>443</local-port><descr>images en ligne</descr><associated-rule-id>nat_1</associated-rule-id></rule>
  </nat>
  <openvpn>
    <openvpn-server><mode>server_tls_user</mode><protocol>UDP4</protocol><local_port>1194</local_port><description>Radiologues</description><data_ciphers>AES-256-GCM</data_ciphers><digest>SHA256</digest></openvpn-server>
  </openvpn>
</pfsense>
"""  # noqa: E501 -- a file of pfSense, as it writes it
WIFI = {
    "wlanconf": [
        {"_id": "1", "name": "Tilleuls", "security": "wpaeap", "wpa_mode": "wpa2", "wpa_enc": "ccmp", "enabled": True,
         "networkconf_id": "a", "is_guest": False, "l2_isolation": False},
        {"_id": "2", "name": "Tilleuls-Echo", "security": "wpapsk", "wpa_mode": "wpa2", "wpa_enc": "ccmp",
         "enabled": True, "networkconf_id": "b", "is_guest": False, "l2_isolation": False},
    ],
    "networkconf": [
        {"_id": "a", "name": "Postes", "purpose": "corporate", "ip_subnet": "10.20.1.1/24", "vlan": 10},
        {"_id": "b", "name": "Imagerie", "purpose": "corporate", "ip_subnet": "10.20.2.1/24", "vlan": 20},
    ],
}  # fmt: skip
TALKS = (
    ("console-irm", "srv-pacs", 4242, 41), ("console-scanner", "srv-pacs", 4242, 63), ("echo-1", "srv-pacs", 4242, 12),
    ("mammo-1", "srv-pacs", 4242, 28), ("radio-1", "srv-pacs", 4242, 31), ("lecture-1", "srv-pacs", 443, 90),
    ("lecture-2", "srv-pacs", 443, 74), ("accueil-1", "srv-ris", 443, 22), ("secretariat-1", "srv-ris", 443, 25),
    ("secretariat-4", "203.0.113.80", 5938, 9), ("supervision", "sw-tilleuls-2", 23, 3),
    ("lecture-3", "console-scanner", 3389, 7), ("comptabilite", "203.0.113.25", 443, 15),
    ("srv-pacs", "172.20.4.10", 11112, 18), ("imp-secretariat", "203.0.113.90", 25, 2),
)  # fmt: skip
"""Who spoke to whom, on which port, how often."""
TRIED = {
    "sw-tilleuls-2": (("snmp", 161, "snmp-public", "works"), ("snmp", 161, "snmp-private", "refused")),
    "imp-gare": (("snmp", 161, "snmp-public", "refused"), ("http", 80, "brother", "works")),
}


def files(at: datetime) -> dict[str, bytes]:
    """Every capture by the name of its file."""
    return {
        **{f"{name}.snmp": switch(name) for name in SWITCHES},
        **{f"{name}.defaults": tried(name) for name in TRIED},
        "reseau.firewall": _handed("pfsense", "host/pare-feu", "config-pare-feu.xml", FIREWALL),
        "reseau.wifi": _handed("unifi-wlanconf", "host/supervision", "wlan.json", json.dumps(WIFI, ensure_ascii=False)),
        "reseau.leases": leases(at),
        "reseau.flows": flows(at),
        "dehors.vantage": outside(at),
    }


def leases(at: datetime) -> bytes:
    """The leases of the computers' network: theirs, and two that nobody registered."""
    ends = int((at + timedelta(hours=12)).timestamp())
    known = [(one.mac, one.address, one.name) for one in bible.hosts("windows", "laptop") if ".20.1." in one.address]
    text = "".join(f"{ends} {mac} {address} {name} 01:{mac}\n" for mac, address, name in (*known, *STRANGERS))
    return _handed("dnsmasq", "host/pare-feu", "dnsmasq.leases", text)


def flows(at: datetime) -> bytes:
    """An afternoon of conversations, as a table of nfdump."""
    places = {one.name: one.address for one in bible.hosts()}
    lines = ["ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt"]
    for number, (source, target, port, times) in enumerate(TALKS):
        for turn in range(times):
            begun = at - timedelta(minutes=7 * turn + number)
            ends = f"{begun:%Y-%m-%d %H:%M:%S},{begun + timedelta(seconds=4):%Y-%m-%d %H:%M:%S},4.000"
            one, other, card = places[source], places.get(target, target), 40_000 + turn
            lines.append(f"{ends},{one},{other},{card},{port},TCP,...AP.SF,12,{1800 + 37 * turn}")
            lines.append(f"{ends},{other},{one},{port},{card},TCP,...AP.SF,9,{5200 + 91 * turn}")
    return _handed("flow_table", "host/pare-feu", "flux.csv", "\n".join((*lines, "")))


def outside(at: datetime) -> bytes:
    """What answered a machine outside: the page of images, and the firewall's own log-in page."""
    told = {"format": "negatoscope-vantage/1", "origin": "internet", "target": "198.51.100.2/32",
            "address": "203.0.113.200", "spared": [], "ports": "1-65535", "udp": [161, 500, 623, 1194],
            "at": at.isoformat()}  # fmt: skip
    pages = {443: "Images en ligne", 8443: "pfSense - Login"}
    answers = [
        {"address": "198.51.100.2", "protocol": "tcp", "port": port, "greeting": "", "page": _page(title),
         "tls": True, "shy": False}
        for port, title in pages.items()
    ]  # fmt: skip
    end = {"end": True, "at": (at + timedelta(minutes=9)).isoformat(), "tried": 65539, "shut": 65533, "silent": 4}
    return _lines(told, *answers, end)


def _page(title: str) -> str:
    asks = '<form><input type="password"></form>' if "Login" in title else "<p>Vos examens</p>"
    text = f"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<html><title>{title}</title>{asks}</html>"
    return base64.b64encode(text.encode()).decode()


def tried(name: str) -> bytes:
    """What became of factory log-ins that somebody allowed to be tried."""
    (address,) = (one.address for one in bible.hosts() if one.name == name)
    attempts = [
        dict(zip(("protocol", "port", "pair", "outcome"), one, strict=True)) for one in TRIED[name]
    ]  # fmt: skip
    return _lines({"format": "negatoscope-defaults/1", "address": address}, *attempts, {"end": True})


def switch(name: str) -> bytes:
    """A look by SNMP at a switch, column by column."""
    (me,) = (one for one in bible.hosts() if one.name == name)
    told = _told(me)
    version = "3" if name == "sw-tilleuls-1" else "2c"
    agent = ["agent", me.address, version, *(("sha1", "aes128") if version == "3" else ("", ""))]
    lines: list[object] = [["look", "negatoscope-snmp/1", me.address, []]]
    asked = ("snmp3",) if version == "3" else ("snmp1_lent", "snmp2c_lent", "snmp3")
    lines += [
        ["knock", me.address, 69, "tftp", "closed"],
        *(["knock", me.address, 161, one, "answered"] for one in asked),
    ]
    lines.append(agent)
    for column, oid in columns.COLUMNS.items():
        rows = {one: said for one, said in told.items() if one.startswith(f"{oid}.")}
        lines += [["row", one, tag, _encoded(tag, value)] for one, (tag, value) in rows.items()]
        lines.append(["part", column, "whole"])
    return _lines(*lines, ["end", 0])


def _told(me: bible.Host) -> Variables:
    said: Variables = {
        "1.3.6.1.2.1.1.1.0": (TEXT, "Aruba 2930F-48G, revision WC.16.11.0012"),
        "1.3.6.1.2.1.1.2.0": (OBJECT, "1.3.6.1.4.1.11.2.3.7.11.181"),
        "1.3.6.1.2.1.1.5.0": (TEXT, me.name), "1.3.6.1.2.1.1.7.0": (INT, 2), "1.3.6.1.2.1.4.1.0": (INT, 2),
        "1.3.6.1.2.1.17.1.1.0": (TEXT, bytes.fromhex(me.mac.replace(":", ""))), f"{PAE}.1.1.0": (INT, 1),
        f"{ENTITY}.5.1": (INT, 3), f"{ENTITY}.10.1": (TEXT, "WC.16.11.0012"), f"{ENTITY}.11.1": (TEXT, me.serial),
        f"{ENTITY}.12.1": (TEXT, "HPE"), f"{ENTITY}.13.1": (TEXT, "Aruba Exemple"),
    }  # fmt: skip
    behind = dict(_wired(me.name))
    inside: dict[int, list[int]] = {vlan: [] for vlan in VLANS.values()}
    for port in range(1, PORTS + 1):
        one, first = behind.get(port), me.name == "sw-tilleuls-1"
        vlan = VLANS[_net(one)] if one else VLANS[SWITCHES[me.name][0]]
        inside[vlan].append(port)
        label = LABELS.get(port, one.name if one else "") if first else one.name if one else ""
        open_to_all = first and port in LABELS
        said |= {
            f"{IF}.2.{port}": (TEXT, f"GigabitEthernet{port}"), f"{IF}.3.{port}": (INT, ETHERNET),
            f"{IF}.7.{port}": (INT, DOWN if first and port == 1 else UP),
            f"{IF}.8.{port}": (INT, UP if one or port == UPLINK or (first and port == 2) else DOWN),
            f"{IFX}.1.{port}": (TEXT, str(port)), f"{IFX}.18.{port}": (TEXT, "pare-feu" if port == UPLINK else label),
            f"1.3.6.1.2.1.17.1.4.1.2.{port}": (INT, port), f"{Q}.4.5.1.1.{port}": (GAUGE, vlan),
            f"{PAE}.2.1.1.6.{port}": (INT, AUTO if open_to_all and port == 3 else FORCED),
        }  # fmt: skip
        if one:
            card = ".".join(str(int(part, 16)) for part in one.mac.split(":"))
            said |= {f"{Q}.2.2.1.2.{vlan}.{card}": (INT, port), f"{Q}.2.2.1.3.{vlan}.{card}": (INT, LEARNED)}
    for net, vlan in VLANS.items():
        said |= {
            f"{Q}.4.2.1.3.0.{vlan}": (GAUGE, vlan), f"{Q}.4.2.1.4.0.{vlan}": (TEXT, _bits({*inside[vlan], UPLINK})),
            f"{Q}.4.2.1.5.0.{vlan}": (TEXT, _bits(inside[vlan])), f"{Q}.4.3.1.1.{vlan}": (TEXT, net.capitalize()),
        }  # fmt: skip
    said |= _beside()
    return said


def _beside() -> Variables:
    """The firewall presents itself behind the uplink (LLDP)."""
    (fire,) = (one for one in bible.hosts() if one.name == "pare-feu")
    at, here = f"0.{UPLINK}.1", "1.0.8802.1.1.2.1.3.7.1"
    far = "1.0.8802.1.1.2.1.4.1.1"
    return {
        f"{far}.4.{at}": (INT, 4), f"{far}.5.{at}": (TEXT, bytes.fromhex(fire.mac.replace(":", ""))),
        f"{far}.6.{at}": (INT, 5), f"{far}.7.{at}": (TEXT, "igb1"), f"{far}.9.{at}": (TEXT, "pare-feu"),
        f"{here}.2.{UPLINK}": (INT, 5), f"{here}.3.{UPLINK}": (TEXT, str(UPLINK)),
    }  # fmt: skip


def _wired(name: str) -> Iterator[tuple[int, bible.Host]]:
    """Each host of the switch's networks on a port of its own, after those of the public rooms."""
    served = [
        one
        for one in bible.hosts()
        if _net(one) in SWITCHES[name] and one.kind not in {"ghost", "retired", "network", "stranger"}
    ]
    wired = [one for one in served if not any(one.name.startswith(word) for word in UNPLUGGED)]
    yield from enumerate(wired, start=4)


def _net(host: bible.Host | None) -> str:
    blocks = {cidr.removesuffix("0/24"): name for name, cidr in bible.networks().items()}
    return blocks[host.address.rpartition(".")[0] + "."] if host else ""


def _bits(some: Iterable[int]) -> bytes:
    """A list of bits, the first port at the top."""
    told = sum(1 << (PORTS - one) for one in some)
    return told.to_bytes(PORTS // 8, "big")


def _encoded(tag: int, value: object) -> str:
    match value:
        case bytes():
            data = value
        case int():
            data = value.to_bytes(max(1, (value.bit_length() + 8) // 8), "big", signed=True)
        case _ if tag == OBJECT:
            data = _object([int(part) for part in str(value).split(".")])
        case IPv4Address():
            data = value.packed
        case _:
            data = str(value).encode()
    return base64.b64encode(data).decode()


def _object(arcs: list[int]) -> bytes:
    """BER of an object identifier (X.690 8.19)."""
    out = bytearray([40 * arcs[0] + arcs[1]])
    for arc in arcs[2:]:
        some = [arc & 127]
        while arc := arc >> 7:
            some.insert(0, arc & 127 | 128)
        out += bytes(some)
    return bytes(out)


def _handed(sort: str, device: str, filename: str, text: str) -> bytes:
    return wrapped(Header(FORMAT, sort, device, filename), text.encode())


def _lines(*told: object) -> bytes:
    return b"".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False).encode() + b"\n" for one in told)
