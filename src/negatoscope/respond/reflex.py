"""Reflex sheets: the first gestures before a suspected incident, for people who are not experts.

Each file of ``reflexes/`` is one sheet; ``reflex.toml`` holds what all of them bear and where statements come from.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said, Text
from negatoscope.model.incident import Gesture

Reflex = Literal["ransomware", "mailbox", "host", "edge", "defacement", "denial", "lost", "insider"]
"""The sheets, the most urgent first."""
REFLEXES: tuple[Reflex, ...] = get_args(Reflex)
Phase = Literal["first", "qualify", "conclude", "contain", "recover", "do", "dont"]
PHASES: tuple[Phase, ...] = get_args(Phase)


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One gesture, question or conclusion; true so far as ``confidence`` says."""

    id: Text
    """Once in its phase: with sheet and phase, what a log entry names."""
    fr: Text
    en: Text
    source: Text
    confidence: Literal["sure", "likely", "doubtful"]

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where statements come from, and on what day they were read there."""

    as_of: date
    name: Said


class Shared(Struct, frozen=True, forbid_unknown_fields=True):
    """What every sheet bears."""

    first: tuple[Step, ...]
    """Before anything else: patients, then the machines that look into them."""
    power: Step
    """The default: do not switch off."""
    contrary: Step
    """What others advise against that default; the choice is a decision to record."""
    sources: dict[str, Source]
    titles: dict[Phase, Said]
    """``{minutes}`` in that of the qualification."""


class Sheet(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of incident, from the first doubt to the return to work."""

    id: Reflex
    minutes: int
    """For the qualification: an answer that is not known by then is "I do not know"."""
    title: Said
    seen: Said
    """By what a receptionist knows it."""
    qualify: tuple[Step, ...]
    """Questions; each may be answered "I do not know"."""
    conclude: tuple[Step, ...]
    contain: tuple[Step, ...]
    recover: tuple[Step, ...]
    do: tuple[Step, ...]
    dont: tuple[Step, ...]

    def steps(self, phase: Phase) -> tuple[Step, ...]:
        """Give the steps of one phase, in their order."""
        return {
            "first": (*shared().first, shared().power, shared().contrary),
            "qualify": self.qualify,
            "conclude": self.conclude,
            "contain": self.contain,
            "recover": self.recover,
            "do": self.do,
            "dont": self.dont,
        }[phase]

    def title_of(self, phase: Phase, lang: Lang) -> str:
        """What stands over the steps of a phase."""
        return shared().titles[phase][lang].format(minutes=self.minutes)

    def sources(self) -> dict[str, Source]:
        """What its statements come from, each once, in the order of the statements."""
        named = dict.fromkeys(step.source for phase in PHASES for step in self.steps(phase))
        return {name: shared().sources[name] for name in named}


@cache
def shared() -> Shared:
    """What every sheet bears. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("reflex.toml").read_bytes(), type=Shared)


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet, the most urgent first. Raises msgspec.ValidationError where a file is not of this shape."""
    folder = Path(__file__).with_name("reflexes")
    read = (msgspec.toml.decode(path.read_bytes(), type=Sheet) for path in folder.glob("*.toml"))
    return tuple(sorted(read, key=lambda sheet: REFLEXES.index(sheet.id)))


def name_of(sheet: Sheet, phase: Phase, step: Step) -> str:
    """What a log calls a step: ``ransomware.contain.isolate``."""
    return f"{sheet.id}.{phase}.{step.id}"


@cache
def _named() -> dict[str, tuple[Phase, Step]]:
    every = ((sheet, phase, step) for sheet in sheets() for phase in PHASES for step in sheet.steps(phase))
    return {name_of(sheet, phase, step): (phase, step) for sheet, phase, step in every}


def step_of(name: str) -> Step | None:
    """The step of a name; ``None``: there is none, or no longer."""
    found = _named().get(name)
    return None if found is None else found[1]


def takes(name: str) -> tuple[Gesture, ...]:
    """What may be said of a step: a question is answered, a gesture done or left; nothing of what is not to be done."""
    match _named().get(name):
        case None | ("dont", _):
            return ()
        case ("qualify", _):
            return (Gesture.YES, Gesture.NO, Gesture.UNKNOWN)
    return (Gesture.DONE, Gesture.LEFT)


def reasoned(name: str, gesture: Gesture) -> bool:
    """Whether it takes a reason: what is left does, and what goes against the default, which somebody decides."""
    return gesture is Gesture.LEFT or (gesture is Gesture.DONE and step_of(name) is shared().contrary)
