"""OpenVPN: the configuration of a server (openvpn(8))."""

import re
from collections.abc import Iterator

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import RemoteAccess, Tunnel
from negatoscope.observe.firewall.ciphers import old_versions, weak

_SERVES = frozenset({"server", "server-bridge", "server-ipv6", "tls-server"})
_BLOCK = re.compile(r"[ \t]*<(\w[\w-]*)>[ \t]*\r?\n?")
_PASSWORDS = frozenset({"auth-user-pass-verify", "plugin"})
_CODES = re.compile(r"(?i)otp|duo|radius|yubi|privacyidea|authenticator")


def recognises(text: str) -> bool:
    """Directives that a server has, one a line."""
    names = directives(text).keys()
    return bool(names & _SERVES) and {"dev", "ca", "dh", "proto", "port"} & names != set()


def emptied(text: str) -> str:
    """What is written in blocks (keys, certificates, log-ins) left out; their names stay."""
    kept, inside = list[str](), ""
    for line in text.splitlines(keepends=True):
        if inside:
            if line.strip().startswith(f"</{inside}>"):
                kept.append(f"***\n</{inside}>\n")
                inside = ""
        elif found := _BLOCK.fullmatch(line):
            inside = found[1]
            kept.append(f"<{inside}>\n")
        else:
            kept.append(line)
    return "".join(kept)


def directives(text: str) -> dict[str, list[list[str]]]:
    """Each directive with its words, as often as it is said; what is written in blocks is left out."""
    told: dict[str, list[list[str]]] = {}
    for line in emptied(text[:1_000_000]).splitlines():
        words = line.split("#", maxsplit=1)[0].split(";", maxsplit=1)[0].split()
        if words and not words[0].startswith(("<", "***")):
            told.setdefault(words[0], []).append([word.strip('"') for word in words[1:]])
    return told


def accesses(text: str, host: Ref) -> Iterator[RemoteAccess]:
    """The server; links between two sites, with one key for both ends, are left out unless they serve many."""
    told = directives(text)
    if not told.keys() & _SERVES and ["server"] not in told.get("mode", []):
        return
    verify = [words[0] for words in told.get("verify-client-cert", []) if words]
    static = "secret" in told
    certificates = not static and "client-cert-not-required" not in told and "none" not in verify
    if "optional" in verify:
        certificates = False
    asked = " ".join(" ".join(words) for name in _PASSWORDS for words in told.get(name, []))
    passwords = bool(told.keys() & _PASSWORDS)
    second = True if (certificates and passwords) or _CODES.search(asked) else None if passwords else False
    ciphers = [word for name in ("cipher", "data-ciphers", "ncp-ciphers", "data-ciphers-fallback", "tls-cipher")
               for words in told.get(name, []) for part in words for word in part.split(":")]  # fmt: skip
    digests = [word for words in told.get("auth", []) for word in words if word.upper() not in {"SHA1", "SHA"}]
    versions = [word for words in told.get("tls-version-min", []) for word in words[:1]]
    yield RemoteAccess(
        host,
        f"OpenVPN {_first(told, 'proto', 'udp')}/{_first(told, 'port', '1194')}",
        Tunnel.OPENVPN,
        certificates=certificates,
        second_factor=second,
        shared_secret=static,
        known_devices=certificates and "duplicate-cn" not in told,
        weak=(*weak(ciphers), *weak(digests), *(f"TLS {one}" for one in old_versions(versions))) if ciphers else None,
    )


def _first(told: dict[str, list[list[str]]], name: str, otherwise: str) -> str:
    return next((words[0] for words in told.get(name, []) if words), otherwise)
