"""The first message of TLS, as a client would say it, and what a server chooses in answer (RFC 5246, 8446, 6101).

Written out by hand because today's libraries no longer say what must be asked: old versions and broken ciphers. No key
is ever agreed on and nothing is sent after the first message.
"""

import os
import struct
from dataclasses import dataclass

SSL3, TLS10, TLS11, TLS12, TLS13 = 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
VERSIONS = {"SSLv3": SSL3, "TLSv1": TLS10, "TLSv1.1": TLS11, "TLSv1.2": TLS12, "TLSv1.3": TLS13}
NAMES = {number: name for name, number in VERSIONS.items()}
WEAK = {
    0x0001: "NULL-MD5", 0x0002: "NULL-SHA", 0x0003: "EXP-RC4-MD5", 0x0004: "RC4-MD5", 0x0005: "RC4-SHA",
    0x0006: "EXP-RC2-CBC-MD5", 0x0008: "EXP-DES-CBC-SHA", 0x0009: "DES-CBC-SHA", 0x000A: "DES-CBC3-SHA",
    0x0011: "EXP-EDH-DSS-DES", 0x0012: "EDH-DSS-DES", 0x0013: "EDH-DSS-DES-CBC3-SHA", 0x0014: "EXP-EDH-RSA-DES",
    0x0015: "EDH-RSA-DES-CBC-SHA", 0x0016: "EDH-RSA-DES-CBC3-SHA", 0x0017: "EXP-ADH-RC4-MD5", 0x0018: "ADH-RC4-MD5",
    0x001A: "ADH-DES-CBC-SHA", 0x001B: "ADH-DES-CBC3-SHA", 0x0034: "ADH-AES128-SHA", 0x003A: "ADH-AES256-SHA",
    0x003B: "NULL-SHA256", 0xC006: "ECDHE-ECDSA-NULL-SHA", 0xC007: "ECDHE-ECDSA-RC4-SHA",
    0xC008: "ECDHE-ECDSA-DES-CBC3-SHA", 0xC010: "ECDHE-RSA-NULL-SHA", 0xC011: "ECDHE-RSA-RC4-SHA",
    0xC012: "ECDHE-RSA-DES-CBC3-SHA", 0xC015: "AECDH-NULL-SHA", 0xC016: "AECDH-RC4-SHA", 0xC018: "AECDH-AES128-SHA",
    0xC019: "AECDH-AES256-SHA", 0x006C: "ADH-AES128-SHA256", 0x006D: "ADH-AES256-SHA256",
    0x00A6: "ADH-AES128-GCM-SHA256", 0x00A7: "ADH-AES256-GCM-SHA384",
}  # fmt: skip
"""Ciphers that no longer protect, or prove nothing of who answers: no encryption, RC4, DES, export, anonymous."""
SOUND = (
    0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A,
    0xC013, 0xC014, 0x0033, 0x0039, 0x0067, 0x006B, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041, 0x0084,
)  # fmt: skip
TLS13_SUITES = (0x1301, 0x1302, 0x1303, 0x1304, 0x1305)
NO_RENEGOTIATION = 0x00FF
RECORD, BODY = 5, 4
HANDSHAKE, ALERT, SERVER_HELLO = 22, 21, 2
GROUPS = (0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101)
SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202,
    0x0402,
)  # fmt: skip
MAX_RECORD = 16 * 1024 + 2048


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a server takes."""

    version: str
    cipher: int


def hello(version: int, *, weak: bool = False) -> bytes:
    """Offer one version at most; ``weak``: with no cipher but those that no longer protect."""
    suites = tuple(WEAK) if weak else TLS13_SUITES if version == TLS13 else (*SOUND, *WEAK)
    offered = struct.pack(f">{len(suites) + 1}H", *suites, NO_RENEGOTIATION)
    extensions = b"" if version == SSL3 else _extensions(version)
    body = struct.pack(">H", min(version, TLS12)) + os.urandom(32) + b"\0" + _sized(offered) + b"\x01\0"
    body += _sized(extensions) if extensions else b""
    message = bytes((1,)) + len(body).to_bytes(3, "big") + body
    return struct.pack(">BHH", HANDSHAKE, min(version, TLS10), len(message)) + message


def _extensions(version: int) -> bytes:
    said = _extension(10, _sized(struct.pack(f">{len(GROUPS)}H", *GROUPS))) + _extension(11, b"\x01\0")
    if version >= TLS12:
        said += _extension(13, _sized(struct.pack(f">{len(SIGNATURES)}H", *SIGNATURES)))
    if version == TLS13:
        said += _extension(43, b"\x02\x03\x04") + _extension(51, _sized(b""))
    return said


def whole(received: bytes) -> bool:
    """Whether the first message of the answer has come, or whatever came is none of TLS."""
    if len(received) < RECORD:
        return bool(received) and received[0] not in (HANDSHAKE, ALERT)
    kind, length = received[0], int.from_bytes(received[3:5], "big")
    return kind not in (HANDSHAKE, ALERT) or length > MAX_RECORD or len(received) >= RECORD + length


def is_tls(received: bytes) -> bool:
    """Whether these bytes are an answer in TLS, be it a refusal."""
    return len(received) >= RECORD and received[0] in (HANDSHAKE, ALERT) and received[1] == 3  # noqa: PLR2004 -- TLS


def chosen(received: bytes) -> Chosen | None:
    """The version and cipher of a ServerHello; ``None``: the server takes none of what was offered."""
    hello = received[RECORD:]
    if not is_tls(received) or received[0] != HANDSHAKE or len(hello) < BODY + 35 or hello[0] != SERVER_HELLO:
        return None
    at = BODY
    version = int.from_bytes(hello[at : at + 2], "big")
    at += 34
    at += 1 + hello[at]
    cipher = int.from_bytes(hello[at : at + 2], "big")
    for kind, value in _told(hello[at + 5 : BODY + int.from_bytes(hello[1:4], "big")]):
        if kind == 43 and len(value) == 2:  # noqa: PLR2004 -- RFC 8446 4.2.1
            version = int.from_bytes(value, "big")
    return Chosen(NAMES[version], cipher) if version in NAMES and len(hello) >= at + 3 else None


def _told(data: bytes) -> list[tuple[int, bytes]]:
    told, at = [], 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from(">HH", data, at)
        told.append((kind, data[at + 4 : at + 4 + length]))
        at += 4 + length
    return told


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "big") + _sized(data)
