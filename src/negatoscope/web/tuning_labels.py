"""What is said of the settings of the watch: the lists of the register that decide with them, and refusals."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_PRESENCE, _AWAY = ("presence", _("Horaires de présence")), ("absences", _("Absences"))
LISTS: Mapping[str, tuple[tuple[str, Text], ...]] = {
    "unusual_hours": (_PRESENCE, _AWAY, ("on-call", _("Astreintes")), ("sites", _("Sites, pour leurs jours fériés"))),
    "transfers": (("partners", _("Partenaires reliés au cabinet")),),
    "attempts": (),
    "inactive": (_AWAY,),
    "bypass": (
        ("allowed-flows", _("Flux permis entre zones")),
        ("remote-windows", _("Créneaux de prise en main des prestataires")),
        ("media-exceptions", _("Supports amovibles permis")),
        ("zones", _("Zones")),
    ),
}
"""Lists that decide before any setting does, by situation: the family and what it is called here."""
REFUSED: Mapping[str, Text] = {
    "unknown": _("Ce réglage n’existe plus."),
    "unexplained": _("Dites pourquoi."),
    "out_of_bounds": _("Une valeur sort de ce que ce réglage accepte."),
    "same": _("Rien ne change : ce sont déjà ces réglages."),
    "too_long": _("Donnez un jour entre aujourd’hui et dans six mois."),
    "never_spared": _(
        "Ces alertes-là ne se font jamais taire : un compte inactif, une intrusion réussie, un journal effacé, une "
        "personne clé, une règle de gravité critique."
    ),
}
