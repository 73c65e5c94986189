"""What answers to a place: real servers in a network of their own, and hostile ones."""

import io
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from negatoscope.cli import outside
from negatoscope.model.evidence import Gap
from negatoscope.model.traffic import INTERNET, Reach, Vantage
from negatoscope.observe.collector import Bounds, Cancelled, Item, Look, Unreachable, Unreadable
from negatoscope.observe.vantage import look as looking
from negatoscope.observe.vantage import speak as speaking
from negatoscope.observe.vantage.collector import VANTAGE, Settings, bound
from negatoscope.observe.vantage.look import USUAL, listed, numbers
from negatoscope.observe.vantage.read import page_of, read
from tests.observe.hostile import HERE, HOSTILE, listener
from tests.observe.lab import Lab, lab
from tests.observe.nodes import free_port, pair

__all__ = ["pair"]
DESK, MODALITY = "10.77.0.5", "10.77.0.9"
UNNAMED = "10.77.0.11"
"""Speaks DICOM too: what was said to it must not be counted as said to the modality."""
CAPTURES = Path(__file__).parents[2] / "captures" / "vantage"


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "UDP_WAIT", 0.1)
    monkeypatch.setattr(speaking, "GREETING", 0.3)


def settings(ports: str, **changes: object) -> Settings:
    first = Settings(ports, INTERNET, 2000, declared=("127.0.0.0/8",), classed=(HERE,))
    return msgspec.structs.replace(first, **changes)


def captured(told: Settings, target: str = HERE, **look: object) -> bytes:
    sink = io.BytesIO()
    assert VANTAGE.capture is not None
    VANTAGE.capture(told, target, Look(sink, **look))  # type: ignore[arg-type]
    return sink.getvalue()


def looked(told: Settings, target: str = HERE) -> list[Item]:
    return list(read(io.BytesIO(captured(told, target))))


def reached(told: Settings) -> list[Reach]:
    return [item for item in looked(told) if isinstance(item, Reach)]


