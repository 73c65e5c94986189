"""Dossiers of declaration: filled from the incident and the register, corrected by people, marked as sent.

Nothing leaves by itself: a person copies what is here into the portal, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from negatoscope.flows import compiling, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone
from negatoscope.flows.responding import Document, Line
from negatoscope.model.incident import Entry, Filled, Sent, Stage
from negatoscope.respond.dossier import Dossier, Form, Unfit, Values, forms
from negatoscope.respond.filling import fill
from negatoscope.respond.incident import Refused, read
from negatoscope.store import incidents
from negatoscope.store.queries import incidents as held

REASONS = "late_reasons"
"""The field that asks why it is late."""


class Collided(Exception):  # noqa: N818 -- what it is
    """Others filled the same fields after the form was shown. ``entries``: theirs, by field."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        """Keep whose they are."""
        super().__init__(*entries)
        self.entries = entries


class Misfilled(Exception):  # noqa: N818 -- what it is
    """Fields take no such values. ``codes``: why, by field. Nothing was written."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        """Keep which."""
        super().__init__(*codes)
        self.codes = codes


@dataclass(frozen=True)
class Filling:
    """What somebody fills. ``seen``: the newest entry they had before them; ``once``: marks a form sent twice."""

    duty: str
    values: Mapping[str, Sequence[str]]
    seen: int | None = None
    once: str | None = None


def form_of(duty: str) -> Form:
    """The form of a duty. Raises Refused."""
    form = forms().get(duty)
    if form is None:
        raise Refused("duty")
    return form


def dossier(console: Console, number: int, duty: str) -> Dossier:
    """The dossier of one duty in one incident, as of now. Raises Refused."""
    form, log = form_of(duty), held.entries(console.practice, number)
    return fill(form, compiling.facts(console, read(number, log), log))


def save(console: Console, number: int, told: Filling, who: Handler) -> int | None:
    """Write what changed as one line of the log; returns its place, nothing where nothing changed.

    All or nothing. Raises Refused; Misfilled; Collided where others filled the same with something else meanwhile.
    """
    values = _fitted(form_of(told.duty), told.values)
    if not values:
        return None
    with alone(console):
        before = incidents.written(number, told.once) if told.once else None
        if before is not None:
            return before
        log = held.entries(console.practice, number)
        newer = _newer(log, told, values)
        if newer:
            raise Collided(newer)
        return responding.say(console, number, Line(Filled(told.duty, values), once=told.once), who)


def _fitted(form: Form, given: Mapping[str, Sequence[str]]) -> dict[str, Values]:
    values, wrong = dict[str, Values](), dict[str, str]()
    for ident, told in given.items():
        field = form.named(ident)
        if field is None:
            raise Refused("field")
        try:
            values[ident] = field.fit(tuple(told))
        except Unfit as unfit:
            wrong[ident] = unfit.code
    if wrong:
        raise Misfilled(wrong)
    return values


def _newer(log: Sequence[Entry], told: Filling, values: Mapping[str, Values]) -> dict[str, Entry]:
    """What others said of these fields since, where it is not the same."""
    found: dict[str, Entry] = {}
    for entry in log if told.seen is not None else ():
        word = entry.word
        if entry.place > (told.seen or 0) and isinstance(word, Filled) and word.dossier == told.duty:
            found |= {ident: entry for ident in word.values if ident in values and word.values[ident] != values[ident]}
    return found


@dataclass(frozen=True)
class Leaving:
    """What somebody says of a notification that left."""

    at: datetime
    stage: Stage = Stage.UNSAID
    by: str = ""
    receipt: str = ""
    reasons: str = ""
    text: str = ""
    copy: Document | None = None
    once: str | None = None


def send(console: Console, number: int, duty: str, leaving: Leaving, who: Handler) -> int:
    """Note that a notification left, with the dossier as it is and the copy that is kept. Raises Refused.

    From here on ``aware_at`` is frozen. Nothing leaves through this.
    """
    kept = responding.keep(console, leaving.copy) if leaving.copy is not None else None
    with alone(console):
        before = incidents.written(number, leaving.once) if leaving.once else None
        if before is not None:
            return before
        now = dossier(console, number, duty)
        why = leaving.copy.why if leaving.copy is not None else ""
        copy = None if kept is None else responding.say(console, number, Line(kept, why), who)
        reasons = leaving.reasons.strip() or "".join(now.told.get(REASONS, ()))
        told = now.told | ({REASONS: (reasons,)} if reasons and now.form.named(REASONS) else {})
        word = Sent(duty, leaving.at, leaving.receipt, leaving.stage, leaving.by, reasons, told, copy)
        return responding.say(console, number, Line(word, leaving.text, once=leaving.once), who)
