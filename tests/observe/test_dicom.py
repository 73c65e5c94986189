"""The dicom collector against real nodes and hostile ones: who answers whom, and no word of a patient."""

import io
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from pynetdicom import AE, evt
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Bounds, Cancelled, Item, Look, Unreachable, Unreadable
from negatoscope.observe.dicom import collector, wire
from negatoscope.observe.dicom.collector import DICOM, Settings, bound
from negatoscope.observe.dicom.read import read
from tests.needs import needs_program
from tests.observe.nodes import HERE, free_port, orthanc, pair, program, settings, wait_for

__all__ = ["pair"]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "PAUSE", 0.0)


def captured(told: Settings, **look: object) -> bytes:
    sink = io.BytesIO()
    assert DICOM.capture is not None
    DICOM.capture(told, HERE, Look(sink, **look))  # type: ignore[arg-type]
    return sink.getvalue()


def looked(told: Settings) -> list[Item]:
    return list(read(io.BytesIO(captured(told))))


def node(told: Settings) -> DicomNode:
    (found,) = [item for item in looked(told) if isinstance(item, DicomNode)]
    return found


def gaps(told: Settings) -> list[str]:
    found = looked(told)
    assert not [item for item in found if isinstance(item, DicomNode | Service)]
    return [item.why for item in found if isinstance(item, Gap)]


@pytest.mark.server
def test_a_dcmtk_node_in_clear_answers_anyone(tmp_path: Path) -> None:
    needs_program("storescp", "dcmtk")
    port = free_port()
    with program("storescp", "-dhl", "-aet", "SCANNER", "-od", str(tmp_path), str(port)):
        wait_for(port)
        told = node(settings(port))
    assert (told.encrypted, told.echo, told.any_called, told.any_calling) == (False, True, True, True)
    assert told.implementation_name
    assert told.implementation_name.startswith("OFFIS_DCMTK")
    assert told.implementation_uid
    assert told.max_pdu == 16384


