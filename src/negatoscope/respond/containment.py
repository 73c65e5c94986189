"""Containment: which measures an incident calls for, what each stops, and the commands that do and undo it.

The product drafts; a person approves, does and undoes. What is said of a measure is one line of the log.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Text
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Entry, Hit, Incident, Touched, What

Target = Literal["host", "account", "practice"]
Shell = Literal["posix", "powershell", "plain"]
FOLLOWS: Mapping[Turn, frozenset[Turn | None]] = {
    Turn.APPROVED: frozenset((None, Turn.UNDONE, Turn.DROPPED)),
    Turn.DONE: frozenset((Turn.APPROVED,)),
    Turn.UNDONE: frozenset((Turn.DONE,)),
    Turn.DROPPED: frozenset((None, Turn.APPROVED)),
}
"""What a measure may have been before each turn."""
QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes each of them for an apostrophe."""
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-")
"""What a value may be made of where a command line of an equipment has no quotes that we trust."""
Values = Mapping[str, Sequence[str]]
"""What stands for each placeholder: ``ipv4``, ``ipv6``, ``mac``, ``mac_dots``, ``account``, ``login``."""


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    fr: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Command(Struct, frozen=True, forbid_unknown_fields=True):
    """Blocks to copy, for one product; a block that names an address is written once for each."""

    on: Text
    shell: Shell
    do: tuple[Text, ...]
    source: Text
    as_of: date
    confidence: Literal["sure", "likely", "doubtful"]
    undo: tuple[Text, ...] = ()
    note: Said | None = None

    @property
    def ways(self) -> Mapping[str, tuple[str, ...]]:
        """Forth and back."""
        return {"do": self.do, "undo": self.undo}


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """One measure: what it is, what it stops, how one comes back."""

    id: Text
    target: Target
    title: Said
    stops: Said
    back: Said
    network: bool = False
    """It cuts a host off: where a modality is concerned, care is asked first."""
    command: tuple[Command, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    measure: tuple[Measure, ...]


@cache
def measures() -> tuple[Measure, ...]:
    """Every measure, in the order in which they are proposed."""
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_File).measure


@dataclass(frozen=True, slots=True)
class Step:
    """A measure on a target, and all that was said of it, in order."""

    measure: Measure
    target: Ref
    said: tuple[Entry, ...]

    @property
    def turn(self) -> Turn | None:
        """How far it is; ``None``: it is a draft."""
        words = [entry.word for entry in self.said if isinstance(entry.word, Contained)]
        return words[-1].turn if words else None

    @property
    def approval(self) -> Contained | None:
        """The approval that stands, or stood last."""
        words = [entry.word for entry in self.said if isinstance(entry.word, Contained)]
        return next((word for word in reversed(words) if word.turn is Turn.APPROVED), None)


def steps(one: Incident) -> tuple[Step, ...]:
    """The measures on all that is touched or may be, then those on the whole practice; and any that was ever said."""
    said: dict[tuple[str, Ref], list[Entry]] = {}
    for entry in one.contained:
        if isinstance(entry.word, Contained):
            said.setdefault((entry.word.measure, entry.word.target), []).append(entry)
    known = {measure.id: measure for measure in measures()}
    wanted = dict.fromkeys([*_drafted(one), *said])
    return tuple(
        Step(known[code], target, tuple(said.get((code, target), ()))) for code, target in wanted if code in known
    )


def _drafted(one: Incident) -> Iterator[tuple[str, Ref]]:
    targets: dict[Target, tuple[Ref, ...]] = {
        "host": _touched(one, What.HOST), "account": _touched(one, What.ACCOUNT), "practice": ("",),
    }  # fmt: skip
    for kind, refs in targets.items():
        for ref in refs:
            yield from ((measure.id, ref) for measure in measures() if measure.target == kind)


def _touched(one: Incident, what: What) -> tuple[Ref, ...]:
    words = (entry.word for entry in one.touched.values())
    return tuple(
        sorted(
            word.name
            for word in words
            if isinstance(word, Touched) and word.what is what and word.hit is not Hit.CLEARED
        )
    )


def standing(one: Incident, code: str, target: Ref) -> Turn | None:
    """How far a measure on a target is; ``None``: nobody said anything of it."""
    return next((step.turn for step in steps(one) if (step.measure.id, step.target) == (code, target)), None)


def refusal(one: Incident, word: Contained, why: str) -> str | None:
    """Why this cannot be said of a measure; ``None``: it can."""
    if (word.measure, word.target) not in {(step.measure.id, step.target) for step in steps(one)}:
        return "no_measure"
    if standing(one, word.measure, word.target) not in FOLLOWS[word.turn]:
        return "not_approved" if word.turn is Turn.DONE else "not_that_far"
    if word.turn is Turn.APPROVED and not word.by.strip():
        return "unapproved"
    return "wordless" if word.turn is Turn.DROPPED and not why.strip() else None


def filled(blocks: Sequence[str], shell: Shell, values: Values) -> tuple[str, ...]:
    """Blocks with values in the place of their names, quoted for their shell; empty where one is missing or unfit."""
    told: list[str] = []
    for block in blocks:
        names = sorted({name for _text, name, _how, _as in Formatter().parse(block) if name})
        choices = [[quoted(value, shell) for value in values.get(name, ())] for name in names]
        fit = [[value for value in choice if value is not None] for choice in choices]
        told += [block.format(**dict(zip(names, each, strict=True))) for each in product(*fit)]
    return tuple(told)


def quoted(value: str, shell: Shell) -> str | None:
    """A value as one word of a command; ``None``: it is not to be put into one (signs of control, or of a shell)."""
    if not value or not value.isprintable() or value.startswith("-"):
        return None
    if shell == "posix":
        return shlex.quote(value)
    if shell == "powershell":
        return "'" + "".join(sign * 2 if sign in QUOTES else sign for sign in value) + "'"
    return value if PLAIN.issuperset(value) else None
