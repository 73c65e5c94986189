"""Who comes in: the first administrator, the others, a change of name."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.store.roles import Role
from negatoscope.store.users import User

ROLE_SENTENCES: dict[str, str | Promise] = {
    Role.READER.value: gettext_lazy("Lecteur : voir les films, le registre et les preuves"),
    Role.OPERATOR.value: gettext_lazy("Opérateur : aussi lancer des relevés, déclarer, importer, suivre les actions"),
    Role.APPROVER.value: gettext_lazy("Approbateur : aussi signer attestations, dérogations, accords et revues"),
    Role.ADMINISTRATOR.value: gettext_lazy("Administrateur : aussi gérer utilisateurs, réseaux et accès aux appareils"),
}


class _Named(forms.Form):
    """A named person with a log-in and a password typed twice."""

    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=gettext_lazy("Nom de connexion"),
        help_text=gettext_lazy("Par exemple « mdurand » : un nom par personne, jamais partagé."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Le même, une seconde fois"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Say what a password must be, before one is typed."""
        super().__init__(*arguments, **named)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_again(self) -> str:
        """Both must be the same."""
        typed: str = self.cleaned_data["again"]
        if typed != self.cleaned_data.get("password"):
            raise ValidationError(_("Les deux mots de passe diffèrent."))
        return typed

    def refuse(self, error: ValidationError) -> None:
        """Show beside its field what the flow refused: a weak password, a bad name."""
        if not hasattr(error, "error_dict"):
            self.add_error("password", error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class FirstForm(_Named):
    """The first administrator."""


class NewcomerForm(_Named):
    """Somebody else; the administrator proves who they are."""

    role = forms.ChoiceField(
        label=gettext_lazy("Ce que cette personne pourra faire"),
        choices=list(ROLE_SENTENCES.items()),
        initial=Role.READER.value,
        widget=forms.RadioSelect,
    )
    own_password = forms.CharField(
        label=gettext_lazy("Votre propre mot de passe"),
        help_text=gettext_lazy("Pour être sûr que c’est bien vous qui ouvrez cet accès."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *arguments: Any, asker: User, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """``asker``: the administrator who fills this in."""
        super().__init__(*arguments, **named)
        self.asker = asker

    def clean_own_password(self) -> str:
        """Check that the administrator is who they are."""
        typed: str = self.cleaned_data["own_password"]
        if not self.asker.check_password(typed):
            raise ValidationError(_("Ce n’est pas votre mot de passe."))
        return typed


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(
        label=gettext_lazy("Ce que cette personne pourra faire"),
        choices=list(ROLE_SENTENCES.items()),
        widget=forms.RadioSelect,
    )


class SiteRoleForm(forms.Form):
    """What somebody may do more, on one site."""

    where = forms.ChoiceField(label=gettext_lazy("Site"), required=False)
    wider = forms.ChoiceField(
        label=gettext_lazy("Ce que cette personne pourra y faire de plus"),
        choices=[(role.value, ROLE_SENTENCES[role.value]) for role in (Role.OPERATOR, Role.APPROVER)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """``places``: name and label of each site; the console's own has no name."""
        super().__init__(*arguments, **named)
        where = self.fields["where"]
        if isinstance(where, forms.ChoiceField):
            where.choices = places


class PracticeForm(forms.Form):
    """What the practice is called."""

    name = forms.CharField(
        label=gettext_lazy("Nom du cabinet"),
        help_text=gettext_lazy("Il figure en tête des pages et du rapport."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