def page(head: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + head + b"\r\nSet-Cookie: session=secret\r\nConnection: close\r\n\r\n" + body


def test_a_log_in_page_is_known_by_its_title_and_no_cookie_is_kept() -> None:
    def talk(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(page(b"200 OK", b"<title>HP LaserJet M402</title>"))

    with listener(talk) as port:
        data = captured(settings(str(port)))
    (found,) = [item for item in read(io.BytesIO(data)) if isinstance(item, Reach)]
    assert (found.name, found.administers) == ("http", True)
    assert b"secret" not in msgspec.json.decode(data.splitlines()[1], type=dict[str, object]).__str__().encode()
    assert b"c2VjcmV0" not in data


def test_a_page_in_tls_is_followed_to_its_log_in(pair: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)

    def talk(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as line:
            asked = line.recv(4096)
            there = asked.startswith(b"GET /ui/")
            line.sendall(page(b"200 OK", b"<title>Orthanc</title>") if there else page(b"302 Found\r\nLocation: /ui/"))

    with listener(talk) as port:
        (found,) = reached(settings(str(port)))
    assert (found.name, found.administers) == ("https", True)


@pytest.mark.parametrize(
    ("greeting", "name", "administers"),
    [
        (b"SSH-2.0-dropbear\r\n", "ssh", True), (b"RFB 003.008\n", "rfb", True), (b"\xff\xfd\x18", "telnet", True),
        (b"220 ready vsFTPd\r\n", "ftp", False), (b"* OK IMAP\r\n", "imap", False), (b"hello\r\n", None, None),
    ],
)  # fmt: skip
def test_a_service_is_known_by_its_first_words(greeting: bytes, name: str | None, administers: object) -> None:
    def talk(client: socket.socket) -> None:
        client.sendall(greeting)
        client.recv(4096)

    with listener(talk) as port:
        (found,) = reached(settings(str(port)))
    assert (found.name, found.administers) == (name, administers)


def test_a_look_that_could_not_leave_proves_no_silence() -> None:
    """A probe without a way out hears nothing, as one before a closed door does."""
    with lab() as net:
        script = (
            "import sys; from negatoscope.observe.collector import Look; "
            "from negatoscope.observe.vantage.collector import VANTAGE, Settings; "
            "VANTAGE.capture(Settings('22,80', 'internet', 2000, declared=('203.0.113.0/24',)), '203.0.113.10/32',"
            " Look(sys.stdout.buffer))"
        )
        data = subprocess.run(
            ["ip", "netns", "exec", net.scanner, sys.executable, "-c", script], capture_output=True, check=True
        ).stdout
    items = list(read(io.BytesIO(data)))
    assert items == [
        Vantage(INTERNET, "203.0.113.10/32", None, "22,80,U:161,623", complete=False),
        Gap("Reach", "no_way_there", None, {"target": "203.0.113.10/32"}),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_server_holds_a_look_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "SECONDS", 0.7)
    began = time.monotonic()
    with listener(HOSTILE[name]) as port:
        (found,) = reached(settings(str(port)))
    assert time.monotonic() - began < 6
    assert found.administers is None


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    with lab() as made:
        desk = made.host(DESK, "8c:04:ba:4d:11:05")
        made.listen(desk, 22, b"SSH-2.0-OpenSSH_9.2\r\n")
        made.listen(made.host(MODALITY, "8c:04:ba:4d:11:09"), 104, b"")
        made.listen(made.host(UNNAMED, "8c:04:ba:4d:11:11"), 104, b"")
        yield made


@pytest.mark.root
@pytest.mark.server
def test_a_network_is_tried_from_within_and_a_modality_receives_no_packet(network: Lab) -> None:
    packets = network.counted(network.hosts[MODALITY], MODALITY)
    told = bound(Settings("22,104", packets_per_second=2000), Bounds(("10.77.0.0/28",), (MODALITY,), (DESK,)))
    found = network.inside(network.scanner, lambda: looked(told, "10.77.0.0/28"))
    assert packets() == 0
    assert Vantage("10.77.0.0/28", "10.77.0.0/28", "10.77.0.1", "22,104,U:161,623", complete=False) in found
    assert Reach("10.77.0.0/28", DESK, "tcp", 22, "ssh", administers=True) in found
    assert Gap("Reach", "modality_without_consent", f"host/{MODALITY}") in found


@pytest.mark.root
@pytest.mark.server
def test_a_host_that_may_be_a_modality_is_seen_and_not_spoken_to(network: Lab) -> None:
    told = bound(Settings("22,104", packets_per_second=2000), Bounds(("10.77.0.0/28",), ()))
    found = network.inside(network.scanner, lambda: looked(told, UNNAMED))
    (reach,) = [item for item in found if isinstance(item, Reach)]
    assert (reach.port, reach.name, reach.administers) == (104, None, None)


def test_only_what_the_practice_allows_is_tried() -> None:
    for told, target, why in (
        (settings("1", declared=("10.0.0.0/8",)), HERE, "outside_declared_networks"),
        (settings("1", spared=(HERE,)), HERE, "modality_without_consent"),
        (settings("1"), "pacs.example", "not_an_address"),
        (settings("1", declared=("10.0.0.0/8",)), "10.0.0.0/8", "network_too_large"),
    ):
        with pytest.raises(Unreachable, match=why):
            captured(told, target)
    for bad in ({"ports": "0"}, {"ports": "9-1"}, {"ports": "x"}, {"origin": "dehors"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad, Settings)


def test_a_look_that_is_cancelled_or_out_of_time_stops() -> None:
    with pytest.raises(Cancelled):
        captured(settings("1"), cancelled=lambda: True)
    with pytest.raises(Unreachable, match="time_limit"):
        captured(settings("1"), remaining=lambda: 0)


def test_the_verb_needs_neither_console_nor_django(tmp_path: Path) -> None:
    file, port = tmp_path / "dehors.jsonl", free_port()
    words = (
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "negatoscope",
        "vantage",
        HERE,
        "--ports",
        str(port),
        "-o",
        str(file),
    )
    done = subprocess.run(words, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "django" not in done.stderr
    assert list(read(io.BytesIO(file.read_bytes()))) == [
        Vantage(INTERNET, f"{HERE}/32", HERE, f"{port},U:161,623", complete=True)
    ]
    assert outside.main(["no address", "-o", str(file)]) == 2
    assert outside.main([HERE, "--origin", "dehors", "-o", str(file)]) == 2


def test_ports_are_written_as_they_are_read() -> None:
    assert numbers(listed(USUAL)) == list(USUAL)
    assert listed(numbers("1-3,7, 9-10")) == "1-3,7,9-10"


@pytest.mark.parametrize("spoil", [b"", b"{}\n", b'{"format":"x","origin":"","target":"","ports":""}\n{}\n', b"\xff\n"])
def test_a_spoilt_capture_is_refused(spoil: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(spoil)))


def test_a_capture_cut_short_or_too_long_is_refused() -> None:
    data = (CAPTURES / "outside.jsonl").read_bytes()
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(b"".join(data.splitlines(keepends=True)[:-1]))))
    with pytest.raises(Unreadable, match="too_long"):
        list(read(io.BytesIO(b"x" * 200_000)))


def test_a_page_drawn_by_a_program_is_known_as_such() -> None:
    told = page_of(
        b'HTTP/1.1 401 No\r\nServer: nginx\r\nWWW-Authenticate: Basic realm="Zone &"\r\n\r\n<script>x</script>'
    )
    assert (told.status, told.realm, told.server, told.scripted) == (401, "Zone &", "nginx", True)
    assert page_of(b"HTTP/1.1 200 OK\r\n\r\n<input type=password>").asks_password
    assert page_of(b"\xff").status is None
