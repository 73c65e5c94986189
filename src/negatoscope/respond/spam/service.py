"""What the service takes, and what its answers mean (``service.toml``: dated, with its source). Pure."""

from base64 import b64encode
from datetime import date
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

KIND = "application/x-www-form-urlencoded"
REFUSED_ACCOUNT = (401, 403)
TOO_MANY, TOO_LARGE, BROKEN = 429, 413, 500


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is, how sure that is, and its contract. ``most``: octets of a mail that we send."""

    address: str
    site: str
    source: str
    as_of: date
    confidence: str
    field: str
    taken: frozenset[int]
    known: frozenset[int]
    most: int


@cache
def service() -> Service:
    """The service as it was last read about. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("service.toml").read_bytes(), type=Service)


def body(mail: bytes) -> bytes:
    """The form that leaves: the mail's own octets, none changed, in base64."""
    return urlencode({service().field: b64encode(mail).decode()}).encode()


def fits(address: str) -> bool:
    """Whether the account and a mail may go to an address: encrypted, or within this machine."""
    try:
        told = urlsplit(address)
        well = bool(told.hostname) and told.port != 0 and not (told.username or told.password or told.fragment)
    except ValueError:
        return False
    plain = all(sign.isascii() and sign.isprintable() and sign != " " for sign in address)
    return well and plain and (told.scheme == "https" or (told.scheme == "http" and _here(told.hostname or "")))


def _here(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def why_not(status: int) -> str:
    """Why a mail was not taken, as a code; empty: it was."""
    if status in service().taken:
        return ""
    if status in REFUSED_ACCOUNT:
        return "account"
    if status in {TOO_MANY, TOO_LARGE}:
        return "too_many" if status == TOO_MANY else "too_large_there"
    return "broken_there" if status >= BROKEN else "not_taken"
