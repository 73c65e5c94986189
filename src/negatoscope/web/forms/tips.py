"""What somebody reports, and what is done with it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.model.tip import Door
from negatoscope.respond import tips
from negatoscope.web import desk, tip_labels
from negatoscope.web.forms.incidents import LONG, words

PHOTO = "image/*,.eml,.msg,message/rfc822"


class Several(forms.FileInput):
    """A field that takes several files; telephones offer the camera."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, or none."""

    def __init__(self) -> None:
        """Say what may be joined."""
        super().__init__(
            label=gettext_lazy("Une photo, ou le courriel enregistré (facultatif)"),
            help_text=gettext_lazy("Trois fichiers au plus, de 10 Mo : JPEG, PNG, WebP, HEIC, .eml ou .msg."),
            widget=Several(attrs={"accept": PHOTO}),
            required=False,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ANN401 -- as Django has it
        """Give a list; what the files are is asked where they are kept."""
        told = data if isinstance(data, list) else [data] if data else []
        found: list[UploadedFile[bytes]] = [super(Files, self).clean(one, initial) for one in told if one]
        return found


class MoreForm(forms.Form):
    """Words and files."""

    use_required_attribute = False
    text = words(gettext_lazy("Ce que vous voyez, avec vos mots (facultatif)"), required=False)
    joined = Files()


class TipForm(MoreForm):
    """A report: one answer is asked, all else may be left empty."""

    look = forms.ChoiceField(label=gettext_lazy("Que voyez-vous ?"), widget=forms.RadioSelect)
    where = forms.CharField(
        label=gettext_lazy("Où ? Le poste, l’équipement, la salle (facultatif)"), max_length=200, required=False
    )
    name = forms.CharField(
        label=gettext_lazy("Votre nom (facultatif)"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("À quel numéro vous rappeler (facultatif)"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    field_order = ("look", "where", "text", "joined", "name", "phone")

    def __init__(self, *told: Any, **named: Any) -> None:  # noqa: ANN401 -- as Django has it
        """Offer what may be seen, in the language of the page."""
        super().__init__(*told, **named)
        field, lang = self.fields["look"], desk.language()
        if isinstance(field, forms.ChoiceField):
            field.choices = [(look.value, one.says[lang]) for look, one in tips.guidance().items()]
            field.error_messages["required"] = _("Choisissez une ligne ; « Je ne sais pas » en est une.")


class ReceiptForm(forms.Form):
    """The number that was given."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("Numéro de reçu"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class IncidentForm(forms.Form):
    """A new incident."""

    use_required_attribute = False
    title = forms.CharField(label=gettext_lazy("En une ligne, que se passe-t-il ?"), max_length=200)


class JoinForm(forms.Form):
    """An incident that is open."""

    use_required_attribute = False
    incident = forms.ChoiceField(label=gettext_lazy("Lequel"))


class WhyForm(forms.Form):
    """Why it is harmless."""

    use_required_attribute = False
    text = words(gettext_lazy("Pourquoi c’est sans gravité : qui a signalé le lira"))


class AnswerForm(forms.Form):
    """Something to the reporter."""

    use_required_attribute = False
    text = words(gettext_lazy("Votre réponse, ou un merci : qui a signalé le lira avec son reçu"))


class DoorForm(forms.Form):
    """To whom the page is open."""

    use_required_attribute = False
    door = forms.ChoiceField(
        label=gettext_lazy("D’où peut-on signaler ?"), choices=list(tip_labels.DOORS.items()), widget=forms.RadioSelect
    )
    networks = forms.CharField(
        label=gettext_lazy("Réseaux (facultatif)"), max_length=LONG, required=False,
        help_text=gettext_lazy("Un par ligne, comme 192.168.10.0/24. Laissez dehors le Wi-Fi des patients."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse what is no network, and a list without any."""
        told = super().clean() or {}
        try:
            listed = tips.networks_of(told.get("networks", ""))
        except ValueError as error:
            raise ValidationError({"networks": _("Une ligne n’est pas un réseau, comme 192.168.10.0/24.")}) from error
        if told.get("door") == Door.LISTED and not listed:
            raise ValidationError({"networks": _("Nommez au moins un réseau.")})
        return told
