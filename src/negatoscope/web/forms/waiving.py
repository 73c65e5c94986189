"""An accepted deviation: who answers for it, what makes up for it, until when."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

STANDS = timedelta(days=365)


class WaiverForm(forms.Form):
    """A waiver on one subject that fails a control."""

    subject = forms.ChoiceField(label=gettext_lazy("Sujet"))
    owner = forms.CharField(label=gettext_lazy("Qui en répond"), max_length=200)
    compensation = forms.CharField(
        label=gettext_lazy("Ce qui compense"),
        help_text=gettext_lazy("La mesure qui réduit le risque en attendant, par exemple un réseau à part."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, today: date, subjects: Sequence[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the subjects that fail now; a waiver ends within a year of ``today``."""
        super().__init__(*arguments, **named)
        self.today = today
        field = self.fields["subject"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(subjects)
        self.fields["until"].initial = today + timedelta(days=90)
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + STANDS).isoformat(),
        }

    def clean_until(self) -> datetime:
        """The end as an instant; within a year."""
        chosen: date = self.cleaned_data["until"]
        if not self.today < chosen <= self.today + STANDS:
            raise ValidationError(_("Choisissez une date après aujourd’hui, dans l’année."))
        return datetime.combine(chosen, time(), ZoneInfo(settings.TIME_ZONE))
