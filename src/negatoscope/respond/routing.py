"""Where something is reported that no duty compels: questions, and the places they lead to (``routing.toml``). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said, Text
from negatoscope.respond.duty import Answer


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question, in both languages."""

    id: str
    fr: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go. ``when``: questions of which a yes leads here."""

    id: str
    name: str
    reach: str
    when: tuple[str, ...]
    source: str
    as_of: date
    confidence: str
    why: Said
    bring: Said


@dataclass(frozen=True, slots=True)
class Route:
    """A place, and how sure it is that it is the one: ``yes``, or ``unknown``."""

    place: Place
    sure: Answer


class _Book(Struct, frozen=True, forbid_unknown_fields=True):
    question: tuple[Question, ...]
    place: tuple[Place, ...]


@cache
def _book() -> _Book:
    return msgspec.toml.decode(Path(__file__).with_name("routing.toml").read_bytes(), type=_Book)


def questions() -> tuple[Question, ...]:
    """The questions, in their order. Raises msgspec.ValidationError."""
    return _book().question


def places() -> tuple[Place, ...]:
    """All places, the most urgent first. Raises msgspec.ValidationError."""
    return _book().place


def routes(answers: Mapping[str, Answer]) -> tuple[Route, ...]:
    """Where these answers lead: first what is sure, then what an « I do not know » leaves open."""
    found = []
    for place in places():
        told = {answers.get(question, Answer.UNKNOWN) for question in place.when}
        if told != {Answer.NO}:
            found.append(Route(place, Answer.YES if Answer.YES in told else Answer.UNKNOWN))
    return tuple(sorted(found, key=lambda route: route.sure is not Answer.YES))
