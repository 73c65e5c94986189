"""The settings of a look, from the collector's own declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated, Any, get_args, get_origin

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from negatoscope.flows.rhythm import EVERYWHERE, MOST_HOURS, PROPOSED
from negatoscope.model.traffic import INTERNET
from negatoscope.observe.collector import Collector
from negatoscope.observe.scan.arguments import Refused, ports
from negatoscope.web import labels

APART = frozenset({"target", "repeat", "every_hours", "probe"})
"""Fields that are no setting of the collector."""
BORROWED = frozenset({"credential", "bastion_credential"})
MOST = 100_000
"""Largest whole number asked for, where the collector sets no limit of its own."""
ASKED = (int, str, bool)
"""Types of setting that a person chooses; lists (declared networks, spared addresses …) are the console's to fill."""


def asked(collector: Collector[Any]) -> list[msgspec.structs.FieldInfo]:
    """Settings that a person chooses."""
    return [setting for setting in msgspec.structs.fields(collector.settings) if _bare(setting.type) in ASKED]


def _bare(kind: Any) -> Any:  # noqa: ANN401 -- any annotation
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


@dataclass(frozen=True)
class Targets:
    """Where a collector may look: this very host, or the declared networks."""

    networks: Sequence[tuple[str, str]]
    """CIDR and label."""
    credentials: Sequence[str] = ()
    """Names of log-ins that a collector may borrow."""
    servers: Sequence[str] = ()
    """Addresses of Linux servers whose key a person accepted."""
    probes: Sequence[tuple[str, str]] = ()
    """Probes that may make the look: key and name."""


class SettingsForm(forms.Form):
    """One field a setting, with the collector's own default; the collector itself refuses what it cannot take."""

    def __init__(self, collector: Collector[Any], targets: Targets, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Make the fields of this collector."""
        super().__init__(*arguments, **named)
        self.collector = collector
        if targets.probes:
            here = ("", _("Cette console"))
            told = [(key, _("Sonde %(name)s") % {"name": name}) for key, name in targets.probes]
            self.fields["probe"] = forms.ChoiceField(label=_("Depuis"), choices=[here, *told], required=False)
        if collector.name == "ssh":
            every = [(EVERYWHERE, _("Tous les serveurs reconnus"))] if targets.servers else []
            choices = [*every, *((one, one) for one in targets.servers)]
            self.fields["target"] = forms.ChoiceField(label=_("Serveur à lire"), choices=choices)
        elif collector.name in {"dicom", "defaults"}:
            self.fields["target"] = forms.GenericIPAddressField(label=_("Adresse de l’appareil"))
        elif collector.bound:
            self.fields["target"] = forms.ChoiceField(label=_("Réseau à parcourir"), choices=targets.networks)
        for setting in asked(collector):
            self.fields[setting.name] = _field(setting)
            if setting.name in BORROWED:
                names = [("", _("aucun")), *((name, name) for name in targets.credentials)]
                label = self.fields[setting.name].label
                self.fields[setting.name] = forms.ChoiceField(label=label, choices=names, required=False)
            self.fields[setting.name].help_text = str(labels.SETTING_HELP.get(setting.name, ""))
            if setting.default == "" and setting.name not in BORROWED:
                self.fields[setting.name].required = False
        hours = PROPOSED.get(collector.name, 24)
        self.fields["repeat"] = forms.BooleanField(label=_("Répéter ce relevé"), initial=True, required=False)
        self.fields["every_hours"] = forms.IntegerField(
            label=_("Toutes les (heures)"), initial=hours, min_value=1, max_value=MOST_HOURS, required=False
        )

    def clean_ports(self) -> str:
        """Refuse beside the field a list of ports that could not be looked at."""
        try:
            return ports(self.cleaned_data["ports"])
        except Refused as error:
            raise ValidationError(
                _("Écrivez des ports de 1 à 65535, séparés par des virgules, ou des plages, comme 22,80,8000-8100.")
            ) from error

    def clean_origin(self) -> str:
        """Refuse beside the field a place that is neither the Internet nor a network."""
        said = str(self.cleaned_data["origin"]).strip()
        try:
            return said if said in {"", INTERNET} else str(ip_network(said))
        except ValueError as error:
            raise ValidationError(_("Écrivez « internet », ou un réseau comme 192.168.1.0/24.")) from error

    def clean(self) -> dict[str, Any]:
        """Let the collector's own type have the last word."""
        told = dict(super().clean() or {})
        try:
            msgspec.convert({name: told[name] for name in told if name not in APART}, self.collector.settings)
        except msgspec.ValidationError as error:
            raise ValidationError(_("Le collecteur refuse ces réglages : %(why)s") % {"why": error}) from error
        return told

    @property
    def target(self) -> str:
        """Where to look; empty for this very host."""
        return str(self.cleaned_data.get("target", ""))

    @property
    def probe(self) -> int | None:
        """Who makes the look; ``None``: this console."""
        said = self.cleaned_data.get("probe")
        return int(said) if said else None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, as the collector's type takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in APART}

    @property
    def every_hours(self) -> int | None:
        """How often the look is to be repeated; ``None``: this once."""
        wanted: int | None = self.cleaned_data.get("every_hours")
        return wanted if self.cleaned_data.get("repeat") else None


def _field(setting: msgspec.structs.FieldInfo) -> forms.Field:
    title = labels.label(labels.SETTINGS, setting.name)
    if _bare(setting.type) is int:
        limits = [one for one in get_args(setting.type)[1:] if isinstance(one, msgspec.Meta) and one.le]
        most = int(limits[0].le or MOST) if limits else MOST
        return forms.IntegerField(label=title, initial=setting.default, min_value=1, max_value=most)
    if _bare(setting.type) is bool:
        return forms.BooleanField(label=title, initial=setting.default, required=False)
    if setting.name == "authority":
        return forms.CharField(label=title, widget=forms.Textarea(attrs={"rows": 4}), max_length=MOST, required=False)
    return forms.CharField(label=title, initial=setting.default, max_length=500)
