"""UniFi: ``wlanconf`` and ``networkconf`` of a site, and the stations that its controller knows (``stat/sta``).

As the controller's API answers (``{"meta": …, "data": […]}``) or as a site's export names them
(``{"wlanconf": […], "networkconf": […]}``).
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

import msgspec

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.switching import Place, WifiNetwork, WifiSecurity
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import Station, instant, sighted
from negatoscope.observe.wifi.secrets import scrubbed

BEGINNING = 262_144
Row = Mapping[str, Any]


def recognises(data: bytes) -> bool:
    """Its rows have the keys of a radio network of UniFi."""
    start = data[:BEGINNING]
    rows = b'"wlanconf"' in start or (b'"wlangroup_id"' in start or b'"usergroup_id"' in start)
    return start.lstrip()[:1] in (b"{", b"[") and rows and b'"security"' in start


def recognises_stations(data: bytes) -> bool:
    """Its rows have the keys of a station of UniFi."""
    start = data[:BEGINNING]
    return start.lstrip()[:1] in (b"{", b"[") and b'"essid"' in start and b'"ap_mac"' in start and b'"mac"' in start


def read(data: bytes, device: Ref) -> Iterator[Item]:
    """Networks of one site. Raises Unreadable."""
    told = _decoded(data)
    nets = {row.get("_id"): row for row in _rows(told, "networkconf")}
    for row in _rows(told, "wlanconf"):
        if isinstance(row.get("name"), str) and row.get("enabled") is not False:
            yield _network(row, nets.get(row.get("networkconf_id"), {}), device)
    yield Sweep("WifiNetwork", device)


def read_stations(data: bytes, device: Ref) -> Iterator[Item]:
    """Stations on the air; those on a wire are a switch's. Raises Unreadable."""
    rows = (row for row in _rows(_decoded(data), "sta") if row.get("is_wired") is not True)
    stations = (
        Station(
            _text(row, "mac") or "",
            _text(row, "essid") or "Wi-Fi",
            _text(row, "ip"),
            _text(row, "name") or _text(row, "hostname"),
            instant(_number(row, "first_seen") or 0),
            instant(_number(row, "last_seen") or 0),
        )
        for row in rows
    )
    yield from sighted(stations, device, Place.WIFI)


def _network(row: Row, net: Row, device: Ref) -> WifiNetwork:
    vlan = _number(row, "vlan") if row.get("vlan_enabled") is not False else None
    return WifiNetwork(
        device,
        row["name"],
        _security(row),
        isolated=_flag(row, "l2_isolation"),
        vlan=vlan or _number(net, "vlan"),
        network=_cidr(_text(net, "ip_subnet")),
        guest=True if net.get("purpose") == "guest" else _flag(row, "is_guest"),
        wps=False,
    )


def _security(row: Row) -> WifiSecurity | None:
    kind = row.get("security")
    if kind in {"open", "wep"}:
        return WifiSecurity(kind)
    if row.get("wpa_mode") in {"wpa1", "auto"} or row.get("wpa_enc") in {"tkip", "auto"}:
        return WifiSecurity.WPA
    if kind == "wpaeap":
        return WifiSecurity.ENTERPRISE
    if kind != "wpapsk":
        return None
    alone = row.get("wpa3_support") is True and row.get("wpa3_transition") is False
    return WifiSecurity.WPA3_PERSONAL if alone else WifiSecurity.WPA2_PERSONAL


def _decoded(data: bytes) -> Any:  # noqa: ANN401 -- decoded JSON
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("not_json") from error


def _rows(told: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401 -- decoded JSON
    """Rows under their own name; or all rows, where the file holds one sort of them."""
    if isinstance(told, dict):
        told = told.get(name, () if {"wlanconf", "networkconf"} & told.keys() else told.get("data", ()))
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    return rows if name != "networkconf" else [row for row in rows if "ip_subnet" in row or "purpose" in row]


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None


def _number(row: Row, name: str) -> int | None:
    value = row.get(name)
    if isinstance(value, str) and value.isdigit() and len(value) < len("1" * 12):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value else None


def _flag(row: Row, name: str) -> bool | None:
    value = row.get(name)
    return value if isinstance(value, bool) else None


def _cidr(text: str | None) -> str | None:
    try:
        return str(ip_network(text or "", strict=False))
    except ValueError:
        return None


UNIFI = Sort("unifi-wlanconf", recognises, read, scrubbed)
UNIFI_STATIONS = Sort("unifi-stations", recognises_stations, read_stations, scrubbed)
