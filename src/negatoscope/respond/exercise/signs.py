"""By which signs of a log an exercise sees what was done: each entry shows one or several."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from negatoscope.model.custody import Collected
from negatoscope.model.exercise import Chosen
from negatoscope.model.incident import (
    Answered,
    Asked,
    Chained,
    Dated,
    Decided,
    Entry,
    Followed,
    Incident,
    Moved,
    Named,
    Noted,
    Sent,
    Stated,
    Touched,
)

# Sheets share their first gestures: whichever is followed, ``gesture.first.patient.done`` is the same.
_SHOWN: Mapping[type, Callable[[Any], Iterable[str]]] = {
    Named: lambda word: (f"named.{word.role}",),
    Answered: lambda word: (f"answered.{word.question}", f"answered.{word.question}.{word.answer}"),
    Followed: lambda word: (f"gesture.{word.step.partition('.')[2]}.{word.gesture}",),
    Touched: lambda word: (f"touched.{word.what}.{word.hit}",),
    Collected: lambda word: (f"collected.{word.piece}",),
    Stated: lambda word: (f"stated.{word.part}.{word.how}",),
    Sent: lambda word: (f"sent.{word.duty}",),
    Chained: lambda word: (f"chained.{word.step}",),
    Moved: lambda word: (f"moved.{word.to}",),
    Chosen: lambda word: (f"chosen.{word.inject}.{word.choice}",),
    Asked: lambda word: ("asked", "asked.lesson") if word.lesson else ("asked",),
    Decided: lambda _word: ("decided",),
    Noted: lambda _word: ("noted",),
}


def shown(entry: Entry) -> frozenset[str]:
    """What one entry shows. A date counts where somebody says why: the one of the opening was said by nobody."""
    word = entry.word
    if isinstance(word, Dated):
        return frozenset({f"dated.{word.which}"} if entry.text.strip() else ())
    say = _SHOWN.get(type(word))
    return frozenset(say(word)) if say is not None else frozenset()


def first(one: Incident, log: Iterable[Entry], wanted: Iterable[str]) -> Entry | None:
    """The first entry that shows one of these; struck ones show nothing."""
    signs = frozenset(wanted)
    return next((entry for entry in log if entry.place not in one.struck and signs & shown(entry)), None)
