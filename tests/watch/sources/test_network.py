"""Firewalls, proxies, web servers, leases, radios and tunnels."""

from typing import Any

import pytest

from negatoscope.model.event import Action
from tests.watch.shared import shared
from tests.watch.sources.reading import at, holds, said

HEAD = "Nov 22 18:40:00 fw "
TCP = (
    "5,,,1000000103,igb0,match,block,in,4,0x0,,64,12345,0,DF,6,tcp,60,10.0.0.8,198.51.100.7,40000,445,0,S,1,,64240,,mss"
)
UDP = "4,,,0,vtnet0,match,pass,out,6,0x00,0x00000,64,udp,17,52,fd00::8,2001:db8::7,5353,53,44"
TRAFFIC = (
    'date=2026-11-22 time=18:40:00 devname="FGT" devid="FG1" eventtime=1795369200000000000 tz="+0100" '
    'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=10.0.0.8 srcport=4000 dstip=198.51.100.7 '
    'dstport=443 proto=6 action="close" sentbyte=5000000 rcvdbyte=1200 user="mdurand"'
)
VPN = (
    'date=2026-11-22 time=18:40:00 devname="FGT" tz="+0100" type="event" subtype="vpn" action="ssl-login-fail" '
    'user="mdurand" remip=203.0.113.5 reason="sslvpn_login_permission_denied"'
)
SYSTEM = (
    'date=2026-11-22 time=18:40:00 devname="FGT" type="event" subtype="system" action="login" status="failed" '
    'user="admin" srcip=10.0.0.8 method="https"'
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{HEAD}filterlog[9]: {TCP}", {"action": Action.CONNECTION, "ok": False, "port": 445, "protocol": "tcp",
                                        "source": "10.0.0.8", "target": "198.51.100.7"}),
        (f"{HEAD}filterlog: {UDP}", {"ok": True, "port": 53, "protocol": "udp", "source": "fd00::8"}),
        (f"{HEAD}filterlog: {TCP.replace(',6,tcp,', ',1,icmp,')}", {"protocol": "icmp", "port": None}),
        (f"{HEAD}filterlog: 1,2,3", {"action": None, "product": "pfsense"}),
        (f"<189>{TRAFFIC}", {"product": "fortigate", "action": Action.CONNECTION, "ok": True, "sent": 5000000,
                             "received": 1200, "user": "mdurand", "port": 443, "protocol": "tcp", "host": "FGT",
                             "at": at("2026-11-22T17:40:00+00:00")}),
        (TRAFFIC.replace('"close"', '"deny"'), {"ok": False}),
        (VPN, {"action": Action.LOGON, "ok": False, "why": "bad_password", "source": "203.0.113.5", "protocol": "vpn",
               "at": at("2026-11-22T17:40:00+00:00")}),
        (VPN.replace("ssl-login-fail", "tunnel-up"), {"action": Action.LOGON, "ok": True}),
        (VPN.replace("ssl-login-fail", "tunnel-stats"), {"action": None}),
        (SYSTEM, {"action": Action.LOGON, "ok": False, "source": "10.0.0.8", "protocol": "https"}),
        (SYSTEM.replace('"login"', '"logout"'), {"action": Action.LOGOFF}),
        (SYSTEM.replace('"login"', '"perf-stats"'), {"action": None}),
        (SYSTEM.replace('"system"', '"wireless"'), {"action": None, "product": "fortigate"}),
        ('devname="x" nothing', {"product": "unread"}),
    ],
)  # fmt: skip
def test_firewalls_say_what_passed_and_what_not(line: str, expected: dict[str, Any]) -> None:
    holds(said(line), **expected)


SQUID = "1795369200.123    180 10.0.0.8 TCP_MISS/200 411 GET http://exemple.org/a?b=1 mdurand HIER_DIRECT/192.0.2.7 text/html"


def test_squid_says_who_asked_for_what() -> None:
    event = said(SQUID)
    holds(
        event, product="squid", category="proxy", action=Action.CONNECTION, ok=True, user="mdurand", source="10.0.0.8"
    )
    holds(event, target="192.0.2.7", port=80, protocol="http", received=411, at=at("2026-11-22T17:40:00.123+00:00"))
    assert event.fields["c-uri"] == "http://exemple.org/a?b=1"
    tunnel = SQUID.replace("TCP_MISS/200 411 GET http://exemple.org/a?b=1 mdurand HIER_DIRECT/192.0.2.7",
                           "TCP_DENIED/403 99 CONNECT exemple.org:8443 - HIER_NONE/-")  # fmt: skip
    holds(said(tunnel), ok=False, target="exemple.org", port=8443, protocol="https", user=None)
    holds(said(SQUID.replace("http://exemple.org", "http://[bad")), product="squid", port=None)
    nothing = "1795369200.377      0 10.0.0.8 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -"
    holds(said(nothing), product="squid", action=None, source="10.0.0.8")


