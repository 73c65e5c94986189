"""``negatoscope.toml`` into typed, frozen settings: only what must be known before the database opens."""

import os
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

DATA_VARIABLE = "NEGATOSCOPE_DATA"


class ConfigError(Exception):
    """The configuration cannot be used; the message names the file and the remedy."""


class Tls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Certificate chain and private key, PEM files."""

    certificate: Path
    key: Path


class Demonstration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data directory holds a fictional practice: its captures tell of a day that has passed."""

    opens: datetime
    """The instant at which the story opens."""
    built: datetime
    """When it was laid out on this machine."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where things are. Paths are absolute once loaded."""

    data: Path = Path("data")
    keys: Path | None = None
    """Folder of the key files; keep it out of the backups of ``data``. Default: ``keys`` in the data directory."""
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    """Further host names under which browsers reach the console."""
    tls: Tls | None = None
    demonstration: Demonstration | None = None
    database: str | None = None
    """A PostgreSQL database, ``postgresql://user@host/name?sslmode=verify-full&passfile=/path``. Default: the embedded
    one. The password stands in the passfile (or in the one that PGPASSFILE names, or in a service file), never here."""

    @property
    def embedded(self) -> Path:
        """The embedded database's file, whether it is used or not."""
        return self.data / "negatoscope.sqlite3"

    @property
    def vault(self) -> Path:
        """Raw captures and the journal."""
        return self.data / "vault"

    @property
    def loopback(self) -> bool:
        """Only this machine reaches the console."""
        return self.host == "localhost" or bool(_address(self.host) and ip_address(self.host).is_loopback)

    @property
    def address(self) -> str:
        """Where browsers find the console. WebAuthn refuses IP addresses: loopback is shown by its name."""
        everywhere = _address(self.host) and ip_address(self.host).is_unspecified
        host = self.names[0] if everywhere and self.names else self.host
        return f"{'https' if self.tls else 'http'}://{'localhost' if self.loopback else host}:{self.port}/"

    @property
    def key_folder(self) -> Path:
        """Where the key files are."""
        return self.keys or self.data / "keys"


def _address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def load(data: Path | None = None) -> Config:
    """Read ``negatoscope.toml`` in the data directory (argument, else environment, else ./data)."""
    folder = (data or Path(os.environ.get(DATA_VARIABLE, "data"))).resolve()
    file = folder / "negatoscope.toml"
    try:
        text = file.read_bytes() if file.exists() else b""
        config = msgspec.toml.decode(text, type=Config, dec_hook=lambda kind, value: kind(value))
    except (msgspec.MsgspecError, OSError) as error:
        raise ConfigError(f"{file}: {error}") from error
    if config.database is not None:
        _check(file, config.database)
    return msgspec.structs.replace(config, data=folder, keys=(folder / config.keys) if config.keys else None)


def _check(file: Path, database: str) -> None:
    """Refuse what names no PostgreSQL database, and a password; neither is repeated in the message."""
    try:
        parts, options = urlsplit(database), parse_qs(urlsplit(database).query)
    except ValueError as error:
        raise ConfigError(f"{file}: database is not an address") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ConfigError(f"{file}: database must be postgresql://user@host/name")
    if ("@" in parts.netloc and ":" in parts.netloc.rpartition("@")[0]) or {"password", "sslpassword"} & set(options):
        raise ConfigError(f'{file}: no password in database; put it in a file, database = "…?passfile=/path"')
