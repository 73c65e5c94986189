"""A capture of associations, read: who answers, to whom, in clear or not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import BinaryIO

import msgspec
from cryptography import x509
from msgspec import Struct

from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.dicom.exchange import TLS_ALERT, Exchange
from negatoscope.observe.dicom.wire import Answer, NotDicom, answer

FORMAT = "negatoscope-dicom/1"
MAX_LINE = 512 * 1024
MAX_LINES = 1000
CALLING_UNKNOWN, CALLED_UNKNOWN = (1, 1, 3), (1, 1, 7)
"""Rejected for good by the service user: it does not know the caller, or is not called so (PS3.8 table 9-21)."""


class Header(Struct, frozen=True):
    """First line."""

    format: str
    address: str


class End(Struct, frozen=True):
    """Last line: the capture is whole."""

    end: bool


def write(line: Header | Exchange | End) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """The host, its DICOM ports as nodes and services, and gaps. Raises Unreadable."""
    header, exchanges = _parsed(stream)
    host = f"host/{header.address}"
    ports = [(port, list(told)) for port, told in groupby(exchanges, key=lambda one: one.port)]
    nodes = [node for port, told in ports if (node := _node(host, port, told))]
    titles = tuple(sorted({node.ae_title for node in nodes if node.ae_title and node.any_called is False}))
    yield Host(host, addresses=(header.address,), ae_titles=titles or None)
    for node in nodes:
        yield node
        yield Service(host, "tcp", node.port, "dicom", encrypted=node.encrypted, reachable=True)
    for port, told in ports:
        if outcome := _trouble(told):
            yield Gap("DicomNode", f"dicom_{outcome}", host, {"port": port})
    if not nodes and all(one.outcome == "closed" for one in exchanges):
        yield Gap("DicomNode", "dicom_silent", host)


def _trouble(told: list[Exchange]) -> str | None:
    """Why a port that opened told nothing: the last word, unless the first was plainly of another protocol."""
    first, last = told[0], told[-1]
    if first.outcome == "answered" or last.outcome in {"answered", "closed"}:
        return None
    return first.outcome if first.outcome == "not_dicom" and not first.received.startswith(TLS_ALERT) else last.outcome


def _parsed(stream: BinaryIO) -> tuple[Header, list[Exchange]]:
    lines: list[bytes] = []
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE or len(lines) > MAX_LINES:
            raise Unreadable("too_long", f"line {len(lines) + 1}")
        lines.append(line)
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
        if header.format != FORMAT:
            raise Unreadable("unknown_format", "line 1")
        msgspec.json.decode(lines[-1], type=End)
        return header, [msgspec.json.decode(line, type=Exchange) for line in lines[1:-1]]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {len(lines)}") from error


def _node(host: str, port: int, told: list[Exchange]) -> DicomNode | None:
    """What one port is, if any association was answered there."""
    known: dict[str, tuple[Exchange, Answer]] = {}
    for one in told:
        if one.outcome == "answered":
            try:
                known[one.asks] = (one, answer(one.received))
            except NotDicom as error:
                raise Unreadable("not_dicom", f"port {port}") from error
    if "usual" not in known:
        return None
    first, said = known["usual"]
    accepted = [(one, heard) for one, heard in known.values() if heard.accepted]
    best = accepted[0][1] if accepted else said
    return DicomNode(
        host,
        port,
        ae_title=accepted[0][0].called if accepted else None,
        any_called=_anybody(known.get("other_called"), CALLED_UNKNOWN),
        any_calling=_anybody(known.get("other_calling"), CALLING_UNKNOWN),
        echo=best.status == 0 if best.status is not None else None,
        encrypted=first.tls,
        tls_version=first.tls_version,
        certificate_until=_until(first.certificate),
        implementation_uid=best.implementation_uid,
        implementation_name=best.implementation_name,
        max_pdu=best.max_pdu,
    )


def _anybody(told: tuple[Exchange, Answer] | None, refusal: tuple[int, int, int]) -> bool | None:
    """Whether a name made up was taken; not observed, unless it was refused for that very reason."""
    if told is None:
        return None
    return True if told[1].accepted else False if told[1].rejection == refusal else None


def _until(certificate: bytes | None) -> datetime | None:
    if certificate is None:
        return None
    try:
        return x509.load_der_x509_certificate(certificate).not_valid_after_utc.astimezone(UTC)
    except ValueError:
        return None
