"""FortiGate: traffic, log-ins by VPN, and who administers the box; ``name=value`` lines (FortiOS log reference)."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

_START = re.compile(r"(?:date=\d{4}-\d{2}-\d{2} time=\S{8} |\S{0,40} ?)?(?:devname|logver|eventtime|timestamp|devid)=")
_PAIR = re.compile(r"([A-Za-z_][\w-]{0,60})=(?:\"((?:[^\"\\]|\\.){0,4000})\"|(\S{0,4000}))")
_PASSED = frozenset({"accept", "start", "close", "ip-conn", "client-rst", "server-rst", "timeout", "dns"})
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_TUNNELS = {"tunnel-up": True, "ssl-login-fail": False, "ssl-new-con": None, "tunnel-down": None}
_MOST = 200


def read(entry: Entry) -> Event | None:
    """One line of a FortiGate."""
    if not _START.match(entry.message):
        return None
    pairs = (found.groups() for found, _place in zip(_PAIR.finditer(entry.message), range(_MOST), strict=False))
    told = {name: quoted if quoted is not None else bare for name, quoted, bare in pairs}
    kind, subtype = told.get("type"), told.get("subtype")
    if kind is None:
        return None
    stamp = told.get("eventtime") or f"{told.get('date')} {told.get('time')} {told.get('tz', '')}".strip()
    event = replace(entry.event("fortigate", kind), at=entry.stamp(stamp), host=told.get("devname") or entry.host)
    event = replace(event, fields={**event.fields, **told}, user=word(told.get("user")), source=word(told.get("srcip")))
    if kind == "traffic":
        return _traffic(event, told)
    return _spoken(event, told) if kind == "event" and subtype in {"vpn", "system", "user"} else event


def _traffic(event: Event, told: dict[str, str]) -> Event:
    event = replace(event, category="firewall", action=Action.CONNECTION, ok=told.get("action") in _PASSED)
    protocol = told.get("proto", "")
    named = {"src_ip": told.get("srcip"), "dst_ip": told.get("dstip"), "dst_port": told.get("dstport")}
    return replace(
        event,
        target=word(told.get("dstip")),
        port=number(told.get("dstport")),
        protocol=_PROTOCOLS.get(protocol, protocol or None),
        sent=number(told.get("sentbyte")),
        received=number(told.get("rcvdbyte")),
        fields={**event.fields, **{name: value for name, value in named.items() if value}},
    )


def _spoken(event: Event, told: dict[str, str]) -> Event:
    action, status = told.get("action", ""), told.get("status", "")
    if told.get("subtype") == "vpn":
        event = replace(event, source=word(told.get("remip")) or event.source, protocol="vpn")
        ok = _TUNNELS.get(action)
        why = "bad_password" if ok is False else None
        return replace(event, action=Action.LOGON, ok=ok, why=why) if ok is not None and event.user else event
    if action in {"login", "auth-logon", "authentication"} and status in {"success", "failed", "failure"}:
        ok = status == "success"
        why = None if ok else "bad_password"
        return replace(event, action=Action.LOGON, ok=ok, why=why, protocol=told.get("method"))
    if action in {"logout", "auth-logout"}:
        return replace(event, action=Action.LOGOFF, ok=True)
    return event
