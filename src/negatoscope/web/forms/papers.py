"""A day on which people read, signed or followed something; what the leaders concluded."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = {"type": "date"}


class PastDayForm(forms.Form):
    """A day that has come."""

    on = forms.DateField(label=gettext_lazy("Le"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Today at first, and at the latest."""
        super().__init__(*arguments, **named)
        self.today = today
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        """Refuse a day that has not come."""
        chosen: date = self.cleaned_data["on"]
        if chosen > self.today:
            raise ValidationError(_("Ce jour n’est pas encore venu."))
        return chosen


class ReviewForm(PastDayForm):
    """The leaders' look at how the policy is applied."""

    concluded = forms.CharField(
        label=gettext_lazy("Ce qui est décidé"),
        help_text=gettext_lazy("Ce qui a été regardé, ce qui va, ce qui change, qui s’en occupe."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CampaignForm(forms.Form):
    """What to review, and before when."""

    control = forms.ChoiceField(label=gettext_lazy("Liste à revoir"))
    due_on = forms.DateField(
        label=gettext_lazy("À revoir avant le"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, today: date, lists: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """A review is due after ``today``."""
        super().__init__(*arguments, **named)
        self.today = today
        field = self.fields["control"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(lists)
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()

    def clean_due_on(self) -> date:
        """Refuse a day that has passed."""
        chosen: date = self.cleaned_data["due_on"]
        if chosen < self.today:
            raise ValidationError(_("Choisissez un jour à venir."))
        return chosen
