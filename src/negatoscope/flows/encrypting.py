"""TLS for a console that has none: a certificate of its own, and the settings that make it listen with it."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import msgspec

from negatoscope.config import Config, Tls
from negatoscope.kit.authority import Certified, certify
from negatoscope.kit.durable import write_durably

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what the person asked for: a console that others reach


class NotEncrypted(Exception):  # noqa: N818 -- what it is
    """Nothing was changed. ``args[0]``: ``tls_set``, ``listens``, ``not_a_name``; ``args[1]``: which name."""


def folder(config: Config) -> Path:
    """Where a console's own certificate is kept."""
    return config.key_folder / "tls"


def authority(config: Config) -> str | None:
    """The authority that agents must be given, in PEM; ``None``: the console's certificate is not its own."""
    own = config.tls is not None and config.tls.certificate == folder(config) / "certificate.pem"
    file = folder(config) / "authority.pem"
    return file.read_text() if own and file.exists() else None


def encrypt(config: Config, names: Sequence[str], at: datetime) -> tuple[Config, Certified]:
    """Make a certificate for these names and write the settings down; they hold from the next start.

    Raises NotEncrypted.
    """
    if config.tls is not None:
        raise NotEncrypted("tls_set", "")
    for name in names:
        if not _is_address(name) and not HOST.fullmatch(name):
            raise NotEncrypted("not_a_name", name)
    file = config.data / "negatoscope.toml"
    before = file.read_text() if file.exists() else ""
    if re.search(r"^\s*(host|names)\s*=", before, re.MULTILINE):
        raise NotEncrypted("listens", "")
    made, where = certify(names, at), folder(config)
    parts = {"authority": made.authority, "certificate": made.certificate, "key": made.key}
    for name, data in parts.items():
        write_durably(where / f"{name}.pem", data)
    tls = Tls(where / "certificate.pem", where / "key.pem")
    listens = (f"host = {_quoted(EVERYWHERE)}", f"names = [{', '.join(map(_quoted, names))}]")
    files = (f"certificate = {_quoted(tls.certificate)}", f"key = {_quoted(tls.key)}")
    said = (*listens, before.strip(), "[tls]", *files, "")
    write_durably(file, "\n".join(said).encode())
    return msgspec.structs.replace(config, host=EVERYWHERE, names=tuple(names), tls=tls), made


def _quoted(value: object) -> str:
    """A string of TOML: JSON's are that too."""
    return json.dumps(str(value), ensure_ascii=False)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
