"""Reports of the staff: who may send one, what may be joined, what to do at once (``tips.toml``). Pure."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said
from negatoscope.model.tip import Door, Look
from negatoscope.respond.reflex import Reflex, Sheet, Step, shared, sheets

Network = IPv4Network | IPv6Network
MOST_FILE, MOST_FILES, MOST_KEPT = 10 * 1024 * 1024, 3, 10
"""Octets of a file, files sent at once, files of one report in all."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, GROUP = 12, 4
PRIVATE: tuple[Network, ...] = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",  # RFC 1918, 1122, 3927
        "::1/128", "fc00::/7", "fe80::/10",  # RFC 4291, 4193
    )
)  # fmt: skip
HEADERS = (b"from:", b"to:", b"subject:", b"date:", b"received:", b"message-id:", b"return-path:", b"delivered-to:")
ENOUGH = 3
"""Header fields of a mail that must be there for a file to be one."""
HEAD = 64 * 1024
"""Octets of a file that are looked at."""
HEIC = (b"heic", b"heix", b"mif1", b"heif")


class Guidance(Struct, frozen=True, forbid_unknown_fields=True):
    """What is offered to somebody who sees this."""

    look: Look
    says: Said
    machine: bool
    """A machine may be in somebody's hands: what protects patients and traces stands first."""
    sheet: Reflex | None = None


class Poster(Struct, frozen=True, forbid_unknown_fields=True):
    """What hangs near each desk, in both languages at once."""

    title: Said
    text: Said


class _Book(Struct, frozen=True, forbid_unknown_fields=True):
    poster: Poster
    looks: tuple[Guidance, ...]


@cache
def _book() -> _Book:
    return msgspec.toml.decode(Path(__file__).with_name("tips.toml").read_bytes(), type=_Book)


@cache
def guidance() -> dict[Look, Guidance]:
    """What each sight asks for, in the order in which it is offered. Raises msgspec.ValidationError."""
    return {one.look: one for one in _book().looks}


def poster() -> Poster:
    """What hangs near each desk. Raises msgspec.ValidationError."""
    return _book().poster


def sheet_of(look: Look) -> Sheet | None:
    """The reflex sheet of what was seen; ``None``: none is known to fit."""
    return next((one for one in sheets() if one.id == guidance()[look].sheet), None)


def advice(look: Look) -> tuple[tuple[Step, ...], tuple[Step, ...], tuple[Step, ...]]:
    """First of all, what to do, what not to do: the words of the reflex sheets."""
    told, sheet, machine = shared(), sheet_of(look), guidance()[look].machine
    asked = {"patient", "modality", "warn"} if machine else {"warn"}
    first = tuple(one for one in told.first if one.id in asked)
    dont = (*((told.power,) if machine else ()), *(sheet.dont if sheet else ()))
    return first, sheet.do if sheet else (), dont


def spelt(code: str) -> str:
    """A receipt as it is kept, however somebody typed it; empty: it cannot be one."""
    letters = "".join(sign for sign in code.upper() if sign.isalnum())
    return letters if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """A receipt as it is read aloud."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def plain_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, IPv4 where it is one dressed as IPv6; ``None``: it is none."""
    try:
        told = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (told.ipv4_mapped or told) if isinstance(told, IPv6Address) else told


def admits(door: Door, address: str, networks: Iterable[Network], declared: Iterable[Network]) -> bool:
    """Whether the page is open to an address: listed networks alone, or those that are private or declared."""
    told = plain_address(address)
    if told is None or door is Door.CLOSED:
        return False
    within = networks if door is Door.LISTED else (*PRIVATE, *declared)
    return any(told in one for one in within if one.version == told.version)


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks as somebody listed them. Raises ValueError: one that is none."""
    return tuple(ip_network(word, strict=False) for word in text.replace(",", " ").replace(";", " ").split())


def kind_of(head: bytes) -> str | None:
    """What a file is by its first bytes: a photo, a mail; ``None``: neither. Its name is not asked."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return "heic"
    if head.startswith(bytes.fromhex("d0cf11e0a1b11ae1")) and "__nameid_version".encode("utf-16-le") in head:
        return "msg"
    return "eml" if _is_mail(head) else None


def _is_mail(head: bytes) -> bool:
    """Header fields of a mail stand at the beginning, and nothing that is no text."""
    fields = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = [line for line in fields.split(b"\n") if line]
    well = all(line[:1] in b" \t" or b":" in line or line.startswith(b"From ") for line in lines)
    found = {name for name in HEADERS for line in lines if line.lower().startswith(name)}
    return well and b"\0" not in fields and len(found) >= ENOUGH
