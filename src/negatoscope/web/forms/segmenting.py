"""Allow a flow between two zones."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from negatoscope.model.services import NoService, service
from negatoscope.model.zones import ALLOWED_FLOWS
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.rows import Problem
from negatoscope.web import desk


class FlowForm(forms.Form):
    """Protocol and ports, why, and until when."""

    service = forms.CharField(
        label=_("Service"),
        max_length=200,
        help_text=_("Protocole et ports, comme tcp/104, tcp/443,8443, udp/53 ou icmp."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(label=_("Raison"), required=False, max_length=400)
    until = forms.DateField(
        label=_("Jusqu’au"),
        required=False,
        help_text=_("Dernier jour ; laissez vide si rien ne l’arrête."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_service(self) -> str:
        """Write it in the one form that comparisons take."""
        said = str(self.cleaned_data["service"])
        try:
            return service(said)
        except NoService as error:
            problem = Problem(0, error.code, "service", said[:80])
            raise ValidationError(words.problem(problem, ALLOWED_FLOWS, desk.language())) from error
