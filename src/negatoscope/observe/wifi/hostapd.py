"""``hostapd.conf``: one radio, several networks (``bss=``). its sample file explains each key."""

import re
from collections.abc import Iterator, Mapping

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.switching import WifiNetwork, WifiSecurity
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import decoded

MAX_BYTES = 1024 * 1024
TAKEN_OUT = "***"
_SECRET = re.compile(
    r"^([ \t]*(?:wpa_passphrase|wpa_psk|sae_password|wep_key\d|\w*(?:password|passwd|secret|_pin|private_key\w*"
    r"|ft_key\w*|r[01]kh))[ \t]*=).*$",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = re.compile(r"^[ \t]*([a-z0-9_]+)=(.*)$", re.MULTILINE)
_WPA1, _RSN = 1, 2
OPEN_KEYS = frozenset({"owe"})
"""Encrypted without any key: whoever comes is let in."""


def scrub(data: bytes) -> bytes:
    """Take out passphrases, keys, PINs and secrets shared with RADIUS servers."""
    return _SECRET.sub(rf"\1{TAKEN_OUT}", decoded(data)).encode()


def recognises(data: bytes) -> bool:
    """It names a network and a radio."""
    keys = {name for name, _ in _KEY.findall(decoded(data[:65536]))}
    return bool(keys & {"ssid", "ssid2"}) and bool(keys & {"interface", "bss"}) and not keys & {"network", "uci"}


def read(data: bytes, device: Ref) -> Iterator[Item]:
    """Networks of one file. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", f"byte {MAX_BYTES}")
    yield from networks(decoded(data), device)
    yield Sweep("WifiNetwork", device)


def networks(text: str, device: Ref) -> Iterator[WifiNetwork]:
    """Each network; those after the first take no setting from it."""
    blocks: list[dict[str, str]] = [{}]
    for key, value in _KEY.findall(text):
        if key == "bss":
            blocks.append({})
        blocks[-1][key] = value.strip()
    for block in blocks:
        ssid = _ssid(block)
        if ssid is not None:
            yield WifiNetwork(
                device,
                ssid,
                _security(block),
                isolated=block.get("ap_isolate", "0") == "1",
                wps=block.get("wps_state", "0") != "0",
            )


def _ssid(block: Mapping[str, str]) -> str | None:
    told = block.get("ssid2") or block.get("ssid")
    if told is None:
        return None
    if "ssid2" not in block:
        return told
    if told.startswith(('"', 'P"')):
        return told.removeprefix("P").strip('"')
    try:
        return bytes.fromhex(told).decode("utf-8", "replace")
    except ValueError:
        return told


def _security(block: Mapping[str, str]) -> WifiSecurity | None:
    """The weakest way in that the settings leave open; ``None``: hostapd's own default decides, which has changed."""
    version = block.get("wpa", "0")
    if not version.isdigit():
        return None
    if not int(version) & (_WPA1 | _RSN):
        old = any(key.startswith("wep_") for key in block) or block.get("ieee8021x") == "1"
        return WifiSecurity.WEP if old else WifiSecurity.OPEN
    ciphers = block.get("rsn_pairwise") or block.get("wpa_pairwise")
    if int(version) & _WPA1 or "TKIP" in (ciphers or "").upper():
        return WifiSecurity.WPA
    return by_keys(block.get("wpa_key_mgmt", "WPA-PSK").split()) if ciphers else None


def by_keys(ways: list[str]) -> WifiSecurity:
    """Name the weakest of several ways of agreeing on a key (``WPA-PSK``, ``SAE``, ``WPA-EAP`` …)."""
    plain = {way.lower().removeprefix("ft-").removeprefix("wpa-").partition("-")[0] for way in ways}
    if plain & OPEN_KEYS:
        return WifiSecurity.OPEN
    if "psk" in plain:
        return WifiSecurity.WPA2_PERSONAL
    return WifiSecurity.WPA3_PERSONAL if "sae" in plain else WifiSecurity.ENTERPRISE


HOSTAPD = Sort("hostapd", recognises, read, scrub)
