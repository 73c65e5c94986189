"""JSON objects and XML events, cut out of a stream by where they begin and end; nobody parses them here."""

import re
from collections.abc import Iterator
from typing import IO

from negatoscope.intake.files.piece import MOST_RECORD, Flaw, Piece, flawed, piece

READ = 256 * 1024
_MARK = re.compile(rb'\\.|["{}]', re.DOTALL)
_BEGIN, _END = re.compile(rb"<Event[\s>]"), b"</Event>"
_LONGEST_MARK = 8


class _Objects:
    """Where a stream of objects stands."""

    def __init__(self) -> None:
        self.held = b""
        self.place = self.begin = self.depth = 0
        self.quoted = self.dropped = False

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The objects that end in what comes next."""
        self.held += data
        for mark in _MARK.finditer(self.held, self.place):
            self.place = mark.end()
            sign = mark[0]
            if sign == b'"':
                self.quoted = not self.quoted
            elif not self.quoted and sign == b"{":
                self.begin = self.begin if self.depth else mark.start()
                self.depth += 1
            elif not self.quoted and sign == b"}" and self.depth:
                self.depth -= 1
                if not self.depth:
                    yield self._ended(mark.end())
        self._trim()

    def _ended(self, end: int) -> Piece:
        dropped, self.dropped = self.dropped, False
        return flawed(Flaw.TOO_LONG) if dropped else piece(self.held[self.begin : end])

    def _trim(self) -> None:
        """Keep what the object at hand has so far, and a sign that may begin an escape."""
        escaping = self.held.endswith(b"\\") and self.place < len(self.held)
        self.place = len(self.held) - escaping
        if self.depth and self.place - self.begin > MOST_RECORD:
            self.dropped = True
        since = self.begin if self.depth and not self.dropped else self.place
        self.held, self.place, self.begin = self.held[since:], self.place - since, 0


def objects(file: IO[bytes]) -> Iterator[Piece]:
    """The objects of an array, or one after the other, however they are laid out."""
    standing = _Objects()
    while data := file.read(READ):
        yield from standing.feed(data)
    if standing.depth:
        yield flawed(Flaw.UNREADABLE)


def xml_events(file: IO[bytes]) -> Iterator[Piece]:
    """The events of a Windows event log written as XML, whether or not an element encloses them."""
    held, dropped = b"", False
    while data := file.read(READ):
        held += data
        while (end := held.find(_END)) >= 0:
            begun = _BEGIN.search(held, 0, end)
            if dropped or begun is None:
                yield flawed(Flaw.TOO_LONG if dropped else Flaw.UNREADABLE)
            else:
                yield piece(held[begun.start() : end + len(_END)])
            held, dropped = held[end + len(_END) :], False
        if len(held) > MOST_RECORD:
            held, dropped = held[-_LONGEST_MARK:], True
    if dropped or _BEGIN.search(held):
        yield flawed(Flaw.UNREADABLE)