@pytest.mark.server
def test_a_dcmtk_node_in_tls_is_seen_as_such(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    needs_program("storescp", "dcmtk")
    port, (certificate, key) = free_port(), pair
    with program("storescp", "-dhl", "+tls", str(key), str(certificate), "-ic", "-od", str(tmp_path), str(port)):
        wait_for(port)
        found = looked(settings(port))
    (told,) = [item for item in found if isinstance(item, DicomNode)]
    assert (told.encrypted, told.echo, told.any_calling) == (True, True, True)
    assert told.tls_version in {"TLSv1.2", "TLSv1.3"}
    assert told.certificate_until is not None
    (service,) = [item for item in found if isinstance(item, Service)]
    assert (service.name, service.encrypted, service.reachable, service.ref) == ("dicom", True, True, told.ref)


@pytest.mark.server
def test_orthanc_in_clear_is_found_to_answer_anyone(tmp_path: Path) -> None:
    with orthanc(tmp_path) as port:
        told = node(settings(port))
        named = node(settings(port, ae_title="PACS"))
    assert (told.encrypted, told.echo, told.any_called, told.any_calling) == (False, True, True, True)
    assert (named.ae_title, named.any_called) == ("PACS", True)


@pytest.mark.server
def test_orthanc_in_tls_that_checks_its_name(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    tls = {
        "DicomTlsEnabled": True, "DicomTlsCertificate": str(certificate), "DicomTlsPrivateKey": str(key),
        "DicomTlsRemoteCertificateRequired": False, "DicomCheckCalledAet": True,
        "DicomTlsTrustedCertificates": str(certificate),
    }  # fmt: skip
    with orthanc(tmp_path, **tls) as port:
        found = looked(settings(port, ae_title="PACS"))
        unnamed = node(settings(port))
    (told,) = [item for item in found if isinstance(item, DicomNode)]
    assert (told.encrypted, told.echo, told.any_called, told.any_calling) == (True, True, False, True)
    (host,) = [item for item in found if isinstance(item, Host)]
    assert (host.ae_titles, host.addresses) == (("PACS",), (HERE,))
    assert (unnamed.echo, unnamed.any_called, unnamed.any_calling) == (None, None, None)


@contextmanager
def strict(refuse: Callable[[AE], None]) -> Iterator[int]:
    """A pynetdicom node that keeps to its list."""
    port, entity = free_port(), AE("IRM")
    entity.add_supported_context(Verification)
    refuse(entity)
    server = entity.start_server((HERE, port), block=False, evt_handlers=[(evt.EVT_C_ECHO, lambda _event: 0x0000)])
    try:
        yield port
    finally:
        if server is not None:
            server.shutdown()


def only_us(entity: AE) -> None:
    entity.require_calling_aet = ["NEGATOSCOPE"]
    entity.require_called_aet = True


def test_a_node_that_keeps_to_its_list_is_found_to_do_so() -> None:
    with strict(only_us) as port:
        told = node(settings(port, ae_title="IRM"))
    assert (told.ae_title, told.any_called, told.any_calling, told.echo) == ("IRM", False, False, True)
    assert told.implementation_name
    assert told.implementation_name.startswith("PYNETDICOM")


@contextmanager
def listener(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port that does as it likes."""
    with ExitStack() as stack:
        server = stack.enter_context(closing(socket.create_server((HERE, 0))))

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client, suppress(OSError):
                        client.settimeout(5)
                        talk(client)

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])


def _stall(client: socket.socket) -> None:
    while client.recv(4096):
        pass


def _garbage(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    _stall(client)


def _abort(client: socket.socket) -> None:
    client.recv(4096)
    client.sendall(b"\x07\x00\x00\x00\x00\x04\x00\x00\x02\x00")


def _half(client: socket.socket) -> None:
    client.recv(4096)
    client.sendall(b"\x02\x00\x00\x00\x10\x00abc")


def _bomb(client: socket.socket) -> None:
    client.sendall(b"\x02\x00\xff\xff\xff\xff" + b"x" * 100)
    _stall(client)


def _bad_items(client: socket.socket) -> None:
    client.recv(4096)
    client.sendall(b"\x02\x00" + (70).to_bytes(4, "big") + bytes(68) + b"\x50\x00")
    _stall(client)


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (_stall, ["dicom_timed_out"]), (_garbage, ["dicom_not_dicom"]), (_half, ["dicom_tls_refused"]),
        (_bomb, ["dicom_not_dicom"]), (_bad_items, ["dicom_not_dicom"]),
    ],
)  # fmt: skip
def test_a_port_that_stalls_or_lies_is_a_gap(talk: Callable[[socket.socket], None], expected: list[str]) -> None:
    with listener(talk) as port:
        assert gaps(settings(port, seconds=1)) == expected


def test_a_node_that_aborts_tells_nothing_of_whom_it_answers() -> None:
    with listener(_abort) as port:
        told = node(settings(port))
    assert (told.ae_title, told.any_called, told.any_calling, told.echo) == (None, None, None, None)


def test_nobody_there_is_a_gap() -> None:
    assert gaps(settings(free_port())) == ["dicom_silent"]


def test_nothing_but_verification_is_ever_proposed() -> None:
    """The bytes on the wire, from the first association to the last."""
    heard: list[bytes] = []

    def listen(client: socket.socket) -> None:
        heard.append(client.recv(65536))
        _abort_now(client)

    def _abort_now(client: socket.socket) -> None:
        client.sendall(b"\x07\x00\x00\x00\x00\x04\x00\x00\x02\x00")

    with listener(listen) as port:
        looked(settings(port, ae_title="PACS"))
    assert len(heard) == 3
    for asked in heard:
        contexts = [value for kind, value in wire.items(asked[6 + wire.BODY :]) if kind == 0x20]
        assert len(contexts) == 1
        abstract = [value for kind, value in wire.items(contexts[0][4:]) if kind == 0x30]
        assert abstract == [b"1.2.840.10008.1.1"]
        assert b"1.2.840.10008.5.1.4" not in asked  # every storage, query and retrieve class begins so
    assert wire.association("PACS", "NEGATOSCOPE") == heard[0]


def test_only_what_the_practice_allows_is_asked() -> None:
    assert DICOM.capture is not None
    for told, target, why in (
        (settings(1, declared=("10.0.0.0/8",)), HERE, "outside_declared_networks"),
        (settings(1, spared=(HERE,)), HERE, "modality_without_consent"),
        (settings(1, classed=()), HERE, "maybe_modality"),
        (settings(1), "pacs.example", "not_an_address"),
        (settings(1, ports="104;rm"), HERE, "ports_not_understood"),
        (settings(1, ports=",".join(map(str, range(1, 20)))), HERE, "ports_not_understood"),
    ):
        with pytest.raises(Unreachable, match=why):
            DICOM.capture(told, target, Look(io.BytesIO()))
    given = bound(Settings(), Bounds(("10.0.0.0/8",), ("10.0.0.1",), ("10.0.0.2",)))
    assert (given.declared, given.spared, given.classed) == (("10.0.0.0/8",), ("10.0.0.1",), ("10.0.0.2",))


def test_a_look_that_is_cancelled_or_out_of_time_stops() -> None:
    with listener(_stall) as port:
        with pytest.raises(Cancelled):
            captured(settings(port), cancelled=lambda: True)
        with pytest.raises(Unreachable, match="time_limit"):
            captured(settings(port), remaining=lambda: 0)


def test_a_title_that_is_none_is_refused() -> None:
    for title in ("x" * 17, "a\\b", "é"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"ae_title": title}, Settings)


@pytest.mark.parametrize("spoil", [b"", b"{}\n", b'{"format":"other","address":"x"}\n{"end":true}\n', b"\xff\n"])
def test_a_spoilt_capture_is_refused(spoil: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(spoil)))


def test_a_capture_cut_short_is_refused() -> None:
    with strict(only_us) as port:
        data = captured(settings(port, ae_title="IRM"))
    lines = data.splitlines(keepends=True)
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(b"".join(lines[:-1]))))
    assert ssl.OPENSSL_VERSION
