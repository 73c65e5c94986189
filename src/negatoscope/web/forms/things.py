"""The form of any family: its fields follow from the family's columns, and take what a spreadsheet's cells take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from negatoscope.model.evidence import Ref
from negatoscope.model.family import Column, Family, Shape, rest
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.cells import Wrong, take
from negatoscope.observe.spreadsheet.grid import MAX_CELL, text
from negatoscope.observe.spreadsheet.rows import Known, Problem, linked, reversed_days

MAX_DOCUMENT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Offers:
    """What linking fields may name."""

    few: Mapping[str, Sequence[tuple[Ref, str]]]
    """By column, reference and name of each thing, where they are few enough to choose from a list."""
    sought: Mapping[str, str]
    """By column, the address that answers a search, where they are many."""
    known: Callable[[], Known]
    """What a name stands for, asked only where one was typed."""
    names: Mapping[Ref, str]
    """What to call those that the thing names now."""


class Search(forms.TextInput):
    """Fills its list of suggestions while somebody types; without a script it takes a name all the same."""

    def __init__(self, name: str, address: str) -> None:
        """Ask this address; the field's template makes the list."""
        self.suggestions = f"choix-{name}"
        asking = {"hx-get": address, "hx-target": f"#{self.suggestions}", "hx-sync": "this:replace"}
        when = {"hx-trigger": "focus once, input changed delay:200ms"}
        super().__init__(attrs={"list": self.suggestions, "autocomplete": "off", **asking, **when})


class ThingForm(forms.Form):
    """Add a thing to its list, or change what is said of it."""

    def __init__(self, *arguments: Any, family: Family, offers: Offers, fact: Any, lang: str, **named: Any) -> None:  # noqa: ANN401 -- Django's; a fact of the family
        """Make a field of each column; ``fact``: what is known already."""
        super().__init__(*arguments, **named)
        self.family, self.offers, self.fact, self.lang = family, offers, fact, lang
        for name in offers.sought.keys() & self.initial.keys():
            self.initial[name] = self._named(self.initial[name])
        for column in family.columns:
            field = _field(column, offers, lang)
            field.label = column.heading(lang)
            field.required = column.required
            if not isinstance(field, forms.FileField):
                field.help_text = column.note.say(lang) if column.note else ""
                if column.name in offers.sought:
                    field.help_text += " " + _("Tapez quelques lettres, puis choisissez.")
                field.initial = self._initial(column, getattr(fact, column.name)) if fact else None
            self.fields[column.name] = field

    def fix(self, *names: str) -> None:
        """Leave these fields as they are."""
        for name in names:
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Read each field as a cell of the spreadsheet would be."""
        told: dict[str, Any] = {}
        for column in self.family.columns:
            if column.name not in self.errors:
                try:
                    told[column.name] = self._value(column, self.cleaned_data.get(column.name))
                except Wrong as error:
                    problem = Problem(0, error.code, column.name, str(self.cleaned_data[column.name])[:80])
                    self.add_error(column.name, words.problem(problem, self.family, self.lang))
        late = reversed_days(self.family, told)
        if late:
            problem = Problem(0, "days_reversed", late, f"{told[late]:%d/%m/%Y}")
            self.add_error(late, words.problem(problem, self.family, self.lang))
        return told

    def _initial(self, column: Column, value: Any) -> Any:  # noqa: ANN401 -- what the column holds
        if isinstance(value, bool):
            return "oui" if value else "non"
        if column.shape is Shape.NETWORKS and value:
            return " ; ".join(value)
        return self._named(value) if column.name in self.offers.sought and value else value

    def _named(self, ref: Ref) -> str:
        return self.offers.names.get(ref) or rest(ref) or ref

    def _value(self, column: Column, said: Any) -> Any:  # noqa: ANN401 -- what the column holds
        if column.shape is Shape.DOCUMENT:
            return _small(said) or (getattr(self.fact, column.name) if self.fact else None)
        if said in (None, ""):
            return None
        if column.shape is Shape.LINK:
            return linked(column, said, self.offers.known()) if column.name in self.offers.sought else said
        return take(said if column.shape is Shape.DAY else text(str(said)), column)

    def stated(self, documents: Mapping[str, str]) -> Any:  # noqa: ANN401 -- a fact of the family
        """The fact. ``documents``: digests of those that came with the form, by column."""
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        for name, digest in documents.items():
            values[name] = digest
            title = f"{name.removesuffix('_digest')}_name"
            if title in self.fields:
                values.setdefault(title, str(self.cleaned_data[name].name)[:200])
        return self.family.fact(**values)

    def documents(self) -> dict[str, "UploadedFile[bytes]"]:
        """The documents that came with the form, by column."""
        return {name: file for name, file in self.cleaned_data.items() if isinstance(file, UploadedFile)}


def _field(column: Column, offers: Offers, lang: str) -> forms.Field:
    if column.name in offers.sought:
        return forms.CharField(max_length=MAX_CELL, widget=Search(column.name, offers.sought[column.name]))
    chosen = _chosen(column, offers.few.get(column.name), lang)
    if chosen is not None:
        return forms.ChoiceField(choices=[("", _("Non renseigné")), *chosen])
    if column.shape is Shape.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if column.shape is Shape.COUNT:
        return forms.IntegerField(min_value=0, max_value=999_999_999)
    if column.shape is Shape.DOCUMENT:
        return forms.FileField(max_length=200)
    attributes = {"rows": 3} if column.shape is Shape.NOTE else {"autocomplete": "off"}
    widget = forms.Textarea if column.shape is Shape.NOTE else forms.TextInput
    return forms.CharField(max_length=MAX_CELL, widget=widget(attrs=attributes))


def _chosen(column: Column, few: Sequence[tuple[Ref, str]] | None, lang: str) -> list[tuple[str, str]] | None:
    """The values of a field that offers a few; ``None``: it does not."""
    if column.shape is Shape.YES:
        return list(zip(("oui", "non"), (word.capitalize() for word in words.offered(column, lang)), strict=True))
    if column.shape is Shape.CHOICE:
        return [(one.value, word.say(lang).capitalize()) for one, word in column.choices.items()]
    return None if few is None else list(few)


def _small(file: "UploadedFile[bytes] | None") -> "UploadedFile[bytes] | None":
    if file and (file.size or 0) > MAX_DOCUMENT:
        raise ValidationError(_("Ce document dépasse 10 Mo."))
    return file
