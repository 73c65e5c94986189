"""The alert chain as of now: who is called, who answers in their place, and who helps from outside; on paper too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from negatoscope.flows import guiding, listing
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.leavers import Leaving
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import PARIS
from negatoscope.model import calltree
from negatoscope.model.calltree import Rung
from negatoscope.model.continuity import Call, Contact
from negatoscope.model.evidence import Ref
from negatoscope.model.people import Departure
from negatoscope.model.presence import Absence
from negatoscope.model.providers import Provider
from negatoscope.prove.card import paper
from negatoscope.prove.reflexes.paper import Caller
from negatoscope.prove.report.words import day
from negatoscope.respond.contacts import Public, besides
from negatoscope.respond.reflex import Sheet
from negatoscope.store import practice

AWAY = {"fr": "absent jusqu’au {on}", "en": "away until {on}"}
LEFT = {"fr": "a quitté le cabinet", "en": "has left the practice"}
CALLED = 3
"""Lines of a reflex sheet: those of the practice who answer, or helpers from outside."""
DOUBTFUL = {"fr": "Numéro non confirmé.", "en": "Number not confirmed."}


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the tree, with names."""

    rank: int
    name: str
    deputy: str
    called: str
    """Who is called first on this line today; empty: nobody would answer."""
    rung: Rung


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody outside, from the practice's own lists, or from the public file."""

    name: str
    when: str
    phone: str
    checked_on: date | None = None
    public: Public | None = None


def links(known: StoredRegister, now: datetime) -> tuple[Link, ...]:
    """The call tree of today."""
    names = listing.named(known, ("Person",))
    gone = Leaving(known.seen(Departure).facts, now).gone()
    absences, today = known.seen(Absence).facts, now.astimezone(PARIS).date()
    rungs = calltree.tree(known.seen(Call).facts, absences, frozenset(gone), today)

    def called(ref: Ref | None) -> str:
        return names.get(ref, ref) if ref else ""

    return tuple(
        Link(rank, called(rung.call.person), called(rung.call.deputy), called(rung.called), rung)
        for rank, rung in enumerate(rungs, start=1)
    )


def answering(known: StoredRegister, now: datetime, most: int) -> list[tuple[str, tuple[str, ...]]]:
    """The first of those who answer today, each with their numbers; lines on which nobody would are passed over."""
    lines = {call.person: calltree.numbers(call) for call in known.seen(Call).facts}
    told = {one.rung.called: one.called for one in links(known, now) if one.rung.called}
    return [(name, lines[ref]) for ref, name in told.items() if lines.get(ref)][:most]


def outside(known: StoredRegister, lang: Lang, most: int) -> list[Helper]:
    """Whom to call outside where nobody of the practice answers: its own contacts and a public body, or these alone."""
    names = {one.name for one in known.seen(Contact).facts}
    told = [one for one in helpers(known, lang) if one.phone]
    own = [one for one in told if one.public is None and one.name in names][:most]
    return [*own, *[one for one in told if one.public and one.public.card][: 1 if own else most]]


def helpers(known: StoredRegister, lang: Lang) -> tuple[Helper, ...]:
    """Those outside: the practice's emergency contacts, its contractors, then public bodies."""
    contacts, providers = known.seen(Contact).facts, known.seen(Provider).facts
    own = [Helper(one.name, one.purpose or "", one.phone or one.email or "", one.checked_on) for one in contacts]
    listed = {one.name.casefold() for one in own}
    own += [
        Helper(one.name, one.service or "", one.emergency or one.phone or one.email or "")
        for one in sorted(providers, key=lambda one: one.name.casefold())
        if one.name.casefold() not in listed
    ]
    public = besides(one.name for one in own)
    return (*own, *(Helper(one.name, one.when[lang], one.phone, one.as_of, one) for one in public))


def card(console: Console, lang: Lang) -> bytes:
    """The card for the wallet, four on a sheet, as a PDF."""
    return _paper(console, lang, paper.card)


def tree(console: Console, lang: Lang) -> bytes:
    """The call tree for the wall, as a PDF."""
    return _paper(console, lang, paper.tree)


def reflex_sheet(console: Console, sheet: Sheet, lang: Lang) -> bytes:
    """A reflex sheet of this practice as a PDF, with whom to call today."""
    known, now = StoredRegister(console.practice), console.clock()
    own = tuple(Caller(name, ", ".join(phones)) for name, phones in answering(known, now, CALLED))
    callers = own or tuple(Caller(one.name, one.phone) for one in outside(known, lang, CALLED))
    return guiding.printed(sheet, lang, now, practice.name(console.practice), callers)


def _paper(console: Console, lang: Lang, lay: Callable[[paper.Tree, datetime], bytes]) -> bytes:
    known, now = StoredRegister(console.practice), console.clock()
    outside = [one for one in helpers(known, lang) if not (one.public and one.public.region)]
    told = paper.Tree(
        lang,
        practice.name(console.practice),
        day(now, lang),
        tuple(_lines(links(known, now), lang)),
        tuple(_printed(one, lang) for one in outside),
        tuple(_printed(one, lang) for one in _carried(outside)),
    )
    return lay(told, now)


def _carried(outside: list[Helper]) -> Iterator[Helper]:
    """What fits on a card: public bodies keep their lines, the practice's own contacts take the others."""
    public = [one for one in outside if one.public and one.public.card]
    own = [one for one in outside if one.public is None and one.phone]
    yield from own[: max(0, paper.HELPERS - len(public))]
    yield from public


def _lines(told: tuple[Link, ...], lang: Lang) -> Iterator[paper.Line]:
    for one in told:
        numbers = (*calltree.numbers(one.rung.call), "", "")
        yield paper.Line(str(one.rank), one.name, numbers[0], numbers[1], one.deputy, note(one.rung, lang))


def note(rung: Rung, lang: Lang) -> str:
    """Why somebody of this line does not answer today; empty: they do."""
    if rung.person_left:
        return LEFT[lang]
    if rung.away_until is None:
        return ""
    return AWAY[lang].format(on=f"{rung.away_until:{'%d/%m/%Y' if lang == 'fr' else '%Y-%m-%d'}}")


def _printed(one: Helper, lang: Lang) -> paper.Helper:
    doubtful = one.public is not None and one.public.confidence == "doubtful"
    doubt = one.public.doubt[lang] if one.public and one.public.doubt else DOUBTFUL[lang] if doubtful else ""
    return paper.Helper(one.name, one.when, one.phone, doubt)
