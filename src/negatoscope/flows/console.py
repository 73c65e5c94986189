"""The console: everything a flow needs at hand, opened once."""

import hashlib
import hmac
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
from negatoscope.store.vault import Vault


@dataclass(frozen=True)
class Keys:
    """The key files, kept outside database and backup."""

    folder: Path

    def signing(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints; made at the first need."""
        file = self.folder / "ledger.pem"
        if not file.exists():
            self.prepare_signing(Ed25519PrivateKey.generate())
            self.promote()
        return self._load(file)

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
        """A keyed name for a person or process: the ledger never holds the real one."""
        file = self.folder / "pseudonym.key"
        if not file.exists():
            write_durably(file, Ed25519PrivateKey.generate().private_bytes_raw())
        return hmac.new(file.read_bytes(), who.encode(), hashlib.sha256).hexdigest()[:32]


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
