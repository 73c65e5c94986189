"""Messages in a stream of octets (RFC 6587): counted or ended by a newline, told apart message by message."""

import re
from dataclasses import dataclass

from negatoscope.intake.events.raw import MOST_DATA

MOST_MESSAGES = 1_000
"""Given at a time: a line of one octet weighs some hundred as a record."""
_COUNTED = re.compile(rb"([1-9]\d{0,8}) <")
_PERHAPS = re.compile(rb"[1-9]\d{0,8} ?\Z")
_BETWEEN = b"\n\r\0"
_DIGITS = b"123456789"
_BEGINS = b"<"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``size``: how long it was, of one that was cut."""

    data: bytes
    size: int | None = None


class Framer:
    """Takes what a connection brings, gives whole messages; holds one of ``MOST_DATA`` and the last piece at most."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self.strays = 0
        """Lines that begin like no message, from one who counts octets: its count was wrong."""
        self._held = bytearray()
        self._place = 0
        self._counts = False
        self._cut: bytes | None = None
        """What is kept of a message that is too long, while the rest of it passes."""
        self._size = 0
        self._left: int | None = None
        """Octets of it that are still to come; ``None``: until a newline."""

    @property
    def amid(self) -> bool:
        """Whether a message began and has not ended."""
        return bool(self._held) or self._cut is not None

    def feed(self, piece: bytes, most: int = MOST_MESSAGES) -> list[Message]:
        """Messages that are whole now, at most so many: as long as there are, feed nothing to have the next ones."""
        self._held += piece
        found: list[Message] = []
        while len(found) < most and self._step(found):
            pass
        del self._held[: self._place]
        self._place = 0
        return found

    def end(self) -> list[Message]:
        """What is left when the connection ends: a line without its newline, or a part of a counted message."""
        if self._cut is not None:
            found = [Message(self._cut, self._size)]
        elif counted := _COUNTED.match(self._held):
            found = [Message(bytes(self._held[counted.end() - 1 :])[:MOST_DATA], int(counted[1]))]
        else:
            rest = bytes(self._held).strip(_BETWEEN)
            found = [Message(rest)] if rest else []
        self._held.clear()
        self._cut = None
        return found

    def _step(self, found: list[Message]) -> bool:
        """Take one message, or a part of one too long; tells whether there may be another."""
        if self._cut is not None:
            return self._skip(found)
        held, place = self._held, self._place
        end = len(held)
        while place < end and held[place] in _BETWEEN:
            place += 1
        self._place = place
        if place == end:
            return False
        if held[place] in _DIGITS:
            if counted := _COUNTED.match(held, place):
                return self._counted(counted.end() - 1, int(counted[1]), found)
            if _PERHAPS.match(held, place):
                return False
        return self._line(found)

    def _counted(self, begin: int, length: int, found: list[Message]) -> bool:
        kept = min(length, MOST_DATA)
        if begin + kept > len(self._held):
            return False
        self._counts = True
        data = bytes(self._held[begin : begin + kept])
        self._place = begin + kept
        if kept < length:
            self._cut, self._size, self._left = data, length, length - kept
        else:
            found.append(Message(data))
        return True

    def _line(self, found: list[Message]) -> bool:
        held, place = self._held, self._place
        newline = held.find(b"\n", place)
        length = (newline if newline >= 0 else len(held)) - place
        if length > MOST_DATA:
            self._cut, self._size, self._left = bytes(held[place : place + MOST_DATA]), MOST_DATA, None
            self._place = place + MOST_DATA
            return True
        if newline < 0:
            return False
        data = bytes(held[place:newline]).rstrip(b"\r\0")
        self.strays += self._counts and data[:1] != _BEGINS
        found.append(Message(data))
        self._place = newline + 1
        return True

    def _skip(self, found: list[Message]) -> bool:
        """Let pass what is left of a message that is too long."""
        here = len(self._held) - self._place
        if self._left is not None:
            passed = min(self._left, here)
            self._left -= passed
            over = not self._left
        else:
            newline = self._held.find(b"\n", self._place)
            over = newline >= 0
            passed = newline - self._place if over else here
            self._size += passed
        self._place += passed
        if over and self._cut is not None:
            found.append(Message(self._cut, self._size))
            self._cut = None
        return over
