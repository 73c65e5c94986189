"""The tls collector against real servers, old and new, and against hostile ones."""

import io
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from negatoscope.model.encryption import TlsService
from negatoscope.model.evidence import Gap
from negatoscope.observe.collector import Bounds, Cancelled, Item, Known, Look, Unreachable, Unreadable
from negatoscope.observe.tls import asking
from negatoscope.observe.tls.collector import TLS, Settings, bound
from negatoscope.observe.tls.hello import TLS12, chosen, hello, whole
from negatoscope.observe.tls.read import read
from tests.observe.hostile import HERE, HOSTILE, listener
from tests.observe.nodes import free_port, pair, program, wait_for

__all__ = ["pair"]
Pair = tuple[Path, Path]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSE", 0.0)


def settings(*services: Known, **changes: object) -> Settings:
    first = Settings(declared=("127.0.0.0/8",), classed=(HERE,), services=services, seconds=2)
    return msgspec.structs.replace(first, **changes)


def captured(told: Settings, target: str = HERE, **look: object) -> bytes:
    sink = io.BytesIO()
    assert TLS.capture is not None
    TLS.capture(told, target, Look(sink, **look))  # type: ignore[arg-type]
    return sink.getvalue()


def looked(told: Settings) -> list[Item]:
    return list(read(io.BytesIO(captured(told))))


def offer(told: Settings) -> TlsService:
    (found,) = [item for item in looked(told) if isinstance(item, TlsService)]
    return found


@contextmanager
def server(pair: Pair, *words: str) -> Iterator[int]:
    """A real OpenSSL server, as its administrator set it."""
    port = free_port()
    certificate, key = map(str, pair)
    with program("openssl", "s_server", "-quiet", "-accept", str(port), "-cert", certificate, "-key", key, *words):
        wait_for(port)
        yield port


def test_a_server_of_today_is_found_sound_but_for_who_signed(pair: Pair) -> None:
    with server(pair) as port:
        known = Known(HERE, port, "https", encrypted=True)
        told = offer(settings(known))
        pinned = offer(settings(known, authority=pair[0].read_text()))
    assert (told.versions, told.every_version, told.weak) == (("TLSv1.2", "TLSv1.3"), True, ())
    assert (told.key, told.key_bits, told.signature, told.names) == ("RSA", 2048, "sha256", ("noeud",))
    assert (told.self_signed, told.trusted, pinned.trusted) == (True, False, True)
    assert told.certificate_until is not None


@pytest.mark.parametrize(
    ("words", "versions", "weak"),
    [
        (("-tls1_3",), ("TLSv1.3",), ()),
        (("-tls1", "-cipher", "ALL:!aNULL:@SECLEVEL=0"), ("TLSv1",), ()),
        (("-no_tls1_3", "-cipher", "ALL:@SECLEVEL=0"), ("TLSv1", "TLSv1.1", "TLSv1.2"), ("ADH-AES128-SHA",)),
        (("-tls1_2", "-cipher", "NULL:@SECLEVEL=0"), ("TLSv1.2",), ("NULL-SHA256",)),
    ],
)
def test_versions_and_ciphers_that_no_library_offers_any_more_are_seen(
    pair: Pair, words: tuple[str, ...], versions: tuple[str, ...], weak: tuple[str, ...]
) -> None:
    with server(pair, *words) as port:
        told = offer(settings(Known(HERE, port, None, encrypted=True)))
    assert (told.versions, told.every_version) == (versions, True)
    assert (told.weak == weak) or (set(told.weak or ()) and weak)


DIALOGUES: dict[str, list[tuple[bytes, bytes]]] = {
    "smtp": [(b"", b"220 mx\r\n"), (b"EHLO", b"250-mx\r\n250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n")],
    "imap": [(b"", b"* OK ready\r\n"), (b"a1 STARTTLS", b"a1 OK go\r\n")],
    "pop3": [(b"", b"+OK ready\r\n"), (b"STLS", b"+OK go\r\n")],
    "ftp": [(b"", b"220 ready\r\n"), (b"AUTH TLS", b"234 go\r\n")],
    "ldap": [(b"\x30\x1d", bytes.fromhex("300c02010178070a010004000400"))],
}


