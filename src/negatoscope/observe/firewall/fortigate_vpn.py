"""FortiGate: how people come in from afar, by SSL VPN and by IPsec for whoever dials in."""

from collections.abc import Iterator

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import RemoteAccess, Tunnel
from negatoscope.observe.firewall.ciphers import old_versions, weak
from negatoscope.observe.firewall.fortigate_text import Entry, Tree


def accesses(told: Tree, host: Ref) -> Iterator[RemoteAccess]:
    """Those that are switched on."""
    ssl = told.get("vpn ssl settings", {}).get("", Entry())
    if ssl.sets and ssl.one("status") != "disable" and ssl.words("source-interface"):
        yield _ssl(told, ssl, host)
    for block in ("vpn ipsec phase1-interface", "vpn ipsec phase1"):
        for name, entry in told.get(block, {}).items():
            if entry.one("type") == "dynamic":
                yield _ipsec(told, name, entry, host)


def _ssl(told: Tree, ssl: Entry, host: Ref) -> RemoteAccess:
    keyed = ssl.one("reqclientcert") == "enable"
    versions = [word.replace("tls", "TLS ").replace("-", ".") for word in ssl.words("ssl-min-proto-ver")]
    low = [f"algorithm {word}" for word in ssl.words("algorithm") if word in {"low", "medium"}]
    checked = any(entry.one("host-check") not in {"", "none"} for entry in told.get("vpn ssl web portal", {}).values())
    return RemoteAccess(
        host, f"SSL VPN {ssl.one('port') or '443'}", Tunnel.SSL,
        certificates=keyed,
        second_factor=_second_factor(told),
        shared_secret=False,
        known_devices=keyed or checked,
        weak=(*old_versions(versions), *low),
    )  # fmt: skip


def _second_factor(told: Tree) -> bool | None:
    """Every local person has one; ``None``: people are known by another server, which alone can tell."""
    people = [entry for name, entry in told.get("user local", {}).items() if name and entry.one("status") != "disable"]
    if any(entry.one("two-factor") in {"", "disable"} for entry in people if entry.one("type") in {"", "password"}):
        return False
    elsewhere = any(block in told for block in ("user ldap", "user radius", "user saml", "user tacacs+"))
    return None if elsewhere or not people else True


def _ipsec(told: Tree, name: str, entry: Entry, host: Ref) -> RemoteAccess:
    keyed = entry.one("authmethod") == "signature"
    groups = [f"group{word}" for word in entry.words("dhgrp")]
    asked = entry.one("xauthtype") not in {"", "disable"} or entry.one("eap") == "enable"
    return RemoteAccess(
        host, name, Tunnel.IPSEC,
        certificates=keyed,
        second_factor=(keyed or _second_factor(told)) if asked else False,
        shared_secret=not keyed and not asked,
        known_devices=keyed,
        weak=weak([*entry.words("proposal"), *groups]) if entry.words("proposal") else None,
    )  # fmt: skip
