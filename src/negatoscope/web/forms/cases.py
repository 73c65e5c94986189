"""An arrival or a departure, and what a role is given."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.model.cases import RoleTemplate


class OpeningForm(forms.Form):
    """The day, and who sees to it."""

    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    owner = forms.CharField(label=gettext_lazy("Qui s’en occupe"), max_length=200)

    def __init__(self, *arguments: Any, leaving: bool, today: date, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Ask for the last day, or for the first one; today at first."""
        super().__init__(*arguments, **named)
        field = self.fields["on"]
        field.label = gettext_lazy("Dernier jour de présence") if leaving else gettext_lazy("Premier jour de présence")
        field.initial = today


class TemplateForm(forms.Form):
    """What somebody of a role is given; one thing a line."""

    role = forms.CharField(label=gettext_lazy("Fonction"), max_length=100)
    accesses = forms.CharField(
        label=gettext_lazy("Comptes à ouvrir"),
        help_text=gettext_lazy("Un par ligne : RIS, PACS, messagerie, accès distant…"),
    )
    groups = forms.CharField(
        label=gettext_lazy("Groupes de l’annuaire"),
        help_text=gettext_lazy("Un par ligne, sous leur nom exact. Les autres groupes seront signalés comme de trop."),
    )
    things = forms.CharField(
        label=gettext_lazy("Badge, clés, matériel"),
        help_text=gettext_lazy("Un par ligne : ce qui sera rendu au départ."),
    )
    lessons = forms.CharField(
        label=gettext_lazy("Formations et textes à signer"), help_text=gettext_lazy("Un par ligne.")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Lists are typed in boxes, and none is required."""
        super().__init__(*arguments, **named)
        for name in ("accesses", "groups", "things", "lessons"):
            self.fields[name].required = False
            self.fields[name].widget = forms.Textarea(attrs={"rows": 4})

    def template(self) -> RoleTemplate:
        """Give the template that was typed."""
        told = self.cleaned_data
        lists = {name: tuple(_lines(told[name])) for name in ("accesses", "groups", "things", "lessons")}
        return RoleTemplate(told["role"], **lists)


def _lines(typed: str) -> list[str]:
    return list(dict.fromkeys(line.strip()[:200] for line in typed.splitlines() if line.strip()))
