"""What one cell of a known column may say. Each reader returns a value, or raises Wrong with a code."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from negatoscope.model.accounts import AccountKind
from negatoscope.observe.spreadsheet.grid import MAX_CELL, Cell, Formula

_YES = frozenset({"oui", "o", "x", "yes", "y", "vrai", "true", "1", "✓", "supprimer", "delete"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0", "-"})
_KINDS = {
    AccountKind.PERSON: ("personne", "person", "nominatif", "personnel", "named", "utilisateur", "user"),
    AccountKind.SERVICE: ("service", "application", "technique", "technical", "programme", "program"),
    AccountKind.SYSTEM: ("systeme", "system"),
}
_KIND_WORDS = {word: kind for kind, words in _KINDS.items() for word in words}
_FRENCH = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FIRST_YEAR, LAST_YEAR = 1940, 2100


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


def mail(said: Cell) -> str:
    """An e-mail address, by its shape."""
    address = words(said)
    if not _MAIL.fullmatch(address):
        raise Wrong("not_an_email")
    return address


def kind(said: Cell) -> AccountKind:
    """Whom an account is for."""
    found = _KIND_WORDS.get(plain(words(said)))
    if found is None:
        raise Wrong("unknown_kind")
    return found


def yes(said: Cell) -> bool:
    """Yes or no, as people tick boxes."""
    word = words(said).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong("yes_or_no")


def take(said: Cell, reader: Callable[[Cell], Any]) -> Any:  # noqa: ANN401 -- what the reader makes of it
    """Read one filled cell. Raises Wrong; a formula is never evaluated, nor taken for what it last showed."""
    if isinstance(said, Formula):
        raise Wrong("formula")
    if isinstance(said, str) and len(said) > MAX_CELL:
        raise Wrong("too_long")
    return reader(said)
