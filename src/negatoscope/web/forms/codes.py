"""The code of an alarm, entered to be sealed."""

from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.flows.codes import LONGEST

REFUSED = {
    "unknown": gettext_lazy("Cette alarme n’est plus dans la liste."),
    "empty": gettext_lazy("Écrivez le code, en signes lisibles."),
    "too_long": gettext_lazy("Ce code dépasse 80 signes."),
    "same": gettext_lazy("C’est le code déjà gardé : il n’a pas changé."),
}


class CodeForm(forms.Form):
    """A code, and whether it is a new one."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Il sera scellé : il n’apparaît dans aucune liste, aucun export, aucun journal."),
    )
    changed = forms.BooleanField(label=gettext_lazy("Ce code vient d’être changé, aujourd’hui"), required=False)
