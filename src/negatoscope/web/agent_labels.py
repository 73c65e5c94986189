"""What codes of inventory agents, and of the tokens that let them in, are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, str | Promise] = {
    "clear_logons": _("mots de passe lisibles en mémoire"),
    "client": _("logiciel"),
    "elevation_asked": _("droits demandés avant d’être prêtés"),
    "local_password_managed": _("mot de passe de l’administrateur local géré"),
    "lsa_protected": _("sessions protégées en mémoire"),
    "old_sharing": _("partage de fichiers ancien (SMB 1)"),
    "recovery_escrowed": _("clé de secours exigée à part"),
    "up_to_date": _("à jour"),
}
COLLECTORS: Mapping[str, str | Promise] = {
    "agent": _("Agent d’inventaire"),
    "registry": _("Réglages de Windows"),
}
COLLECTOR_HELP: Mapping[str, str | Promise] = {
    "agent": _("Reçoit l’inventaire qu’un agent GLPI ou FusionInventory envoie de chaque ordinateur."),
    "registry": _("Reçoit les réglages de Windows que l’agent lit à notre demande."),
}
ACTS: Mapping[str, str | Promise] = {
    "token_made": _("jeton créé"),
    "token_revoked": _("jeton révoqué"),
}