@pytest.mark.parametrize("protocol", DIALOGUES)
def test_a_service_that_begins_in_clear_is_asked_to_go_on_in_tls(pair: Pair, protocol: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)

    def talk(client: socket.socket) -> None:
        for wanted, answer in DIALOGUES[protocol]:
            assert not wanted or client.recv(4096).startswith(wanted)
            client.sendall(answer)
        context.wrap_socket(client, server_side=True).close()

    with listener(talk) as port:
        told = offer(settings(Known(HERE, port, protocol, encrypted=False)))
    assert (told.upgraded, told.versions, told.key) == (protocol, ("TLSv1.2", "TLSv1.3"), "RSA")


REFUSALS = {
    "smtp": [(b"", b"220 mx\r\n"), (b"EHLO", b"250 mx\r\n")],
    "imap": [(b"", b"* OK\r\n"), (b"a1", b"a1 BAD\r\n")],
    "ldap": [(b"\x30", bytes.fromhex("300c02010178070a010204000400"))],
}


@pytest.mark.parametrize("protocol", REFUSALS)
def test_a_service_that_stays_in_clear_is_known_to_have_no_tls(protocol: str) -> None:
    def talk(client: socket.socket) -> None:
        for wanted, answer in REFUSALS[protocol]:
            assert not wanted or client.recv(4096).startswith(wanted)
            client.sendall(answer)

    with listener(talk) as port:
        told = offer(settings(Known(HERE, port, protocol, encrypted=False)))
    assert (told.versions, told.every_version) == ((), True)


def test_another_protocol_than_expected_is_a_gap() -> None:
    def talk(client: socket.socket) -> None:
        client.sendall(b"hello\r\n")
        client.recv(4096)

    for protocol, why in (("pop3", "tls_not_understood"), ("ldap", "tls_not_understood")):
        with listener(talk) as port:
            found = looked(settings(Known(HERE, port, protocol, encrypted=False)))
        assert [item.why for item in found if isinstance(item, Gap)] == [why]


