"""A file of logs to be read, and a folder to be followed."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.giving import MOST_NAME
from negatoscope.model.files import LogFolder

MOST_POSTED = 512 * 1024 * 1024
SEARCHED, WATCHED = "searched", "watched"
PURPOSES = (
    (SEARCHED, gettext_lazy("À chercher seulement : aucune alerte")),
    (WATCHED, gettext_lazy("À surveiller aussi : les lignes de moins de sept jours peuvent alerter")),
)


class GiftForm(forms.Form):
    """The file, and what for."""

    file = forms.FileField(label=gettext_lazy("Fichier"), max_length=200, widget=forms.FileInput())
    purpose = forms.ChoiceField(
        label=gettext_lazy("Pour quoi faire"), choices=PURPOSES, initial=SEARCHED, widget=forms.RadioSelect
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large for a browser."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_POSTED:
            raise ValidationError(
                _("Ce fichier dépasse 512 Mo. Sur l’ordinateur de la console : negatoscope logs give FICHIER.")
            )
        return file


class FolderForm(forms.Form):
    """Which folder, under which name."""

    name = forms.CharField(
        label=gettext_lazy("Nom de la source"),
        help_text=gettext_lazy("Celui de l’équipement qui écrit ces journaux, par exemple."),
        max_length=MOST_NAME,
    )
    folder = forms.CharField(
        label=gettext_lazy("Dossier, sur l’ordinateur de la console"),
        help_text=gettext_lazy("Son chemin entier : /var/log/samba."),
        max_length=1000,
    )
    pattern = forms.CharField(
        label=gettext_lazy("Noms des fichiers"),
        help_text=gettext_lazy("auth.log, *.evtx ; * pour tous. Leurs versions archivées sont reconnues."),
        max_length=200,
        initial="*",
    )

    @property
    def wanted(self) -> LogFolder:
        """What was filled in."""
        told = self.cleaned_data
        return LogFolder(0, told["name"], told["folder"], told["pattern"])
