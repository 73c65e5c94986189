from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from functools import partial

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap
from negatoscope.probe import parcel, signed
from negatoscope.probe.parcel import END, Header, Manifest, Sealed, Sealer
from negatoscope.probe.signed import Refused

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
CONSOLE, SAFE, STRANGER = (pyrage.x25519.Identity.generate() for _ in range(3))
RECIPIENTS = [str(one.to_public()) for one in (CONSOLE, SAFE)]
MANIFEST = Manifest(
    7,
    "nmap",
    "10.0.20.0/24",
    NOW,
    NOW,
    {"declared": ["10.0.20.0/24"]},
    complete=True,
    gaps=(Gap("nmap", "time_limit"),),
)


def packed(capture: bytes, number: int = 1, previous: str = "", manifest: Manifest = MANIFEST) -> bytes:
    body = io.BytesIO()
    sealed = parcel.pack(manifest, RECIPIENTS, body, lambda sealer: sealer.write(capture))
    header = Header("00112233445566aa", number, previous, sealed.digest, sealed.size, NOW)
    return parcel.head(header, KEY) + body.getvalue()


def opened(data: bytes, identity: object = CONSOLE) -> tuple[bytes, Manifest]:
    stream, capture = io.BytesIO(data), io.BytesIO()
    head = parcel.read_head(stream)
    head.verify(KEY.public_key())
    at = stream.tell()
    assert at == head.size
    parcel.check(head, stream)
    stream.seek(at)
    return capture.getvalue(), parcel.open_body(stream, str(identity), capture)


def captured(data: bytes, identity: object = CONSOLE) -> tuple[bytes, Manifest]:
    stream, capture = io.BytesIO(data), io.BytesIO()
    parcel.read_head(stream)
    manifest = parcel.open_body(stream, str(identity), capture)
    return capture.getvalue(), manifest


@given(st.binary(max_size=300_000))
def test_what_is_sealed_opens_as_it_was(capture: bytes) -> None:
    data = packed(capture)
    opened(data)
    for identity in (CONSOLE, SAFE):
        read, manifest = captured(data, identity)
        assert read == capture
        assert msgspec.structs.replace(manifest, sha256="") == MANIFEST


SAMPLE = packed(os.urandom(500))


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_any_byte_changed_is_refused(place: int, change: int) -> None:
    altered = bytearray(SAMPLE)
    altered[place] ^= change
    with pytest.raises(Refused):
        opened(bytes(altered))


def test_every_byte_changed_is_refused_and_every_truncation() -> None:
    for place in range(len(SAMPLE)):
        for wrong in (SAMPLE[:place], SAMPLE[:place] + bytes([SAMPLE[place] ^ 1]) + SAMPLE[place + 1 :]):
            with pytest.raises(Refused):
                opened(wrong)
    with pytest.raises(Refused, match="too_large"):
        opened(SAMPLE + b"\0")


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_a_ciphertext_changed_does_not_open_even_unchecked(place: int, change: int) -> None:
    head = parcel.read_head(io.BytesIO(SAMPLE)).size
    altered = bytearray(SAMPLE)
    altered[head + place % (len(SAMPLE) - head)] ^= change
    with pytest.raises(Refused):
        captured(bytes(altered))


def test_another_probe_did_not_sign_it_and_another_console_cannot_open_it() -> None:
    head = parcel.read_head(io.BytesIO(SAMPLE))
    with pytest.raises(Refused, match="signature"):
        head.verify(OTHER_KEY.public_key())
    with pytest.raises(Refused, match="sealed"):
        captured(SAMPLE, STRANGER)


def test_nothing_of_the_look_stands_in_clear() -> None:
    data = packed(b"10.0.20.7 PACS-SALLE-3")
    for word in (b"10.0.20", b"PACS", b"nmap", b"time_limit", b"declared"):
        assert word not in data
    assert set(msgspec.json.decode(data.split(b"\n")[1])) == {
        "probe", "number", "previous", "digest", "size", "sealed_at",
    }  # fmt: skip


def test_headers_are_chained() -> None:
    first = parcel.read_head(io.BytesIO(packed(b"one")))
    second = parcel.read_head(io.BytesIO(packed(b"two", 2, first.fingerprint)))
    assert second.content.previous == first.fingerprint
    assert len(first.fingerprint) == 64


