"""What one cell of a known column may say. Each reader returns a value, or raises Wrong with a code."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from ipaddress import ip_network
from itertools import pairwise
from typing import Any

from negatoscope.model.family import Column, Shape
from negatoscope.model.presence import said as written
from negatoscope.model.services import NoService
from negatoscope.model.services import service as known_service
from negatoscope.observe.spreadsheet.grid import MAX_CELL, Cell, Cut, Formula

_YES = frozenset({"oui", "o", "x", "yes", "y", "vrai", "true", "1", "✓", "supprimer", "delete"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0", "-"})
_ANSWERS = frozenset({"oui", "non", "yes", "no"})
_FRENCH = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_PHONE = re.compile(r"\+?[\d .()/-]{2,30}")
_SPAN = re.compile(
    r"([01]?\d|2[0-4])(?:\s*[:hH.]\s*([0-5]\d)?)?\s*(?:[-–—]|à|to)\s*([01]?\d|2[0-4])(?:\s*[:hH.]\s*([0-5]\d)?)?"
)
_DASHES = frozenset({"-", "–", "—"})
_NOT_THERE = frozenset({"absent", "absente", "away", "repos", "off", "non", "no", "jamais", "never"})
MOST_SPANS = 4
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FIRST_YEAR, LAST_YEAR = 1940, 2100
FEWEST_FIGURES, MOST_FIGURES = 2, 9


class Wrong(ValueError):  # noqa: N818 -- what it is
    """A cell cannot be taken; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def plain(said: str) -> str:
    """Fold case, accents, dots and repeated blanks: how headings and words are compared."""
    bare = unicodedata.normalize("NFKD", said.replace("’", "'")).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def name(said: str) -> str:
    """Fold case and repeated blanks only: how names of people and systems are compared."""
    return " ".join(said.split()).casefold()


def words(said: Cell) -> str:
    """Any text, on one line."""
    if isinstance(said, date):
        return said.isoformat()
    return " ".join((said or "").split())


def day(said: Cell) -> date:
    """A date as Excel holds it, as the French write it (31/12/2026) or ISO."""
    if isinstance(said, date):
        found = said
    else:
        iso, french = _ISO.fullmatch(said or ""), _FRENCH.fullmatch(said or "")
        try:
            if iso:
                found = date(*(int(part) for part in iso.groups()))
            elif french:
                found = date(*(int(part) for part in reversed(french.groups())))
            else:
                raise Wrong("not_a_date")
        except ValueError as error:
            raise Wrong("not_a_date") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong("date_out_of_range")
    return found


def is_data(said: Cell) -> bool:
    """Whether this is what rows hold and headings never do: a day, a yes or a no."""
    try:
        return bool(day(said))
    except Wrong as error:
        return error.code == "date_out_of_range" or words(said).casefold() in _ANSWERS


def mail(said: Cell) -> str:
    """An e-mail address, by its shape."""
    address = words(said)
    if not _MAIL.fullmatch(address):
        raise Wrong("not_an_email")
    return address


def yes(said: Cell) -> bool:
    """Yes or no, as people tick boxes."""
    word = words(said).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong("yes_or_no")


def phone(said: Cell) -> str:
    """A telephone number, by its shape; three figures may be enough inside the house."""
    number = words(said)
    if not _PHONE.fullmatch(number) or sum(map(str.isdigit, number)) < FEWEST_FIGURES:
        raise Wrong("not_a_phone")
    return number


def count(said: Cell) -> int:
    """A whole number."""
    number = words(said)
    if not number.isascii() or not number.isdigit() or len(number) > MOST_FIGURES:
        raise Wrong("not_a_count")
    return int(number)


def parts(said: Cell) -> tuple[str, ...]:
    """Several names, separated by semicolons."""
    return tuple(dict.fromkeys(part for one in words(said).split(";") if (part := " ".join(one.split()))))


def networks(said: Cell) -> tuple[str, ...]:
    """Several networks; a lone address is a network of one."""
    try:
        return tuple(dict.fromkeys(str(ip_network(one, strict=False)) for one in parts(said)))
    except ValueError as error:
        raise Wrong("not_a_network") from error


def service(said: Cell) -> str:
    """A protocol and its ports, in the one form that comparisons take."""
    try:
        return known_service(words(said))
    except NoService as error:
        raise Wrong(error.code) from error


def digest(said: Cell) -> str:
    """The digest of a document."""
    if not _DIGEST.fullmatch(words(said)):
        raise Wrong("not_a_digest")
    return words(said)


def choice(said: Cell, column: Column) -> Any:  # noqa: ANN401 -- one of the column's own
    """One of a column's choices, in either language."""
    word = plain(words(said))
    for chosen, known in column.choices.items():
        if word in {plain(known.fr), plain(known.en), plain(chosen)}:
            return chosen
    if word in column.also_chosen:
        return column.also_chosen[word]
    raise Wrong("not_a_choice")


def hours(said: Cell) -> str:
    """Hours of one day: ``08:00–12:30 ; 14:00–18:00``, ``8h30 à 17h``; a lone dash or « absent »: none."""
    text = words(said)
    if text in _DASHES or plain(text) in _NOT_THERE:
        return written(())
    found = [_SPAN.fullmatch(part.strip()) for part in re.split(r"[;,/]|\bet\b|\band\b", text)]
    if len(found) > MOST_SPANS or not all(found):
        raise Wrong("not_hours")
    try:
        spans = [
            (time(int(one[1]) % 24, int(one[2] or 0)), time(int(one[3]) % 24, int(one[4] or 0))) for one in found if one
        ]
    except ValueError as error:
        raise Wrong("not_hours") from error
    if any(begins == ends for begins, ends in spans) or any(a[1] > b[0] for a, b in pairwise(spans)):
        raise Wrong("not_hours")
    return written(spans)


READERS: Mapping[Shape, Callable[[Cell], Any]] = {
    Shape.DAY: day, Shape.YES: yes, Shape.MAIL: mail, Shape.PHONE: phone, Shape.COUNT: count,
    Shape.NETWORKS: networks, Shape.DOCUMENT: digest, Shape.HOURS: hours, Shape.SERVICE: service,
}  # fmt: skip
"""What reads each shape; the others are words."""


def take(said: Cell, column: Column) -> Any:  # noqa: ANN401 -- what the column holds
    """Read one filled cell. Raises Wrong; a formula is never evaluated, nor taken for what it last showed."""
    if isinstance(said, Formula):
        raise Wrong("formula")
    if isinstance(said, Cut):
        raise Wrong("cut")
    if isinstance(said, str) and len(said) > MAX_CELL:
        raise Wrong("too_long")
    if column.shape is Shape.CHOICE:
        return choice(said, column)
    return READERS.get(column.shape, words)(said)
