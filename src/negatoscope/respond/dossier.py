"""Dossiers: what a portal asks in its own order, filled beforehand from what is known. A person reads, and sends.

Each file of ``dossiers/`` is the form of one duty; ``dossier.toml`` holds the closed lists, each with its date.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said, Text
from negatoscope.kit.calendar import in_paris
from negatoscope.model.incident import Entry, Filled

Values = tuple[str, ...]
"""What a field holds: codes of a list, or one text; an instant as ISO 8601 in Paris time, to the minute; or nothing."""
Confidence = Literal["sure", "likely", "doubtful"]
SHORT, LONG, MOST = 300, 8000, 10**9


class Unfit(Exception):  # noqa: N818 -- what it is
    """A field takes no such value. ``code``: why."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


class Option(Struct, frozen=True, array_like=True):
    """One line of a closed list: our code, the portal's words, the same in English."""

    code: Text
    fr: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """A closed list, true on ``as_of`` so far as ``confidence`` says."""

    source: Text
    as_of: date
    confidence: Confidence
    options: tuple[Option, ...]


class When(Struct, frozen=True, forbid_unknown_fields=True, rename={"holds": "is"}):
    """A field is asked only where another holds one of these."""

    field: str
    holds: tuple[str, ...]


class Field(Struct, frozen=True, forbid_unknown_fields=True, rename={"filled_from": "from"}):
    """One field of a form."""

    id: Text
    kind: Literal["one", "many", "text", "long", "number", "instant"]
    label: Said
    help: Said | None = None
    list: str = ""
    filled_from: str = ""
    """What fills it beforehand: a name of ``facts.SOURCES``, or of what the register gives."""
    required: bool = False
    lasting: bool = False
    """The same at the next incident: carried over from the last dossier."""
    late: bool = False
    """Asked only of what leaves after the last instant."""
    when: When | None = None
    pattern: str = ""
    confidence: Confidence = "sure"

    @property
    def options(self) -> tuple[Option, ...]:
        """Of its closed list; none for a text."""
        return lists()[self.list].options if self.list else ()

    def fit(self, given: Iterator[str] | Values) -> Values:
        """Bring what somebody gave to its one form. Raises Unfit."""
        told = tuple(filter(None, (each.strip() for each in given)))
        if not told:
            return ()
        if self.list:
            known = [option.code for option in self.options]
            if not set(told) <= set(known) or (self.kind == "one" and len(told) > 1):
                raise Unfit("choice")
            return tuple(code for code in known if code in told)
        return (self._text(told[0].replace("\r\n", "\n")),)

    def _text(self, told: str) -> str:
        if len(told) > (LONG if self.kind == "long" else SHORT):
            raise Unfit("long")
        if self.kind == "number":
            bare = re.sub(r"\s", "", told)
            if not (bare.isascii() and bare.isdecimal()) or int(bare) > MOST:
                raise Unfit("number")
            return str(int(bare))
        if self.kind == "instant":
            try:
                return written(in_paris(told))
            except ValueError as error:
                raise Unfit("instant") from error
        if self.pattern and not re.fullmatch(self.pattern, told):
            raise Unfit("pattern")
        return told

    def said(self, values: Values, lang: Lang) -> str:
        """What it holds in words: those of the portal, in French."""
        if self.list:
            names = {option.code: option[lang] for option in self.options}
            return "\n".join(names.get(code, code) for code in values)
        if self.kind == "instant" and values:
            return f"{datetime.fromisoformat(values[0]):{'%d/%m/%Y %H:%M' if lang == 'fr' else '%Y-%m-%d %H:%M'}}"
        return "".join(values)


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a form, as the portal divides it."""

    id: Text
    title: Said
    field: tuple[Field, ...]


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """What one duty asks to be told, in the order in which its portal asks."""

    duty: Text
    title: Said
    portal: Text
    source: Text
    as_of: date
    confidence: Confidence
    group: tuple[Group, ...]
    doubt: Said | None = None
    """What is not certain about it."""
    kept: bool = False
    """It stays in the house: nothing of it leaves."""
    letter: tuple[Said, ...] = ()
    """Its letter, a paragraph each, with fields in braces; none where a portal takes the fields alone."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them, in order."""
        return tuple(field for group in self.group for field in group.field)

    def named(self, ident: str) -> Field | None:
        """The field of a name."""
        return next((field for field in self.fields if field.id == ident), None)


