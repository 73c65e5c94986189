"""Who lets factory log-ins be tried on a class of hosts, and until when."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.observing import TRIED_CLASSES
from negatoscope.model.hosts import HostClass
from negatoscope.web import labels

LASTS = timedelta(days=92)


class TrialForm(forms.Form):
    """A consent; it ends by itself."""

    host_class = forms.ChoiceField(
        label=gettext_lazy("Sorte d’équipement"),
        choices=[(one.value, labels.CLASSES[one]) for one in sorted(TRIED_CLASSES)],
    )
    given_by = forms.CharField(
        label=gettext_lazy("Accord donné par"),
        help_text=gettext_lazy("La personne qui répond de ces équipements."),
        max_length=200,
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    understood = forms.BooleanField(
        label=gettext_lazy(
            "J’ai compris : ces équipements recevront quelques essais de connexion, dont ils garderont trace."
        )
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """A consent ends within three months of ``today``."""
        super().__init__(*arguments, **named)
        self.today = today

    def clean_host_class(self) -> HostClass:
        """Give the class, typed."""
        return HostClass(self.cleaned_data["host_class"])

    def clean_until(self) -> datetime:
        """Give the end of the day chosen."""
        day: date = self.cleaned_data["until"]
        if not self.today <= day <= self.today + LASTS:
            raise ValidationError(_("Choisissez un jour dans les trois mois qui viennent."))
        return datetime.combine(day, time(23, 59, 59), ZoneInfo(settings.TIME_ZONE))