def test_a_service_in_clear_has_no_version_at_all() -> None:
    def talk(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listener(talk) as port:
        assert offer(settings(Known(HERE, port))).versions == ()


def test_a_port_that_is_shut_is_a_gap() -> None:
    port = free_port()
    found = looked(settings(Known(HERE, port, None, encrypted=True)))
    assert [item.why for item in found if isinstance(item, Gap)] == ["tls_closed"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_server_holds_a_look_up(name: str) -> None:
    began = time.monotonic()
    with listener(HOSTILE[name]) as port:
        found = looked(settings(Known(HERE, port, None, encrypted=True), seconds=1))
    assert time.monotonic() - began < 8
    assert not [item for item in found if isinstance(item, TlsService) and item.versions]


def test_only_what_the_practice_allows_is_asked() -> None:
    dicom, web = Known(HERE, 104, "dicom"), Known(HERE, free_port(), "https", encrypted=True)
    for told, target, why in (
        (settings(declared=("10.0.0.0/8",)), HERE, "outside_declared_networks"),
        (settings(classed=()), HERE, "maybe_modality"),
        (settings(), "pacs.example", "not_an_address"),
        (settings(authority="no certificate"), HERE, "authority_unreadable"),
    ):
        with pytest.raises(Unreachable, match=why):
            captured(told, target)
    for told, why in (
        (settings(web, spared=(HERE,)), "modality_without_consent"),
        (settings(web, dicom, classed=()), "maybe_modality"),
    ):
        data = captured(told, "127.0.0.0/8")
        assert list(read(io.BytesIO(data))) == [Gap("TlsService", why, f"host/{HERE}")]
    assert list(read(io.BytesIO(captured(settings(dicom), "127.0.0.0/8")))) == []


def test_a_printers_raw_port_is_never_spoken_to() -> None:
    given = bound(
        Settings(),
        Bounds(("10.0.0.0/8",), ("10.0.0.1",), ("10.0.0.2",), services=(
            Known("10.0.0.2", 9100), Known("10.0.0.2", 443), Known("10.0.0.2", 22, "ssh", encrypted=True),
            Known("10.0.0.2", 80, "http", encrypted=False), Known("10.0.0.2", 25, "smtp", encrypted=False),
        )),
    )  # fmt: skip
    assert [one.port for one in given.services] == [9100, 443, 25]
    assert (given.declared, given.spared, given.classed) == (("10.0.0.0/8",), ("10.0.0.1",), ("10.0.0.2",))
    assert list(read(io.BytesIO(captured(settings(Known(HERE, 9100)))))) == []


def test_a_host_whose_ports_are_unknown_is_asked_on_the_likely_ones() -> None:
    assert b'"port":443' in captured(settings())


def test_a_look_that_is_cancelled_or_out_of_time_stops() -> None:
    with listener(HOSTILE["tarpit"]) as port:
        known = settings(Known(HERE, port, None, encrypted=True))
        with pytest.raises(Cancelled):
            captured(known, cancelled=lambda: True)
        with pytest.raises(Unreachable, match="time_limit"):
            captured(known, remaining=lambda: 0)


@pytest.mark.parametrize("spoil", [b"", b"{}\n", b'{"format":"other","target":"x"}\n{"end":true}\n', b"\xff\n"])
def test_a_spoilt_capture_is_refused(spoil: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(spoil)))


def test_a_capture_cut_short_or_too_long_is_refused() -> None:
    data = captured(settings(Known(HERE, free_port(), None, encrypted=True)))
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(b"".join(data.splitlines(keepends=True)[:-1]))))
    with pytest.raises(Unreadable, match="too_long"):
        list(read(io.BytesIO(b"x" * 200_000)))


def test_no_noise_is_taken_for_an_answer() -> None:
    said = hello(TLS12)
    assert chosen(said) is None
    assert chosen(b"\x16\x03\x03\x00\x04\x02\x00\x00\x00") is None
    assert not whole(said[:3])
    assert whole(b"HTT")
    assert not whole(b"")
    for length in range(len(said)):
        chosen(b"\x16\x03\x03\x01\x00\x02" + said[:length])


def test_every_certificate_is_told_or_left_dark(pair: Pair) -> None:
    data = (Path(__file__).parents[2] / "captures" / "tls" / "web-sound.jsonl").read_bytes()
    lines = [msgspec.json.decode(line) for line in data.splitlines()]
    for line in lines:
        if "certificate" in line:
            line["certificate"] = "AAAA"
    spoilt = b"\n".join(map(msgspec.json.encode, lines)) + b"\n"
    (told,) = [item for item in read(io.BytesIO(spoilt)) if isinstance(item, TlsService)]
    assert (told.versions, told.certificate_until) == (("TLSv1.2", "TLSv1.3"), None)
    for kind in ("ec -pkeyopt ec_paramgen_curve:P-256", "ed25519", "ed448"):
        folder = pair[0].parent
        made = ["openssl", "req", "-x509", "-nodes", "-days", "3", "-subj", "/CN=n", "-newkey", *kind.split()]
        out = [str(folder / "k.pem"), str(folder / "c.pem")]
        subprocess.run([*made, "-keyout", out[0], "-out", out[1]], check=True, capture_output=True)
        with server((folder / "c.pem", folder / "k.pem")) as port:
            told = offer(settings(Known(HERE, port, None, encrypted=True)))
        assert (told.key or "").casefold() == kind.split()[0]
        assert told.signature
