"""What codes of launches of the alert chain are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.launch import LaunchState, Purpose, Reach, System, Told

Text = str | Promise
SYSTEMS: Mapping[str, Text] = {
    System.MAIL: _("la messagerie du cabinet"),
    System.DIRECTORY: _("l’annuaire et les comptes du cabinet"),
    System.INTERNET: _("l’accès à Internet du cabinet"),
    System.NETWORK: _("le réseau et les serveurs du cabinet"),
    System.PHONE: _("le téléphone du cabinet"),
}
PURPOSES: Mapping[str, Text] = {
    Purpose.REAL: _("réelle"),
    Purpose.DRILL: _("exercice"),
}
REACHES: Mapping[str, Text] = {
    Reach.ONE: _("l’un après l’autre, jusqu’à ce que quelqu’un réponde"),
    Reach.ALL: _("toute la liste à la fois ; les suppléants si personne ne répond sur leur ligne"),
}
STATES: Mapping[str, Text] = {
    LaunchState.RUNNING: _("en cours"),
    LaunchState.ANSWERED: _("quelqu’un a répondu"),
    LaunchState.OVER: _("terminée"),
    LaunchState.STOPPED: _("arrêtée"),
    LaunchState.FALSE_ALARM: _("fausse alerte"),
}
HOWS: Mapping[str, Text] = {
    Told.LINK: _("par son lien"),
    Told.HAND: _("noté par"),
}
STEPS: Mapping[str, Text] = {
    "launched": _("lancée"),
    "called": _("appelle"),
    "missed": _("n’a pas décroché"),
    "answered_link": _("a répondu par son lien"),
    "answered_hand": _("a répondu, noté à la main"),
    LaunchState.ANSWERED: _("quelqu’un a répondu : personne d’autre n’est appelé"),
    LaunchState.OVER: _("terminée"),
    LaunchState.STOPPED: _("arrêtée"),
    LaunchState.FALSE_ALARM: _("fausse alerte"),
}
REFUSED: Mapping[str, Text] = {
    "nobody": _("Personne ne peut être appelé : la liste d’appel est vide, ou tous sont absents."),
    "running": _("Un lancement est déjà en cours : suivez-le, ou arrêtez-le d’abord."),
    "incident": _("Cet incident n’existe pas, ou il est clos."),
    "exercise": _("Un exercice ne lance la chaîne que comme exercice, et tant qu’il dure."),
    "unknown": _("Ce lancement n’existe pas."),
    "ended": _("Ce lancement est terminé."),
    "expired": _("Ce lien n’est plus valable."),
}
ACTS: Mapping[str, Text] = {
    "chain_launched": _("chaîne d’alerte lancée"),
    "chain_called": _("chaîne d’alerte : personne appelée"),
    "chain_answered": _("chaîne d’alerte : réponse"),
    "chain_missed": _("chaîne d’alerte : appel sans réponse"),
    "chain_ended": _("chaîne d’alerte : lancement terminé"),
    "chain_filed": _("chaîne d’alerte : résultat d’un exercice gardé"),
}
