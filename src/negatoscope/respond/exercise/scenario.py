"""Scenarios: what comes when, and what a practice is expected to do. Each file of ``scenarios/`` is one.

Pure data in both languages. Nothing in them names anybody or any machine of a real practice.
"""

from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from negatoscope.kit.bilingual import Lang, Said, Text
from negatoscope.kit.clock import PARIS

Kind = Literal["call", "message", "alert", "find"]
RATES = (1, 10, 60)
"""How many times as fast as the world's the clock of an exercise may run."""


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to answer what asks for a decision."""

    id: Text
    fr: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Inject(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that comes, so many minutes after the beginning."""

    id: Text
    minutes: Annotated[int, Meta(ge=0)]
    kind: Kind
    by: Said
    """Who calls or writes, or where it is found."""
    fr: Text
    en: Text
    choice: tuple[Choice, ...] = ()
    """Where it asks for a decision: what may be answered."""

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a practice is expected to do; signs are those of ``respond.exercise.signs``."""

    id: Text
    fr: Text
    en: Text
    why: Said
    any: tuple[Text, ...] = ()
    """One of these signs meets it."""
    never: tuple[Text, ...] = ()
    """Met by the end, if none of these was seen."""
    before: tuple[Text, ...] = ()
    """It must come before any of these."""
    since: str = ""
    """The inject from which the time is counted; empty: the beginning. Where it never came, nothing is expected."""
    minutes: int | None = None
    """Time that there is for it."""
    duty: str = ""
    """Or: until the last instant of this duty, as the incident reckoned it."""
    vital: bool = False
    """Without it the exercise is not passed."""

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """One exercise."""

    id: Text
    title: Said
    about: Said
    """What it trains, for whom, and how long it takes."""
    hour: time
    """Of Paris, at which it begins, whatever hour it is played."""
    hours: int
    """How long its clock runs."""
    sheet: Text
    """The reflex sheet that fits."""
    inject: tuple[Inject, ...]
    expected: tuple[Expected, ...]

    def begins(self, real: datetime) -> datetime:
        """What its clock shows when it is begun: its own hour, of the day on which it is played."""
        return datetime.combine(real.astimezone(PARIS).date(), self.hour, PARIS)

    def named(self, inject: str) -> Inject | None:
        """One thing that comes."""
        return next((one for one in self.inject if one.id == inject), None)

    @property
    def length(self) -> timedelta:
        """How long its clock runs."""
        return timedelta(hours=self.hours)


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario by its name. Raises msgspec.ValidationError where a file is not of this shape."""
    folder = Path(__file__).with_name("scenarios")
    read = (msgspec.toml.decode(path.read_bytes(), type=Scenario) for path in sorted(folder.glob("*.toml")))
    return {one.id: one for one in read}
