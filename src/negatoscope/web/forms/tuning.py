"""Settings of one situation, as its own texts ask for them; and an exemption with its last day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.tuning import Wish
from negatoscope.kit.bilingual import Lang
from negatoscope.model.tuning import Setting
from negatoscope.watch import tuning
from negatoscope.watch.sparing import LONGEST
from negatoscope.watch.tuning import Knob

ON, OFF = "on", "off"
REASON = 500


class TuningForm(forms.Form):
    """Every setting of a situation; a reason only where it is saved."""

    state = forms.ChoiceField(
        label=gettext_lazy("Surveiller cette situation"),
        choices=[(ON, gettext_lazy("oui")), (OFF, gettext_lazy("non : plus aucune alerte, et la règle 26 le dira"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, code: str, lang: Lang, wish: Wish, data: Any = None) -> None:  # noqa: ANN401 -- Django's
        """Show how a situation is tuned, or would be."""
        held = {name: wish.changed.get(name, tuning.default(code, name)) for name in tuning.situations()[code].settings}
        initial = {name: "\n".join(value) if isinstance(value, tuple) else value for name, value in held.items()}
        super().__init__(data, initial=initial | {"state": ON if wish.on else OFF})
        self._code = code
        for name, knob in tuning.situations()[code].settings.items():
            self.fields[name] = _field(knob, tuning.default(code, name), lang)
        self.fields["reason"] = forms.CharField(
            label=_("Pourquoi ce changement"),
            help_text=_("Demandé pour enregistrer. Il reste écrit, avec votre nom."),
            max_length=REASON,
            required=self.data.get("act") == "save",
        )

    def wish(self, site: str | None) -> Wish:
        """What was filled in."""
        told = {name: self.cleaned_data[name] for name in tuning.situations()[self._code].settings}
        changed = {name: _words(value) if isinstance(value, str) else value for name, value in told.items()}
        return Wish(self._code, site, self.cleaned_data["state"] == ON, changed)


def _words(text: str) -> tuple[str, ...]:
    """One word a line, whatever their case and order."""
    return tuple(sorted({word.casefold() for line in text.splitlines() if (word := line.strip())}))


def _field(knob: Knob, usual: Setting, lang: Lang) -> forms.Field:
    asks = knob.asks[lang]
    if isinstance(usual, bool):
        return forms.BooleanField(label=asks, required=False)
    if isinstance(usual, tuple):
        return forms.CharField(
            label=asks, help_text=_listed(knob, usual), required=False, widget=forms.Textarea(attrs={"rows": 4})
        )
    said = _("D’origine : %(usual)s.") % {"usual": number_format(usual)}
    if knob.loosest is not None:
        most = _("Au-delà de %(n)s, la règle 26 n’est plus prouvée.")
        least = _("En deçà de %(n)s, la règle 26 n’est plus prouvée.")
        said += " " + (most if knob.loosest >= usual else least) % {"n": _number(knob.loosest)}
    if isinstance(usual, float):
        return forms.FloatField(label=asks, help_text=said, min_value=knob.least, max_value=knob.most, localize=True)
    return forms.IntegerField(label=asks, help_text=said, min_value=int(knob.least), max_value=int(knob.most))


def _listed(knob: Knob, usual: tuple[str, ...]) -> str:
    said = _("Un par ligne.") + " " + (_("D’origine : %(usual)s.") % {"usual": ", ".join(usual)} if usual else "")
    if knob.harmless is not None:
        said += " " + _("Avec un autre que %(words)s, la règle 26 n’est plus prouvée.") % {
            "words": ", ".join(knob.harmless)
        }
    if knob.needed:
        said += " " + _("S’il en manque un d’origine, la règle 26 n’est plus prouvée.")
    if knob.loosest is not None:
        said += " " + _("Au-delà de %(n)s, la règle 26 n’est plus prouvée.") % {"n": _number(knob.loosest)}
    return said.strip()


def _number(value: float) -> str:
    """A bound as people write it: whole where it is."""
    return number_format(int(value) if value.is_integer() else value)


class ExemptForm(forms.Form):
    """Why such alerts are harmless, and until when nobody wants them."""

    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        help_text=gettext_lazy("Six mois au plus : ensuite, l’alerte revient."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi c’est sans danger"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        """An exemption ends within half a year of ``today``."""
        super().__init__(data)
        self._today = today

    def clean_until(self) -> date:
        """Refuse a day that has passed, and one that nobody will remember."""
        until: date = self.cleaned_data["until"]
        if not self._today <= until <= self._today + LONGEST:
            raise forms.ValidationError(_("Donnez un jour entre aujourd’hui et dans six mois."))
        return until
