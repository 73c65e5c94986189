"""A token for those who send to us."""

from django import forms
from django.utils.translation import gettext_lazy


class LogTokenForm(forms.Form):
    """What a token for logs is for."""

    name = forms.CharField(
        label=gettext_lazy("Qui enverra ses journaux avec ce jeton"),
        help_text=gettext_lazy("Un nom qui vous parle : « contrôleur de domaine », « serveur PACS »."),
        max_length=80,
    )


class TokenForm(forms.Form):
    """What the token is for."""

    name = forms.CharField(
        label=gettext_lazy("À quoi servira ce jeton"),
        help_text=gettext_lazy("Un nom qui vous parle : « postes du site nord », « portables »."),
        max_length=80,
    )
