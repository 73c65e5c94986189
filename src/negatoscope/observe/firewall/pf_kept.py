"""What is kept of a pfSense or OPNsense file: the parts that are read, less what is secret in them, and nothing else.

Such a file holds all of a firewall: people's password hashes, private keys, the password that opens the directory. Its
packages add places that no list of secrets foresees; so what nobody reads is emptied, whatever it is called.
"""

import re
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, tostring

MAX_BYTES = 32 * 1024 * 1024
TAKEN_OUT = "***"
KEPT: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "version", "interfaces", "ifgroups", "aliases", "filter", "nat", "gateways", "staticroutes", "schedules",
            "syslog", "openvpn", "ipsec", "l2tp", "pptpd",
        ),
        frozenset(),
    ),
    "system": frozenset({"hostname", "domain"}),
    "installedpackages": frozenset({"miniupnpd", "wireguard", "tailscale", "zerotier"}),
    "OPNsense": frozenset({"Firewall", "Gateways", "OpenVPN", "wireguard", "tailscale", "zerotier", "Swanctl"}),
}  # fmt: skip
"""Parts of a file, and what is kept of each: all of it where nothing is named."""
_PLAIN = re.compile(r"hash-algorithm(?:-option)?|key(?:len|id\w*)", re.IGNORECASE)
_SECRET = re.compile(
    r"pass|secret|key|hash|prv|psk|community|token|pwd|pswd|pw$|otp|pin$|cred|trap|authdata|^tls$|^api$|options$",
    re.IGNORECASE,
)


def scrub(data: bytes) -> bytes:
    """The file with what is kept of it; nothing where it cannot be read."""
    if len(data) > MAX_BYTES:
        return b""
    try:
        root = fromstring(data, forbid_dtd=True)
        for part in root:
            _less(part)
        for node in root.iter():
            _masked(node)
        return bytes(tostring(root))
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return b""


def _less(part: Any) -> None:  # noqa: ANN401 -- an XML element
    """Empty what nobody reads."""
    kept = KEPT.get(part.tag)
    if kept is None:
        part.clear()
        return
    for inner in part if kept else ():
        if inner.tag not in kept:
            inner.clear()


def _masked(node: Any) -> None:  # noqa: ANN401 -- an XML element
    """Take out what this element itself says, if it is a secret."""
    node.attrib.clear()
    if (node.text or "").strip() and not _PLAIN.fullmatch(node.tag) and _SECRET.search(node.tag):
        node.text = TAKEN_OUT
    if (node.tail or "").strip():
        node.tail = None


__all__ = ["MAX_BYTES", "scrub"]
