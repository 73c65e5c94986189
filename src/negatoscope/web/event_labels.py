"""Events in words: what happened, and why it was refused."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.event import Action

ACTIONS: Mapping[str, str | Promise] = {
    Action.LOGON: _("ouverture de session"),
    Action.LOGOFF: _("fermeture de session"),
    Action.CONNECTION: _("échange sur le réseau"),
    Action.ASSOCIATION: _("association DICOM"),
    Action.STUDY_OPENED: _("examen consulté"),
    Action.STUDY_SENT: _("examen envoyé"),
    Action.FILE_OPENED: _("fichier ouvert"),
    Action.MAILBOX_OPENED: _("messagerie consultée"),
    Action.MAIL_SENT: _("courriel envoyé"),
    Action.RIGHTS_CHANGED: _("droits changés"),
    Action.ACCOUNT_CHANGED: _("compte changé"),
    Action.DEVICE_SEEN: _("appareil vu"),
    Action.MEDIUM_PLUGGED: _("support amovible branché"),
    Action.DOOR: _("badge présenté"),
    Action.PROCESS: _("programme lancé"),
    Action.LOG_CLEARED: _("journal effacé"),
}
REASONS: Mapping[str, str | Promise] = {
    "unknown_account": _("compte inconnu"),
    "bad_password": _("mot de passe faux"),
    "bad_key": _("clé ou certificat refusé"),
    "disabled": _("compte fermé"),
    "expired": _("compte expiré"),
    "password_expired": _("mot de passe expiré"),
    "locked": _("compte verrouillé"),
    "hours": _("hors des heures permises"),
    "workstation": _("poste non permis"),
    "not_allowed": _("non permis"),
    "too_many": _("trop d’essais"),
    "gave_up": _("abandonné avant la fin"),
    "factor": _("second facteur manquant"),
    "clock": _("horloges en désaccord"),
}
OUTCOMES: Mapping[str, str | Promise] = {"ok": _("réussi"), "failed": _("refusé")}
REFUSALS: Mapping[str, str | Promise] = {
    "not_one_select": _("Une seule question, qui commence par SELECT, est permise."),
    "too_long": _("La question prend trop de temps. Demandez une période plus courte."),
    "too_large": _("La question prend trop de mémoire. Demandez moins à la fois."),
    "not_sql": _("La question n’a pas été comprise."),
}
