"""What people say in an incident: each form becomes one line of its log."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from negatoscope.flows.responding import Line
from negatoscope.model.incident import (
    Answered,
    Asked,
    Clue,
    Dated,
    Decided,
    Done,
    Followed,
    Gesture,
    Hit,
    How,
    Marked,
    Moment,
    Moved,
    Named,
    Noted,
    Part,
    Role,
    Sent,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond.clues import Unlikely, clue
from negatoscope.respond.duty import QUESTIONS, Answer, duties
from negatoscope.web import incident_labels as labels

LONG = 4000
ROOM = {"rows": 3}
PEOPLE = {"list": "people", "autocomplete": "off"}
WALL = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def words(label: Any, *, required: bool = True) -> forms.CharField:  # noqa: ANN401 -- a lazy text
    """A field for a few sentences."""
    return forms.CharField(label=label, max_length=LONG, required=required, widget=forms.Textarea(attrs=ROOM))


def instant(label: Any, *, required: bool = True) -> forms.DateTimeField:  # noqa: ANN401 -- a lazy text
    """A field for an instant, as a clock in Paris shows it."""
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]
    return forms.DateTimeField(label=label, required=required, widget=WALL, input_formats=formats)


class Saying(forms.Form):
    """A form that becomes one line."""

    use_required_attribute = False

    def word(self, told: dict[str, Any]) -> Word:
        """What the line says."""
        raise NotImplementedError

    def line(self) -> Line:
        """The line, with its words."""
        told = self.cleaned_data
        return Line(self.word(told), told.get("text", ""), told.get("element", ""))


class NoteForm(Saying):
    """A line of the log."""

    text = words(_("Ce qui se passe, ce que vous faites"))
    element = forms.CharField(label=_("Où, sur quoi (facultatif)"), max_length=200, required=False)

    def word(self, _told: dict[str, Any]) -> Word:
        """Say that it is a note."""
        return Noted()


class DecideForm(Saying):
    """A decision, and why."""

    what = forms.CharField(label=_("Ce qui est décidé"), max_length=300)
    text = words(_("Pourquoi"))

    def word(self, told: dict[str, Any]) -> Word:
        """Say what was decided."""
        return Decided(told["what"])


class AttachForm(forms.Form):
    """A document."""

    use_required_attribute = False
    file = forms.FileField(label=_("Photo, courriel, fichier : 25 Mo au plus, gardé tel quel"), max_length=200)
    text = words(_("Ce que c’est (facultatif)"), required=False)


class MoveForm(Saying):
    """Another state."""

    to = forms.ChoiceField(label=_("Où en est-on ?"), choices=list(labels.STATES.items()))
    text = words(_("Pourquoi (obligatoire pour revenir en arrière)"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say which."""
        return Moved(State(told["to"]))


class StrikeForm(Saying):
    """A line was wrong."""

    place = forms.IntegerField(widget=forms.HiddenInput)
    text = words(_("Ce qui n’allait pas"))

    def word(self, told: dict[str, Any]) -> Word:
        """Say which."""
        return Struck(told["place"])


