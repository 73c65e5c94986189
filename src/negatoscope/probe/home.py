"""The probe's folder: its key, whom it works for, and nothing of the network it stands on."""

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import Struct

from negatoscope.kit.durable import sync_folder, write_durably

STANDARD = Path("/var/lib/negatoscope-probe")


class Trouble(Exception):  # noqa: N818 -- the house's word
    """The verb cannot be done. ``why`` is a code of ``words.toml``, with the values that complete it."""

    def __init__(self, why: str, /, **values: object) -> None:
        """Keep the code and its values."""
        super().__init__(why)
        self.why = why
        self.values = values


class Identity(Struct, frozen=True):
    """Whom the probe works for."""

    id: str
    authority: str
    """PEM."""
    recipients: tuple[str, ...]
    """age public keys for whom parcels are sealed."""
    console: str = ""
    """``https://name:port``; empty: no network between them."""
    certificate: str = ""
    """PEM; empty until the console signed the request in."""
    secret: str = ""
    """Hexadecimal, vouches for the request of a probe enrolled by file; empty once signed in."""


class State(Struct, frozen=True):
    """What ``status`` says; it tells nothing of the network."""

    contact: datetime | None = None
    delivered: datetime | None = None
    offset: float | None = None
    """Seconds by which the console's clock is ahead of ours."""
    trouble: str = ""
    full_since: datetime | None = None
    """No look is made since then: there was no room for what it would bring."""


class Home:
    """The folder, opened: 0700, ours, and read by nobody else."""

    def __init__(self, folder: Path) -> None:
        """Raises Trouble where somebody else may read it."""
        self.folder = folder
        for path in (folder, *self._private()):
            _check(path)

    @classmethod
    def make(cls, folder: Path) -> "Home":
        """The folder, made where missing. Raises Trouble, OSError."""
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
        return cls(folder)

    def _private(self) -> Iterator[Path]:
        yield from (one for one in (self.key_file, self.identity_file) if one.exists())

    @property
    def key_file(self) -> Path:
        """The private key, PEM: it never leaves the probe."""
        return self.folder / "key.pem"

    @property
    def certificate_file(self) -> Path:
        """The certificate, where ``ssl`` reads it."""
        return self.folder / "certificate.pem"

    @property
    def identity_file(self) -> Path:
        """Whom the probe works for."""
        return self.folder / "identity.json"

    @property
    def spool(self) -> Path:
        """Where parcels wait."""
        return self.folder / "spool"

    @property
    def enrolled(self) -> bool:
        """Whether the probe works for a console."""
        return self.identity_file.exists()

    def identity(self) -> Identity:
        """Raises Trouble where the probe is not enrolled."""
        try:
            return msgspec.json.decode(self.identity_file.read_bytes(), type=Identity)
        except FileNotFoundError as error:
            raise Trouble("not_enrolled") from error
        except msgspec.MsgspecError as error:
            raise Trouble("folder_damaged", file=self.identity_file) from error

    def key(self) -> ec.EllipticCurvePrivateKey:
        """The probe's key. Raises Trouble."""
        try:
            key = load_pem_private_key(self.key_file.read_bytes(), None)
        except (OSError, ValueError) as error:
            raise Trouble("folder_damaged", file=self.key_file) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Trouble("folder_damaged", file=self.key_file)
        return key

    def new_key(self) -> ec.EllipticCurvePrivateKey:
        """Make the probe's key."""
        key = ec.generate_private_key(ec.SECP256R1())
        write_durably(self.key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return key

    def settle(self, identity: Identity) -> None:
        """Keep whom the probe works for."""
        if identity.certificate:
            write_durably(self.certificate_file, identity.certificate.encode())
        write_durably(self.identity_file, msgspec.json.encode(identity))

    def state(self) -> State:
        """What was last written down; a damaged file tells nothing."""
        try:
            return msgspec.json.decode((self.folder / "state.json").read_bytes(), type=State)
        except (OSError, msgspec.MsgspecError):
            return State()

    def note(self, state: State) -> None:
        """Write the state down."""
        write_durably(self.folder / "state.json", msgspec.json.encode(state))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process works in the folder. Raises Trouble where another one does."""
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Trouble("already_running", folder=self.folder) from error
            yield

    def forget(self) -> None:
        """Destroy the key first, then all the rest."""
        for path in (self.key_file, self.identity_file):
            if path.exists():
                with path.open("r+b") as file:
                    file.write(secrets.token_bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
        sync_folder(self.folder)
        shutil.rmtree(self.spool, ignore_errors=True)
        for path in self.folder.iterdir():
            if path.is_file():
                path.unlink()
        sync_folder(self.folder)


def certificate(pem: str) -> x509.Certificate:
    """Read a certificate. Raises Trouble."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise Trouble("not_a_certificate") from error


def public_key(pem: str) -> ec.EllipticCurvePublicKey:
    """The key of a certificate. Raises Trouble where it is not of our kind."""
    key = certificate(pem).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Trouble("not_a_certificate")
    return key


def _check(path: Path) -> None:
    """Raise Trouble where the path is missing, not ours, or open to others."""
    try:
        found = path.lstat()
    except FileNotFoundError as error:
        raise Trouble("not_enrolled") from error
    if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Trouble("folder_open", file=path)
