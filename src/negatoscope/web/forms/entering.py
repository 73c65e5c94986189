"""allauth's log-in, in the console's own words."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.store.queries import practice
from negatoscope.store.users import exist


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    """Name and password; labels instead of placeholders."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the fields as the other pages do."""
        super().__init__(*arguments, **named)
        self.fields["login"].label = gettext_lazy("Nom de connexion")
        self.fields["login"].widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        self.fields["password"].widget.attrs.pop("placeholder", None)

    @property
    def nobody_yet(self) -> bool:
        """The console waits for its first administrator."""
        return not exist(practice.first())


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    """The present password, then the new one twice."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Name the fields as the other pages do."""
        super().__init__(*arguments, **named)
        labels = {
            "oldpassword": gettext_lazy("Mot de passe actuel"),
            "password1": gettext_lazy("Nouveau mot de passe"),
            "password2": gettext_lazy("Le même, une seconde fois"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
