"""What is asked of whoever carries a message out, and what they answer."""

import msgspec

PATIENCE = 25
"""Seconds that an errand may take in all."""


class Errand(msgspec.Struct, frozen=True):
    """What to carry. ``key``: the same at each try; ``go``: else only whether the address is understood is asked."""

    url: str
    title: str = ""
    body: str = ""
    kind: str = "info"
    """Apprise's word for how bad it is: ``info``, ``warning``, ``failure``."""
    key: str = ""
    go: bool = True


class Outcome(msgspec.Struct, frozen=True):
    """How it went. ``why``: empty where it was taken; ``again``: whether another try may help."""

    why: str = ""
    again: bool = False