def test_a_capture_cut_before_its_manifest_does_not_open() -> None:
    body = io.BytesIO()
    with Sealer(body, RECIPIENTS) as sealer:
        sealer.write(b"half of a capture")
    body.seek(0)
    with pytest.raises(Refused, match="manifest"):
        parcel.open_body(body, str(CONSOLE), io.BytesIO())


@pytest.mark.parametrize(
    ("clear", "why"),
    [
        (b"", "manifest"),
        (END, "manifest"),
        (b"{}" + (2).to_bytes(8, "big") + END, "manifest"),
        (b"{}" + (3).to_bytes(8, "big") + END, "manifest"),
        ((1 << 63).to_bytes(8, "big") + END, "manifest"),
        (b"[" * 100_000 + (100_000).to_bytes(8, "big") + END, "manifest"),
        (b"x" + (t := msgspec.json.encode(MANIFEST)) + len(t).to_bytes(8, "big") + END, "capture"),
    ],
)
def test_a_clear_text_that_a_probe_never_wrote_is_refused(clear: bytes, why: str) -> None:
    sealed = pyrage.encrypt(clear, [CONSOLE.to_public()])
    with pytest.raises(Refused, match=why):
        parcel.open_body(io.BytesIO(sealed), str(CONSOLE), io.BytesIO())


class FullDisk(io.BytesIO):
    def write(self, _chunk: object, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_to_the_one_who_writes_on_either_side() -> None:
    with pytest.raises(OSError, match="No space left"):
        parcel.pack(MANIFEST, RECIPIENTS, FullDisk(), lambda sealer: sealer.write(bytes(1 << 20)))
    with pytest.raises(OSError, match="No space left"):
        parcel.pack(MANIFEST, RECIPIENTS, FullDisk(), lambda _sealer: None)
    body = io.BytesIO(SAMPLE)
    parcel.read_head(body)
    with pytest.raises(OSError, match="No space left"):
        parcel.open_body(body, str(CONSOLE), FullDisk())


def test_a_parcel_for_nobody_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="no key"):
        Sealer(io.BytesIO(), [])


def test_a_manifest_too_long_is_refused_before_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    long = msgspec.structs.replace(MANIFEST, target="x" * (parcel.MAX_MANIFEST + 1))
    with pytest.raises(Refused, match="manifest"):
        packed(b"", manifest=long)


def test_a_capture_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(bytes(10_000_000))
    monkeypatch.setattr(parcel, "MAX_CAPTURE_BYTES", 9_000_000)
    with pytest.raises(Refused, match="too_large"):
        captured(data)


def test_a_long_line_is_not_swallowed() -> None:
    head, line, rest = SAMPLE.split(b"\n", 2)
    for wrong in (head + b"\n" + b" " * 5000 + line, b"x" * 5000, head + b"\n" + line + b"\n" + b"A" * 5000):
        with pytest.raises(Refused):
            parcel.read_head(io.BytesIO(wrong + b"\n" + rest))


def test_the_same_header_written_differently_is_refused() -> None:
    head, line, rest = SAMPLE.split(b"\n", 2)
    with pytest.raises(Refused, match="format"):
        parcel.read_head(io.BytesIO(head + b"\n" + line.replace(b":", b": ") + b"\n" + rest))


def test_a_header_of_the_wrong_size_of_ciphertext_is_refused() -> None:
    body = io.BytesIO()
    sealed: Sealed = parcel.pack(MANIFEST, RECIPIENTS, body, partial(Sealer.write, chunk=b"x"))
    for size, why in ((sealed.size - 1, "too_large"), (sealed.size + 1, "truncated")):
        head = parcel.head(Header("00112233445566aa", 1, "", sealed.digest, size, NOW), KEY)
        with pytest.raises(Refused, match=why):
            opened(head + body.getvalue())
    head = parcel.head(Header("00112233445566aa", 1, "", "0" * 64, sealed.size, NOW), KEY)
    with pytest.raises(Refused, match="digest"):
        opened(head + body.getvalue())


def test_a_line_of_another_kind_is_refused() -> None:
    other = signed.sign(b"negatoscope-task/1", Sealed("x", 1), KEY)
    with pytest.raises(Refused):
        parcel.read_head(io.BytesIO(other))
