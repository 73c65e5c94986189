"""For how long one class of logs is to be kept, and why."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.model.retention import LAW

REASON = 500


class KeepingForm(forms.Form):
    """A number of days within what the law allows, and the reason for it."""

    days = forms.IntegerField(
        label=gettext_lazy("Nombre de jours"),
        help_text=gettext_lazy("De 180 (six mois) à 1095 (trois ans). Un an : 365."),
        min_value=LAW.least,
        max_value=LAW.most,
    )
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi cette durée"),
        help_text=gettext_lazy("Reste écrit, avec votre nom. Au-delà d’un an, la raison est à redire chaque année."),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None, days: int) -> None:
        """Show for how many days it is kept, or will be."""
        super().__init__(data, initial={"days": days})
