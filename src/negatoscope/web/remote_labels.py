"""What codes of log-ins, schedules and looks from afar are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, str | Promise] = {
    "accepted_by": _("reconnue par"),
    "key": _("clé"),
    "place": _("adresse et port"),
}
COLLECTORS: Mapping[str, str | Promise] = {
    "ssh": _("Serveurs Linux"),
}
COLLECTOR_HELP: Mapping[str, str | Promise] = {
    "ssh": _(
        "Lit sur un autre équipement Linux ce que la console lit sur le sien, par une liaison chiffrée (SSH). Un "
        "compte à part suffit, avec des droits limités à une liste exacte de lectures."
    ),
}
SETTINGS: Mapping[str, str | Promise] = {
    "bastion": _("Passer par cette adresse (facultatif)"),
    "bastion_port": _("Port de ce passage"),
    "bastion_credential": _("Identifiant pour ce passage (facultatif)"),
    "host_keys": _("Clés reconnues"),
}
ACTS: Mapping[str, str | Promise] = {
    "credential_added": _("identifiant ajouté"),
    "credential_replaced": _("identifiant remplacé"),
    "credential_removed": _("identifiant retiré"),
    "credential_tried": _("identifiant essayé"),
    "credentials_sealed_anew": _("identifiants scellés avec une nouvelle clé"),
}
