"""SNMP version 3 with its user-based security (RFC 3412, 3414, 3826, 7860)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from negatoscope.observe.snmp.ber import (
    INTEGER,
    OCTETS,
    SEQUENCE,
    Garbled,
    elements,
    first,
    integer,
    octets,
    sequence,
    to_integer,
    wrapped,
)
from negatoscope.observe.snmp.message import V3

DIGESTS = {"md5": ("md5", 12), "sha1": ("sha1", 12), "sha256": ("sha256", 24), "sha512": ("sha512", 48)}
"""By name: the hash, and how many bytes of its HMAC are sent."""
CIPHERS = ("aes128", "des")
MAX_SIZE = 65_507
STRETCHED = 1024 * 1024
AUTHENTICATED, ENCRYPTED, REPORTABLE = 1, 2, 4
USM = 3
FIELDS = (OCTETS, INTEGER, INTEGER, OCTETS, OCTETS, OCTETS)
MAX_ENGINE = 32


@dataclass(frozen=True, slots=True)
class User:
    """Who asks. Without ``digest`` nothing is signed, without ``cipher`` nothing is encrypted."""

    name: str
    digest: str = ""
    password: str = field(default="", repr=False)
    cipher: str = ""
    privacy: str = field(default="", repr=False)


def localized(digest: str, password: str, engine: bytes) -> bytes:
    """The key of a password at one engine (RFC 3414 appendix A.2)."""
    name = DIGESTS[digest][0]
    said = password.encode() or b"\0"
    stretched = (said * (STRETCHED // len(said) + 1))[:STRETCHED]
    key = hashlib.new(name, stretched, usedforsecurity=False).digest()
    return hashlib.new(name, key + engine + key, usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of version 3, opened. ``signed``: its signature held."""

    engine: bytes
    boots: int
    time: int
    number: int
    signed: bool
    pdu: bytes


class Security:
    """One user's talk with one engine."""

    def __init__(self, user: User) -> None:
        """Nothing is known of the engine yet."""
        self.user = user
        self.engine, self.boots, self.time = b"", 0, 0
        self._key = self._privacy = b""
        self._salt = secrets.randbits(64)

    def met(self, heard: Heard) -> None:
        """The engine presented itself, or corrected our clock."""
        if heard.engine != self.engine:
            self.engine = heard.engine
            if self.user.digest:
                self._key = localized(self.user.digest, self.user.password, heard.engine)
            if self.user.cipher:
                self._privacy = localized(self.user.digest, self.user.privacy, heard.engine)[:16]
        self.boots, self.time = heard.boots, heard.time

    def wrap(self, number: int, pdu: bytes) -> bytes:
        """A message, signed and encrypted as the user wants; before the engine is met, an introduction."""
        flags = REPORTABLE
        scoped, salt = sequence(octets(self.engine), octets(b""), pdu), b""
        if self.engine and self.user.cipher:
            flags |= ENCRYPTED
            encrypted, salt = self._encrypted(scoped)
            scoped = octets(encrypted)
        signature = b""
        if self.engine and self.user.digest:
            flags |= AUTHENTICATED
            signature = bytes(DIGESTS[self.user.digest][1])
        name = self.user.name.encode() if self.engine else b""
        fields = (integer(self.boots), integer(self.time), octets(name))
        head = sequence(integer(number), integer(MAX_SIZE), octets(bytes((flags,))), integer(USM))

        def whole(signed: bytes) -> bytes:
            security = sequence(octets(self.engine), *fields, octets(signed), octets(salt))
            return sequence(integer(V3), head, octets(security), scoped)

        return whole(self._signature(whole(signature))) if signature else whole(b"")

    def open(self, data: bytes) -> Heard:
        """Raises Garbled, for a false signature too."""
        parts = list(elements(first(data, SEQUENCE)))
        if len(parts) != 4 or to_integer(parts[0][1]) != V3 or parts[2][0] != OCTETS:  # noqa: PLR2004 -- version … PDU
            raise Garbled
        number, _, flags, _ = _four(parts[1][1])
        security = list(elements(first(parts[2][1], SEQUENCE)))
        if tuple(tag for tag, _ in security) != FIELDS or len(flags) != 1:
            raise Garbled
        engine, boots, time, _, signature, salt = (content for _, content in security)
        if not 1 <= len(engine) <= MAX_ENGINE:
            raise Garbled
        signed = bool(flags[0] & AUTHENTICATED) and self._signed(data, signature)
        scoped = wrapped(*parts[3])
        when = to_integer(boots), to_integer(time)
        if flags[0] & ENCRYPTED:
            scoped = self._decrypted(first(scoped, OCTETS), salt, when)
        inner = list(elements(first(scoped, SEQUENCE)))
        if len(inner) != 3:  # noqa: PLR2004 -- engine, context, PDU
            raise Garbled
        return Heard(engine, *when, to_integer(number), signed, wrapped(*inner[2]))

    def _signature(self, message: bytes) -> bytes:
        name, size = DIGESTS[self.user.digest]
        return hmac.new(self._key, message, name).digest()[:size]

    def _signed(self, data: bytes, signature: bytes) -> bool:
        """Raises Garbled for a signature that is not ours to trust."""
        size = DIGESTS[self.user.digest][1] if self.user.digest else 0
        place = data.find(signature) if len(signature) == size else -1
        if not size or place < 0 or not self._key:
            raise Garbled
        blank = data[:place] + bytes(size) + data[place + size :]
        if not hmac.compare_digest(self._signature(blank), signature):
            raise Garbled
        return True

    def _encrypted(self, clear: bytes) -> tuple[bytes, bytes]:
        self._salt = (self._salt + 1) % (1 << 64)
        if self.user.cipher == "des":
            salt = self.boots.to_bytes(4, "big") + (self._salt % (1 << 32)).to_bytes(4, "big")
            clear += bytes(-len(clear) % 8)
        else:
            salt = self._salt.to_bytes(8, "big")
        coder = self._cipher(salt, (self.boots, self.time)).encryptor()
        return coder.update(clear) + coder.finalize(), salt

    def _decrypted(self, content: bytes, salt: bytes, when: tuple[int, int]) -> bytes:
        if not self._privacy or len(salt) != 8 or (self.user.cipher == "des" and len(content) % 8):  # noqa: PLR2004 -- bytes
            raise Garbled
        coder = self._cipher(salt, when).decryptor()
        return coder.update(content) + coder.finalize()

    def _cipher(self, salt: bytes, when: tuple[int, int]) -> "Cipher[CBC] | Cipher[CFB]":
        if self.user.cipher == "des":
            key, mask = self._privacy[:8], self._privacy[8:16]
            start = bytes(one ^ other for one, other in zip(mask, salt, strict=True))
            return Cipher(TripleDES(key * 3), CBC(start))
        try:
            start = b"".join(one.to_bytes(4, "big") for one in when) + salt
        except OverflowError as error:
            raise Garbled from error
        return Cipher(AES128(self._privacy), CFB(start))


def _four(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    parts = [content for _, content in elements(data)]
    if len(parts) != 4:  # noqa: PLR2004 -- number, size, flags, model
        raise Garbled
    return parts[0], parts[1], parts[2], parts[3]
