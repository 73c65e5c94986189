"""pfSense's and OPNsense's filter log: lines of commas (``filterlog``), one a packet."""

from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number

APPS = frozenset({"filterlog"})
_COMMON = ("rule", "subrule", "anchor", "tracker", "interface", "reason", "action", "direction", "version")
_FOUR = ("tos", "ecn", "ttl", "id", "offset", "flags", "protocol_id", "protocol", "length", "src_ip", "dst_ip")
_SIX = ("class", "flow", "hop_limit", "protocol", "protocol_id", "length", "src_ip", "dst_ip")
_PORTS = ("src_port", "dst_port", "data_length")
_MOST = 40


def read(entry: Entry) -> Event | None:
    """One packet that the filter let pass or not."""
    parts = entry.message.split(",", _MOST)
    names = {"4": _COMMON + _FOUR, "6": _COMMON + _SIX}.get(parts[8] if len(parts) > len(_COMMON) else "")
    event = entry.event("pfsense", "filterlog", "firewall")
    if names is None or len(parts) < len(names):
        return event
    told = dict(zip(names + _PORTS, parts, strict=False))
    protocol = told["protocol"].lower()
    if protocol not in {"tcp", "udp"}:
        told = {name: value for name, value in told.items() if name not in _PORTS}
    fields = {**event.fields, **{name: value for name, value in told.items() if value}}
    return replace(
        event,
        action=Action.CONNECTION,
        ok={"pass": True, "block": False, "reject": False}.get(told["action"]),
        source=told["src_ip"] or None,
        target=told["dst_ip"] or None,
        port=number(told.get("dst_port")),
        protocol=protocol or None,
        fields=fields,
    )
