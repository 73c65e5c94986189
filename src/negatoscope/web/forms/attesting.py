"""A signed statement on one attested control."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_DOCUMENT = 10 * 1024 * 1024
HOLDS, HOLDS_NOT = "yes", "no"


class AttestationForm(forms.Form):
    """What is stated, whether the point is met, the document and the end."""

    holds = forms.ChoiceField(
        label=gettext_lazy("Ce point est-il respecté ?"),
        choices=[(HOLDS, gettext_lazy("Oui, il est respecté")), (HOLDS_NOT, gettext_lazy("Non, pas encore"))],
        widget=forms.RadioSelect,
    )
    statement = forms.CharField(
        label=gettext_lazy("Ce que j’atteste"),
        help_text=gettext_lazy("En quelques phrases : ce qui est fait, par qui, depuis quand, où cela se vérifie."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    document = forms.FileField(
        label=gettext_lazy("Document à l’appui (facultatif)"),
        help_text=gettext_lazy("10 Mo au plus. Il est gardé tel quel, avec son empreinte. Aucune donnée de patient."),
        required=False,
        max_length=200,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Valable jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, today: date, lasts: timedelta, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """An attestation stands for ``lasts`` at most, from ``today``."""
        super().__init__(*arguments, **named)
        self.today, self.latest = today, today + lasts
        field = self.fields["expires_on"]
        field.initial = self.latest
        field.widget.attrs |= {"min": (today + timedelta(days=1)).isoformat(), "max": self.latest.isoformat()}
        field.help_text = _("Au plus tard le %(day)s ; il faudra alors attester de nouveau.") % {
            "day": f"{self.latest:%d/%m/%Y}"
        }

    def clean_document(self) -> "UploadedFile[bytes] | None":
        """Refuse what is too large."""
        document: UploadedFile[bytes] | None = self.cleaned_data["document"]
        if document and (document.size or 0) > MAX_DOCUMENT:
            raise ValidationError(_("Ce document dépasse 10 Mo."))
        return document

    def clean_expires_on(self) -> date:
        """Keep the end after today and within what the control allows."""
        chosen: date = self.cleaned_data["expires_on"]
        if not self.today < chosen <= self.latest:
            raise ValidationError(_("Choisissez une date après aujourd’hui et au plus tard le %(day)s.") % {
                "day": f"{self.latest:%d/%m/%Y}"
            })  # fmt: skip
        return chosen

    @property
    def expires_at(self) -> datetime:
        """The end as an instant: that day at midnight, Paris time."""
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.combine(self.cleaned_data["expires_on"], time(), zone)
