"""What an administrator says of a legal duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.model.lawdata import Confidence, DutyCorrection
from negatoscope.respond.corrected import LONGEST_DAYS, LONGEST_HOURS
from negatoscope.respond.duty import Duty
from negatoscope.web.law_labels import CONFIDENCES


class DutyForm(forms.Form):
    """The delay, the way, where that is written, how sure it is, and why it is changed."""

    use_required_attribute = False
    hours = forms.IntegerField(
        label=gettext_lazy("Délai en heures"), required=False, min_value=1, max_value=LONGEST_HOURS,
        help_text=gettext_lazy("Nuits et jours fériés compris. Vide : pas de délai en heures."),
    )  # fmt: skip
    working_days = forms.IntegerField(
        label=gettext_lazy("Délai en jours ouvrés"), required=False, min_value=1, max_value=LONGEST_DAYS,
        help_text=gettext_lazy("L’un ou l’autre. Les deux vides : le texte ne donne pas de chiffre."),
    )  # fmt: skip
    channel = forms.CharField(
        label=gettext_lazy("Où et comment prévenir"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    in_force = forms.BooleanField(label=gettext_lazy("Une loi en vigueur l’impose"), required=False)
    source = forms.CharField(label=gettext_lazy("Où c’est écrit"), max_length=300)
    as_of = forms.DateField(
        label=gettext_lazy("Lu le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    confidence = forms.ChoiceField(label=gettext_lazy("Est-ce sûr ?"), choices=list(CONFIDENCES.items()))
    reason = forms.CharField(label=gettext_lazy("Pourquoi changer"), max_length=300)

    @staticmethod
    def shown(duty: Duty, lang: Any) -> dict[str, Any]:  # noqa: ANN401 -- a language
        """What stands now, to begin with."""
        return {
            "hours": duty.hours, "working_days": duty.working_days, "channel": duty.channel[lang],
            "in_force": not duty.awaits_law, "source": duty.source, "as_of": duty.as_of,
            "confidence": duty.confidence,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse two delays at once."""
        told = super().clean() or self.cleaned_data
        if told.get("hours") and told.get("working_days"):
            self.add_error("working_days", _("Donnez des heures ou des jours ouvrés, pas les deux."))
        return dict(told)

    def correction(self, duty: str, by: str) -> DutyCorrection:
        """What was said."""
        told = self.cleaned_data
        return DutyCorrection(
            duty, told["channel"], told["source"], told["as_of"], Confidence(told["confidence"]), told["reason"], by,
            told["hours"], told["working_days"], told["in_force"],
        )  # fmt: skip
