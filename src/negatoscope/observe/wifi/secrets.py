"""A controller's JSON without its secrets: whatever a key says is one goes, at any depth."""

import re
from typing import Any

import msgspec

TAKEN_OUT = "***"
MAX_DEPTH = 60
_SECRET = re.compile(
    r"(?i)^x_|pass(?:word|wd|phrase|code)|psk|secret|private|securitykey|wep.?key|token|credential|voucher|(?:^|_)pin$"
)
KEPT = frozenset({"pskSetting", "versionPsk", "encryptionPsk"})
"""Keys that only look like one; what is below them is cleaned as well."""


def scrubbed(data: bytes) -> bytes:
    """Give the file back without secrets; empty where it cannot be read: then nothing of it is kept."""
    try:
        return msgspec.json.encode(_clean(msgspec.json.decode(data), MAX_DEPTH))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return b""


def _clean(value: Any, depth: int) -> Any:  # noqa: ANN401 -- decoded JSON
    if depth <= 0:
        return None
    if isinstance(value, dict):
        return {
            key: TAKEN_OUT if key not in KEPT and _SECRET.search(key) and inner else _clean(inner, depth - 1)
            for key, inner in value.items()
        }
    return [_clean(inner, depth - 1) for inner in value] if isinstance(value, list) else value
