"""One record as normalisers see it: its header read, its body decoded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from negatoscope.model.event import Event
from negatoscope.watch.stamps import read_stamp
from negatoscope.watch.veil import Veil


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote. ``came``: when we received it, UTC."""

    at: datetime
    """When it was written, by the header; ``came`` where none tells."""
    came: datetime
    zone: tzinfo
    """Of times that name none."""
    veil: Veil
    message: str
    """The text after the header, without control signs at its ends."""
    host: str | None = None
    app: str = ""
    """The programme, lower case, without folder and number; empty where no header tells."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The JSON object that the body is; empty where it is none."""

    def event(self, product: str, service: str | None = None, category: str | None = None) -> Event:
        """An event that says no more than when, where, and the text."""
        told = {"message": self.message} if self.message else {}
        return Event(self.at, product, service, category, host=self.host, fields=told)

    def stamp(self, text: object) -> datetime:
        """An instant that the product itself writes; the header's where it cannot be read."""
        return read_stamp(text, self.came, self.zone) or self.at


TIMES = "times"
"""The field that tells how often it happened, where one line stands for several."""
ENDS = "ends"
"""The field of a line that tells of a connection's end: what was refused in it may have been told before."""
Read = Callable[[Entry], Event | None]
"""A product's normaliser: pure, never raises; ``None``: not of this product, or nothing that it knows."""


def number(text: object) -> int | None:
    """A whole number of at most eighteen digits; ``None`` for anything else."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int):
        return text if abs(text) < _LARGEST else None
    if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST)) - 1:
        return int(text)
    return None


_LARGEST = 10**18


def word(value: object) -> str | None:
    """A text that says something: neither empty nor a dash."""
    return value if isinstance(value, str) and value.strip() not in {"", "-"} else None
