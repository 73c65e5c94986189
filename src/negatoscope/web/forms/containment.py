"""What people say of a measure that contains an incident."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from negatoscope.model.containing import Contained, Turn
from negatoscope.model.incident import Word
from negatoscope.web.forms.incidents import PEOPLE, Saying, words


class ApproveForm(Saying):
    """Somebody approves a measure. Where modalities are concerned, somebody on the side of care was asked."""

    measure = forms.CharField(widget=forms.HiddenInput)
    target = forms.CharField(widget=forms.HiddenInput, required=False)
    by = forms.CharField(label=_("Qui a décidé"), max_length=200, widget=forms.TextInput(attrs=PEOPLE))
    care = forms.CharField(
        label=_("Qui, côté soins, a dit qu’aucun examen n’en souffre"), max_length=200, required=False
    )
    text = words(_("Pourquoi (facultatif)"), required=False)
    concerned: frozenset[tuple[str, str]] = frozenset()

    def narrow(self, concerned: frozenset[tuple[str, str]]) -> None:
        """Take the measures and targets that concern modalities."""
        self.concerned = concerned
        told = self.data if self.is_bound else self.initial
        if (told.get("measure", ""), told.get("target", "")) not in concerned:
            del self.fields["care"]

    def clean_care(self) -> str:
        """A modality, or what it needs, is not cut off before care was asked."""
        care = str(self.cleaned_data["care"]).strip()
        if not care:
            raise ValidationError(_("Une modalité est concernée : demandez d’abord, et dites à qui."))
        return care

    def word(self, told: dict[str, Any]) -> Word:
        """Say who approved."""
        return Contained(told["measure"], told["target"], Turn.APPROVED, told["by"], told.get("care", ""))


class TurnForm(Saying):
    """A measure was done, undone, or given up."""

    measure = forms.CharField(widget=forms.HiddenInput)
    target = forms.CharField(widget=forms.HiddenInput, required=False)
    turn = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(turn, turn) for turn in (Turn.DONE, Turn.UNDONE, Turn.DROPPED)]
    )
    text = words(_("En quelques mots"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say what became of it."""
        return Contained(told["measure"], told["target"], Turn(told["turn"]))
