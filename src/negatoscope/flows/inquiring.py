"""The answers to rule 38's questions on a host are kept in an incident, as they were that day."""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.questioning import NAMES, Questioning
from negatoscope.flows.responding import Document, Line
from negatoscope.kit.canonical import canonical
from negatoscope.model.custody import Inquired
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Touched, What
from negatoscope.respond.questions.answer import Answer
from negatoscope.store.queries import events
from negatoscope.store.queries import incidents as held


def concerned(console: Console, host: Ref) -> list[tuple[int, str]]:
    """Incidents that go on and that name this host, with their titles; exercises are none."""
    found = []
    for listed in held.standing(console.practice):
        words = (entry.word for entry in responding.incident(console, listed.number).touched.values())
        if any(isinstance(word, Touched) and (word.what, word.name) == (What.HOST, host) for word in words):
            found.append((listed.number, listed.title))
    return found


def keep(console: Console, number: int, asked: Questioning, who: Handler, once: str | None = None) -> int:
    """Keep what can be answered now, whole, in the vault and in the log; what could not be is left out of ``asked``.

    Returns the line's place. Raises responding.Refused.
    """
    answers = dict(_answers(asked))
    told = canonical({"host": asked.host, "window": asked.window, "at": console.clock(), **answers})
    name = f"questions-{asked.host.removeprefix('host/')}.json"
    file = responding.keep(console, Document(name, BytesIO(told)))
    word = Inquired(asked.host, tuple(answers), file.name, file.digest, file.size)
    return responding.say(console, number, Line(word, once=once), who)


def _answers(asked: Questioning) -> Iterator[tuple[str, Answer[Any]]]:
    for name in NAMES:
        with suppress(events.Refused):
            yield name, getattr(asked, name)
