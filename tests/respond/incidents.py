"""Logs of incidents for tests, written as flows write them: each line is checked before it is added."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from negatoscope.model.custody import Collected, Piece
from negatoscope.model.incident import (
    Asked,
    Dated,
    Entry,
    Hit,
    How,
    Incident,
    Moment,
    Moved,
    Opened,
    Origin,
    Part,
    Reckoned,
    State,
    Stated,
    Touched,
    What,
    Word,
)
from negatoscope.respond import wall
from negatoscope.respond.incident import check, read

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOST = "host/poste-3"


@dataclass
class Log:
    """A log that grows by a minute a line."""

    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entries.append(Entry(1, START, "user:anna", "Anna", Opened("rançon sur poste-3", Origin.HAND)))

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=len(self.entries))

    @property
    def one(self) -> Incident:
        return read(7, self.entries)

    def entry(self, word: Word, text: str = "") -> Entry:
        return Entry(len(self.entries) + 1, self.now, "user:anna", "Anna", word, text)

    def say(self, word: Word, text: str = "") -> int:
        entry = self.entry(word, text)
        check(self.one, self.entries, entry)
        self.entries.append(entry)
        return entry.place

    def reckon(self) -> None:
        self.entries.append(self.entry(Reckoned(wall.reckoned(self.one))))


def aware(at: datetime = START) -> Log:
    log = Log()
    log.say(Dated(Moment.AWARE, at), "vu par Anna")
    log.reckon()
    return log


COMPLETE: tuple[tuple[Word, str], ...] = (
    (Touched(What.HOST, HOST, Hit.COMPROMISED), ""),
    (Stated(Part.ENTRY, How.UNKNOWN), "après lecture des journaux"),
    (Stated(Part.SPREAD, How.SAID), "aucun autre poste"),
    (Stated(Part.DATA, How.SAID), "planning"),
    (Collected(Piece.MEMORY, HOST, "poste-3.mem", "Luc, coffre", "S-1", "a" * 64, 9), "WinPmem"),
    (Stated(Part.IMAGES, How.TAKEN, HOST), "disque dur du 3"),
    (Stated(Part.REINSTALL, How.REINSTALLED, HOST), "par le prestataire"),
    (Stated(Part.SECRETS, How.SAID), "tous"),
    (Stated(Part.LESSONS, How.SAID), "macros"),
    (Asked("Luc", None, lesson=True), "interdire les macros"),
)
"""All that closing asks."""


def recovered(words: tuple[tuple[Word, str], ...] = COMPLETE) -> Log:
    log = aware()
    for word, text in words:
        log.say(word, text)
    log.say(Moved(State.RECOVERED))
    return log
