"""What people say of an alert."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.web.alert_labels import OUTCOMES


class CommentForm(forms.Form):
    """A word about it."""

    text = forms.CharField(label=gettext_lazy("Commentaire"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(forms.Form):
    """What it was, and why that is so."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Ce que c’était"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    conclusion = forms.CharField(
        label=gettext_lazy("Pourquoi, et ce qui a été fait"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandForm(forms.Form):
    """Who handles it instead."""

    to = forms.ChoiceField(label=gettext_lazy("Confier à"))

    def __init__(self, *arguments: Any, people: Sequence[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the users of the console."""
        super().__init__(*arguments, **named)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(people)
