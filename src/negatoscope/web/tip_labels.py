"""What codes of the staff's reports are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.tip import Door, TipOutcome

Text = str | Promise
FIELDS: Mapping[str, Text] = {"handled_at": _("traité le"), "received_at": _("reçu le")}
OUTCOMES: Mapping[str, Text] = {
    TipOutcome.OPENED: _("incident ouvert"),
    TipOutcome.JOINED: _("joint à un incident"),
    TipOutcome.HARMLESS: _("sans gravité"),
}
STATES: Mapping[str, Text] = {"open": _("à traiter"), "handled": _("traité")}
DOORS: Mapping[str, Text] = {
    Door.PRIVATE: _("Depuis le réseau du cabinet : adresses privées et réseaux déclarés"),
    Door.LISTED: _("Depuis ces réseaux seulement"),
    Door.CLOSED: _("De nulle part : la page est fermée"),
}
REFUSED: Mapping[str, Text] = {
    "too_many": _("Trop d’envois depuis cet appareil en dix minutes : celui-ci n’est PAS enregistré. Appelez."),
    "too_many_of_all": _("Trop de signalements en une heure : celui-ci n’est PAS enregistré. Appelez."),
    "no_more_files": _("Trop de fichiers ont été reçus aujourd’hui. Envoyez sans fichier, et gardez-le."),
    "files": _("Trois fichiers au plus à la fois."),
    "files_of_one": _("Ce signalement a déjà beaucoup de fichiers. Gardez celui-ci, et dites-le en mots."),
    "kind": _("Ce fichier n’est ni une photo ni un courriel enregistré. Gardez-le, et dites-le en mots."),
    "empty": _("Ce fichier est vide."),
    "too_large": _("Ce fichier dépasse 10 Mo. Prenez une photo plus légère, ou dites-le en mots."),
    "wordless": _("Dites-le en quelques mots."),
    "unknown": _("Aucun signalement n’a ce numéro. Vérifiez les douze signes."),
    "handled": _("Quelqu’un vient de traiter ce signalement."),
    "not_harmless": _("Ce signalement attend déjà, ou appartient à un incident."),
}
ACTS: Mapping[str, Text] = {
    "tip_received": _("signalement reçu"),
    "tip_added": _("signalement complété"),
    "tip_answered": _("réponse à un signalement"),
    "tip_opened": _("incident ouvert depuis un signalement"),
    "tip_joined": _("signalement joint à un incident"),
    "tip_harmless": _("signalement sans gravité"),
    "tip_reopened": _("signalement repris"),
    "tip_mail_refused": _("courriel déposé, mis de côté"),
    "tip_door": _("ouverture de la page des signalements"),
}
