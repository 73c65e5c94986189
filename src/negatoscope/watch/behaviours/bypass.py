"""Rule 26, fifth situation: the security policy is bypassed.

An erased log; a removable medium where none is allowed; a device that nobody knows; a host taken over from outside, or
a provider who comes, at a time that nobody agreed to; an administrator's account, or a host of a zone of
administration, on the Internet (rule 28); a protocol in clear; a connection, or a service, that the practice allows
between no such zones. One event is told as one of them, the first of this list. What a firewall refused bypassed
nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from negatoscope.model.clear import ALWAYS_CLEAR, INSTEAD, PORTS, SURE
from negatoscope.model.event import Action, Told
from negatoscope.model.evidence import Values
from negatoscope.model.remote import BY_PORT, RELAYS, hours_of, turn
from negatoscope.watch.behaviours.growing import Cases, Matter, trim
from negatoscope.watch.calendar import instant, local, named, subject
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import INTERNET, Known, allows

CODE = "bypass"
ACTIONS = frozenset({
    Action.CONNECTION, Action.LOGON, Action.DEVICE_SEEN, Action.MEDIUM_PLUGGED, Action.LOG_CLEARED,
})  # fmt: skip
TAKING_OVER = {
    "ssh": "SSH", "rdp": "RDP", "ms-wbt-server": "RDP", "vnc": "VNC", "telnet": "Telnet", "winrm": "WinRM",
    "teamviewer": "TeamViewer", "anydesk": "AnyDesk", "rustdesk": "RustDesk",
}  # fmt: skip
COMING_IN = frozenset({*TAKING_OVER, "vpn"})
PROXY = "proxy"
"""The category of what a proxy tells."""
DEVICES_AT_MOST = 20_000
ANSWERS_AT_MOST = 50_000
MANY = 5
"""New devices of one place and day told one by one; more are one case: a new lot, or a sweep."""
MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned."""

    clear: frozenset[str] = frozenset(SURE)
    """Protocols in clear that nobody may use: those that a port alone betrays."""
    own_updates: frozenset[str] = frozenset()
    """Destinations outside that administrators' accounts and stations may reach, as addresses or names: updates."""
    device_days: int = 30
    """Days after which an unknown device that comes back is told again."""
    random_devices: bool = False
    """Whether devices that make their address up, as telephones do, are told in zones for guests."""


class State(msgspec.Struct):
    """What the behaviour remembers. ``devices``: unknown ones, and when each was last told."""

    devices: dict[str, datetime] = {}
    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


class Asked(msgspec.Struct, frozen=True):
    """What an event is weighed against."""

    state: State
    known: Known
    settings: Settings


Found = tuple[str, Matter]
"""The slot of its case, and what it is about."""


