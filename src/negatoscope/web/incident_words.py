"""Lines of an incident's log in the words of the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from negatoscope.flows import naming
from negatoscope.flows.questioning import USUAL
from negatoscope.model.containing import Contained
from negatoscope.model.custody import Collected, Compared, Inquired, Passed
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Chained,
    Dated,
    Decided,
    Done,
    Entry,
    Filled,
    Followed,
    Frozen,
    Incident,
    Marked,
    Moment,
    Moved,
    Named,
    Opened,
    Reckoned,
    Reminded,
    Sent,
    Stated,
    Struck,
    Touched,
    What,
)
from negatoscope.respond.containment import measures
from negatoscope.respond.dossier import forms
from negatoscope.respond.duty import QUESTIONS, Owed, duties, triage
from negatoscope.respond.incident import STRIKABLE
from negatoscope.respond.reflex import step_of
from negatoscope.web import desk, exercise_words, launch_labels
from negatoscope.web import incident_labels as labels
from negatoscope.web.labels import label
from negatoscope.web.templatetags.room import exact

Say = Callable[[Any, "Teller"], str]


@dataclass(frozen=True)
class Told:
    """One line as the page shows it."""

    entry: Entry
    kind: str
    title: str
    said: str
    struck: Entry | None
    strikable: bool


@dataclass(frozen=True)
class Teller:
    """Says the lines of one incident."""

    practice: int
    one: Incident

    def called(self, ref: Ref) -> str:
        """A thing of the register as people call it; words as they are."""
        return naming.known_as(self.practice, ref, desk.language()) if "/" in ref else ref

    def tell(self, entry: Entry) -> Told:
        """Put one line in words."""
        kind = str(entry.word.__struct_config__.tag)
        say = _SAID.get(type(entry.word))
        struck = self.one.struck.get(entry.place)
        free = struck is None and isinstance(entry.word, STRIKABLE)
        staged = exercise_words.SAID.get(type(entry.word))
        said = staged(entry.word, self.one) if staged else say(entry.word, self) if say else ""
        return Told(entry, kind, label(labels.STEPS, kind), said, struck, free)


def duty_name(code: str) -> str:
    """What a duty is called, and who is told."""
    found = next((duty for duty in duties() if duty.id == code), None)
    lang = desk.language()
    return f"{found.name[lang]} ({found.to[lang]})" if found else code


def question(code: str) -> str:
    """What a question of the triage asks."""
    return next((triage()[name][desk.language()] for name in QUESTIONS if name == code), code)


def lacking(code: str, host: str) -> str:
    """What closing still lacks."""
    return label(labels.MISSING, code) % {"host": host}


def _pair(table: Mapping[str, str | Promise], code: str, more: str) -> str:
    return _("%(what)s : %(said)s") % {"what": label(table, code), "said": more}


def _named(word: Named) -> str:
    stands = _(" (à défaut, %(name)s)") % {"name": word.deputy} if word.deputy else ""
    return _pair(labels.ROLES, word.role, word.person + stands)


def _asked(word: Asked) -> str:
    parts = [word.owner]
    if word.due:
        parts.append(_("pour le %(day)s") % {"day": date_format(word.due, "SHORT_DATE_FORMAT")})
    if word.lesson:
        parts.append(_("pour que cela n’arrive plus"))
    return " · ".join(filter(None, parts))


def _sent(word: Sent) -> str:
    receipt = _(", accusé %(number)s") % {"number": word.receipt} if word.receipt else ""
    stage = f", {label(labels.STAGES, word.stage)}" if word.stage else ""
    by = _(", envoyée par %(name)s") % {"name": word.by} if word.by else ""
    late = _(" ; en retard : %(why)s") % {"why": word.reasons} if word.reasons else ""
    return f"{duty_name(word.duty)}{stage} – {exact(word.at)}{receipt}{by}{late}"


def _filled(word: Filled) -> str:
    form = forms().get(word.dossier)
    said = [each.label[desk.language()] for each in (form.fields if form else ()) if each.id in word.values]
    title = form.title[desk.language()] if form else word.dossier
    return f"{title} – {', '.join(said)}"


def _reckoned(word: Reckoned) -> str:
    owed = sum(debt.owed == Owed.YES for debt in word.debts)
    doubtful = sum(debt.owed == Owed.DOUBTFUL for debt in word.debts)
    return _("obligatoires : %(owed)d, peut-être : %(doubtful)d") % {"owed": owed, "doubtful": doubtful}


def _followed(word: Followed) -> str:
    step = step_of(word.step)
    return f"{step[desk.language()] if step else word.step} – {label(labels.GESTURES, word.gesture)}"


def _stated(word: Stated, teller: "Teller") -> str:
    host = f" ({teller.called(word.host)})" if word.host else ""
    return f"{label(labels.PARTS, word.part)}{host} {label(labels.HOWS, word.how)}"


def _collected(word: Collected, teller: "Teller") -> str:
    return f"{_pair(labels.PIECES, word.piece, word.name)} ({teller.called(word.host)})"


def _compared(word: Compared, teller: "Teller") -> str:
    taken = next((each.word for each in teller.one.pieces if each.place == word.place), None)
    same = isinstance(taken, Collected) and taken.digest == word.digest
    told = _("la même empreinte") if same else _("une autre empreinte : elle a changé")
    return f"{_line(word.place)} – {told}"


def _contained(word: Contained, teller: "Teller") -> str:
    lang = desk.language()
    title = next((one.title[lang] for one in measures() if one.id == word.measure), word.measure)
    by = _("décidé par %(name)s") % {"name": word.by} if word.by else ""
    care = _("accord des soins : %(name)s") % {"name": word.care} if word.care else ""
    told = (label(labels.TURNS, word.turn), by, care, word.way, ", ".join(word.addresses))
    target = f" ({teller.called(word.target)})" if word.target else ""
    return f"{title}{target} – {' · '.join(filter(None, told))}"


def _line(place: int) -> str:
    return _("ligne %(place)d") % {"place": place}


_SAID: Mapping[type, Say] = {
    Opened: lambda word, _teller: word.title,
    Struck: lambda word, _teller: _line(word.place),
    Done: lambda word, _teller: _line(word.place),
    Dated: lambda word, _teller: _pair(labels.MOMENTS, word.which, exact(word.at)),
    Moved: lambda word, _teller: label(labels.STATES, word.to),
    Named: lambda word, _teller: _named(word),
    Asked: lambda word, _teller: _asked(word),
    Touched: lambda word, teller: f"{teller.called(word.name)} – {label(labels.HITS, word.hit)}",
    Marked: lambda word, _teller: _pair(labels.CLUES, word.clue, word.value),
    Decided: lambda word, _teller: word.what,
    Attached: lambda word, _teller: word.name,
    Inquired: lambda word, teller: teller.called(word.host),
    Collected: _collected,
    Passed: lambda word, _teller: f"{_line(word.place)} – {word.to}",
    Compared: _compared,
    Contained: _contained,
    Answered: lambda word, _teller: f"{question(word.question)} {label(labels.ANSWERS, word.answer)}",
    Followed: lambda word, _teller: _followed(word),
    Stated: _stated,
    Sent: lambda word, _teller: _sent(word),
    Filled: lambda word, _teller: _filled(word),
    Frozen: lambda word, _teller: exact(word.aware),
    Reckoned: lambda word, _teller: _reckoned(word),
    Reminded: lambda word, _teller: f"{duty_name(word.duty)} – {label(labels.MARKS, word.mark)}",
    Chained: lambda word, _teller: " – ".join(filter(None, (label(launch_labels.STEPS, word.step), word.name))),
}


def hour(entry: Entry) -> str:
    """When a line was written, by the clock on the wall."""
    return date_format(localtime(entry.at), _(r"G \h i"))


def questions_about(entry: Entry, one: Incident) -> str:
    """Where rule 38's questions about an equipment are answered, from the first sign on."""
    word = entry.word
    if not isinstance(word, Touched) or word.what is not What.HOST or not word.name.startswith("host/"):
        return ""
    here, sign = reverse("host_questions", args=[word.name.removeprefix("host/")]), one.moment(Moment.DETECTED)
    if sign is None:
        return here
    told = {"du": localtime(sign - USUAL), "signe": localtime(sign)}
    return f"{here}?{urlencode({word: f'{at:%Y-%m-%dT%H:%M}' for word, at in told.items()})}"
