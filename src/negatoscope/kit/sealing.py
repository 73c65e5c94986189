"""Sealed bytes: AES-256-GCM, bound to where they belong, and naming the key that opens them."""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NAME_BYTES = 8
NONCE_BYTES = 12


class Unsealable(Exception):  # noqa: N818 -- what it is
    """None of the keys at hand opens these bytes, or they were altered or moved."""


def name(key: bytes) -> bytes:
    """What sealed bytes call their key: the beginning of its sha256."""
    return hashlib.sha256(key).digest()[:NAME_BYTES]


def seal(key: bytes, clear: bytes, bound_to: bytes) -> bytes:
    """The key's name, a random nonce, then the sealed bytes. ``bound_to``: whose they are; opened nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    return name(key) + nonce + AESGCM(key).encrypt(nonce, clear, bound_to)


def sealed_by(sealed: bytes) -> bytes:
    """The name of the key that sealed these bytes."""
    return sealed[:NAME_BYTES]


def unseal(keys: Sequence[bytes], sealed: bytes, bound_to: bytes) -> bytes:
    """What was sealed. Raises Unsealable."""
    key = next((key for key in keys if name(key) == sealed_by(sealed)), None)
    nonce, rest = sealed[NAME_BYTES : NAME_BYTES + NONCE_BYTES], sealed[NAME_BYTES + NONCE_BYTES :]
    if key is None or len(nonce) < NONCE_BYTES:
        raise Unsealable
    try:
        return AESGCM(key).decrypt(nonce, rest, bound_to)
    except InvalidTag as error:
        raise Unsealable from error
