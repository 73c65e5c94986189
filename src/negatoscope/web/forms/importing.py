"""A list handed over."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_FILE = 10 * 1024 * 1024


class UploadForm(forms.Form):
    """The file and, for people, the day on which nobody was missing from it."""

    file = forms.FileField(
        label=gettext_lazy("Fichier Excel ou CSV"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    complete_on = forms.DateField(
        label=gettext_lazy("Liste complète au (facultatif)"),
        help_text=gettext_lazy(
            "Si rien ne manque dans cette liste, dites à quelle date : ce qui n’y figure plus sera retiré."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, closable: bool, dated: bool = False, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Only some lists may be declared complete; lists of days (``dated``) also come as calendars."""
        super().__init__(*arguments, **named)
        if dated:
            self.fields["file"].label = _("Fichier Excel, CSV ou agenda (.ics)")
            self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.ics"
            self.fields["file"].help_text = _(
                "D’un agenda, seuls les noms connus et les jours entiers sont gardés, jamais les titres."
            )
        if not closable:
            del self.fields["complete_on"]

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large."""
        return _small(self.cleaned_data["file"])

    @property
    def complete(self) -> date | None:
        """The day on which the list was complete, if somebody says so."""
        return self.cleaned_data.get("complete_on")


class ScanForm(forms.Form):
    """An nmap scan made elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("Fichier XML de nmap"), max_length=200, widget=forms.FileInput(attrs={"accept": ".xml"})
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large."""
        return _small(self.cleaned_data["file"])


def _small(file: "UploadedFile[bytes]") -> "UploadedFile[bytes]":
    if (file.size or 0) > MAX_FILE:
        raise ValidationError(_("Ce fichier dépasse 10 Mo."))
    return file
