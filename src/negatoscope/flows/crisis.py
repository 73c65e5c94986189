"""The crisis copy: what a practice needs on the day when its network, and this console, are gone."""

from collections.abc import Iterable, Iterator, Mapping

from negatoscope.flows import chaining, correcting, dossier_papers, guiding
from negatoscope.flows.console import Console
from negatoscope.flows.drawing import Laid
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.kit.bilingual import Lang
from negatoscope.model import calltree
from negatoscope.model.hosts import Host
from negatoscope.prove.crisis.page import Copy, File, Sheet, Table, page, words
from negatoscope.prove.drawing.annexes import SAID, annexes
from negatoscope.prove.drawing.svg import picture
from negatoscope.prove.report.words import day
from negatoscope.respond import reflex
from negatoscope.respond.dossier import forms
from negatoscope.respond.reflex import PHASES, Step
from negatoscope.store import practice
from negatoscope.store.queries import judgements

PDF = "application/pdf"
KINDS = {
    "pdf": PDF,
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CALLS = "calls"
HOLDS = ("map", CALLS, "reflexes", "duties", "verdicts")
"""What stands in a crisis copy."""


def copy(console: Console, laid: Laid, lang: Lang, maps: Mapping[str, bytes]) -> bytes:
    """The page. ``maps``: the map in its forms, by the names of their files, which stand inside it."""
    known, say = StoredRegister(console.practice), words(lang)
    hosts = {host.ref: host for host in known.seen(Host).facts}
    tables = annexes(laid.drawing, hosts, lang)
    return page(
        Copy(
            lang,
            practice.name(console.practice),
            day(console.clock(), lang),
            _calls(console, known, lang, say),
            _helpers(known, lang, say),
            tuple(_sheets(lang)),
            _duties(console.practice, lang, say),
            picture(laid.drawing, laid.boxes, SAID["title"].say(lang)),
            tuple(Table(one.title, one.headings, one.rows) for one in tables),
            _verdicts(console, lang, say),
            (*_papers(console, lang, say), *(_form(name, data, say) for name, data in maps.items())),
        )
    )


def _calls(console: Console, known: StoredRegister, lang: Lang, say: dict[str, str]) -> Table:
    rows = tuple(
        (str(one.rank), one.name, ", ".join(calltree.numbers(one.rung.call)), one.deputy, chaining.note(one.rung, lang))
        for one in chaining.links(known, console.clock())
    )
    return Table(say["calls"], tuple(say[code] for code in ("rank", "person", "phones", "deputy", "today")), rows, 2)


def _helpers(known: StoredRegister, lang: Lang, say: dict[str, str]) -> Table:
    rows = tuple((one.name, one.when, one.phone) for one in chaining.helpers(known, lang))
    return Table(say["helpers"], (say["whom"], say["when"], say["phone"]), rows, 2)


def _sheets(lang: Lang) -> Iterator[Sheet]:
    for one in reflex.sheets():
        parts = tuple((one.title_of(phase, lang), tuple(_steps(one.steps(phase), lang))) for phase in PHASES)
        yield Sheet(one.title[lang], one.seen[lang], parts)


def _steps(steps: Iterable[Step], lang: Lang) -> Iterator[str]:
    return (step[lang] + guiding.DOUBT[step.confidence] for step in steps)


def _duties(practice: int, lang: Lang, say: dict[str, str]) -> Table:
    rows = tuple(
        (f"{one.id} – {one.name[lang]}. {one.why[lang]}", one.to[lang], one.said[lang], one.channel[lang], one.source)
        for one in correcting.duties(practice)
        if not one.awaits_law
    )
    return Table(say["duties"], tuple(say[code] for code in ("what", "to", "until", "how", "source")), rows)


def _verdicts(console: Console, lang: Lang, say: dict[str, str]) -> Table:
    films = (film for film, _controls in judgements.films(console.practice))
    rows = tuple((film.rule, texts.rule(film.rule).short[lang], texts.verdict(film.verdict, lang)) for film in films)
    return Table(say["verdicts"], ("", say["rule"], say["verdict"]), rows)


def _papers(console: Console, lang: Lang, say: dict[str, str]) -> Iterator[File]:
    for one in reflex.sheets():
        told = say["sheet_file"].format(title=one.title[lang])
        yield File(f"{one.id}.pdf", told, PDF, chaining.reflex_sheet(console, one, lang))
    for ident, form in forms().items():
        told = say["blank_file"].format(title=form.title[lang])
        blank = dossier_papers.blank(form, lang, console.clock(), practice.name(console.practice))
        yield File(f"dossier-{ident.lower()}.pdf", told, PDF, blank)
    yield File("carte-de-poche.pdf", say["card_file"], PDF, chaining.card(console, lang))
    yield File("arbre-d-appel.pdf", say["tree_file"], PDF, chaining.tree(console, lang))


def _form(name: str, data: bytes, say: dict[str, str]) -> File:
    stem, _dot, ending = name.partition(".")
    code = {"pdf": "map_file", "xlsx": "workbook_file", "json": "drawing_file"}[ending]
    return File(name, say["annexes_file" if stem == "registre" else code], KINDS[ending], data)
