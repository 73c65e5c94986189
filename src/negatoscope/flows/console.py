"""The console: everything a flow needs at hand, opened once."""

import errno
import hashlib
import hmac
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from negatoscope.config import Config
from negatoscope.kit.clock import Clock
from negatoscope.kit.durable import sync_folder, write_durably
from negatoscope.kit.lock import held
from negatoscope.store import ledger
from negatoscope.store.vault import Vault


class KeyLost(OSError):  # noqa: N818 -- what it is
    """A key file is missing and something leans on it: no other may take its place unseen."""

    def __init__(self, file: Path) -> None:
        """Name the file, and what to do."""
        super().__init__(errno.ENOENT, "the console leans on this key; put it back from your copy", str(file))


@dataclass(frozen=True)
class Keys:
    """The key files, kept outside database and backup. Both are made before the ledger's first entry, never later."""

    folder: Path

    def signing(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints. Raises KeyLost."""
        return self._load(self._there("ledger.pem"))

    def _there(self, name: str) -> Path:
        """The file of a key, made with the other one while the ledger is empty. Raises KeyLost."""
        pseudonyms, signing = self.folder / "pseudonym.key", self.folder / "ledger.pem"
        if not (pseudonyms.exists() and signing.exists()) and ledger.last() is None:
            with self.alone("making"):
                if not signing.exists():
                    self.prepare_signing(Ed25519PrivateKey.generate())
                    self.promote()
                if not pseudonyms.exists():
                    write_durably(pseudonyms, Ed25519PrivateKey.generate().private_bytes_raw())
        file = self.folder / name
        if not file.exists():
            raise KeyLost(file)
        return file

    def alone(self, act: str) -> AbstractContextManager[None]:
        """One process at a time for this act: ``making`` or ``rotation``."""
        return held(self.folder / f"{act}.lock")

    def _load(self, file: Path) -> Ed25519PrivateKey:
        key = load_pem_private_key(file.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{file} holds no Ed25519 key")
        return key

    def prepare_signing(self, key: Ed25519PrivateKey) -> None:
        """Lay the next signing key beside the present one."""
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_durably(self.folder / "ledger.next.pem", pem)

    def prepared(self) -> Ed25519PrivateKey | None:
        """The next signing key, if one was laid out and not put in place."""
        file = self.folder / "ledger.next.pem"
        return self._load(file) if file.exists() else None

    def promote(self) -> None:
        """Put the prepared key in place."""
        (self.folder / "ledger.next.pem").rename(self.folder / "ledger.pem")
        sync_folder(self.folder)

    def pseudonym(self, who: str) -> str:
        """A keyed name for a person or process: the ledger never holds the real one. Raises KeyLost."""
        return hmac.new(self._there("pseudonym.key").read_bytes(), who.encode(), hashlib.sha256).hexdigest()[:32]

    def veil(self) -> bytes:
        """The key behind which events keep patients and studies, made from that of pseudonyms. Raises KeyLost."""
        return hmac.new(self._there("pseudonym.key").read_bytes(), b"veil of events", hashlib.sha256).digest()


@dataclass(frozen=True)
class Console:
    """One practice's register, its vault, its keys, and the clock."""

    config: Config
    practice: int
    site: int
    clock: Clock

    @cached_property
    def vault(self) -> Vault:
        """Where raw captures are."""
        return Vault(self.config.vault)

    @cached_property
    def keys(self) -> Keys:
        """Where the key files are."""
        return Keys(self.config.key_folder)
