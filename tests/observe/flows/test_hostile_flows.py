"""UDP is anybody's: what a stranger sends under an exporter's address costs little, and hides nothing it told."""

import struct
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from negatoscope.observe.flows import tables
from negatoscope.observe.flows.datagrams import MAX_WAITING, NTP_EPOCH, V9_HEADER, Decoder

ENDS = ((8, 4), (12, 4))
TOLD = bytes((10, 77, 1, 5, 10, 77, 2, 6))
SECONDS = 1.0


def template(number: int, fields: Sequence[tuple[int, int]]) -> bytes:
    body = struct.pack("!HH", number, len(fields)) + b"".join(struct.pack("!HH", *one) for one in fields)
    return struct.pack("!HH", 0, 4 + len(body)) + body


def data(number: int, body: bytes) -> bytes:
    return struct.pack("!HH", number, 4 + len(body)) + body


def v9(*sets: bytes) -> bytes:
    return V9_HEADER.pack(9, len(sets), 1000, NTP_EPOCH // 2, 1, 7) + b"".join(sets)


def spent(decoder: Decoder, datagram: bytes) -> float:
    began = time.process_time()
    decoder.decode(datagram)
    return time.process_time() - began


@pytest.mark.parametrize("number", [21, 22, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159])
def test_an_instant_that_no_clock_shows_hides_no_flow(number: int) -> None:
    """One datagram would otherwise make all that this exporter told for an hour unreadable."""
    flows = Decoder().decode(v9(template(256, (*ENDS, (number, 1024))), data(256, TOLD + b"\xff" * 1024)))
    assert [one.source for one in flows] == ["10.77.1.5"]


def test_a_rate_that_nobody_samples_at_is_not_believed() -> None:
    decoder = Decoder()
    body = struct.pack("!HHHHHHH", 257, 4, 4, 1, 4, 34, 64)
    options = struct.pack("!HH", 1, 4 + len(body)) + body
    decoder.decode(v9(options, data(257, b"\0" * 4 + b"\xff" * 64)))
    assert decoder.sampled == 1


def test_records_of_one_octet_cost_what_their_octets_cost() -> None:
    decoder = Decoder()
    told = v9(template(256, (*((n, 0) for n in range(1, 199)), (250, 1))), *(data(256, b"\0" * 60_000),))
    assert spent(decoder, told) < SECONDS
    assert decoder.records == 0


def test_sets_without_a_template_do_not_wake_what_waits() -> None:
    decoder = Decoder()
    for _ in range(MAX_WAITING):
        decoder.decode(v9(data(300, TOLD)))
    assert spent(decoder, v9(*(struct.pack("!HH", 0, 4) for _ in range(16_000)))) < SECONDS
    assert spent(decoder, v9(*(template(400 + n % 2, ((1, 4),)) for n in range(5000)))) < SECONDS
    assert len(decoder.decode(v9(template(300, ENDS)))) == MAX_WAITING


@pytest.mark.parametrize("says", ["sleep 60", "yes yes,yes"], ids=["never", "endless"])
def test_a_file_that_nfdump_does_not_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    programme = tmp_path / "nfdump"
    programme.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin exec {says}\n")
    programme.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tables, "DUMP_SECONDS", 0.5)
    monkeypatch.setattr(tables, "MOST_DUMPED", 100_000)
    assert tables.dumped(tables.NFCAPD + b"x") == tables.NFCAPD + b"x"
