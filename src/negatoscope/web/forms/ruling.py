"""What people say of Sigma rules."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.ruling import MOST_BYTES


class OffForm(forms.Form):
    """Why a rule does not hold here."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi cette règle ne vaut pas ici"),
        help_text=gettext_lazy("Ce mot reste : ceux qui relisent la semaine le verront."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RuleFileForm(forms.Form):
    """A file of rules."""

    file = forms.FileField(
        label=gettext_lazy("Archive de règles (.zip), ou règle seule (.yml)"),
        help_text=gettext_lazy("La lecture d’une archive publique prend jusqu’à une minute : laissez la page ouverte."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".zip,.yml,.yaml"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("Ce fichier dépasse 64 Mio : aucune archive publique n’est si grosse."))
        return file


class OwnRuleForm(forms.Form):
    """The text of a rule, and under which name it is kept."""

    name = forms.RegexField(
        regex=r"^[a-z0-9][a-z0-9._-]{0,60}$",
        label=gettext_lazy("Nom du fichier"),
        help_text=gettext_lazy("Lettres sans accent, chiffres et tirets. Le même nom remplace la règle d’avant."),
    )
    text = forms.CharField(
        label=gettext_lazy("Texte de la règle (YAML, format Sigma)"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "code"}),
    )
