"""One record as it came, and what it is for ever."""

from datetime import datetime

import msgspec

MOST_DATA = 256 * 1024
"""Octets of one record that are kept."""
ON_THE_WIRE = "net:"
"""How keys begin of records that are never sent again under the same one: datagrams, lines of a connection."""
GIVEN, FOLDER = "file:", "folder:"
"""How senders begin that are a file given once, and a followed folder."""


class Raw(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A record that nobody has read yet."""

    key: str
    """Where it stood: connection and ordinal, file and octet, the identity that its sender gave. Never given twice."""
    sender: str
    """``10.0.0.5``, ``cert:pare-feu``, ``token:NAME``, ``folder:NAME``, ``file:DIGEST/NAME``."""
    came: datetime
    """By our clock, UTC."""
    format: str
    """``syslog``, ``json``, ``text``, ``csv``, ``evtx``, ``xml``: what the sender says or the door knows, no more."""
    data: bytes
    """Not more than ``MOST_DATA``."""
    size: int | None = None
    """How long it was, of one that was cut."""
    rings_within: float | None = None
    """Seconds: an event that happened longer before it came is searched and raises nothing. ``None``: however long."""

    @property
    def repeatable(self) -> bool:
        """Whether its sender may send it again under the same key: it is then kept once."""
        return not self.key.startswith(ON_THE_WIRE)

    @property
    def lasting(self) -> bool:
        """Whether its sender goes on sending, and so has a rhythm; a file given once has none."""
        return not self.sender.startswith(GIVEN)


def whole(data: bytes) -> tuple[bytes, int | None]:
    """What is kept of a record, and how long it was if that is not all of it."""
    return (data, None) if len(data) <= MOST_DATA else (data[:MOST_DATA], len(data))
