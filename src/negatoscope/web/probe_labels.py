"""What pages say of probes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

STATES: Mapping[str, Text] = {
    "heard": _("à l’écoute"),
    "silent": _("silencieuse"),
    "medium": _("sans réseau, par clé USB"),
    "waiting": _("attendue"),
    "lapsed": _("attendue, code périmé"),
    "revoked": _("révoquée"),
    "lost": _("perdue"),
}
OUTCOMES: Mapping[str, Text] = {
    "probe_revoked": _("La sonde a été révoquée avant d’avoir fait ce relevé. Demandez-le à une autre."),
    "probe_silent": _(
        "La sonde n’a rien rapporté à temps. Vérifiez qu’elle est allumée et reliée ; si elle le rapporte plus tard, "
        "ce sera gardé."
    ),
    "network_elsewhere": _(
        "Ces adresses ont déjà été relevées depuis un autre lieu : deux réseaux qui portent les mêmes adresses "
        "seraient confondus. Rattachez la sonde à ce lieu, ou donnez d’autres adresses à l’un des deux réseaux."
    ),
    "credential_stays": _(
        "Ce relevé emprunte un identifiant, et aucun identifiant ne voyage sur une clé USB. Faites-le par le réseau."
    ),
}
REFUSED: Mapping[str, Text] = {
    "signature": _("la signature n’est pas celle de la sonde"),
    "digest": _("le contenu a été changé"),
    "truncated": _("le colis est incomplet"),
    "too_large": _("le colis est trop gros"),
    "format": _("ce n’est pas un colis"),
    "head": _("l’en-tête n’est pas celui annoncé"),
    "probe": _("il vient d’une autre sonde"),
    "order": _("personne n’a demandé ce relevé"),
    "order_spent": _("ce relevé est déjà revenu plusieurs fois"),
    "manifest": _("sa description ne se lit pas"),
    "capture": _("le relevé qu’il contient a été changé"),
    "sealed": _("nos clés ne l’ouvrent pas"),
    "chain": _("il prend la place d’un autre colis"),
    "parcel_differs": _("un autre colis porte déjà ce numéro"),
    "probe_revoked": _("la sonde est révoquée"),
    "code_unknown": _("le fichier d’enrôlement est périmé, ou n’est pas le bon"),
    "not_a_request": _("la demande de certificat ne se lit pas"),
    "unknown": _("cette sonde n’est pas attendue"),
    "too_many_pieces": _("trop de colis commencés à la fois"),
}
NOT_ENROLLED: Mapping[str, Text] = {
    "name_taken": _("Une sonde en service porte déjà ce nom."),
    "name_missing": _("Donnez un nom à la sonde."),
    "unknown": _("Cette sonde n’existe plus, ou est déjà révoquée."),
    "enrolled": _("Cette sonde est déjà enrôlée."),
}
ACTS: Mapping[str, Text] = {
    "probe_invited": _("sonde attendue"),
    "probe_enrolled": _("sonde enrôlée"),
    "probe_code_dead": _("code de sonde annulé après cinq essais faux"),
    "probe_revoked": _("sonde révoquée"),
    "probe_lost": _("sonde déclarée perdue"),
    "probe_order": _("relevé confié à une sonde"),
    "probe_task": _("tâches d’une sonde remises sur clé USB"),
    "probe_medium": _("colis de sondes reçus sur clé USB"),
    "credential_lent": _("identifiant prêté à une sonde"),
}
