"""What a gateway opens by itself: a real miniupnpd, gateways that lie, stall or send elsewhere, and silence."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.gateways import AutoOpening, PortMapping
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Bounds, Item, Look, Unreachable, Unreadable
from negatoscope.observe.upnp import collector
from negatoscope.observe.upnp.collector import UPNP, Settings
from negatoscope.observe.upnp.read import FORMAT, End, Header, Reply, write
from negatoscope.observe.upnp.wire import Door, described, doors, place
from tests.needs import needs_program
from tests.observe.lab import Lab, lab, sh

CAPTURE = Path(__file__).parents[2] / "captures" / "upnp" / "miniupnpd.jsonl"
INSIDE, GATEWAY = "10.77.0.9", "10.77.0.1"
SETTINGS = Settings(seconds=1, declared=("10.77.0.0/24", "127.0.0.0/8"), classed=("127.0.0.1",))
CHAINS = """table inet filter { chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
}"""
CONF = """ext_ifname=wan
listening_ip=br0
enable_natpmp=yes
enable_upnp=yes
port=0
secure_mode=no
allow 1-65535 0.0.0.0/0 1-65535
"""
LIST = (
    "<root><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
    "<controlURL>{url}</controlURL></service></serviceList></device></root>"
)
OVER = "<Envelope><Fault><errorCode>713</errorCode></Fault></Envelope>"
ENTRY = (
    "<Envelope><NewRemoteHost></NewRemoteHost><NewExternalPort>{port}</NewExternalPort><NewProtocol>TCP</NewProtocol>"
    "<NewInternalPort>23</NewInternalPort><NewInternalClient>10.77.0.6</NewInternalClient><NewEnabled>1</NewEnabled>"
    "</Envelope>"
)


def captured(target: str, settings: Settings = SETTINGS) -> list[Item]:
    out = io.BytesIO()
    assert UPNP.capture is not None
    UPNP.capture(settings, target, Look(out))
    return list(UPNP.read(io.BytesIO(out.getvalue())))


def told(*replies: Reply) -> list[Item]:
    lines: list[Header | Reply | End] = [Header(FORMAT, GATEWAY), *replies, End(whole=True)]
    return list(UPNP.read(io.BytesIO(b"".join(write(line) for line in lines))))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, str]]:
    needs_program("miniupnpd", "miniupnpd-nftables")
    folder = tmp_path_factory.mktemp("upnp")
    (folder / "chains").write_text(CHAINS)
    (folder / "conf").write_text(CONF)
    with lab(name="ngp") as made:
        client = made.host(INSIDE, "02:00:00:77:00:09")
        sh("ip", "-n", client, "route", "add", "default", "via", GATEWAY)
        sh("ip", "-n", made.scanner, "link", "add", "wan", "type", "bridge")
        sh("ip", "-n", made.scanner, "addr", "add", "93.184.216.9/24", "dev", "wan")
        sh("ip", "-n", made.scanner, "link", "set", "wan", "up")
        sh("ip", "netns", "exec", made.scanner, "nft", "-f", str(folder / "chains"))
        made.run(made.scanner, f"exec miniupnpd -d -f {folder / 'conf'} -P {folder / 'pid'}")
        yield made, client


def opened(port: int) -> bool:
    """Have the gateway open a port, by NAT-PMP (RFC 6886 3.3)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.3)
        with suppress(OSError):
            line.connect((GATEWAY, 5351))
            asked = b"\0\2\0\0" + port.to_bytes(2, "big") + (33890).to_bytes(2, "big") + (3600).to_bytes(4, "big")
            line.send(asked)
            return line.recv(64)[2:4] == b"\0\0"
    return False


