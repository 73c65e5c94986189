"""``negatoscope.toml`` into typed, frozen settings: only what must be known before the database opens."""

import os
from datetime import datetime
from pathlib import Path

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

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.data / "negatoscope.sqlite3"

    @property
    def vault(self) -> Path:
        """Raw captures and the journal."""
        return self.data / "vault"

    @property
    def key_folder(self) -> Path:
        """Where the key files are."""
        return self.keys or self.data / "keys"


def load(data: Path | None = None) -> Config:
    """Read ``negatoscope.toml`` in the data directory (argument, else environment, else ./data)."""
    folder = (data or Path(os.environ.get(DATA_VARIABLE, "data"))).resolve()
    file = folder / "negatoscope.toml"
    try:
        text = file.read_bytes() if file.exists() else b""
        config = msgspec.toml.decode(text, type=Config, dec_hook=lambda kind, value: kind(value))
    except (msgspec.MsgspecError, OSError) as error:
        raise ConfigError(f"{file}: {error}") from error
    return msgspec.structs.replace(config, data=folder, keys=(folder / config.keys) if config.keys else None)
