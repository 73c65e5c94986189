"""TP-Link Omada: the SSIDs of a site, as its controller's API answers (``{"errorCode": 0, "result": {"data": […]}}``).

Numbers mean what TP-Link's Open API says: ``security`` 0 none, 2 WPA-Enterprise, 3 WPA-Personal, 4 and 5 a key a
person; ``versionPsk`` 2 WPA2-PSK, 4 WPA3-SAE; ``encryptionPsk`` 1 automatic, 3 AES. Others stay unread.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.switching import WifiNetwork, WifiSecurity
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.wifi.secrets import scrubbed

BEGINNING = 262_144
OPEN, AES = 0, 3
PERSONAL = frozenset({3, 4, 5})
VERSIONS = {2: WifiSecurity.WPA2_PERSONAL, 4: WifiSecurity.WPA3_PERSONAL}


def recognises(data: bytes) -> bool:
    """Its rows have the keys of an SSID of Omada."""
    start = data[:BEGINNING]
    return start.lstrip()[:1] in (b"{", b"[") and b'"guestNetEnable"' in start and b'"security"' in start


def read(data: bytes, device: Ref) -> Iterator[Item]:
    """Networks of one site. Raises Unreadable."""
    try:
        told = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("not_json") from error
    for name in ("result", "data", "ssids"):
        told = told.get(name, told) if isinstance(told, Mapping) else told
    rows = told if isinstance(told, list) else [told]
    for row in rows:
        if isinstance(row, Mapping) and isinstance(row.get("name"), str):
            yield _network(row, device)
    yield Sweep("WifiNetwork", device)


def _network(row: Mapping[str, Any], device: Ref) -> WifiNetwork:
    guest, vlan = row.get("guestNetEnable"), row.get("vlanId")
    return WifiNetwork(
        device,
        row["name"],
        _security(row),
        isolated=guest if isinstance(guest, bool) else None,
        vlan=vlan if row.get("vlanEnable") is True and isinstance(vlan, int) else None,
        guest=guest if isinstance(guest, bool) else None,
        wps=False,
    )


def _security(row: Mapping[str, Any]) -> WifiSecurity | None:
    """A guest network of Omada keeps stations apart; one whose cipher is automatic lets TKIP in."""
    kind, psk = row.get("security"), row.get("pskSetting")
    if kind == OPEN:
        return WifiSecurity.OPEN
    if kind not in PERSONAL or not isinstance(psk, Mapping):
        return None
    version = VERSIONS.get(psk.get("versionPsk") or 0)
    return version if version is None or psk.get("encryptionPsk") == AES else WifiSecurity.WPA


OMADA = Sort("omada-ssids", recognises, read, scrubbed)
