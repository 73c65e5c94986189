"""Connecting a directory, and choosing the profile that passwords are judged by."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.connecting import credential_of
from negatoscope.flows.rhythm import MOST_HOURS, PROPOSED
from negatoscope.model.directory import DirectoryKind
from negatoscope.model.passwords import Profile
from negatoscope.observe.collector import Login
from negatoscope.observe.directory.settings import SYSTEM_CA, Mode

REALM = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")


def _line(label: Any, says: Any, **named: Any) -> forms.CharField:  # noqa: ANN401 -- Django's
    """One line of text, and what it is for."""
    return forms.CharField(label=label, help_text=says, **{"max_length": 200, **named})


class DirectoryForm(forms.Form):
    """Where a directory answers and in whose name it is read."""

    realm = _line(gettext_lazy("Nom de l’annuaire"), gettext_lazy("Son nom de domaine, comme cabinet.lan."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Genre d’annuaire"),
        choices=[(DirectoryKind.ACTIVE_DIRECTORY, "Active Directory"), (DirectoryKind.OPENLDAP, "OpenLDAP")],
    )
    servers = _line(
        gettext_lazy("Serveurs"),
        gettext_lazy("Noms ou adresses, séparés par des virgules, dans un réseau déclaré."),
        max_length=500,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Connexion chiffrée"),
        choices=[(Mode.LDAPS, "LDAPS (636)"), (Mode.STARTTLS, "StartTLS (389)")],
    )
    username = _line(
        gettext_lazy("Compte de lecture"),
        gettext_lazy("Un compte ordinaire suffit, comme lecteur@cabinet.lan. Il ne doit rien administrer."),
        required=False,
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe du compte de lecture"),
        help_text=gettext_lazy("Gardé chiffré. Laissez vide pour garder celui déjà enregistré."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        strip=False,
        max_length=500,
        required=False,
    )
    ca = forms.CharField(
        label=gettext_lazy("Certificat de l’autorité (facultatif)"),
        help_text=gettext_lazy("Au format PEM, s’il n’est pas déjà connu de cet ordinateur."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=20_000,
        required=False,
    )
    certificate_name = forms.CharField(
        label=gettext_lazy("Nom dans le certificat (facultatif)"),
        help_text=gettext_lazy("Si le serveur est joint par son adresse : le nom que porte son certificat."),
        max_length=200,
        required=False,
    )
    privileged_groups = forms.CharField(
        label=gettext_lazy("Groupes qui administrent (facultatif)"),
        help_text=gettext_lazy("Séparés par des virgules. Ceux d’Active Directory sont déjà connus."),
        max_length=500,
        required=False,
    )

    repeat = forms.BooleanField(label=gettext_lazy("Répéter ce relevé"), initial=True, required=False)
    every_hours = forms.IntegerField(
        label=gettext_lazy("Toutes les (heures)"),
        initial=PROPOSED["directory"],
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
    )

    def clean_realm(self) -> str:
        """A domain name, in lower case."""
        typed = str(self.cleaned_data["realm"]).strip().lower()
        if not REALM.fullmatch(typed):
            raise ValidationError(_("Écrivez un nom de domaine, comme cabinet.lan."))
        return typed

    def clean(self) -> dict[str, Any]:
        """A name and a password go together."""
        told = dict(super().clean() or {})
        if bool(told.get("username")) != bool(told.get("password")):
            raise ValidationError(_("Donnez le compte de lecture et son mot de passe, ou aucun des deux."))
        return told

    @property
    def login(self) -> Login | None:
        """The log-in typed, if one was."""
        if not self.cleaned_data["password"]:
            return None
        return Login(self.cleaned_data["username"].strip(), self.cleaned_data["password"])

    @property
    def every_hours_wanted(self) -> int | None:
        """How often the look is to be repeated; ``None``: this once."""
        wanted: int | None = self.cleaned_data.get("every_hours")
        return wanted if self.cleaned_data.get("repeat") else None

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the collector; nothing secret among them."""
        told = self.cleaned_data
        return {
            "servers": _listed(told["servers"]),
            "credential": credential_of(told["realm"]),
            "kind": told["kind"],
            "mode": told["mode"],
            "ca": told["ca"].strip() or SYSTEM_CA,
            "certificate_name": told["certificate_name"].strip() or None,
            "privileged_groups": _listed(told["privileged_groups"]),
        }


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


class ProfileForm(forms.Form):
    """The rules on passwords that the practice is judged by."""

    profile = forms.ChoiceField(label=gettext_lazy("Profil"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=gettext_lazy("Raison du choix"),
        help_text=gettext_lazy("Elle figure dans le registre avec votre nom."),
        max_length=300,
    )

    def __init__(self, *arguments: Any, titles: dict[Profile, str], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the profiles by their titles."""
        super().__init__(*arguments, **named)
        field = self.fields["profile"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(profile.value, title) for profile, title in titles.items()]
