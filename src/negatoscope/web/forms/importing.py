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


class DeviceForm(forms.Form):
    """A file that a device wrote, or an nmap scan made elsewhere; its content says which."""

    file = forms.FileField(label=gettext_lazy("Fichier"), max_length=200, widget=forms.FileInput())
    device = forms.CharField(
        label=gettext_lazy("Équipement dont il vient (si le fichier ne le dit pas)"),
        help_text=gettext_lazy("Son nom ou son adresse, comme au registre."),
        required=False,
        max_length=250,
    )
    on = forms.DateField(
        label=gettext_lazy("Écrit le (facultatif)"),
        help_text=gettext_lazy("Le jour où l’équipement a écrit ce fichier, si ce n’est pas aujourd’hui."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large."""
        return _small(self.cleaned_data["file"])


def _small(file: "UploadedFile[bytes]") -> "UploadedFile[bytes]":
    if (file.size or 0) > MAX_FILE:
        raise ValidationError(_("Ce fichier dépasse 10 Mo."))
    return file
