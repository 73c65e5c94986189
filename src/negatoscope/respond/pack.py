"""The hand-over pack of an incident: what stands in it, in words (``pack.toml``), and its plain parts. Pure."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said
from negatoscope.model.custody import Collected
from negatoscope.model.incident import Attached, Entry, Incident, Marked
from negatoscope.respond.custody import chains

Row = tuple[str, ...]
TIMELINE: Row = ("ligne", "instant", "auteur", "sorte", "rayee", "element", "texte", "contenu")
CLUES: Row = ("sorte", "valeur", "instant", "auteur")
PIECES: Row = ("piece", "nom", "sha256", "octets", "gardee_par", "instant")


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """One part, as the index names it."""

    code: str
    says: Said


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """What the index says."""

    title: Said
    exercise: Said
    lead: Said
    check: Said
    absent: Said
    cut: Said
    unanswered: Said
    none: Said
    more_hosts: Said
    part: tuple[Part, ...]


@cache
def words() -> Words:
    """All of it. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("pack.toml").read_bytes(), type=Words)


def timeline(log: Iterable[Entry], struck: Iterable[int]) -> Iterator[Row]:
    """Every line of a log, as it was written. ``struck``: places of lines that were struck since."""
    gone = {*struck}
    for one in log:
        said = msgspec.to_builtins(one.word)
        kind = said.pop("type", "")
        yield (
            str(one.place), one.at.isoformat(), one.name or one.who, kind, "oui" if one.place in gone else "",
            one.element, one.text, msgspec.json.encode(said, order="sorted").decode(),
        )  # fmt: skip


def clues(one: Incident) -> Iterator[Row]:
    """Its indicators."""
    said = ((entry, entry.word) for entry in one.clues if isinstance(entry.word, Marked))
    return ((word.clue.value, word.value, entry.at.isoformat(), entry.name) for entry, word in said)


def pieces(one: Incident, log: Iterable[Entry]) -> Iterator[Row]:
    """Pieces of evidence and documents, with their digests."""
    for chain in chains(one):
        word: Collected = chain.word
        size = "" if word.size is None else str(word.size)
        yield word.piece, word.name, word.digest, size, chain.holder, chain.taken.at.isoformat()
    for entry in log:
        if isinstance(entry.word, Attached):
            yield "document", entry.word.name, entry.word.digest, str(entry.word.size), "", entry.at.isoformat()