@pytest.mark.root
@pytest.mark.server
def test_a_real_gateway_tells_what_devices_had_it_open(gateway: tuple[Lab, str]) -> None:
    made, client = gateway

    def look() -> list[Item]:
        end = time.monotonic() + 10
        while not opened(3389) and time.monotonic() < end:
            time.sleep(0.1)
        return captured("10.77.0.0/24")

    items = made.inside(client, look)
    assert AutoOpening(f"host/{GATEWAY}", upnp=True, nat_pmp=True, external="93.184.216.9") in items
    (mapping,) = [one for one in items if isinstance(one, PortMapping)]
    assert (mapping.protocol, mapping.external_port, mapping.internal, mapping.internal_port, mapping.enabled) == (
        "tcp", 33890, INSIDE, 3389, True,
    )  # fmt: skip
    assert Sweep("PortMapping", host=f"host/{GATEWAY}") in items


@pytest.mark.root
def test_a_gateway_where_nothing_listens_opens_nothing() -> None:
    with lab(name="ngq") as made:
        client = made.host(INSIDE, "02:00:00:77:00:09")
        sh("ip", "-n", client, "route", "add", "default", "via", GATEWAY)
        items = made.inside(client, lambda: captured(GATEWAY))
    assert AutoOpening(f"host/{GATEWAY}", upnp=False, nat_pmp=False) in items
    assert Sweep("PortMapping", host=f"host/{GATEWAY}") in items


def test_a_recorded_gateway_is_read_again() -> None:
    items = list(UPNP.read(io.BytesIO(CAPTURE.read_bytes())))
    assert [one.model for one in items if isinstance(one, Host)] == ["Debian router"]
    assert [(one.external_port, one.internal_port) for one in items if isinstance(one, PortMapping)] == [(33890, 3389)]


@pytest.mark.parametrize("cut", range(0, 6000, 400))
def test_a_capture_cut_short_is_not_read(cut: int) -> None:
    with pytest.raises(Unreadable):
        list(UPNP.read(io.BytesIO(CAPTURE.read_bytes()[:cut])))


