"""By which mail server the console tells people things."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class MailForm(forms.Form):
    """Server, encryption, log-in, and who is told."""

    host = forms.CharField(label=gettext_lazy("Serveur de messagerie (SMTP)"), max_length=200)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(
        label=gettext_lazy("Chiffrement"),
        choices=(
            ("starttls", gettext_lazy("STARTTLS, exigé")),
            ("tls", gettext_lazy("TLS dès la connexion")),
            ("clear", gettext_lazy("Aucun : sans mot de passe, et lisible en route")),
        ),
        widget=forms.RadioSelect,
        initial="starttls",
    )
    login = forms.CharField(
        label=gettext_lazy("Nom de l’accès enregistré (facultatif)"),
        help_text=gettext_lazy("L’accès est gardé scellé parmi ceux des collecteurs ; écrivez ici son nom."),
        required=False,
        max_length=80,
    )
    sender = forms.EmailField(label=gettext_lazy("Adresse de l’expéditeur"))
    to = forms.CharField(
        label=gettext_lazy("Qui reçoit les messages : une adresse par ligne"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Langue des messages"), choices=settings.LANGUAGES)
    active = forms.BooleanField(label=gettext_lazy("Envoyer les messages"), required=False, initial=True)

    def clean_to(self) -> str:
        """Each line is an address."""
        lines = [line.strip() for line in self.cleaned_data["to"].splitlines() if line.strip()]
        for line in lines:
            validate_email(line)
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        """A password is never said in clear."""
        told = super().clean() or self.cleaned_data
        if told.get("login") and told.get("security") == "clear":
            raise ValidationError(_("Un mot de passe ne part jamais sans chiffrement."))
        return told
