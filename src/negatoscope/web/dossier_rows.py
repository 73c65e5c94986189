"""Fields of a dossier as a page shows them, and what its form says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from negatoscope.model.incident import Entry
from negatoscope.respond.dossier import Dossier, Field, Group, Held, Unfit, Values
from negatoscope.respond.filling import SAID
from negatoscope.web import desk, dossier_labels
from negatoscope.web.labels import label

LIST = ","
WALL = 16
"""Signs of an instant as a browser writes it: up to the minute, without its offset."""


@dataclass(frozen=True)
class Sent:
    """What a form said of one part of a dossier. ``typed``: as it was written, to be shown again."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What is no more what the page had shown, or was confirmed."""


@dataclass(frozen=True)
class Shown:
    """One field."""

    held: Held
    label: str
    help: str
    said: str
    """What it holds in the portal's words."""
    value: str
    """What its input holds."""
    shown: str
    """What the page shows now, to know later what was changed."""
    options: tuple[tuple[str, str, bool], ...]
    where: str
    facts: str
    """What the facts say now, where that is something else."""
    before: str | None
    error: str
    unsure: bool
    """Whether the form has such a field is to be checked on the portal."""

    @property
    def ident(self) -> str:
        """Its name."""
        return self.held.field.id

    @property
    def open(self) -> bool:
        """It waits for somebody."""
        return bool(self.error) or self.held.missing


def read(post: QueryDict, group: Group) -> Sent:
    """Read what was sent of a part. What cannot be read is left as it is: who saves it says why not."""
    typed = {each.id: _typed(post, each) for each in group.field}
    kept = post.getlist("garde")
    changed = {
        each.id: typed[each.id]
        for each in group.field
        if each.id in kept or _changed(each, typed[each.id], post.get(f"avant-{each.id}", ""))
    }
    return Sent(typed, changed)


def _typed(post: QueryDict, each: Field) -> list[str]:
    return [value.replace("\r\n", "\n") for value in post.getlist(f"champ-{each.id}")]


def _changed(each: Field, typed: Sequence[str], before: str) -> bool:
    if each.kind == "instant" and "".join(typed).strip() == before[:WALL]:
        return False
    try:
        return _joined(each, each.fit(tuple(typed))) != before.replace("\r\n", "\n")
    except Unfit:
        return True


def _joined(each: Field, values: Values) -> str:
    return LIST.join(values) if each.list else "".join(values)


def rows(told: Dossier, sent: Sent, errors: Mapping[str, str]) -> list[tuple[Group, str, list[Shown]]]:
    """The parts of a dossier with their fields; of what was refused, what was typed."""
    lang = desk.language()
    return [
        (group, group.title[lang], [_shown(held, sent.typed.get(held.field.id), errors) for held in some])
        for group, some in told.groups
    ]


def _shown(held: Held, typed: Sequence[str] | None, errors: Mapping[str, str]) -> Shown:
    each, lang, given = held.field, desk.language(), held.given
    chosen = tuple(typed) if typed is not None else held.values
    written = "".join(chosen)
    return Shown(
        held,
        each.label[lang],
        each.help[lang] if each.help else "",
        each.said(held.values, "fr"),
        written[:WALL] if each.kind == "instant" else written,
        _joined(each, held.values),
        tuple((option.code, option[lang], option.code in chosen) for option in each.options),
        _where(held.entry) if given.where == SAID else label(dossier_labels.FROM, given.where) if given.where else "",
        each.said(held.facts.values, lang) if held.facts else "",
        each.said(held.before, lang) if held.changed and held.before is not None else None,
        errors.get(each.id, ""),
        each.confidence != "sure",
    )


def _where(entry: Entry | None) -> str:
    return entry.name if entry else ""
