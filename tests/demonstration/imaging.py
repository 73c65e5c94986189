"""The practice's PACS and modalities, asked by the real collector; what answers are real programs on this machine."""

import io
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from socket import create_server

import msgspec
from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from negatoscope.observe.collector import Look
from negatoscope.observe.dicom import collector
from negatoscope.observe.dicom.collector import DICOM
from negatoscope.observe.dicom.exchange import Exchange
from negatoscope.observe.dicom.read import FORMAT, End, Header, write
from tests.demonstration.bible import hosts
from tests.observe.nodes import HERE, certified, free_port, orthanc, program, settings, wait_for

Pair = tuple[Path, Path]
TITLES = {"srv-pacs": "PACS", "echo-2": "ECHO2", "radio-2": "RADIO2"}
"""What they are called; the others answer to any name."""


@contextmanager
def _careful(title: str, pair: Pair | None) -> Iterator[int]:
    """A modality that answers the console alone, by its own name."""
    entity, port = AE(title), free_port()
    entity.add_supported_context(Verification)
    entity.require_calling_aet, entity.require_called_aet = ["NEGATOSCOPE"], True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if pair else None
    if context and pair:
        context.load_cert_chain(*pair)
    server = entity.start_server((HERE, port), block=False, ssl_context=context)
    if server is None:
        raise AssertionError(title)
    try:
        yield port
    finally:
        server.shutdown()


@contextmanager
def _as_sold(folder: Path) -> Iterator[int]:
    """A modality as it was delivered."""
    port = free_port()
    with program("storescp", "-dhl", "-od", str(folder), str(port)):
        wait_for(port)
        yield port


@contextmanager
def _mute() -> Iterator[int]:
    """A modality that takes the call and says nothing."""
    with closing(create_server((HERE, 0))) as server:
        yield int(server.getsockname()[1])


def looks(folder: Path, _at: datetime) -> dict[str, bytes]:
    """Each node that may be asked, by host."""
    pair = certified(folder)
    nodes: dict[str, AbstractContextManager[int]] = {
        "echo-2": _careful("ECHO2", None), "radio-2": _careful("RADIO2", pair), "pano-1": _mute(),
        "srv-pacs": orthanc(folder), "echo-1": _as_sold(folder), "mammo-1": _as_sold(folder),
        "radio-1": _as_sold(folder),
    }  # fmt: skip
    with ExitStack() as stack:
        return {name: _asked(name, stack.enter_context(node)) for name, node in nodes.items()}


def _asked(name: str, port: int) -> bytes:
    """The capture; the address and port of the practice are put in the place of this machine's."""
    collector.PAUSE = 0.0
    host, sink = next(one for one in hosts() if one.name == name), io.BytesIO()
    if DICOM.capture is not None:
        DICOM.capture(settings(port, ae_title=TITLES.get(name, "")), HERE, Look(sink))
    there = 4242 if name == "srv-pacs" else 104
    _, *told, _ = sink.getvalue().splitlines()
    lines = [msgspec.structs.replace(msgspec.json.decode(one, type=Exchange), port=there) for one in told]
    return b"".join((write(Header(FORMAT, host.address)), *map(write, lines), write(End(end=True))))
