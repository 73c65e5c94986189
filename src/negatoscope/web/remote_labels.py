"""What codes of log-ins, schedules and looks from afar are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, str | Promise] = {
    "accepted_by": _("reconnue par"),
    "ae_title": _("titre d’application DICOM"),
    "any_called": _("répond sous n’importe quel nom"),
    "any_calling": _("répond à n’importe quel appareil"),
    "certificate_until": _("certificat valable jusqu’au"),
    "echo": _("écho DICOM"),
    "implementation_name": _("logiciel DICOM"),
    "implementation_uid": _("numéro du logiciel DICOM"),
    "max_pdu": _("taille de message admise (octets)"),
    "state": _("sorte"),
    "stated_by": _("énoncé par"),
    "tls_version": _("version de TLS"),
    "key": _("clé"),
    "place": _("adresse et port"),
}
COLLECTORS: Mapping[str, str | Promise] = {
    "ssh": _("Serveurs Linux"),
    "dicom": _("Imagerie"),
}
COLLECTOR_HELP: Mapping[str, str | Promise] = {
    "dicom": _(
        "Demande au PACS ou à une modalité à qui elle répond, et si elle chiffre. Seul un écho est envoyé : aucune "
        "image, aucun nom de patient n’est demandé. Une modalité n’est jamais interrogée sans accord enregistré."
    ),
    "ssh": _(
        "Lit sur un autre équipement Linux ce que la console lit sur le sien, par une liaison chiffrée (SSH). Un "
        "compte à part suffit, avec des droits limités à une liste exacte de lectures."
    ),
}
SETTING_HELP: Mapping[str, str | Promise] = {
    "ae_title": _("Écrit dans la configuration de l’appareil. Sans lui, la console demande quand même s’il répond."),
    "calling": _("À déclarer dans l’appareil s’il n’accepte que des noms connus."),
    "seconds": _("Au-delà, l’appareil est tenu pour muet."),
}
"""What a setting means, where its name is not enough."""
SETTINGS: Mapping[str, str | Promise] = {
    "ae_title": _("Nom DICOM de l’appareil, « AE Title » (facultatif)"),
    "calling": _("Nom DICOM sous lequel la console se présente"),
    "seconds": _("Attente par réponse (secondes)"),
    "bastion": _("Passer par cette adresse (facultatif)"),
    "bastion_port": _("Port de ce passage"),
    "bastion_credential": _("Identifiant pour ce passage (facultatif)"),
    "host_keys": _("Clés reconnues"),
}
CREDENTIAL_KINDS: Mapping[str, str | Promise] = {
    "password": _("mot de passe"),
    "private_key": _("clé SSH"),
    "snmp_v3": "SNMP version 3",
    "community": _("communauté SNMP"),
}
TARGETS: Mapping[str, str | Promise] = {"*": _("tous les serveurs reconnus")}
ACTS: Mapping[str, str | Promise] = {
    "schedule_set": _("planning réglé"),
    "schedule_paused": _("planning en pause"),
    "schedule_resumed": _("planning repris"),
    "schedule_removed": _("planning retiré"),
    "credential_added": _("identifiant ajouté"),
    "credential_replaced": _("identifiant remplacé"),
    "credential_removed": _("identifiant retiré"),
    "credential_tried": _("identifiant essayé"),
    "alarm_code_kept": _("code d’alarme gardé, scellé"),
    "alarm_code_shown": _("code d’alarme montré"),
    "alarm_code_forgotten": _("code d’alarme effacé"),
    "alarm_codes_sealed_anew": _("codes d’alarme scellés avec une nouvelle clé"),
    "credentials_sealed_anew": _("identifiants scellés avec une nouvelle clé"),
}
