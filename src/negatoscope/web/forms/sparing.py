"""Which events a Sigma rule is to spare: a line for each field, and why, and until when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import ngettext

from negatoscope.watch.filtering import HOWS, IS, LONGEST, Clause, NotAFilter
from negatoscope.web import tuning_labels
from negatoscope.web.forms.tuning import ExemptForm

BLANK = 3
"""Empty lines after those of an event."""
LINES = 150
"""Fields of an event that are shown."""


class LineForm(forms.Form):
    """One field of an event, and what it must say."""

    use = forms.BooleanField(required=False)
    field = forms.CharField(required=False, max_length=LONGEST)
    how = forms.ChoiceField(choices=[(how, tuning_labels.HOWS[how]) for how in HOWS], initial=IS)
    values = forms.CharField(required=False, strip=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 1}))
    given = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """A line that an event filled in: asked for only when it is ticked."""

    def clause(self) -> Clause | None:
        """What was asked; ``None``: nothing."""
        told = self.cleaned_data
        if not told:  # a line left as it was
            return None
        values = tuple(dict.fromkeys(line for line in told["values"].splitlines() if line.strip()))
        if told["given"]:
            return Clause(told["field"], told["how"], values) if told["use"] else None
        return Clause(told["field"], told["how"], values) if told["field"] or values else None


Lines = forms.formset_factory(LineForm, extra=BLANK, max_num=LINES + BLANK, absolute_max=LINES + BLANK)


def lines_of(fields: Mapping[str, Any]) -> list[dict[str, object]]:
    """A line for each field of an event that can be said on one line."""
    told = ((name, value if isinstance(value, list) else [value]) for name, value in fields.items())
    texts = ((name, [_text(one) for one in values if one is not None]) for name, values in told)
    return [
        {"field": name, "how": IS, "values": "\n".join(values), "given": True}
        for name, values in texts
        if "|" not in name and any(values) and all(len(one) <= LONGEST and one.splitlines() == [one] for one in values)
    ][:LINES]


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def clauses_of(lines: "forms.BaseFormSet[LineForm]") -> list[Clause]:
    """What is asked, line by line. Raises NotAFilter: ``too_many``."""
    if not lines.is_valid():
        raise NotAFilter("too_many")
    return [one for one in (line.clause() for line in lines) if one is not None]


class SpareForm(ExemptForm):
    """Why such events are harmless, until when, and that whoever asks knows how much is hidden."""

    tried = forms.CharField(required=False, widget=forms.HiddenInput)
    """Which filter was tried."""
    sure = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, everything: int = 0) -> None:
        """Ask to be sure of what would hide ``everything``: so many events."""
        super().__init__(data, today=today)
        self.fields["sure"].label = ngettext(
            "Oui : faire taire cette règle pour cet événement, le seul des 30 derniers jours",
            "Oui : faire taire cette règle pour ces %(n)d événements, tous ceux des 30 derniers jours",
            everything,
        ) % {"n": everything}
        if not everything:
            del self.fields["sure"]
