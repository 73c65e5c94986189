"""Real PACS and modalities: each planted flaw of the closed list is found and named, and none is invented."""

import io
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.observe.collector import Look
from negatoscope.observe.dicom import collector
from negatoscope.observe.dicom.collector import DICOM
from negatoscope.observe.dicom.read import read
from tests.flaws import Flaw, found, listed, settle
from tests.judge.memory import of
from tests.needs import needs_program
from tests.observe.nodes import HERE, free_port, orthanc, pair, program, settings, wait_for

__all__ = ["pair"]
pytestmark = pytest.mark.server
FLAWS = Path(__file__).with_name("dicom.toml")
Pair = tuple[Path, Path]
Node = Callable[[Path, Pair], AbstractContextManager[int]]


def in_clear(folder: Path, _pair: Pair) -> AbstractContextManager[int]:
    return orthanc(folder)


def encrypted(pair: Pair) -> dict[str, object]:
    certificate, key = pair
    return {
        "DicomTlsEnabled": True, "DicomTlsCertificate": str(certificate), "DicomTlsPrivateKey": str(key),
        "DicomTlsTrustedCertificates": str(certificate), "DicomTlsRemoteCertificateRequired": False,
        "DicomCheckCalledAet": True,
    }  # fmt: skip


def in_tls(folder: Path, pair: Pair) -> AbstractContextManager[int]:
    return orthanc(folder, **encrypted(pair))


@contextmanager
def storescp(folder: Path, *more: str) -> Iterator[int]:
    needs_program("storescp", "dcmtk")
    port = free_port()
    with program("storescp", "-dhl", "-aet", "PACS", "-od", str(folder), *more, str(port)):
        wait_for(port)
        yield port


def modality(folder: Path, _pair: Pair) -> AbstractContextManager[int]:
    return storescp(folder)


def modality_in_tls(folder: Path, pair: Pair) -> AbstractContextManager[int]:
    certificate, key = pair
    return storescp(folder, "+tls", str(key), str(certificate), "-ic")


@contextmanager
def archive(folder: Path, _pair: Pair) -> Iterator[int]:
    """An archive that knows whom it answers; this program has no TLS."""
    needs_program("dcmqrscp", "dcmtk")
    port = free_port()
    (folder / "store").mkdir()
    (folder / "archive.cfg").write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        "HostTable BEGIN\nnegatoscope = (NEGATOSCOPE, localhost, 104)\nHostTable END\n"
        f"AETable BEGIN\nPACS {folder}/store RW (9, 1024mb) negatoscope\nAETable END\n"
    )
    with program("dcmqrscp", "-c", str(folder / "archive.cfg")):
        wait_for(port)
        yield port


@contextmanager
def strict(_folder: Path, pair: Pair) -> Iterator[int]:
    """A node without a flaw: encrypted, and answering one caller by its own name."""
    context, entity, port = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), AE("PACS"), free_port()
    context.load_cert_chain(*pair)
    entity.add_supported_context(Verification)
    entity.require_calling_aet, entity.require_called_aet = ["NEGATOSCOPE"], True
    server = entity.start_server((HERE, port), block=False, ssl_context=context)
    assert server is not None
    try:
        yield port
    finally:
        server.shutdown()


SERVERS: dict[str, tuple[str, Node]] = {
    "pacs": ("Orthanc as installed", in_clear),
    "pacs_tls": ("Orthanc in TLS", in_tls),
    "modality": ("dcmtk storescp as installed", modality),
    "modality_tls": ("dcmtk storescp in TLS", modality_in_tls),
    "archive": ("dcmtk dcmqrscp, callers listed", archive),
    "strict": ("pynetdicom in TLS, callers listed", strict),
}


def judged(port: int) -> set[Flaw]:
    """What the rules find in one node, a server of the practice; its port is read as 104."""
    sink = io.BytesIO()
    assert DICOM.capture is not None
    DICOM.capture(settings(port, ae_title="PACS"), HERE, Look(sink))
    items = [
        replace(item, host_class=HostClass.SERVER) if isinstance(item, Host) else item
        for item in read(io.BytesIO(sink.getvalue()))
    ]
    now = utc_now()
    seen = found(of([*items, Sweep("Host"), Sweep("Service", f"host/{HERE}")], now), now)
    return {Flaw(one.control, one.subject.replace(f"/{port}", "/104")) for one in seen}


@pytest.mark.parametrize("name", SERVERS)
def test_each_planted_flaw_is_found_and_none_is_invented(
    name: str,
    pair: Pair,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(collector, "PAUSE", 0.0)
    said, node = SERVERS[name]
    with node(tmp_path, pair) as port:
        settle(said, listed(FLAWS, name), judged(port), record_property)
