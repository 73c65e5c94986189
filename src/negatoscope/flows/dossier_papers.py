"""A dossier as a file: PDF for people, plain data for programs; and blank forms, for the night when nothing works."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from negatoscope.flows.console import Console
from negatoscope.kit.bilingual import Lang
from negatoscope.model.incident import Entry, Incident, Sent
from negatoscope.prove.dossiers import paper
from negatoscope.prove.dossiers.paper import Letter, Paper, Part, Row, words
from negatoscope.prove.report.words import day, instant
from negatoscope.respond.dossier import Dossier, Field, Form, Held, lists
from negatoscope.respond.letter import paragraphs
from negatoscope.store import practice


def printed(console: Console, told: Dossier, one: Incident, lang: Lang) -> bytes:
    """One dossier as a PDF."""
    now, form, said = console.clock(), told.form, words(lang)
    about = said["incident"].format(number=one.number, title=one.title)
    return paper.render(
        Paper(
            lang, practice.name(console.practice), form.title[lang], about, instant(now, lang), form.portal,
            _source(form, lang), form.doubt[lang] if form.doubt else "",
            tuple(held.field.label[lang] for held in told.missing),
            tuple(_left(entry, lang) for entry in told.sent),
            tuple(
                Part(group.title[lang], tuple(_row(held, lang, said) for held in some if held.asked))
                for group, some in told.groups
            ),
            kept=form.kept, exercise=told.exercise,
        ),
        now,
    )  # fmt: skip


def blank(form: Form, lang: Lang, made: datetime, name: str = "") -> bytes:
    """A form to be filled with a pen: every field, with the words that its list allows."""
    said = words(lang)
    parts = tuple(
        Part(group.title[lang], tuple(_empty(field, lang, said) for field in group.field)) for group in form.group
    )
    about, doubt = said["blank"], form.doubt[lang] if form.doubt else ""
    told = Paper(
        lang, name, form.title[lang], about, instant(made, lang), form.portal, _source(form, lang), doubt, (), (),
        parts, blank=True, kept=form.kept,
    )  # fmt: skip
    return paper.render(told, made)


def letter(console: Console, told: Dossier, lang: Lang) -> bytes:
    """The letter of a dossier as a PDF, to be signed."""
    now = console.clock()
    sender = [next((held.field.said(held.values, lang) for held in told.every if held.field.id == name), "")
              for name in ("org_name", "address")]  # fmt: skip
    lines = tuple(line for said in sender for line in said.splitlines())
    body = tuple(tuple(part.splitlines()) for part in paragraphs(told, lang))
    return paper.letter(Letter(lang, told.form.title[lang], lines, day(now, lang), body), now)


def text(told: Dossier, lang: Lang) -> str:
    """The letter of a dossier as plain text, to be changed in any editor."""
    return "\n\n".join(paragraphs(told, lang)) + "\n"


def _row(held: Held, lang: Lang, said: dict[str, str]) -> Row:
    field = held.field
    notes = []
    if held.missing:
        notes.append(said["note_missing"])
    if held.given.doubt:
        notes.append(said["note_doubt"])
    if held.changed and held.before:
        notes.append(f"{said['note_changed']} {field.said(held.before, lang)}")
    return Row(field.label[lang], tuple(field.said(held.values, lang).splitlines()), " · ".join(notes))


def _empty(field: Field, lang: Lang, said: dict[str, str]) -> Row:
    label = field.label[lang] + (f" ({said['note_required']})" if field.required else "")
    note = said["one"] if field.kind == "one" else field.help[lang] if field.help else ""
    return Row(label, (), note, tuple(option[lang] for option in field.options), tall=field.kind == "long")


def _source(form: Form, lang: Lang) -> str:
    said = words(lang)
    doubt = "" if form.confidence == "sure" else f", {said['unsure']}"
    return f"{form.source} ({said['as_of']} {_day(form.as_of, lang)}{doubt})"


def _day(on: date, lang: Lang) -> str:
    return f"{on:{'%d/%m/%Y' if lang == 'fr' else '%Y-%m-%d'}}"


def _left(entry: Entry, lang: Lang) -> str:
    """One notification in a line: when, which, the number given back, who."""
    word, said = entry.word, words(lang)
    if not isinstance(word, Sent):
        raise TypeError(word)
    receipt = f"{said['receipt']} {word.receipt}" if word.receipt else ""
    parts = (instant(word.at, lang), said[f"stage_{word.stage}"], receipt, word.by or entry.name, word.reasons)
    return " – ".join(filter(None, parts))


def as_data(number: int, told: Dossier, lang: Lang) -> dict[str, Any]:
    """One dossier for programs: every field with what it holds, from where, and what is missing."""
    form = told.form
    return {
        "duty": form.duty,
        "incident": number,
        "exercise": told.exercise,
        "title": form.title[lang],
        "portal": form.portal,
        "source": form.source,
        "as_of": form.as_of,
        "confidence": form.confidence,
        "late": told.late,
        "required": told.required,
        "missing": [held.field.id for held in told.missing],
        "doubtful": [held.field.id for held in told.doubtful],
        "changed": [held.field.id for held in told.changed],
        "fields": list(_fields(told, lang)),
        "sent": [_sent(entry) for entry in told.sent],
    }


def _fields(told: Dossier, lang: Lang) -> Iterator[dict[str, Any]]:
    for group, some in told.groups:
        for held in some:
            field = held.field
            yield {
                "group": group.id,
                "field": field.id,
                "label": field.label[lang],
                "values": list(held.values),
                "said": field.said(held.values, lang),
                "from": held.given.where,
                "doubt": held.given.doubt,
                "asked": held.asked,
                "required": field.required,
                "confidence": field.confidence,
                "before": None if held.before is None else list(held.before),
                "list": _list(field),
            }


def _list(field: Field) -> dict[str, Any] | None:
    if not field.list:
        return None
    options = lists()[field.list]
    return {"name": field.list, "source": options.source, "as_of": options.as_of, "confidence": options.confidence}


def _sent(entry: Entry) -> dict[str, Any]:
    word = entry.word
    if not isinstance(word, Sent):
        raise TypeError(word)
    return {
        "place": entry.place,
        "at": word.at,
        "stage": word.stage,
        "receipt": word.receipt,
        "by": word.by or entry.name,
        "reasons": word.reasons,
        "copy": word.copy,
        "told": word.told,
    }
