"""Kea: the ``memfile`` of leases (CSV), and the answer to ``lease4-get-all`` (JSON)."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

import msgspec
from msgspec import Struct, field

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Place
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import Station, decoded, instant, sighted

HEADING = b"address,hwaddr,client_id,valid_lifetime,expire,subnet_id"
GIVEN = 0
"""State of a lease in force; 1: declined, 2: expired and taken back."""


class _Lease(Struct, frozen=True):
    ip_address: str = field(name="ip-address")
    hw_address: str = field(name="hw-address", default="")
    subnet_id: int = field(name="subnet-id", default=0)
    cltt: int = 0
    hostname: str = ""
    state: int = 0


class _Arguments(Struct, frozen=True):
    leases: list[_Lease]


class _Answer(Struct, frozen=True):
    arguments: _Arguments


def recognises_csv(data: bytes) -> bool:
    """It has the heading of a memfile for IPv4."""
    return data.removeprefix(b"\xef\xbb\xbf").startswith(HEADING)


def recognises_json(data: bytes) -> bool:
    """It is an answer with leases in it."""
    start = data[:65536]
    return start.lstrip()[:1] in (b"{", b"[") and b'"leases"' in start and b'"hw-address"' in start


def read_csv(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one memfile, a journal as well: the last line of a card stands. Raises Unreadable."""

    def stations() -> Iterator[Station]:
        for number, row in enumerate(csv.DictReader(StringIO(decoded(data), newline="")), start=2):
            try:
                yield from _row(row)
            except ValueError as error:
                raise Unreadable("malformed", f"line {number}") from error

    try:
        yield from sighted(stations(), device, Place.LEASE)
    except csv.Error as error:
        raise Unreadable("not_a_csv") from error


def _row(row: dict[str, Any]) -> Iterator[Station]:
    state, life, ends = (int(row.get(name) or 0) for name in ("state", "valid_lifetime", "expire"))
    if state == GIVEN and life > 0:
        at = instant(ends - life)
        yield Station(row["hwaddr"] or "", _subnet(row.get("subnet_id")), row["address"], row.get("hostname"), None, at)


def read_json(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one answer. Raises Unreadable."""
    try:
        told = msgspec.json.decode(data, type=list[_Answer] | _Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("not_leases") from error
    answers = told if isinstance(told, list) else [told]
    stations = (
        Station(one.hw_address, _subnet(one.subnet_id), one.ip_address, one.hostname, None, instant(one.cltt))
        for answer in answers
        for one in answer.arguments.leases
        if one.state == GIVEN
    )
    yield from sighted(stations, device, Place.LEASE)


def _subnet(ident: object) -> str:
    return f"dhcp {ident}" if ident not in (None, "", 0, "0") else "dhcp"


KEA_CSV = Sort("kea-memfile", recognises_csv, read_csv)
KEA_JSON = Sort("kea-leases", recognises_json, read_json)
