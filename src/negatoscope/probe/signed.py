"""A signed line: what it is, one line of canonical JSON, and the ECDSA-SHA256 signature of that line in base64.

Parcels begin with one; tasks and receipts, carried on a medium, are one. Every byte counts: what would be the same
thing written differently is refused.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from negatoscope.kit.canonical import canonical, sha256

MAX_LINE = 8 * 1024 * 1024
MAX_SIGNATURE = 128
"""Base64 of an ECDSA signature on P-256, at most 72 bytes of DER, and its end of line."""
_ALGORITHM = ec.ECDSA(hashes.SHA256())

S = TypeVar("S", bound=msgspec.Struct)


class Refused(Exception):  # noqa: N818 -- what it is
    """What came is not what it says, or not whole, or not from whom it says. ``why`` is a code."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Signed(Generic[S]):
    """A line as it came; ``content`` may be believed once ``verify`` was called."""

    content: S
    line: bytes
    signature: bytes
    size: int
    """Bytes of the three lines, ends of lines counted."""

    @property
    def fingerprint(self) -> str:
        """The line's sha256, by which the next one names it."""
        return sha256(self.line)

    def verify(self, key: ec.EllipticCurvePublicKey) -> None:
        """Raise Refused (``signature``) unless the holder of this key signed the line."""
        try:
            key.verify(self.signature, self.line, _ALGORITHM)
        except InvalidSignature as error:
            raise Refused("signature") from error


def sign(magic: bytes, content: msgspec.Struct, key: ec.EllipticCurvePrivateKey) -> bytes:
    """Three lines. ``magic``: what it is, without end of line."""
    line = canonical(content)
    return b"\n".join((magic, line, b64encode(key.sign(line, _ALGORITHM)), b""))


def read(magic: bytes, kind: type[S], stream: BinaryIO, most: int = MAX_LINE) -> Signed[S]:
    """Read three lines from a stream, and nothing after them. Raises Refused."""
    first = _line(stream, len(magic) + 1)
    if first != magic:
        raise Refused("format")
    line = _line(stream, most)
    coded = _line(stream, MAX_SIGNATURE)
    try:
        content = msgspec.json.decode(line, type=kind)
        signature = b64decode(coded, validate=True)
    except (msgspec.MsgspecError, binascii.Error, UnicodeError, RecursionError) as error:
        raise Refused("format") from error
    if canonical(content) != line or b64encode(signature) != coded:
        raise Refused("format")
    return Signed(content, line, signature, len(first) + len(line) + len(coded) + 3)


def _line(stream: BinaryIO, most: int) -> bytes:
    line: Any = stream.readline(most + 1)
    if not line.endswith(b"\n"):
        raise Refused("truncated" if len(line) <= most else "too_large")
    return bytes(line[:-1])
