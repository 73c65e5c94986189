"""Evidence: what may be said of a piece, and its chain of custody from the one who took it to the one who holds it."""

import re
from dataclasses import dataclass

from negatoscope.model.custody import Collected, Compared, Passed, Piece
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Entry, Incident

DIGEST = re.compile(r"[0-9a-f]{64}")
IMAGES = frozenset({Piece.MEMORY, Piece.DISK})


@dataclass(frozen=True, slots=True)
class Chain:
    """One piece and all that became of it, in order."""

    taken: Entry
    word: Collected
    links: tuple[Entry, ...]

    @property
    def holder(self) -> str:
        """Who holds it now, and where."""
        return next((one.word.to for one in reversed(self.links) if isinstance(one.word, Passed)), self.word.held)

    @property
    def seal(self) -> str:
        """The seal that it bears now."""
        told = (one.word.seal for one in reversed(self.links) if isinstance(one.word, Passed) and one.word.seal)
        return next(told, self.word.seal)

    @property
    def altered(self) -> bool:
        """Whether it was found to be other than what was taken."""
        return any(isinstance(one.word, Compared) and one.word.digest != self.word.digest for one in self.links)


def chains(one: Incident) -> tuple[Chain, ...]:
    """Every piece, in the order in which they were taken."""
    return tuple(
        Chain(entry, entry.word, tuple(link for link in one.handled if _place(link) == entry.place))
        for entry in one.pieces
        if isinstance(entry.word, Collected)
    )


def _place(link: Entry) -> int | None:
    return link.word.place if isinstance(link.word, Passed | Compared) else None


def imaged(one: Incident, host: Ref) -> bool:
    """Whether memory or a disk of a host was taken, or the host itself."""
    return any(chain.word.host == host and chain.word.piece in {*IMAGES, Piece.DEVICE} for chain in chains(one))


def refusal(one: Incident, word: Collected | Passed | Compared, why: str) -> str | None:
    """Why this cannot be said of a piece; ``None``: it can. Memory is lost first: a disk before it takes a reason."""
    if isinstance(word, Collected):
        return _untaken(one, word, why)
    chain = next((each for each in chains(one) if each.taken.place == word.place), None)
    if chain is None:
        return "no_piece"
    if isinstance(word, Passed):
        return None if word.to.strip() else "wordless"
    return None if chain.word.digest else "undigested"


def _untaken(one: Incident, word: Collected, why: str) -> str | None:
    if not (word.name.strip() and word.held.strip() and word.host.strip()):
        return "wordless"
    if word.digest and not DIGEST.fullmatch(word.digest):
        return "digest"
    if not word.digest and word.piece is not Piece.DEVICE:
        return "undigested"
    first = any(chain.word.host == word.host and chain.word.piece is Piece.MEMORY for chain in chains(one))
    return "memory_first" if word.piece is Piece.DISK and not first and not why.strip() else None
