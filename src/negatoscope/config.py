"""``negatoscope.toml`` into typed, frozen settings: only what must be known before the database opens."""

import os
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

DATA_VARIABLE = "NEGATOSCOPE_DATA"
DOORS = {
    "flows": "0.0.0.0:2055",
    "probes": "0.0.0.0:8443",
    "syslog": "0.0.0.0:5514",
    "syslog_tls": "0.0.0.0:6514",
    "bulk": "0.0.0.0:9200",
}
"""Settings that name an address to listen on, with an example of each."""


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
    flows: str | None = None
    """Where flow exporters (NetFlow, IPFIX) send to, ``address:port``: UDP, in clear by nature. Default: nowhere."""
    probes: str | None = None
    """Where probes on the network deliver, ``address:port``: HTTPS, certificates on both sides. Default: nowhere."""
    syslog: str | None = None
    """Where devices send syslog to, ``address:port``: datagrams and streams, in clear by nature. Default: nowhere."""
    syslog_tls: str | None = None
    """Where syslog comes in TLS (RFC 5425), ``address:port``, with the certificate of ``[tls]``. Default: nowhere."""
    syslog_clients: Path | None = None
    """The authorities (PEM) that alone vouch for those who send syslog in TLS; then each must show a certificate."""
    bulk: str | None = None
    """Where ``POST /_bulk`` is answered, ``address:port``: with tokens, beyond loopback in TLS. Default: nowhere."""
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
    def flow_door(self) -> tuple[str, int] | None:
        """Address and port where flow exporters send to."""
        return _place(self.flows)

    @property
    def probe_door(self) -> tuple[str, int] | None:
        """Address and port where probes deliver."""
        return _place(self.probes)

    @property
    def syslog_door(self) -> tuple[str, int] | None:
        """Address and port of syslog in clear."""
        return _place(self.syslog)

    @property
    def syslog_tls_door(self) -> tuple[str, int] | None:
        """Address and port of syslog in TLS."""
        return _place(self.syslog_tls)

    @property
    def bulk_door(self) -> tuple[str, int] | None:
        """Address and port of ``POST /_bulk``."""
        return _place(self.bulk)

    @property
    def hears(self) -> bool:
        """Whether any door for logs is named."""
        return any((self.syslog, self.syslog_tls, self.bulk))

    @property
    def key_folder(self) -> Path:
        """Where the key files are."""
        return self.keys or self.data / "keys"


def _place(door: str | None) -> tuple[str, int] | None:
    if door is None:
        return None
    address, _colon, port = door.rpartition(":")
    return address.strip("[]"), int(port)


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
    for name in DOORS:
        if (door := getattr(config, name)) is not None:
            _check_door(file, name, door)
    _check_protection(file, config)
    return msgspec.structs.replace(
        config,
        data=folder,
        keys=(folder / config.keys) if config.keys else None,
        syslog_clients=(folder / config.syslog_clients) if config.syslog_clients else None,
    )


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


def _check_door(file: Path, name: str, door: str) -> None:
    """Refuse what is no address with a port."""
    address, _colon, port = door.rpartition(":")
    if not _address(address.strip("[]")) or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ConfigError(f'{file}: {name} must be an address and a port, {name} = "{DOORS[name]}"')


def _check_protection(file: Path, config: Config) -> None:
    """Refuse doors that promise TLS without a certificate, and tokens shown in clear on a network."""
    if config.syslog_tls is not None and config.tls is None:
        raise ConfigError(f"{file}: syslog_tls needs [tls] certificate and key (negatoscope tls NAME makes them)")
    if config.syslog_clients is not None and config.syslog_tls is None:
        raise ConfigError(f"{file}: syslog_clients says who may send to syslog_tls, which is not set")
    place = config.bulk_door
    if place is not None and config.tls is None and not ip_address(place[0]).is_loopback:
        raise ConfigError(f"{file}: bulk shows tokens: beyond 127.0.0.1 it needs [tls] certificate and key")
