"""Bytes sealed for those who hold a private key elsewhere: the age format, age-encryption.org/v1, X25519."""

import hashlib
from collections.abc import Sequence

from pyrage import IdentityError, RecipientError, encrypt, x25519


class NoKey(Exception):  # noqa: N818 -- what it is
    """This text is no public key of age."""


def checked(key: str) -> str:
    """A public key as it is written down, without what stands around it. Raises NoKey."""
    plain = key.strip()
    try:
        x25519.Recipient.from_str(plain)
    except (RecipientError, ValueError) as error:
        raise NoKey from error
    return plain


def fingerprint(key: str) -> str:
    """What people compare aloud: the beginning of the key's sha256, by fours."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def seal(clear: bytes, keys: Sequence[str]) -> bytes:
    """Seal for every one of these keys: each opens it alone. Raises NoKey; ValueError without any key."""
    if not keys:
        raise ValueError("no key")
    return bytes(encrypt(clear, [x25519.Recipient.from_str(checked(key)) for key in keys]))


def generate() -> str:
    """A new private key, ``AGE-SECRET-KEY-1…``."""
    return str(x25519.Identity.generate())


def public(private: str) -> str:
    """The public half of a private key. Raises NoKey."""
    try:
        return str(x25519.Identity.from_str(private.strip()).to_public())
    except (IdentityError, ValueError) as error:
        raise NoKey from error