@cache
def lists() -> dict[str, Options]:
    """The closed lists, by name. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("dossier.toml").read_bytes(), type=dict[str, Options])


@cache
def forms() -> dict[str, Form]:
    """The forms, by duty. Raises msgspec.ValidationError where a file is not of this shape."""
    folder = Path(__file__).with_name("dossiers")
    read = (msgspec.toml.decode(path.read_bytes(), type=Form) for path in sorted(folder.glob("*.toml")))
    return {form.duty: form for form in read}


def fits(word: Filled) -> bool:
    """Whether its form has these fields, and they take these values as they stand."""
    form = forms().get(word.dossier)
    if form is None:
        return False
    found = [(form.named(ident), values) for ident, values in word.values.items()]
    try:
        return bool(found) and all(field is not None and field.fit(values) == values for field, values in found)
    except Unfit:
        return False


def written(at: datetime) -> str:
    """An instant as a field holds it, from one in Paris time."""
    return at.isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Given:
    """What the facts say of a field. ``where``: from where, a code; ``doubt``: the facts are not sure."""

    values: Values
    where: str
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A field of one dossier, with what it holds now."""

    field: Field
    given: Given
    """What it holds, and from where: ``said`` by somebody, ``sent`` before, or from the facts."""
    entry: Entry | None
    """Who said it."""
    asked: bool
    facts: Given | None
    """What the facts say now, where that is something else."""
    before: Values | None
    """What the last version that left said; ``None``: none left."""

    @property
    def values(self) -> Values:
        """What it holds."""
        return self.given.values

    @property
    def missing(self) -> bool:
        """It must be told, and is not."""
        return self.asked and self.field.required and not self.values

    @property
    def changed(self) -> bool:
        """It is no more what was told."""
        return self.before is not None and self.before != self.values


@dataclass(frozen=True, slots=True)
class Dossier:
    """A form as it is filled in one incident."""

    form: Form
    groups: tuple[tuple[Group, tuple[Held, ...]], ...]
    sent: tuple[Entry, ...]
    """The notifications of this duty, in order."""
    late: bool
    """A first notification would leave, or left, after the last instant."""
    exercise: bool = False
    """Nothing of it is real, and nothing leaves."""

    @property
    def every(self) -> tuple[Held, ...]:
        """All fields, in order."""
        return tuple(held for _group, some in self.groups for held in some)

    @property
    def missing(self) -> tuple[Held, ...]:
        """What must be told and is not."""
        return tuple(held for held in self.every if held.missing)

    @property
    def doubtful(self) -> tuple[Held, ...]:
        """What comes from facts that are not sure, and nobody read again."""
        return tuple(held for held in self.every if held.asked and held.given.doubt)

    @property
    def changed(self) -> tuple[Held, ...]:
        """What is no more as the last version that left said."""
        return tuple(held for held in self.every if held.changed)

    @property
    def required(self) -> int:
        """How many fields must be told."""
        return sum(held.asked and held.field.required for held in self.every)

    @property
    def told(self) -> dict[str, Values]:
        """What would leave now, by field."""
        return {held.field.id: held.values for held in self.every if held.asked and held.values}


def shared(form: Form) -> Mapping[str, tuple[str, str]]:
    """By what a field of one form is the same as one of another: its kind and its list, under one name."""
    return {field.id: (field.kind, field.list) for field in form.fields}
