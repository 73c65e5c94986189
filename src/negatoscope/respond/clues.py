"""Indicators, typed and brought to one form: what others search for must be exactly what was seen."""

import re
from ipaddress import ip_address

from negatoscope.model.incident import Clue

DIGITS = {32, 40, 64, 128}
"""Of MD5, SHA-1, SHA-256 and SHA-512."""
LONGEST = 260
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_ARMED = (("hxxp", "http"), ("[.]", "."), ("(.)", "."), ("[:]", ":"))
"""How people write what must not be clicked."""


class Unlikely(ValueError):  # noqa: N818 -- what it is
    """A value is none of its kind. The message is the kind."""


def clue(kind: Clue, said: str) -> str:
    """One form of an indicator. Raises Unlikely."""
    value = " ".join(said.split())
    if not value or len(value) > LONGEST or not value.isprintable():
        raise Unlikely(kind)
    match kind:
        case Clue.ADDRESS:
            return _address(_armed(value))
        case Clue.DOMAIN:
            return _domain(_armed(value))
        case Clue.HASH:
            return _hash(value)
    return value


def _armed(value: str) -> str:
    for safe, real in _ARMED:
        value = value.replace(safe, real)
    return value


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise Unlikely(Clue.ADDRESS) from error


def _domain(value: str) -> str:
    """A name, or that of an address (URL)."""
    host = value.lower().partition("://")[2] or value.lower()
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise Unlikely(Clue.DOMAIN) from error
    if not _DOMAIN.fullmatch(name):
        raise Unlikely(Clue.DOMAIN)
    return name


def _hash(value: str) -> str:
    digest = value.lower().replace(" ", "")
    if len(digest) not in DIGITS or re.fullmatch(r"[0-9a-f]+", digest) is None:
        raise Unlikely(Clue.HASH)
    return digest
