"""What people add to the register: an equipment's class and label, an account's holder, a network, a consent."""

from datetime import date, datetime, time, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.model.accounts import AccountKind
from negatoscope.model.hosts import HostClass
from negatoscope.model.people import Person
from negatoscope.web import labels

CONSENT_LASTS = timedelta(days=365)
WIDEST = {4: 16, 6: 64}
"""Shortest prefixes accepted: wider, a sweep would never end."""


class HostForm(forms.Form):
    """What instruments did not say of an equipment, from its label or from people who know."""

    host_class = forms.ChoiceField(
        label=gettext_lazy("Classe"),
        choices=[("", gettext_lazy("Inconnue")), *labels.CLASSES.items()],
        required=False,
        help_text=gettext_lazy("Une modalité n’est jamais interrogée sans accord enregistré."),
    )
    hostname = forms.CharField(label=gettext_lazy("Nom"), max_length=200, required=False)
    vendor = forms.CharField(label=gettext_lazy("Constructeur"), max_length=200, required=False)
    model = forms.CharField(label=gettext_lazy("Modèle"), max_length=200, required=False)
    serial = forms.CharField(label=gettext_lazy("Numéro de série"), max_length=200, required=False)
    os_version = forms.CharField(label=gettext_lazy("Version du système"), max_length=200, required=False)
    addresses = forms.CharField(label=gettext_lazy("Adresses IP"), max_length=300, required=False)

    def clean_addresses(self) -> tuple[str, ...]:
        """Read addresses parted by commas or spaces."""
        try:
            return tuple(str(ip_address(one)) for one in self.cleaned_data["addresses"].replace(",", " ").split())
        except ValueError as error:
            raise ValidationError(_("Écrivez des adresses comme 192.168.1.20, séparées par des virgules.")) from error


class NewHostForm(forms.Form):
    """An equipment that no look has met yet, or that none may meet before it is known what it is."""

    address = forms.GenericIPAddressField(
        label=gettext_lazy("Adresse IP"),
        help_text=gettext_lazy("Écrite sur l’appareil, dans ses réglages, ou connue de qui l’a installé."),
    )
    host_class = forms.ChoiceField(
        label=gettext_lazy("Classe"),
        choices=[("", gettext_lazy("Choisissez")), *labels.CLASSES.items()],
        help_text=gettext_lazy("Une modalité n’est jamais interrogée sans accord enregistré."),
    )
    hostname = forms.CharField(label=gettext_lazy("Nom (facultatif)"), max_length=200, required=False)
    vendor = forms.CharField(label=gettext_lazy("Constructeur (facultatif)"), max_length=200, required=False)
    model = forms.CharField(label=gettext_lazy("Modèle (facultatif)"), max_length=200, required=False)

    def clean_host_class(self) -> HostClass:
        """Give the class, typed."""
        return HostClass(self.cleaned_data["host_class"])


class AccountForm(forms.Form):
    """Who answers for an account, or what it is for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Genre"),
        choices=[("", gettext_lazy("Inconnu")), *labels.ACCOUNT_KINDS.items()],
        required=False,
    )
    holder = forms.ChoiceField(label=gettext_lazy("Titulaire"), required=False)
    purpose = forms.CharField(
        label=gettext_lazy("Raison d’être"),
        help_text=gettext_lazy("Pour un compte de service : quel programme l’utilise, et pourquoi."),
        max_length=300,
        required=False,
    )

    def __init__(self, *arguments: Any, people: list[Person], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the people of the register as holders."""
        super().__init__(*arguments, **named)
        known = sorted((person.name, person.ref) for person in people)
        field = self.fields["holder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Personne pour l’instant")), *((ref, name) for name, ref in known)]

    def clean_kind(self) -> AccountKind | None:
        """Give the kind, typed."""
        return AccountKind(self.cleaned_data["kind"]) if self.cleaned_data["kind"] else None


class NetworkForm(forms.Form):
    """A network that belongs to the practice."""

    cidr = forms.CharField(
        label=gettext_lazy("Réseau"),
        help_text=gettext_lazy("Par exemple 192.168.1.0/24. Demandez-le à qui a installé votre réseau."),
        max_length=50,
        widget=forms.TextInput(attrs={"placeholder": "192.168.1.0/24", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nom (facultatif)"),
        help_text=gettext_lazy("Par exemple « salle d’examen » ou « secrétariat »."),
        max_length=100,
        required=False,
    )

    ours = forms.BooleanField(label=gettext_lazy("Ces adresses publiques sont bien les nôtres"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Ask whose the addresses are only where they are public."""
        super().__init__(*arguments, **named)
        if not _public(str(self.data.get("cidr", "")).strip()):
            del self.fields["ours"]

    def clean_cidr(self) -> str:
        """Read the network; refuse what is none, and what is too wide."""
        typed = self.cleaned_data["cidr"].strip()
        try:
            network = ip_network(typed, strict=False)
        except ValueError as error:
            raise ValidationError(
                _("Ce n’est pas un réseau. Écrivez une adresse et une longueur, comme 192.168.1.0/24.")
            ) from error
        if network.prefixlen < WIDEST[network.version]:
            raise ValidationError(
                _("Ce réseau est trop vaste : /%(widest)d au plus large. Déclarez plusieurs réseaux plus petits.")
                % {"widest": WIDEST[network.version]}
            )
        if _public(typed) and not self.data.get("ours"):
            raise ValidationError(
                _(
                    "Ces adresses sont publiques : elles appartiennent peut-être à d’autres. "
                    "Cochez la case ci-dessous si elles sont bien les vôtres."
                )
            )
        return str(network)


def _public(typed: str) -> bool:
    """Whether this is a network of addresses that may belong to anybody on the Internet."""
    try:
        network = ip_network(typed, strict=False)
    except ValueError:
        return False
    return not (network.is_private or network.is_loopback or network.is_link_local)


class ConsentForm(forms.Form):
    """A named person allows a look at one modality."""

    given_by = forms.CharField(
        label=gettext_lazy("Accord donné par"),
        help_text=gettext_lazy("La personne responsable de cette modalité, après avis du fabricant."),
        max_length=200,
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Raison (facultatif)"), max_length=500, required=False)
    understood = forms.BooleanField(
        label=gettext_lazy(
            "J’ai compris : cette modalité recevra des paquets réseau pendant un relevé, hors des examens."
        )
    )

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """A consent ends within a year of ``today``."""
        super().__init__(*arguments, **named)
        self.today = today
        self.fields["until"].initial = today + timedelta(days=30)
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + CONSENT_LASTS).isoformat(),
        }

    def clean_until(self) -> datetime:
        """The end as an instant; within a year."""
        chosen: date = self.cleaned_data["until"]
        if not self.today < chosen <= self.today + CONSENT_LASTS:
            raise ValidationError(_("Choisissez une date après aujourd’hui, dans l’année."))
        return datetime.combine(chosen, time(), ZoneInfo(settings.TIME_ZONE))
