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
HOWS: Mapping[str, Text] = {
    "is": _("est"),
    "contains": _("contient"),
    "startswith": _("commence par"),
    "endswith": _("finit par"),
    "cidr": _("est une adresse du réseau"),
    "re": _("suit l’expression régulière"),
}
"""What may be asked of a field of an event."""
NO_FILTER: Mapping[str, Text] = {
    "empty": _("Choisissez au moins un champ : sinon, toute la règle se tairait."),
    "no_field": _("Ce champ n’a pas de nom, ou son nom contient une barre « | »."),
    "no_value": _("Dites ce que ce champ doit contenir."),
    "twice": _("Ce champ est demandé deux fois de la même façon : mettez toutes ses valeurs ensemble, une par ligne."),
    "too_many": _("C’est trop : 20 champs, 50 valeurs par champ et 2 000 caractères par valeur au plus."),
    "cannot": _("Cette valeur ne se lit pas : vérifiez l’adresse de réseau ou l’expression régulière."),
}
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
    "together": _(
        "Cette règle compte plusieurs événements ensemble : aucun ne peut en être épargné seul. Dispensez un sujet "
        "depuis son alerte close, ou suspendez la règle."
    ),
}