class FollowForm(Saying):
    """What became of a step of a reflex sheet."""

    step = forms.CharField(max_length=100, widget=forms.HiddenInput)
    gesture = forms.ChoiceField(choices=list(labels.GESTURES.items()))
    text = words(_("Pourquoi, comment (facultatif)"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say which step, and what became of it."""
        return Followed(told["step"], Gesture(told["gesture"]))


class RoleForm(Saying):
    """Who does what."""

    role = forms.ChoiceField(label=_("Rôle"), choices=list(labels.ROLES.items()))
    person = forms.CharField(label=_("Qui"), max_length=200, widget=forms.TextInput(attrs=PEOPLE))
    deputy = forms.CharField(
        label=_("À défaut, qui (facultatif)"), max_length=200, required=False, widget=forms.TextInput(attrs=PEOPLE)
    )

    def word(self, told: dict[str, Any]) -> Word:
        """Say who."""
        return Named(Role(told["role"]), told["person"], told["deputy"])


class TaskForm(Saying):
    """Something to do."""

    lesson = False
    text = words(_("Ce qui est à faire"))
    owner = forms.CharField(label=_("Qui s’en charge"), max_length=200, widget=forms.TextInput(attrs=PEOPLE))
    due = forms.DateField(label=_("Pour quand (facultatif)"), required=False, widget=DAY)

    def word(self, told: dict[str, Any]) -> Word:
        """Say who does it, and until when."""
        return Asked(told["owner"], told["due"], self.lesson)


class LessonForm(TaskForm):
    """Something to do so that it does not happen again."""

    lesson = True


class DoneForm(Saying):
    """A task is done."""

    place = forms.IntegerField(widget=forms.HiddenInput)

    def word(self, told: dict[str, Any]) -> Word:
        """Say which."""
        return Done(told["place"])


class TouchForm(Saying):
    """Something is concerned: chosen from the register, or in words."""

    what = forms.ChoiceField(label=_("Sorte"), choices=list(labels.WHATS.items()))
    name = forms.CharField(label=_("Nom, ou quelles données"), max_length=300)
    hit = forms.ChoiceField(label=_("Est-ce sûr ?"), choices=list(labels.HITS.items()))
    text = words(_("Ce qui le montre (facultatif)"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say what, and how surely."""
        return Touched(What(told["what"]), told["name"], Hit(told["hit"]))


class ClueForm(Saying):
    """An indicator."""

    clue = forms.ChoiceField(label=_("Sorte"), choices=list(labels.CLUES.items()))
    value = forms.CharField(label=_("Valeur, telle que vue"), max_length=300)
    text = words(_("Où vous l’avez vu (facultatif)"), required=False)

    def clean(self) -> dict[str, Any]:
        """Bring it to one form; refuse what is none of its kind."""
        told = super().clean() or {}
        if told.get("clue") and told.get("value"):
            try:
                told["value"] = clue(Clue(told["clue"]), told["value"])
            except Unlikely as error:
                raise ValidationError({"value": _("Cela ne ressemble pas à cette sorte d’indice.")}) from error
        return told

    def word(self, told: dict[str, Any]) -> Word:
        """Say which."""
        return Marked(Clue(told["clue"]), told["value"])


class AnswerForm(Saying):
    """An answer to a question of the triage."""

    question = forms.ChoiceField(choices=[(name, name) for name in QUESTIONS], widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[(one.value, one.value) for one in Answer], widget=forms.HiddenInput)

    def word(self, told: dict[str, Any]) -> Word:
        """Say it."""
        return Answered(told["question"], told["answer"])


class MomentForm(Saying):
    """When it began, was seen, was sure."""

    which = forms.ChoiceField(label=_("Quelle date"), choices=list(labels.MOMENTS.items()))
    at = instant(_("Jour et heure (à Paris)"))
    text = words(_("Pourquoi cette date"))

    def word(self, told: dict[str, Any]) -> Word:
        """Say when."""
        return Dated(Moment(told["which"]), told["at"])


class SentForm(Saying):
    """A notification left."""

    duty = forms.ChoiceField(choices=[(duty.id, duty.id) for duty in duties()], widget=forms.HiddenInput)
    at = instant(_("Quand est-elle partie (à Paris) ?"))
    receipt = forms.CharField(label=_("Numéro d’accusé (facultatif)"), max_length=100, required=False)
    text = words(_("À qui, par quel moyen (facultatif)"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say which, and when."""
        return Sent(told["duty"], told["at"], told["receipt"])


class StateForm(Saying):
    """One of the statements without which an incident does not close."""

    part = forms.ChoiceField(choices=[(part.value, part.value) for part in Part], widget=forms.HiddenInput)
    host = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("Réponse"), choices=list(labels.HOWS.items()), widget=forms.RadioSelect)
    text = words(_("En quelques mots"))

    def narrow(self, takes: Sequence[How]) -> None:
        """Offer what this part takes; where nothing is to choose, it is chosen."""
        field = self.fields["how"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(how.value, labels.HOWS[how]) for how in takes]
        if len(takes) == 1:
            field.widget = forms.HiddenInput()
            self.initial["how"] = takes[0].value

    def word(self, told: dict[str, Any]) -> Word:
        """Say it."""
        return Stated(Part(told["part"]), How(told["how"]), told["host"])


class OpenForm(forms.Form):
    """A new incident."""

    use_required_attribute = False
    title = forms.CharField(label=_("En une ligne, que se passe-t-il ?"), max_length=200)
    words = words(_("Ce que vous voyez (facultatif)"), required=False)
    detected = instant(_("Vu pour la première fois le (facultatif, à Paris)"), required=False)
