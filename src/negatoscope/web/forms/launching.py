"""What is asked before the alert chain is launched, and when it ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from negatoscope.flows.launching import Wish
from negatoscope.model.launch import LaunchState, Purpose, Reach, System
from negatoscope.web import launch_labels

WORDS = 1000


class LaunchForm(forms.Form):
    """How far it goes, and what may be in other hands."""

    use_required_attribute = False
    purpose = forms.ChoiceField(
        label=gettext_lazy("Pourquoi ?"),
        choices=[
            (Purpose.REAL, gettext_lazy("Il se passe quelque chose")),
            (Purpose.DRILL, gettext_lazy("C’est un exercice : chaque message le dit en premier")),
        ],
        widget=forms.RadioSelect,
        initial=Purpose.REAL,
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Qui appeler ?"),
        help_text=gettext_lazy("Un exercice appelle toujours toute la liste."),
        choices=list(launch_labels.REACHES.items()),
        widget=forms.RadioSelect,
        initial=Reach.ONE,
    )
    suspect = forms.MultipleChoiceField(
        label=gettext_lazy("Qu’est-ce qui est peut-être touché ou en panne ?"),
        help_text=gettext_lazy("Un canal qui en dépend n’est pas utilisé : l’attaquant y lirait l’appel."),
        choices=list(launch_labels.SYSTEMS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Ce qu’il faut savoir (facultatif)"),
        help_text=gettext_lazy("Lu sur la page de réponse, jamais dans le message. Pas de nom de patient."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=WORDS,
        required=False,
    )

    def __init__(self, *args: Any, drilled: bool = False, **more: Any) -> None:  # noqa: ANN401 -- what a form takes
        """``drilled``: it is launched in an exercise, and can be nothing else."""
        super().__init__(*args, **more)
        self.drilled = drilled
        if drilled:
            for name, only in (("purpose", Purpose.DRILL), ("reach", Reach.ALL)):
                field = self.fields[name]
                field.initial, field.disabled, field.widget = only, True, forms.HiddenInput()

    def wish(self, incident: int | None, once: str) -> Wish:
        """What was filled in, typed."""
        told = self.cleaned_data
        purpose = Purpose(told["purpose"])
        suspect = frozenset(System(one) for one in told["suspect"])
        return Wish(
            purpose, Reach(told["reach"]), told["text"].strip(), suspect,
            incident if self.drilled or purpose is Purpose.REAL else None, once,
        )  # fmt: skip


class EndForm(forms.Form):
    """Why it ends."""

    use_required_attribute = False
    state = forms.ChoiceField(
        label=gettext_lazy("Pourquoi arrêter ?"),
        choices=[
            (LaunchState.STOPPED, gettext_lazy("Plus besoin d’appeler")),
            (LaunchState.FALSE_ALARM, gettext_lazy("Fausse alerte")),
        ],
        widget=forms.RadioSelect,
        initial=LaunchState.STOPPED,
    )
    why = forms.CharField(label=gettext_lazy("Précision (facultatif)"), max_length=WORDS, required=False)

    def said(self) -> tuple[LaunchState, str]:
        """What was filled in, typed."""
        told: dict[str, Any] = self.cleaned_data
        return LaunchState(told["state"]), told["why"]
