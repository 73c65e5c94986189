"""Addresses: their domain, and texts in which who stands before it is taken out."""

import re

TAKEN_OUT = "***"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,})")
MAX_TEXT = 8 * 1024 * 1024


def masked(text: str) -> str:
    """Take out who each address is at its domain."""
    return _ADDRESS.sub(rf"{TAKEN_OUT}@\1", text)


def domains(text: str) -> list[str]:
    """The domain of each address, in order, lower case."""
    return [found.lower() for found in _ADDRESS.findall(text)]


def domain_of(address: str | None) -> str | None:
    """The domain of one address."""
    return next(iter(domains(address or "")), None)
