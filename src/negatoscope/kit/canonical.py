"""One way to write a value down, so that its hash means something."""

import hashlib
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(value: Any) -> bytes:  # noqa: ANN401 -- any value that JSON can hold
    """Return compact JSON with sorted keys; dates as ISO 8601, enumerations by value."""
    return _ENCODER.encode(value)


def sha256(data: bytes) -> str:
    """Return the lower-case hexadecimal digest."""
    return hashlib.sha256(data).hexdigest()
