"""What codes of legal data are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.lawdata import Confidence

Text = str | Promise
CONFIDENCES: Mapping[str, Text] = {
    Confidence.SURE.value: _("sûr"),
    Confidence.LIKELY.value: _("probable"),
    Confidence.DOUBTFUL.value: _("à confirmer"),
}
FIELDS: Mapping[str, Text] = {
    "duty": _("obligation"),
    "channel": _("où et comment"),
    "as_of": _("lu le"),
    "confidence": _("certitude"),
    "hours": _("délai en heures"),
    "working_days": _("délai en jours ouvrés"),
    "in_force": _("en vigueur"),
}
REFUSED: Mapping[str, Text] = {
    "unknown": _("Rien n’est corrigé ici."),
    "two_delays": _("Donnez des heures ou des jours ouvrés, pas les deux."),
    "delay": _("Ce délai n’est pas possible."),
    "ahead": _("Ce jour est à venir."),
    "wordless": _("Dites-le en quelques mots."),
}