@pytest.mark.parametrize(
    ("target", "settings", "why"),
    [
        ("10.99.0.1", SETTINGS, "outside_declared_networks"),
        ("10.77.0.5", SETTINGS, "maybe_modality"),
        ("127.0.0.1", Settings(declared=("127.0.0.0/8",), spared=("127.0.0.1",)), "modality_without_consent"),
        ("10.77.0.0/24", SETTINGS, "no_router_there"),
        ("box", SETTINGS, "not_an_address"),
    ],
)
def test_only_a_router_or_what_somebody_classed_is_asked(
    target: str, settings: Settings, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(collector, "ROUTES", tmp_path / "none")
    with pytest.raises(Unreachable, match=why):
        captured(target, settings)


def test_bounds_reach_the_settings() -> None:
    assert UPNP.bound is not None
    told_ = UPNP.bound(Settings(), Bounds(("10.77.0.0/24",), ("10.77.0.9",), ("10.77.0.1",)))
    assert (told_.declared, told_.spared, told_.classed) == (("10.77.0.0/24",), ("10.77.0.9",), ("10.77.0.1",))


@contextmanager
def liar(answer: Callable[[bytes, int], bytes]) -> Iterator[int]:
    """A web server of one's own: what it answers to each request."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client, suppress(OSError):
                        client.sendall(answer(client.recv(4096), port))

        threading.Thread(target=serve, daemon=True).start()
        yield port
        server.shutdown(socket.SHUT_RDWR)


def lied_to(answer: Callable[[bytes, int], bytes], monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """A look at a gateway that answers a search with this server."""
    with liar(answer) as port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))

        def announce() -> None:
            with suppress(OSError):
                _, whom = line.recvfrom(2048)
                line.sendto(b"HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:%d/d.xml\r\n\r\n" % port, whom)

        threading.Thread(target=announce, daemon=True).start()
        monkeypatch.setattr(collector, "SSDP", line.getsockname()[1])
        monkeypatch.setattr(collector, "NAT_PMP", port)
        return captured("127.0.0.1")


def page(body: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.0 {status}\r\n\r\n{body}".encode()


def gaps(items: list[Item]) -> set[str]:
    return {one.why for one in items if isinstance(one, Gap)}


def test_a_list_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MAX_OPENINGS", 20)

    def answer(said: bytes, _: int) -> bytes:
        return page(LIST.format(url="/c") if said[:3] == b"GET" else ENTRY.format(port=1))

    items = lied_to(answer, monkeypatch)
    assert gaps(items) == {"too_many"}
    assert [one.internal_port for one in items if isinstance(one, PortMapping)][:1] == [23]


@pytest.mark.parametrize(
    ("description", "entry", "why"),
    [
        (LIST.format(url="http://192.0.2.1/steal"), OVER, {"upnp_list_unread"}),
        (LIST.format(url="/c\r\nX-Evil: 1"), "?", {"upnp_list_unread"}),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + LIST.format(url="/c"), OVER, {"upnp_list_unread"}),
        ("no xml", OVER, {"upnp_list_unread"}),
        (LIST.format(url="/c"), "<Fault><errorCode>606</errorCode></Fault>", {"upnp_list_unread"}),
        (LIST.format(url="/c"), OVER, set()),
    ],
)
def test_what_a_gateway_may_send_stays_on_its_own_address(
    description: str, entry: str, why: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(said: bytes, _: int) -> bytes:
        return page(description) if said[:3] == b"GET" else page(entry, "500 Internal Server Error")

    assert gaps(lied_to(answer, monkeypatch)) == why


@pytest.mark.parametrize(
    "said",
    [
        b"LOCATION: http://192.0.2.7:5000/d.xml\r\n",
        b"LOCATION: http://10.77.0.1:99999/d.xml\r\n",
        b"LOCATION: http://10.77.0.1:0x/\r\n",
        b"LOCATION: file:///etc/passwd\r\n",
        b"LOCATION: http://10.77.0.1@192.0.2.7/d\r\n",
        b"\xff" * 3000,
    ],
)
def test_a_description_elsewhere_is_not_fetched(said: bytes) -> None:
    assert place(b"HTTP/1.1 200 OK\r\n" + said, GATEWAY) is None
    assert place(b"HTTP/1.1 200 OK\r\nLocation: http://10.77.0.1/x?y\r\n", GATEWAY) == (80, "/x?y")


def test_services_that_open_nothing_are_left_alone() -> None:
    other = LIST.format(url="/c").replace("WANIPConnection", "Layer3Forwarding")
    assert doors(other.encode(), GATEWAY, (80, "/")) == []
    assert doors(LIST.format(url="c").encode(), GATEWAY, (5000, "/a/d.xml")) == [
        Door("urn:schemas-upnp-org:service:WANIPConnection:1", 5000, "/a/c")
    ]


def test_a_gateway_that_never_ends_a_sentence_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(_: bytes, __: int) -> bytes:
        time.sleep(2)
        return b""

    before = time.monotonic()
    with liar(drip) as port, pytest.raises(Exception, match="timed_out"):
        described("127.0.0.1", (port, "/"), 0.5, lambda: None)
    assert time.monotonic() - before < 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ENTRY.format(port=3389), PortMapping),
        (ENTRY.format(port=99999), Gap),
        (ENTRY.format(port="²"), Gap),
        (ENTRY.format(port=1).replace("TCP", "GRE"), Gap),
        ("<a>", Gap),
        ("\0" * 50, Gap),
    ],
)
def test_an_opening_is_read_or_is_a_gap(body: str, kind: type) -> None:
    items = told(
        Reply(GATEWAY, "search", "answered", b"?"),
        Reply(GATEWAY, "opening", "answered", body.encode()),
        Reply(GATEWAY, "opening", "refused", OVER.encode()),
    )
    assert any(type(one) is kind for one in items)


def test_silence_is_a_gap_and_no_answer() -> None:
    items = told(Reply(GATEWAY, "nat_pmp", "silent"), Reply(GATEWAY, "search", "silent"))
    assert AutoOpening(f"host/{GATEWAY}") in items
    assert gaps(items) == {"upnp_silent"}
    assert gaps(told(Reply(GATEWAY, "search", "answered", b"?"), Reply(GATEWAY, "opening", "timed_out"))) == {
        "upnp_list_unread"
    }
