"""Words for files of logs: why one is not taken, how one is doing, what of it could not be read."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Mapping[str, str | Promise] = {
    "known": _("Ce fichier a déjà été remis : rien de plus n’est gardé."),
    "empty": _("Ce fichier est vide."),
    "too_large": _("Ce fichier est trop gros : 8 Gio au plus."),
    "no_room": _("Il reste trop peu de place sur le disque de la console pour garder ce fichier."),
    "name": _("Donnez un nom à cette source, sans barre oblique."),
    "name_taken": _("Un dossier suivi porte déjà ce nom."),
    "too_many": _("Trop de dossiers sont suivis : 32 au plus."),
    "pattern": _("Les noms de fichiers s’écrivent sans barre oblique : auth.log, *.evtx."),
    "not_absolute": _("Donnez le chemin entier du dossier, sans « .. » : /var/log/samba."),
    "not_logs": _("Ce dossier n’est pas un dossier de journaux."),
    "own_data": _("Ce dossier contient des données de la console : il n’est jamais lu."),
}
FIELDS: Mapping[str, str] = {
    "name": "name", "name_taken": "name", "pattern": "pattern", "not_absolute": "folder", "not_logs": "folder",
    "own_data": "folder",
}  # fmt: skip
"""Which field of the form a refusal speaks of; of the others, the whole."""
STATES: Mapping[str, str | Promise] = {
    "waiting": _("attend son tour"),
    "reading": _("en cours de lecture"),
    "done": _("lu"),
    "refused": _("refusé"),
}
FLAWS: Mapping[str, str | Promise] = {
    "cut": _("lignes trop longues, coupées"),
    "damaged": _("morceaux abîmés"),
    "locked": _("fichiers protégés par un mot de passe"),
    "nested": _("archives dans une archive"),
    "no_log": _("ce n’est pas un journal"),
    "repeated": _("fichiers déjà remis"),
    "too_large": _("fichiers trop gros une fois ouverts"),
    "too_long": _("enregistrements trop longs"),
    "unreadable": _("enregistrements illisibles"),
}
ACTS: Mapping[str, str | Promise] = {
    "log_file_given": _("fichier de journaux remis"),
    "log_folder_followed": _("dossier de journaux suivi"),
    "log_folder_left": _("dossier de journaux : suivi arrêté"),
}
TROUBLES: Mapping[str, str | Promise] = {
    "broken": _("Un fichier n’a pas pu être lu jusqu’au bout : la console réessaie. Si cela dure, vérifiez le disque."),
    "gone": _("Ce dossier n’existe pas, ou plus. Remettez-le en place, ou ne le suivez plus."),
    "denied": _(
        "La console n’a pas le droit de lire ce dossier. Ajoutez son compte au groupe qui le lit (adm, souvent)."
    ),
    "no_folder": _(
        "Ce chemin n’est pas celui d’un dossier. Ne le suivez plus, puis suivez le dossier qui le contient."
    ),
    "link": _("Ce chemin passe par un lien. Ne le suivez plus, puis donnez le chemin véritable (realpath le dit)."),
    "too_many": _("Ce dossier contient trop de fichiers : seuls les 256 plus récents sont lus. Précisez leurs noms."),
    "file_denied": _(
        "La console n’a pas le droit de lire un de ces fichiers. Ajoutez son compte au groupe qui les lit."
    ),
    "no_room": _("Il reste trop peu de place sur le disque de la console. Libérez-en : la lecture reprendra seule."),
}
NOT_RETAINED: Mapping[str, str | Promise] = {
    "unexplained": _("Dites pourquoi."),
    "out_of_bounds": _("Donnez une durée de 180 à 1095 jours."),
    "same": _("Rien ne change : c’est déjà cette durée."),
    "nothing_to_undo": _("Il n’y a plus rien à annuler : cette durée vaut déjà. Choisissez-en une plus longue."),
}
"""Why a retention time is not taken."""