def look(events: Iterable[Told], state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    """Tell each bypass, once a subject and day, again as it grows."""
    asked = Asked(state, known, settings)
    for told in events:
        weigh = WEIGHED.get(told.event.action) if told.event.action else None
        found = weigh(told, asked) if weigh is not None and told.event.ok is not False else None
        if found is None:
            continue
        slot, matter = found
        at = instant(told)
        case = state.cases.take(f"{slot}/{local(at)[0]}", told, at)
        if case.grown(matter.reason):
            yield case.say(CODE, matter)


def _cleared(told: Told, _asked: Asked) -> Found | None:
    ref = subject(told.host, "host", told.event.host or told.sender)
    seen: Values = {"user": told.event.user, "log": told.event.what, "product": told.event.product}
    return f"{ref}/log_cleared", Matter(ref, "log_cleared", Level.HIGH, {}, seen)


def _plugged(told: Told, asked: Asked) -> Found | None:
    day = local(instant(told))[0]
    allowed = asked.known.sticks.get(told.host or "")
    theirs = allowed is not None and (allowed.person is None or told.person in {None, allowed.person})
    if allowed is not None and theirs and (allowed.until is None or day <= allowed.until):
        return None
    ref = subject(told.host, "host", told.event.host or told.sender)
    usual: Values = {"until": f"{allowed.until}"} if allowed is not None and allowed.until else {}
    seen: Values = {"medium": told.event.what, "person": told.person or told.event.user}
    return f"{ref}/medium", Matter(ref, "medium", Level.MEDIUM, usual, seen)


def _device(told: Told, asked: Asked) -> Found | None:
    """A device is known by its hardware address, or by its address where the register knows no card of its bearer."""
    mac = next((text for text in map(_mac, (told.event.what, told.event.source, told.event.user)) if text), None)
    theirs = asked.known.macs_of.get(told.source or "")
    if mac is None or mac in asked.known.macs or (told.source and not theirs):
        return None
    made_up = bool(int(mac[1], 16) & 2)
    if made_up and not asked.settings.random_devices and told.zone in asked.known.open_zones:
        return None
    at, last = instant(told), asked.state.devices.pop(mac, None)
    asked.state.devices[mac] = at if last is None else last
    trim(asked.state.devices, DEVICES_AT_MOST)
    if last is not None and at - last < timedelta(days=asked.settings.device_days):
        return None
    return _unknown(told, mac, at, asked)


def _unknown(told: Told, mac: str, at: datetime, asked: Asked) -> Found:
    asked.state.devices[mac] = at
    place = told.zone or named(told.sender)
    seen: Values = {
        "mac": mac,
        "name": told.event.fields.get("hostname"),
        "address": told.event.source,
        "zone": told.zone,
    }
    today = local(at)[0]
    if sum(one.startswith(f"device/{place}/") and one.endswith(f"/{today}") for one in asked.state.cases.open) >= MANY:
        ref = told.zone or "practice"
        return f"{place}/new_devices", Matter(ref, "new_devices", Level.MEDIUM, {"many": MANY}, seen)
    return f"device/{place}/{mac}", Matter(f"device/{mac}", "new_device", Level.LOW, {}, seen)


def _mac(text: str | None) -> str | None:
    found = MAC.search((text or "").casefold())
    return found[0].replace("-", ":") if found else None


def _logged_on(told: Told, asked: Asked) -> Found | None:
    """A provider, or somebody from outside, who takes a host over."""
    known, protocol = asked.known, told.event.protocol or ""
    from_outside = told.zone in known.outside and protocol in TAKING_OVER
    if not from_outside and not (told.person in known.providers and protocol in COMING_IN):
        return None
    return _uninvited(told, asked, TAKING_OVER.get(protocol, "VPN"))


def _uninvited(told: Told, asked: Asked, tool: str) -> Found | None:
    """Somebody agreed to a time for this host; for a tunnel, which leads to no host yet, for any."""
    at = instant(told)
    host = told.target or told.host
    every = (one for windows in asked.known.agreed.values() for one in windows)
    windows = list(every) if tool == "VPN" or host is None else asked.known.agreed.get(host, [])
    if any(hours_of(one) is not None and turn(one, at) is not None for one in windows):
        return None
    ref = told.person or subject(host, "host", told.event.target or told.event.host)
    reason = "outside_window" if windows else "uninvited"
    usual: Values = {"windows": ", ".join(one.hours or "?" for one in windows[:3])}
    source = told.source or (told.event.source and subject(None, "address", told.event.source))
    seen: Values = {"tool": tool, "from": source, "on": host, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    return f"{ref}/{reason}", Matter(ref, reason, Level.HIGH, usual, seen)


def _connected(told: Told, asked: Asked) -> Found | None:
    """From outside anybody knocks at any time: only what was let in, or answered, counts."""
    event, known = told.event, asked.known
    if told.zone in known.outside and event.ok is None and not event.received:
        return None
    inward, outward = told.zone in known.outside, told.target_zone in known.outside
    if inward and not outward and event.port in BY_PORT and event.protocol not in {"udp", "icmp"}:
        return _uninvited(told, asked, BY_PORT[event.port])
    if outward and not inward:
        found = _relay(told, asked) or _mighty(told, asked) or _station(told, asked)
        if found is not None:
            return found
    return _against_policy(told, asked)


def _relay(told: Told, asked: Asked) -> Found | None:
    """A program of remote control on one of our hosts calls its maker's relay."""
    tool = RELAYS.get(told.event.port or 0) or TAKING_OVER.get(told.event.protocol or "")
    if tool is None or tool in {"SSH", "RDP", "VNC", "Telnet", "WinRM"}:
        return None
    windows = asked.known.agreed.get(told.source or "", [])
    at = instant(told)
    if any(hours_of(one) is not None and turn(one, at) is not None for one in windows):
        return None
    ref = subject(told.source, "address", told.event.source)
    usual: Values = {"windows": ", ".join(one.hours or "?" for one in windows[:3])}
    seen: Values = {"tool": tool, "to": told.event.target, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    return f"{ref}/relay", Matter(ref, "relay", Level.HIGH, usual, seen)


def _mighty(told: Told, asked: Asked) -> Found | None:
    standing = asked.known.account.get(told.account or "")
    if standing is None or not standing.privileged or told.event.target in asked.settings.own_updates:
        return None
    seen: Values = {
        "to": told.event.target, "port": told.event.port, "on": told.host or told.source, "holder": standing.holder,
    }  # fmt: skip
    return f"{standing.ref}/admin_online", Matter(standing.ref, "admin_online", Level.HIGH, {}, seen)


def _station(told: Told, asked: Asked) -> Found | None:
    """A host of a zone of administration calls outside, where no line of the policy lets it."""
    event, known, at = told.event, asked.known, instant(told)
    if told.zone not in known.administration or event.target in asked.settings.own_updates:
        return None
    flows = known.allowed(told.zone, told.target_zone or INTERNET, local(at)[0])
    if any(allows(flow, _transport(told), event.port) for flow in flows):
        return None
    ref = subject(told.source, "address", event.source)
    seen: Values = {"to": told.target or event.target, "service": _service(told), "zone": told.zone}
    return f"{ref}/station_online", Matter(ref, "station_online", Level.HIGH, {}, seen)


def _against_policy(told: Told, asked: Asked) -> Found | None:
    event = told.event
    day, answers = local(instant(told))[0], asked.known.answers
    key = (told.zone, told.target_zone, event.category, event.protocol, event.port, day, asked.settings.clear)
    if key not in answers:
        if len(answers) >= ANSWERS_AT_MOST:
            answers.clear()
        answers[key] = _answer(told, asked, day)
    answer: tuple[str, Values] | None = answers[key]
    if answer is None:
        return None
    reason, usual = answer
    ref = subject(told.source, "address", event.source)
    seen: Values = {
        "to": told.target or event.target, "service": _service(told), "zone": told.zone,
        "target_zone": told.target_zone,
    }  # fmt: skip
    level = Level.HIGH if told.zone in asked.known.outside else Level.MEDIUM
    return f"{ref}/{reason}", Matter(ref, reason, level, usual, seen)


def _answer(told: Told, asked: Asked, day: date) -> tuple[str, Values] | None:
    """What the policy and the list of clear protocols say of this service between these zones.

    Through a proxy no zone meets the other: the proxy asks for whoever asked it, and both ways are the policy's.
    """
    known, event = asked.known, told.event
    transport, spoken = _transport(told), _spoken(told)
    direct = told.zone and told.target_zone and event.category != PROXY
    zones = (known.place(told.zone or ""), known.place(told.target_zone or "")) if direct else None
    allowed = list(known.allowed(*zones, day)) if zones else []
    if any(allows(flow, transport, event.port) for flow in allowed):
        return None
    if spoken in asked.settings.clear:
        return "clear_protocol", {"instead": INSTEAD.get(spoken)}
    if zones is None or zones[0] == zones[1] or not known.flows or event.port is None:
        return None
    if not allowed:
        return "unauthorised_connection", {"zones": 0}
    return "forbidden_service", {"services": ", ".join(sorted({flow.service for flow in allowed})[:4])}


def _transport(told: Told) -> str:
    """``tcp`` where a product names what is spoken instead."""
    protocol = told.event.protocol or "tcp"
    return protocol if protocol in {"tcp", "udp", "sctp", "icmp", "icmpv6", "gre", "esp", "ah"} else "tcp"


def _spoken(told: Told) -> str:
    protocol = told.event.protocol or ""
    if protocol in ALWAYS_CLEAR or protocol in SURE:
        return protocol
    by_port = PORTS.get(_transport(told), {}).get(told.event.port or 0, "")
    return by_port if protocol in {"", "tcp", "udp"} else protocol


def _service(told: Told) -> str:
    return f"{_transport(told)}/{told.event.port}" if told.event.port else _transport(told)


WEIGHED: dict[Action, Callable[[Told, Asked], Found | None]] = {
    Action.CONNECTION: _connected,
    Action.LOGON: _logged_on,
    Action.DEVICE_SEEN: _device,
    Action.MEDIUM_PLUGGED: _plugged,
    Action.LOG_CLEARED: _cleared,
}
