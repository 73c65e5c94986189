"""A channel of alerts: its address, asked for field by field; and whom it tells of what, and when."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.channels import Wish
from negatoscope.model.alert import Priority
from negatoscope.model.channel import Channel, For, Quiet
from negatoscope.model.launch import System
from negatoscope.respond.channels.ways import MAIL, SERVICES
from negatoscope.web import channel_labels, launch_labels
from negatoscope.web.alert_labels import PRIORITIES
from negatoscope.web.channel_labels import Text

HOURS = tuple((str(hour), f"{hour}\N{NO-BREAK SPACE}h") for hour in range(24))
EVENING, MORNING = "20", "7"
NOTHING = "nothing"
NUMBER = re.compile(r"\+?\d{6,15}")


def _said(labels: Mapping[str, Text], service: str, name: str) -> str:
    """In the language of whoever asks for the form now."""
    return str(labels.get(f"{service}.{name}", labels.get(name, "")))


class AddressForm(forms.Form):
    """Where messages of one service go."""

    def __init__(self, *arguments: Any, service: str, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Ask for the fields of this service."""
        super().__init__(*arguments, **named)
        self.service = service
        for name in SERVICES[service].asked:
            self.fields[name] = self._field(service, name)

    @staticmethod
    def _field(service: str, name: str) -> forms.Field:
        kind = forms.EmailField if (service, name) == (MAIL, "to") else forms.CharField
        secret = forms.PasswordInput(attrs={"autocomplete": "off"}) if name == "token" else None
        optional = name in SERVICES[service].optional
        label = _said(channel_labels.FIELDS, service, name)
        return kind(
            label=_("%(field)s (facultatif)") % {"field": label} if optional else label,
            help_text=_said(channel_labels.HELP, service, name),
            required=not optional,
            max_length=1500,
            widget=secret or forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean_to(self) -> str:
        """A telephone number as gateways read it."""
        to = str(self.cleaned_data["to"])
        if self.service == MAIL:
            return to
        number = re.sub(r"[\s.()-]", "", to)
        if not NUMBER.fullmatch(number):
            raise ValidationError(_("Ce n’est pas un numéro de téléphone."))
        return number

    @property
    def told(self) -> dict[str, str]:
        """What was filled in of the address."""
        return {name: str(self.cleaned_data[name]) for name in SERVICES[self.service].asked}


class WishForm(forms.Form):
    """Whom a channel tells of which alerts, and when."""

    name = forms.CharField(
        label=gettext_lazy("Nom du canal"),
        help_text=gettext_lazy("Comme vous l’appelez, par exemple « téléphone de garde »."),
        max_length=80,
    )
    for_whom = forms.ChoiceField(
        label=gettext_lazy("Pour qui"), choices=list(channel_labels.FOR.items()), widget=forms.RadioSelect,
        initial=For.EVERYBODY,
    )  # fmt: skip
    person = forms.ChoiceField(label=gettext_lazy("Quelle personne"), required=False)
    step = forms.ChoiceField(
        label=gettext_lazy("Quelle étape"), choices=[("", "—"), *channel_labels.STEPS.items()], required=False
    )
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("Quelles priorités"), choices=list(PRIORITIES.items()),
        widget=forms.CheckboxSelectMultiple, initial=list(Priority),
    )  # fmt: skip
    quiet = forms.BooleanField(label=gettext_lazy("Heures calmes"), required=False, initial=True)
    quiet_begins = forms.ChoiceField(
        label=gettext_lazy("Calme à partir de"),
        help_text=gettext_lazy("La priorité basse attend la fin de ces heures. Le reste part toujours aussitôt."),
        choices=HOURS,
        initial=EVENING,
    )
    quiet_ends = forms.ChoiceField(label=gettext_lazy("Calme jusqu’à"), choices=HOURS, initial=MORNING)
    language = forms.ChoiceField(label=gettext_lazy("Langue des messages"), choices=settings.LANGUAGES)
    depends = forms.MultipleChoiceField(
        label=gettext_lazy("De quoi ce canal dépend-il ?"),
        help_text=gettext_lazy(
            "Le jour où l’un d’eux est peut-être touché, la chaîne d’alerte ne passe pas par ce canal. "
            "Rien de coché : on ne sait pas."
        ),
        choices=[*launch_labels.SYSTEMS.items(), (NOTHING, gettext_lazy("de rien de tout cela"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    active = forms.BooleanField(label=gettext_lazy("Ce canal sert"), required=False, initial=True)

    def __init__(self, *arguments: Any, people: Sequence[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Offer the persons of the register."""
        super().__init__(*arguments, **named)
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *people]

    def clean(self) -> dict[str, Any]:
        """Who chose a person or a step says which; quiet hours have a length."""
        told = super().clean() or self.cleaned_data
        if told.get("for_whom") == For.PERSON and not told.get("person"):
            self.add_error("person", _("Dites quelle personne."))
        if told.get("for_whom") == For.STEP and not told.get("step"):
            self.add_error("step", _("Dites quelle étape."))
        if NOTHING in told.get("depends", ()) and len(told["depends"]) > 1:
            self.add_error("depends", _("Choisissez ce dont il dépend, ou « de rien de tout cela »."))
        if told.get("quiet") and told.get("quiet_begins") == told.get("quiet_ends"):
            self.add_error("quiet_ends", _("Le calme finit à une autre heure."))
        return told

    @property
    def wish(self) -> Wish:
        """What was filled in, typed."""
        told = self.cleaned_data
        whom = {For.PERSON: told["person"], For.STEP: told["step"]}.get(For(told["for_whom"]), "")
        return Wish(
            name=told["name"],
            for_whom=For(told["for_whom"]),
            whom=whom,
            priorities=frozenset(Priority(one) for one in told["priorities"]),
            quiet=Quiet(int(told["quiet_begins"]), int(told["quiet_ends"])) if told["quiet"] else None,
            language=told["language"],
            active=told["active"],
            depends=frozenset(map(System, {*told["depends"]} - {NOTHING})) if told["depends"] else None,
        )


def initial(one: Channel) -> dict[str, Any]:
    """A channel as its form shows it."""
    return {
        "name": one.name,
        "for_whom": one.for_whom,
        "person": one.whom if one.for_whom is For.PERSON else "",
        "step": one.whom if one.for_whom is For.STEP else "",
        "priorities": [each.value for each in one.priorities],
        "quiet": one.quiet is not None,
        "quiet_begins": one.quiet.begins if one.quiet else EVENING,
        "quiet_ends": one.quiet.ends if one.quiet else MORNING,
        "language": one.language,
        "active": one.active,
        "depends": [] if one.depends is None else sorted(one.depends) or [NOTHING],
    }
