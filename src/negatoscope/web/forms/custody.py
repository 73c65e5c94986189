"""What people say of evidence: a piece was taken, it changed hands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from negatoscope.model.custody import Collected, Passed, Piece
from negatoscope.model.incident import Word
from negatoscope.web import incident_labels as labels
from negatoscope.web.forms.incidents import Saying, words

HELD = _("Qui le garde, et où")
SEAL = _("Numéro du scellé (facultatif)")


class CollectForm(Saying):
    """A piece of evidence."""

    piece = forms.ChoiceField(label=_("Ce que c’est"), choices=list(labels.PIECES.items()))
    host = forms.ChoiceField(label=_("De quel équipement"))
    name = forms.CharField(label=_("Nom du fichier, ou description"), max_length=300)
    digest = forms.CharField(
        label=_("Empreinte sha256 (64 signes ; rien pour l’équipement lui-même)"), max_length=200, required=False
    )
    held = forms.CharField(label=HELD, max_length=300)
    seal = forms.CharField(label=SEAL, max_length=100, required=False)
    text = words(_("Par qui, quand, comment ; pourquoi le disque avant la mémoire (facultatif)"), required=False)

    def narrow(self, hosts: list[tuple[str, str]]) -> None:
        """Choose among these hosts."""
        self.fields["host"].choices = hosts  # type: ignore[attr-defined]

    def clean_digest(self) -> str:
        """Digests are copied with spaces and in capitals."""
        return "".join(self.cleaned_data["digest"].split()).lower()

    def word(self, told: dict[str, Any]) -> Word:
        """Say what was taken."""
        return Collected(
            Piece(told["piece"]), told["host"], told["name"], told["held"], told["seal"], told["digest"]
        )  # fmt: skip


class PassForm(Saying):
    """A piece changes hands."""

    place = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.CharField(label=_("Remis à, et où"), max_length=300)
    seal = forms.CharField(label=_("Nouveau scellé (facultatif)"), max_length=100, required=False)
    text = words(_("Pourquoi (facultatif)"), required=False)

    def word(self, told: dict[str, Any]) -> Word:
        """Say who holds it now."""
        return Passed(told["place"], told["to"], told["seal"])
