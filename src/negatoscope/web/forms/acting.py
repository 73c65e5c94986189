"""A repair that somebody takes on: of which subjects, who, until when, at what cost."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from negatoscope.flows.acting import Promise
from negatoscope.model.actions import ActionState

USUAL = timedelta(days=30)
CHOSEN: dict[str, str | Lazy] = {
    ActionState.OPEN.value: gettext_lazy("À faire"),
    ActionState.IN_PROGRESS.value: gettext_lazy("En cours"),
    ActionState.DONE.value: gettext_lazy("Faite, à vérifier par un relevé"),
}
"""States that a person may say; the others are the judge's."""
STATES: dict[str, str | Lazy] = {
    ActionState.OPEN.value: gettext_lazy("à faire"),
    ActionState.IN_PROGRESS.value: gettext_lazy("en cours"),
    ActionState.DONE.value: gettext_lazy("à vérifier"),
    ActionState.CLOSED.value: gettext_lazy("close, vérifiée"),
    ActionState.REOPENED.value: gettext_lazy("rouverte"),
}


class PromiseForm(forms.Form):
    """Who, until when, at what cost."""

    owner = forms.CharField(
        label=gettext_lazy("Qui s’en charge"), max_length=200, widget=forms.TextInput(attrs={"list": "people"})
    )
    due_on = forms.DateField(
        label=gettext_lazy("Pour le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    cost = forms.IntegerField(
        label=gettext_lazy("Coût estimé (euros)"), required=False, min_value=0, max_value=10_000_000
    )
    note = forms.CharField(
        label=gettext_lazy("Commentaire"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def promise(self) -> Promise:
        """What was filled in."""
        told = self.cleaned_data
        return Promise(told["owner"], told["due_on"], told["cost"], told["note"])


class PlanForm(PromiseForm):
    """New repairs, one a subject."""

    subjects = forms.MultipleChoiceField(label=gettext_lazy("Pour quels sujets"), widget=forms.CheckboxSelectMultiple)
    field_order = ("subjects", "owner", "due_on", "cost", "note")

    def __init__(self, *arguments: Any, today: date, subjects: Sequence[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the subjects that no repair has yet."""
        super().__init__(*arguments, **named)
        field = self.fields["subjects"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(subjects)
        self.fields["due_on"].initial = today + USUAL


class MoveForm(PromiseForm):
    """A step of a repair."""

    state = forms.ChoiceField(label=gettext_lazy("État"), choices=list(CHOSEN.items()))
    field_order = ("state", "owner", "due_on", "cost", "note")
