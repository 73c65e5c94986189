"""Radio networks, as the export of a UniFi controller tells them: these machines have no radio."""

import json
from collections.abc import Iterator

from tests.lab.plan import Plan

AES: dict[str, object] = {"security": "wpapsk", "wpa_mode": "wpa2", "wpa_enc": "ccmp"}
MODES: dict[str, dict[str, object]] = {
    "wpa3": {**AES, "wpa3_support": True, "wpa3_transition": False},
    "wpa2": AES,
    "wpa": {"security": "wpapsk", "wpa_mode": "auto", "wpa_enc": "auto"},
    "wep": {"security": "wep"},
    "open": {"security": "open"},
}  # fmt: skip


def exports(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """The export of each controller, by the host that it is."""
    for point in dict.fromkeys(one.point for one in plan.lab.wifi):
        mine = [plan.radio.get(one.ssid, one) for one in plan.lab.wifi if one.point == point]
        segments = {one.segment: plan.lab.segment(one.segment) for one in mine}
        nets = [
            {"_id": name, "name": name, "purpose": "corporate", "vlan": str(plan.lab.vlan(one)),
             "ip_subnet": f"{one.router}/{one.network.prefixlen}"}
            for name, one in segments.items()
        ]  # fmt: skip
        rows = [
            {"name": one.ssid, "enabled": True, "networkconf_id": one.segment, "usergroup_id": "a",
             "l2_isolation": True, "x_passphrase": "phrase-de-passe", **MODES[one.security]}
            for one in mine
        ]  # fmt: skip
        yield point, json.dumps({"wlanconf": rows, "networkconf": nets}).encode()
