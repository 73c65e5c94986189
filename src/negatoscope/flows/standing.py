"""Looks made from elsewhere, by ``negatoscope vantage``: dated by their own end, refused where they cannot be true."""

from datetime import UTC
from io import BytesIO
from ipaddress import ip_address, ip_network

from negatoscope.flows.console import Console
from negatoscope.flows.importing import AHEAD, MAX_TARGET, Refused
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.canonical import sha256
from negatoscope.model.networks import Network
from negatoscope.model.traffic import INTERNET
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.vantage.collector import VANTAGE
from negatoscope.observe.vantage.read import Header, parsed
from negatoscope.store import observations


def import_vantage(console: Console, data: bytes, operator: str) -> Outcome:
    """Register a look made from elsewhere. Raises Refused, DiskFull; an unreadable file is kept, and an outcome."""
    try:
        header, _, end = parsed(BytesIO(data))
    except Unreadable:
        return deliver(console, Delivery(VANTAGE.name, f"import {sha256(data)[:12]}", operator, "import", data))
    if end.at is None or end.at.utcoffset() is None:
        raise Refused("scan_undated")
    now, at = console.clock(), end.at.astimezone(UTC)
    if at > now + AHEAD:
        raise Refused("scan_ahead", on=f"{at:%Y-%m-%d %H:%M}")
    if _from_within(console, header):
        raise Refused("look_inside", address=header.address)
    target = f"{header.origin} → {header.target}"[:MAX_TARGET]
    last = observations.last_looks(console.practice, VANTAGE.name).get(target)
    if last and at <= last:
        raise Refused("scan_older", on=f"{last:%Y-%m-%d %H:%M}")
    return deliver(console, Delivery(VANTAGE.name, target, operator, "import", data, min(at, now)))


def _from_within(console: Console, header: Header) -> bool:
    """Whether a look that says it comes from the Internet left from an address of the practice."""
    if header.origin != INTERNET or not header.address:
        return False
    networks = StoredRegister(console.practice).seen(Network).facts
    return any(ip_address(header.address) in ip_network(one.cidr) for one in networks)
