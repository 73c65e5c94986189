"""Names of ciphers, digests, groups and versions that no longer protect (ANSSI, guide IPsec 2015 and RGS B1)."""

import re
from collections.abc import Iterable

_WEAK = re.compile(
    r"(?i)^(?:bf|blowfish|cast5?|rc2|rc4|idea|seed|3des|des|des3|desx|null|none|md5|md4|sha1?|hmac-?md5"
    r"|modp(?:768|1024|1536)|dh-?group[125]|group[125]|(?:dhgrp)?[125]|ecp192)$"
)
_PARTS = re.compile(r"[-_/!+:;, ]+")
_VERSIONS = re.compile(r"(?i)^(ssl-?v?[23](?:[.-]0)?|tls[- ]?v?1(?:[.-][01])?|1\.[01])$")


def weak(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these suites, proposals or names that hold something weak, in order, each once."""
    return tuple(dict.fromkeys(name for name in map(str.strip, names) if name and _is_weak(name)))


def _is_weak(name: str) -> bool:
    parts = [part for part in _PARTS.split(name) if part]
    numbers = len(parts) > 1
    return any(_WEAK.match(part) and not (numbers and part.isdigit()) for part in parts)


def old_versions(names: Iterable[str]) -> tuple[str, ...]:
    """Versions of TLS below 1.2, and of SSL."""
    return tuple(dict.fromkeys(name for name in names if _VERSIONS.match(name.strip())))
