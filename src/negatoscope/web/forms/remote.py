"""Log-ins of collectors, rhythms, keys of hosts, papers of modalities."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.credentials import CredentialRefused, checked, made_here
from negatoscope.flows.rhythm import MOST_HOURS
from negatoscope.model.imaging import PaperState
from negatoscope.observe.collector import Login

KINDS = (
    ("password", gettext_lazy("Mot de passe")),
    ("made_here", gettext_lazy("Paire de clés faite ici (SSH, conseillé pour les serveurs Linux)")),
    ("private_key", gettext_lazy("Clé privée existante (SSH)")),
    ("snmp_v3", gettext_lazy("Utilisateur SNMP version 3 (conseillé pour les appareils réseau)")),
    ("community", gettext_lazy("Communauté SNMP (versions 1 et 2c)")),
)
DIGESTS = (
    ("sha256", "SHA-256"),
    ("sha512", "SHA-512"),
    ("sha1", "SHA-1"),
    ("md5", gettext_lazy("MD5 (faible)")),
    ("none", gettext_lazy("aucune (faible)")),
)
CIPHERS = (("aes128", "AES-128"), ("des", gettext_lazy("DES (faible)")), ("", gettext_lazy("aucun (faible)")))
REFUSED = {
    "empty": gettext_lazy("Il manque le nom de connexion ou le secret."),
    "too_long": gettext_lazy("Ce secret est trop long."),
    "not_a_key": gettext_lazy("Ce n’est pas une clé privée, ou sa phrase ne l’ouvre pas."),
    "name_taken": gettext_lazy("Un autre identifiant porte déjà ce nom."),
    "unknown": gettext_lazy("Cet identifiant n’existe plus."),
}
PAPER_LASTS = timedelta(days=3 * 366)


class Unseen(forms.Textarea):
    """Takes what is typed, and never gives it back to a page."""

    def format_value(self, _value: object) -> None:
        """Nothing, whatever was typed."""


class SecretForm(forms.Form):
    """What opens: never shown again, so never filled in."""

    kind = forms.ChoiceField(label=gettext_lazy("Sorte"), choices=KINDS)
    username = forms.CharField(
        label=gettext_lazy("Nom de connexion"),
        help_text=gettext_lazy("Inutile pour une communauté SNMP."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe, phrase de la clé ou communauté"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    private_key = forms.CharField(
        label=gettext_lazy("Clé privée"),
        help_text=gettext_lazy("Seulement pour une clé existante. Elle ne sera plus jamais montrée."),
        required=False,
        max_length=20_000,
        widget=Unseen(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    digest = forms.ChoiceField(label=gettext_lazy("Signature (SNMP version 3)"), choices=DIGESTS, required=False)
    cipher = forms.ChoiceField(label=gettext_lazy("Chiffrement (SNMP version 3)"), choices=CIPHERS, required=False)
    privacy = forms.CharField(
        label=gettext_lazy("Phrase de chiffrement (SNMP version 3)"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Make the log-in, and refuse one that opens nothing."""
        told = dict(super().clean() or {})
        if not self.errors:
            try:
                checked(self.login(told))
            except CredentialRefused as error:
                raise ValidationError(str(REFUSED[error.code])) from error
        return told

    def login(self, told: dict[str, Any]) -> Login:
        """What was typed, as collectors take it."""
        if told["kind"] == "made_here":
            return made_here(told["username"])
        if told["kind"] == "community":
            return Login("", community=told["password"] or None)
        if told["kind"] == "snmp_v3":
            said = {name: told[name] or None for name in ("password", "privacy")}
            digest = told["digest"] or DIGESTS[0][0]
            return Login(told["username"], digest=digest, cipher=told["cipher"], **said)
        key = told["private_key"].replace("\r\n", "\n").strip() + "\n" if told["kind"] == "private_key" else None
        return Login(told["username"], told["password"] or None, key)


class CredentialForm(SecretForm):
    """A new log-in, and what it is called."""

    field_order = ("name", "kind", "username", "password", "private_key", "digest", "cipher", "privacy")
    name = forms.SlugField(
        label=gettext_lazy("Comment l’appeler"),
        help_text=gettext_lazy("Sans espace, par exemple « serveurs » ou « annuaire »."),
        max_length=80,
        allow_unicode=True,
    )


class RhythmForm(forms.Form):
    """How often."""

    every_hours = forms.IntegerField(label=gettext_lazy("Toutes les (heures)"), min_value=1, max_value=MOST_HOURS)


class MeetForm(forms.Form):
    """A server to get to know."""

    address = forms.GenericIPAddressField(label=gettext_lazy("Adresse du serveur"))
    port = forms.IntegerField(label=gettext_lazy("Port"), initial=22, min_value=1, max_value=65535)


class UpdatePaperForm(forms.Form):
    """The manufacturer's agreement, or a derogation that compensates and ends."""

    state = forms.ChoiceField(
        label=gettext_lazy("Ce que vous enregistrez"),
        choices=(
            (PaperState.AGREEMENT.value, gettext_lazy("accord du fabricant sur les mises à jour")),
            (PaperState.DEROGATION.value, gettext_lazy("dérogation, en attendant cet accord")),
        ),
    )
    stated_by = forms.CharField(
        label=gettext_lazy("Signé par"),
        help_text=gettext_lazy("Pour le fabricant, ou au cabinet pour une dérogation."),
        max_length=200,
    )
    compensation = forms.CharField(
        label=gettext_lazy("Ce qui protège en attendant (dérogation)"),
        help_text=gettext_lazy("Par exemple un réseau à part."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    document = forms.FileField(label=gettext_lazy("Formulaire MDS2 ou lettre (facultatif)"), required=False)

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """A paper ends within three years of ``today``."""
        super().__init__(*arguments, **named)
        self.today = today

    def clean_until(self) -> datetime:
        """The end as an instant."""
        chosen: date = self.cleaned_data["until"]
        if not self.today < chosen <= self.today + PAPER_LASTS:
            raise ValidationError(_("Choisissez une date après aujourd’hui, dans les trois ans."))
        return datetime.combine(chosen, time(), ZoneInfo(settings.TIME_ZONE))

    def clean(self) -> dict[str, Any]:
        """A derogation says what protects instead."""
        told = dict(super().clean() or {})
        if told.get("state") == PaperState.DEROGATION and not (told.get("compensation") or "").strip():
            self.add_error("compensation", _("Une dérogation dit ce qui protège en attendant."))
        return told
