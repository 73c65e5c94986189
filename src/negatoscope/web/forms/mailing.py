"""By which mail server the console tells people things."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.prove.telling import Kind

KINDS: dict[Kind, str | Promise] = {
    Kind.WORK: gettext_lazy("Actions, arrivées et départs qui vous sont confiés"),
    Kind.REVIEW: gettext_lazy("Revues dont des lignes vous attendent"),
    Kind.SIGN: gettext_lazy("Textes que vous avez à lire et à signer"),
    Kind.PROOF: gettext_lazy("Preuves qui prennent fin : attestations, accords, dérogations"),
    Kind.RED: gettext_lazy("Règles passées au rouge, aussitôt"),
    Kind.FAILING: gettext_lazy("Relevés qui échouent"),
    Kind.WEEK: gettext_lazy("Résumé de la semaine"),
}


class ListeningForm(forms.Form):
    """Where a user is told things, and which: all, unless they turned some off."""

    email = forms.EmailField(
        label=gettext_lazy("Mon adresse de courriel"),
        required=False,
        help_text=gettext_lazy("Sans adresse, d’autres sont prévenus à votre place."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Ce dont je suis prévenu"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, offered: Iterable[Kind], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """``offered``: the kinds that this user gets and may turn off."""
        super().__init__(*arguments, **named)
        self.offered = tuple(offered)
        field = self.fields["wanted"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(kind.value, KINDS[kind]) for kind in self.offered]

    @property
    def muted(self) -> set[str]:
        """What was turned off."""
        return {kind.value for kind in self.offered} - set(self.cleaned_data["wanted"])


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
        label=gettext_lazy("Adresses du cabinet, une par ligne"),
        help_text=gettext_lazy(
            "Elles reçoivent ce qui concerne tout le cabinet, et ce dont la personne concernée ne peut être prévenue."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Langue de qui n’en a pas choisi"), choices=settings.LANGUAGES)
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
