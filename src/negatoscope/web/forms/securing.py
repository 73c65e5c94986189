"""allauth's forms of second factors, in the console's own words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy


def _worded(form: forms.BaseForm, **labels: Any) -> None:  # noqa: ANN401 -- lazy texts
    """Labels instead of placeholders."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)


CODE = gettext_lazy("Code à six chiffres, ou code de secours")


class AuthenticateForm(base.AuthenticateForm):  # type: ignore[misc]
    """The second step of a log-in."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the field."""
        super().__init__(*arguments, **named)
        _worded(self, code=CODE)


class ReauthenticateForm(base.ReauthenticateForm):  # type: ignore[misc]
    """A code, to confirm."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the field."""
        super().__init__(*arguments, **named)
        _worded(self, code=CODE)


class PasswordAgainForm(account.ReauthenticateForm):  # type: ignore[misc]
    """A password, to confirm."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the field."""
        super().__init__(*arguments, **named)
        _worded(self, password=gettext_lazy("Votre mot de passe"))


class ActivateTOTPForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an application."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the field."""
        super().__init__(*arguments, **named)
        _worded(self, code=gettext_lazy("Code à six chiffres"))


class AddWebAuthnForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the fields."""
        super().__init__(*arguments, **named)
        _worded(
            self,
            name=gettext_lazy("Nom de la clé"),
            passwordless=gettext_lazy("Entrer avec cette clé seule, sans mot de passe"),
        )
        self.fields["passwordless"].help_text = ""


class EditWebAuthnForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the field."""
        super().__init__(*arguments, **named)
        _worded(self, name=gettext_lazy("Nom de la clé"))
