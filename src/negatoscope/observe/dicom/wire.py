"""The few DICOM messages that are ever sent, and the reading of what comes back (PS3.8 9.3, PS3.7 9.3.5).

One presentation context is proposed, Verification: no other abstract syntax stands anywhere in this room, so nothing
that could read, move or store an image can be asked for.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

APPLICATION = b"1.2.840.10008.3.1.1.1"
VERIFICATION = b"1.2.840.10008.1.1"
IMPLICIT_LITTLE_ENDIAN = b"1.2.840.10008.1.2"
OURS = b"1.2.826.0.1.3680043.10.1542"
VERSION_NAME = b"NEGATOSCOPE"
MAX_PDU = 16_384
MAX_RECEIVED = 64 * 1024
HEADER = 6
CONTEXT = 1
ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
ECHO_RQ = 0x0030
NO_DATA_SET = 0x0101
STATUS = (0x0000, 0x0900)
LAST_COMMAND = 3
BODY = 68
"""Bytes of an association PDU before its items."""


class NotDicom(Exception):  # noqa: N818 -- what it is
    """These bytes are no DICOM upper layer message."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on one association."""

    accepted: bool = False
    rejection: tuple[int, int, int] | None = None
    """Result, source, reason (PS3.8 table 9-21)."""
    aborted: bool = False
    status: int | None = None
    """Of C-ECHO."""
    max_pdu: int | None = None
    implementation_uid: str | None = None
    implementation_name: str | None = None


def association(called: str, calling: str) -> bytes:
    """A-ASSOCIATE-RQ for Verification alone. Titles are at most 16 ASCII characters."""
    context = bytes((CONTEXT, 0, 0, 0)) + _item(0x30, VERIFICATION) + _item(0x40, IMPLICIT_LITTLE_ENDIAN)
    user = _item(0x51, struct.pack(">I", MAX_PDU)) + _item(0x52, OURS) + _item(0x55, VERSION_NAME)
    fixed = struct.pack(">HH16s16s32x", 1, 0, _title(called), _title(calling))
    return _pdu(ASSOCIATE_RQ, fixed + _item(0x10, APPLICATION) + _item(0x20, context) + _item(0x50, user))


def echo() -> bytes:
    """C-ECHO-RQ."""
    uid = VERIFICATION + b"\0"
    said = (
        _element(2, uid) + _element(0x100, _us(ECHO_RQ)) + _element(0x110, _us(1)) + _element(0x800, _us(NO_DATA_SET))
    )
    command = _element(0, struct.pack("<I", len(said))) + said
    return _pdu(DATA, struct.pack(">IBB", len(command) + 2, CONTEXT, LAST_COMMAND) + command)


def release() -> bytes:
    """A-RELEASE-RQ."""
    return _pdu(RELEASE_RQ, bytes(4))


def whole(received: bytes) -> bool:
    """Whether the last message has come to its end. Raises NotDicom."""
    at = 0
    while len(received) - at >= HEADER:
        kind, length = struct.unpack_from(">BxI", received, at)
        if not ASSOCIATE_RQ <= kind <= ABORT or length > MAX_RECEIVED:
            raise NotDicom
        at += HEADER + length
    return at == len(received) and at > 0


def answer(received: bytes) -> Answer:
    """Read everything that one association brought back. Raises NotDicom."""
    told = _Told()
    for kind, body in _pdus(received):
        if kind == ASSOCIATE_AC:
            _accepted(body, told)
        elif kind == ASSOCIATE_RJ and len(body) >= 4:  # noqa: PLR2004 -- PS3.8 9.3.4
            told.rejection = (body[1], body[2], body[3])
        elif kind == ABORT:
            told.aborted = True
        elif kind == DATA:
            told.status = _status(body)
    return Answer(
        told.accepted, told.rejection, told.aborted, told.status, told.max_pdu, *map(told.words.get, (0x52, 0x55))
    )


@dataclass
class _Told:
    accepted: bool = False
    rejection: tuple[int, int, int] | None = None
    aborted: bool = False
    status: int | None = None
    max_pdu: int | None = None
    words: dict[int, str] = field(default_factory=dict)


def _pdus(received: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while len(received) - at >= HEADER:
        kind, length = struct.unpack_from(">BxI", received, at)
        body = received[at + HEADER : at + HEADER + length]
        if not ASSOCIATE_RQ <= kind <= ABORT or len(body) != length:
            raise NotDicom
        yield kind, body
        at += HEADER + length
    if at != len(received) or not received:
        raise NotDicom


def _accepted(body: bytes, told: _Told) -> None:
    for kind, value in items(body[BODY:]):
        if kind == 0x21 and len(value) >= 4:  # noqa: PLR2004 -- PS3.8 9.3.3.2
            told.accepted = value[0] == CONTEXT and value[2] == 0
        elif kind == 0x50:  # noqa: PLR2004 -- PS3.8 9.3.3.3
            for one, said in items(value):
                if one == 0x51 and len(said) == 4:  # noqa: PLR2004 -- PS3.8 D.1
                    told.max_pdu = int.from_bytes(said, "big")
                else:
                    told.words[one] = said.rstrip(b"\0 ").decode("ascii", "replace")[:64]


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and value of each item of an association message. Raises NotDicom."""
    at = 0
    while at < len(data):
        if len(data) - at < 4:  # noqa: PLR2004 -- type, reserved, length
            raise NotDicom
        kind, length = struct.unpack_from(">BxH", data, at)
        value = data[at + 4 : at + 4 + length]
        if len(value) != length:
            raise NotDicom
        yield kind, value
        at += 4 + length


def _status(body: bytes) -> int | None:
    """The status element of a command set in implicit little endian."""
    at = 6
    while at + 8 <= len(body):
        group, element, length = struct.unpack_from("<HHI", body, at)
        if (group, element) == STATUS and length == 2 and at + 10 <= len(body):  # noqa: PLR2004 -- a US
            return int.from_bytes(body[at + 8 : at + 10], "little")
        at += 8 + length
    return None


def _title(name: str) -> bytes:
    return name.encode("ascii", "replace")[:16].ljust(16)


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value


def _pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxI", kind, len(body)) + body


def _element(element: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, element, len(value)) + value


def _us(value: int) -> bytes:
    return struct.pack("<H", value)
