"""A probe that somebody expects, and what probes laid on a medium."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from negatoscope.flows.enrolling import LONGEST_NAME

WAYS = (
    ("network", gettext_lazy("Par le réseau : un code à taper sur la sonde")),
    ("medium", gettext_lazy("Par support (clé USB) : aucun réseau entre elle et nous")),
)


class ProbeForm(forms.Form):
    """Name, place, and how it will speak with us."""

    name = forms.CharField(
        label=gettext_lazy("Nom de la sonde"),
        help_text=gettext_lazy("Dites où elle se trouve : « baie du site nord »."),
        max_length=LONGEST_NAME,
    )
    site = forms.ChoiceField(
        label=gettext_lazy("Lieu"),
        help_text=gettext_lazy("Deux lieux peuvent porter les mêmes adresses : le lieu évite de les confondre."),
        required=False,
    )
    way = forms.ChoiceField(label=gettext_lazy("Comment elle nous parle"), choices=WAYS, initial="network")

    def __init__(self, sites: list[str], *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the places of the practice."""
        super().__init__(*arguments, **named)
        here = ("", gettext_lazy("Le même que la console"))
        self.fields["site"].choices = [here, *((one, one) for one in sites)]  # type: ignore[attr-defined]


class Several(forms.FileField):
    """One or several files."""

    widget = type("SeveralInput", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":  # noqa: ANN401 -- Django's
        """Each of them."""
        told = data if isinstance(data, list | tuple) else [data]
        return [super(Several, self).clean(one, initial) for one in told]


class MediumForm(forms.Form):
    """Files that a probe exported."""

    KINDS: ClassVar = (".parcel", ".request")
    taken = Several(
        label=gettext_lazy("Fichiers de la sonde"),
        help_text=gettext_lazy("Tous ceux que « negatoscope probe export » a écrits sur la clé USB."),
    )
