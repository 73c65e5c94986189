"""nftables' conditions: what is on the left of an operator, and the values, sets and ranges on its right."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from negatoscope.observe.firewall.lines import LAST_PORT, Narrowed, all_but

Sets = Callable[[str], list[Any]]
PORTED = frozenset({"tcp", "udp", "sctp", "dccp", "udplite", "th"})
_META = {"iifname": "entering", "iif": "entering", "oifname": "leaving", "oif": "leaving"}
_NFPROTO = {"ipv4": 4, "ipv6": 6, "ip": 4, "ip6": 6}
_SIDES = {"saddr": "sources", "daddr": "targets"}
_PORTS = {"sport": "source_ports", "dport": "target_ports"}


class UnknownValue(Exception):  # noqa: N818 -- what it is
    """A value that this reader does not know."""


def alternatives(value: Any, sets: Sets) -> list[Any]:  # noqa: ANN401 -- libnftables' JSON
    """Elements of an anonymous or named set, without what is counted or timed about them."""
    if isinstance(value, str) and value.startswith("@"):
        found: Any = sets(value[1:])
    else:
        found = value["set"] if isinstance(value, dict) and "set" in value else [value]
    return [_bare(one) for one in (found if isinstance(found, list) else [found])]


def _bare(value: Any) -> Any:  # noqa: ANN401 -- libnftables' JSON
    if isinstance(value, dict) and "elem" in value:
        return value["elem"]["val"]
    if isinstance(value, list) and value and isinstance(value[0], dict) and "elem" in value[0]:
        return [value[0]["elem"]["val"], *value[1:]]
    return value


def conditions(condition: Mapping[str, Any], told: Narrowed, sets: Sets) -> list[Narrowed]:
    """Narrow by one condition; a set of several fields together makes alternatives. Raises UnknownValue."""
    left, right, sign = condition["left"], condition["right"], condition.get("op", "==")
    if isinstance(left, dict) and "concat" in left:
        if sign not in {"==", "in"}:
            raise UnknownValue(sign)
        return [_together(left["concat"], _parts(one), told) for one in alternatives(right, sets)]
    if isinstance(right, list):
        return [_narrowed(left, [_bare(one) for one in right], sign, told)]
    return [_narrowed(left, alternatives(right, sets), sign, told)]


def _parts(value: Any) -> list[Any]:  # noqa: ANN401 -- libnftables' JSON
    parts = value["concat"] if isinstance(value, dict) else value
    if not isinstance(parts, list):
        raise UnknownValue(str(value))
    return parts


def _together(left: list[Any], values: list[Any], told: Narrowed) -> Narrowed:
    if len(left) != len(values):
        raise UnknownValue(str(values))
    for one, value in zip(left, values, strict=True):
        told = _narrowed(one, alternatives(value, _nowhere), "==", told)
    return told


def _nowhere(name: str) -> list[Any]:
    raise UnknownValue(name)


def _narrowed(left: Any, values: list[Any], sign: str, told: Narrowed) -> Narrowed:  # noqa: ANN401 -- libnftables' JSON
    payload, meta, tracked = (left.get(name) for name in ("payload", "meta", "ct"))
    if payload and payload.get("protocol") in PORTED and payload.get("field") in _PORTS:
        return _ports(payload, values, sign, told)
    if sign not in {"==", "in", "!="}:
        raise UnknownValue(sign)
    negated = sign == "!="
    if payload:
        return _payload(payload, values, told, negated=negated)
    if meta:
        return _meta(meta["key"], values, told, negated=negated)
    if tracked and tracked.get("key") == "state" and "dir" not in tracked:
        return told.by(states=_names(values), not_states=negated)
    if tracked and tracked.get("key") == "status" and _names(values) == ("dnat",):
        return told.by(translated=not negated)
    raise UnknownValue(str(left))


def _payload(payload: Mapping[str, Any], values: list[Any], told: Narrowed, *, negated: bool) -> Narrowed:
    protocol, field = payload["protocol"], payload["field"]
    family = {"ip": 4, "ip6": 6}.get(protocol)
    if family and field in _SIDES:
        told = told.by(family=family)
        return told.addresses(_SIDES[field], map(_address, values), negated=negated)
    if family and field in {"protocol", "nexthdr"}:
        return _protocols(told.by(family=family), values, negated=negated)
    if protocol in {"icmp", "icmpv6", "tcp", "udp", "sctp"}:
        return told.by(protocols=(protocol,)).unread(f"{protocol} {field} {values}")
    raise UnknownValue(str(payload))


def _protocols(told: Narrowed, values: list[Any], *, negated: bool) -> Narrowed:
    if negated:
        return told.by(protocols=_names(values), not_protocols=True)
    return told.by(protocols=_names(values))


def _meta(key: str, values: list[Any], told: Narrowed, *, negated: bool) -> Narrowed:
    if key in _META:
        side = _META[key]
        return told.by(**{side: _names(values), f"not_{side}": negated})
    if key == "l4proto":
        return _protocols(told, values, negated=negated)
    if key in {"nfproto", "protocol"} and len(values) == 1 and not negated and values[0] in _NFPROTO:
        return told.by(family=_NFPROTO[values[0]])
    raise UnknownValue(key)


def _names(values: Iterable[Any]) -> tuple[str, ...]:
    told = []
    for value in values:
        if not isinstance(value, str | int):
            raise UnknownValue(str(value))
        told.append(str(value))
    return tuple(told)


def _address(value: Any) -> str:  # noqa: ANN401 -- libnftables' JSON
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "prefix" in value:
        return f"{value['prefix']['addr']}/{value['prefix']['len']}"
    if isinstance(value, dict) and "range" in value:
        return f"{value['range'][0]}-{value['range'][1]}"
    raise UnknownValue(str(value))


def _ports(payload: Mapping[str, Any], values: list[Any], sign: str, told: Narrowed) -> Narrowed:
    protocol = payload["protocol"]
    if protocol != "th":
        told = told.by(protocols=(protocol,))
    ranges = tuple(_range(value) for value in values)
    if sign in {"<", "<=", ">", ">="}:
        at = ranges[0][0]
        low, high = {"<": (0, at - 1), "<=": (0, at), ">": (at + 1, LAST_PORT), ">=": (at, LAST_PORT)}[sign]
        ranges = ((low, high),) if low <= high else ()
    elif sign == "!=":
        ranges = all_but(ranges)
    elif sign not in {"==", "in"}:
        raise UnknownValue(sign)
    return told.by(**{_PORTS[payload["field"]]: ranges})


def _range(value: Any) -> tuple[int, int]:  # noqa: ANN401 -- libnftables' JSON
    if isinstance(value, int):
        return value, value
    if isinstance(value, dict) and "range" in value:
        return int(value["range"][0]), int(value["range"][1])
    raise UnknownValue(str(value))
