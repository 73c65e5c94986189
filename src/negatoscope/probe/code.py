"""The code typed on a probe to enrol it: a secret for the console, and by what to know the console's authority.

Ten random bytes, then the first ten bytes of the sha256 of the authority's SubjectPublicKeyInfo, in base32: eight
groups of four. Read aloud without harm: O and 0, I and 1, B and 8 are not told apart.
"""

import binascii
import hashlib
import hmac
import secrets
from base64 import b32decode, b32encode
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_BYTES = 10
MARK_BYTES = 10
GROUP = 4
_SAID = str.maketrans("018", "OIB")


class NotACode(ValueError):  # noqa: N818 -- what it is
    """This text is no enrolment code: a letter is missing, or too many."""


@dataclass(frozen=True)
class Code:
    """Shown once; the console keeps only ``proof`` of the secret."""

    secret: bytes
    mark: bytes
    """The beginning of the sha256 of the authority's public key."""

    def __repr__(self) -> str:
        """Tell nothing."""
        return "Code()"

    @property
    def text(self) -> str:
        """As it is shown: ``ABCD-EFGH-…``."""
        letters = b32encode(self.secret + self.mark).decode()
        return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))

    def names(self, authority: x509.Certificate) -> bool:
        """Whether this is the authority that the code speaks of."""
        return hmac.compare_digest(self.mark, mark(authority))


def draw(authority: x509.Certificate) -> Code:
    """A new code for a probe of this authority."""
    return Code(secrets.token_bytes(SECRET_BYTES), mark(authority))


def typed(text: str) -> Code:
    """The code that somebody typed. Raises NotACode."""
    plain = "".join(text.split()).replace("-", "").upper().translate(_SAID)
    try:
        data = b32decode(plain)
    except (binascii.Error, ValueError) as error:
        raise NotACode from error
    if len(data) != SECRET_BYTES + MARK_BYTES:
        raise NotACode
    return Code(data[:SECRET_BYTES], data[SECRET_BYTES:])


def mark(authority: x509.Certificate) -> bytes:
    """By what a code names an authority."""
    key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).digest()[:MARK_BYTES]


def proof(secret: bytes) -> str:
    """What the console keeps of a secret: its sha256. Eighty random bits need no slow hash."""
    return hashlib.sha256(secret).hexdigest()


def vouched(secret: bytes, request: bytes) -> str:
    """HMAC-SHA256 of a certificate request carried by hand: only who was handed the secret can make it."""
    return hmac.new(secret, request, hashlib.sha256).hexdigest()
