"""What somebody says of a declaration that left."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from negatoscope.flows.dossiers import Leaving
from negatoscope.flows.responding import Document
from negatoscope.model.incident import Stage
from negatoscope.web import incident_labels as labels
from negatoscope.web.forms.incidents import PEOPLE, instant, words


class LeftForm(forms.Form):
    """A dossier left: which notification it was, when, by whom, and what came back."""

    use_required_attribute = False
    stage = forms.ChoiceField(label=_("Quelle déclaration"))
    at = instant(_("Quand est-elle partie (à Paris) ?"))
    by = forms.CharField(
        label=_("Qui l’a envoyée"), max_length=200, required=False, widget=forms.TextInput(attrs=PEOPLE)
    )
    receipt = forms.CharField(label=_("Numéro d’accusé (facultatif)"), max_length=100, required=False)
    reasons = words(_("Pourquoi après le délai"), required=False)
    file = forms.FileField(label=_("Copie ou accusé reçu (facultatif) : 25 Mo au plus, gardé tel quel"), required=False)
    text = words(_("Remarque (facultatif)"), required=False)

    def narrow(self, stages: Iterable[Stage], *, late: bool) -> "LeftForm":
        """Offer the notifications that may leave now; ask why only where it is late."""
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(stage.value, labels.STAGES[stage]) for stage in stages]
        if not late:
            del self.fields["reasons"]
        return self

    def leaving(self, once: str | None) -> Leaving:
        """What was said."""
        told, file = self.cleaned_data, self.cleaned_data["file"]
        copy = Document(file.name or "", file.file, str(labels.STEPS["sent"])) if file else None
        return Leaving(
            told["at"], Stage(told["stage"]), told["by"], told["receipt"], told.get("reasons", ""), told["text"],
            copy, once,
        )  # fmt: skip
