"""What every format tells of a station, and the sightings made of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.switching import Place, Sighting
from negatoscope.observe.cards import card, maker
from negatoscope.observe.collector import Item, Unreadable

MAX_STATIONS = 200_000
LONGEST_NAME = 253
UNKNOWN_NETWORK = "dhcp"
"""Where a lease is whose file does not name its network."""


@dataclass(frozen=True, slots=True)
class Station:
    """One line: a card, as the format spells it, and what is said of it."""

    mac: str
    where: str = UNKNOWN_NETWORK
    address: str | None = None
    name: str | None = None
    first: datetime | None = None
    last: datetime | None = None


def sighted(stations: Iterable[Station], device: Ref, by: Place) -> Iterator[Item]:
    """One sighting a card and place, and the sweep: the whole table was read. Raises Unreadable past the limit."""
    found: dict[tuple[str, str], Sighting] = {}
    for number, one in enumerate(stations):
        if number >= MAX_STATIONS:
            raise Unreadable("too_large", f"line {number}")
        mac = card(one.mac)
        if mac is None:
            continue
        seen = Sighting(
            device, mac, by, one.where, _address(one.address), _name(one.name), None, one.first, one.last, maker(mac)
        )
        before = found.get((mac, one.where))
        found[mac, one.where] = _joined(before, seen) if before else seen
    yield from found.values()
    yield Sweep("Sighting", device)


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 where its first signs say so, else Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def instant(seconds: float) -> datetime | None:
    """Seconds since 1970, where a date can hold them; 0 says nothing."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _joined(before: Sighting, after: Sighting) -> Sighting:
    """The later of two lines on one card, with the first instant of both."""
    old, new = sorted(
        (before, after), key=lambda one: one.last_seen or one.first_seen or datetime.min.replace(tzinfo=UTC)
    )
    firsts = [one.first_seen for one in (old, new) if one.first_seen]
    return replace(
        new, name=new.name or old.name, address=new.address or old.address, first_seen=min(firsts, default=None)
    )


def _address(text: str | None) -> str | None:
    try:
        return str(ip_address((text or "").strip().partition("%")[0]))
    except ValueError:
        return None


def _name(text: str | None) -> str | None:
    plain = (text or "").strip().strip('"').rstrip(".")
    return plain[:LONGEST_NAME] if plain not in {"", "*", "?", "-"} and plain.isprintable() else None