COMBINED = '203.0.113.5 - - [22/Nov/2026:18:40:00 +0100] "GET /a?x=1 HTTP/1.1" 200 512 "-" "curl/8"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (COMBINED, {"product": "apache", "action": Action.CONNECTION, "ok": True, "received": 512,
                    "at": at("2026-11-22T17:40:00+00:00"), "source": "203.0.113.5"}),
        (f"Nov 22 18:40:00 web nginx: {COMBINED}", {"product": "nginx", "host": "web"}),
        (f"www.exemple.org {COMBINED}".replace(" 200 ", " 404 "), {"ok": False, "why": None}),
        (COMBINED.replace("- -", "- mdurand").replace(" 200 ", " 401 "),
         {"action": Action.LOGON, "ok": False, "why": "bad_password", "user": "mdurand"}),
        (("[Sun Nov 22 18:40:00.123 2026] [auth_basic:error] [pid 9:tid 1] [client 10.0.0.8:50000] AH01617: user mdurand: "
         'authentication failure for "/": Password Mismatch'), {"action": Action.LOGON, "ok": False, "user": "mdurand",
                                                                 "why": "bad_password", "source": "10.0.0.8"}),
        ("[Sun Nov 22 18:40:00.123 2026] [auth_basic:error] [client 10.0.0.8] user x not found: /", {"why": "unknown_account"}),
        ("Nov 22 18:40:00 web nginx[9]: 2026/11/22 [error] x", {"product": "nginx", "action": None}),
    ],
)  # fmt: skip
def test_web_servers_say_who_asked(line: str, expected: dict[str, Any]) -> None:
    holds(said(line), **expected)


def test_an_hour_without_zone_is_ours() -> None:
    event = said("[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties")
    holds(event, product="apache", at=at("2005-12-04T03:47:44+00:00"))


def test_every_line_of_a_real_error_log_is_read() -> None:
    lines = (shared() / "logs" / "Apache_2k.log").read_text().splitlines()
    assert {said(line).product for line in lines} == {"apache"}


MAC = "aa:bb:cc:00:11:22"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"dnsmasq-dhcp[9]: DHCPACK(br0) 10.0.0.8 {MAC.upper()} pc-1", {"action": Action.DEVICE_SEEN, "source": "10.0.0.8",
                                                                       "what": MAC, "service": "dhcp"}),
        (f"dnsmasq-dhcp[9]: 123 DHCPDISCOVER(br0) {MAC}", {"action": None, "what": MAC}),
        ("dnsmasq[9]: query[A] exemple.org from 10.0.0.8", {"category": "dns", "source": "10.0.0.8", "action": None}),
        ("dnsmasq[9]: started", {"action": None, "product": "dnsmasq"}),
        (f"hostapd: wlan0: STA {MAC} WPA: pairwise key handshake completed (RSN)", {"action": Action.DEVICE_SEEN, "ok": True}),
        (f"hostapd: wlan0: AP-STA-POSSIBLE-PSK-MISMATCH {MAC}", {"action": Action.DEVICE_SEEN, "ok": False}),
        (f"hostapd: wlan0: STA {MAC} IEEE 802.11: associated", {"action": None, "what": MAC}),
        ("hostapd: wlan0: interface state", {"action": None, "product": "hostapd"}),
        ("ovpn-server[9]: 203.0.113.5:50000 [mdurand] Peer Connection Initiated with [AF_INET]203.0.113.5:50000",
         {"action": Action.LOGON, "ok": True, "user": "mdurand", "source": "203.0.113.5", "protocol": "vpn"}),
        ("openvpn[9]: 203.0.113.5:50000 TLS Auth Error: Auth Username/Password verification failed for peer",
         {"action": Action.LOGON, "ok": False, "why": "bad_password", "source": "203.0.113.5"}),
        ("openvpn[9]: 203.0.113.5:5 VERIFY ERROR: depth=0, error=certificate revoked: CN=x", {"why": "bad_key"}),
        ("openvpn[9]: 203.0.113.5:5 TLS: Username/Password authentication succeeded for username 'x'", {"user": "x"}),
        ("openvpn[9]: Initialization Sequence Completed", {"action": None, "product": "openvpn"}),
        ("charon: 13[IKE] IKE_SA cabinet[3] established between 192.0.2.1[fw]...203.0.113.5[mdurand]",
         {"action": Action.LOGON, "ok": True, "user": "mdurand", "source": "203.0.113.5", "what": "cabinet[3]"}),
        ("charon: 13[IKE] no trusted RSA public key found for 'jancien'", {"ok": False, "user": "jancien"}),
        ("charon: 13[NET] received packet", {"action": None, "product": "strongswan"}),
    ],
)  # fmt: skip
def test_devices_and_tunnels_are_seen(line: str, expected: dict[str, Any]) -> None:
    holds(said(f"{HEAD}{line}"), host="fw", **expected)
