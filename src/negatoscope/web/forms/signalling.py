"""The account of Signal Spam, and what somebody looked at before a mail leaves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.respond.spam.service import fits
from negatoscope.respond.spam.words import words
from negatoscope.web import desk


class AccountForm(forms.Form):
    """Where mails are reported, with which account, and whether at all."""

    use_required_attribute = False
    active = forms.BooleanField(
        label=gettext_lazy("Permettre d’envoyer un courriel à Signal Spam, un clic à la fois"), required=False
    )
    username = forms.CharField(
        label=gettext_lazy("Compte"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"), max_length=500, required=False, strip=False,
        help_text=gettext_lazy("Vide : celui qui est enregistré reste. Il n’est jamais remontré."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Adresse du service"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("active", "username", "password", "address")

    def clean(self) -> dict[str, Any]:
        """Refuse half an account, and an address to which a password must not go."""
        told = super().clean() or {}
        name, password = told.get("username", ""), told.get("password", "")
        if bool(name) != bool(password):
            raise ValidationError({"password": _("Donnez le compte et son mot de passe, ou ni l’un ni l’autre.")})
        if ":" in name:
            raise ValidationError({"username": _("Un compte ne contient pas « : ».")})
        if not fits(told.get("address", "")):
            raise ValidationError({"address": words().why["address"][desk.language()]})
        return told


class LookedForm(forms.Form):
    """One box for each sign that a person must have looked at."""

    use_required_attribute = False

    def __init__(self, *told: Any, asked: Mapping[str, str], **named: Any) -> None:  # noqa: ANN401 -- as Django has it
        """Ask what this mail asks."""
        super().__init__(*told, **named)
        for code, does in asked.items():
            self.fields[code] = forms.BooleanField(label=does, error_messages={"required": _("À vérifier d’abord.")})
