"""What codes of channels of alerts are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.alert import AlertStep
from negatoscope.model.channel import For
from negatoscope.web import incident_labels

Text = str | Promise
SERVICES: Mapping[str, Text] = {
    "mail": _("Courriel"),
    "sms": _("SMS"),
    "teams": "Microsoft Teams",
    "ntfy": "ntfy",
    "matrix": "Matrix",
    "gotify": "Gotify",
    "webhook": _("Webhook (JSON)"),
    "other": _("Autre service"),
}
SERVICE_HELP: Mapping[str, Text] = {
    "mail": _("À une adresse de plus, par le serveur de messagerie de la console."),
    "sms": _("Par la passerelle SMS de votre opérateur, qui reçoit un numéro et un texte."),
    "teams": _("Dans un canal de votre équipe."),
    "ntfy": _("Sur les téléphones abonnés à un sujet de votre serveur ntfy."),
    "matrix": _("Dans un salon Matrix, par exemple Tchap ou Element."),
    "gotify": _("Sur les téléphones reliés à votre serveur Gotify."),
    "webhook": _("Vers un logiciel de votre choix : gestion de tickets, astreinte, domotique."),
    "other": _("Slack, Signal, Telegram, Rocket.Chat, Mattermost, Nextcloud Talk, Free Mobile… à la façon d’Apprise."),
}
FIELDS: Mapping[str, Text] = {
    "to": _("Adresse de courriel"),
    "sms.to": _("Numéro de téléphone"),
    "server": _("Serveur"),
    "address": _("Adresse"),
    "sms.address": _("Adresse de la passerelle SMS"),
    "teams.address": _("Adresse du webhook"),
    "other.address": _("Adresse, à la façon d’Apprise"),
    "topic": _("Sujet (topic)"),
    "room": _("Salon (identifiant interne)"),
    "token": _("Jeton d’accès"),
}
HELP: Mapping[str, Text] = {
    "sms.to": _("Avec l’indicatif, par exemple +33 6 12 34 56 78."),
    "sms.address": _("Elle reçoit par POST, en JSON : to (le numéro) et message (le texte)."),
    "teams.address": _(
        "Dans Teams : le canal, puis Workflows, « Publier dans un canal lors de la réception d’une requête webhook »."
    ),
    "webhook.address": _(
        "Elle reçoit par POST, en JSON : title, message, type, et key, la même à chaque nouvel essai."
    ),
    "server": _("Commence par https://. En http://, seulement sur un réseau privé."),
    "room": _("Dans Element : paramètres du salon, Avancé. Il commence par un point d’exclamation."),
    "matrix.token": _("Celui d’un compte à part, invité dans le salon."),
    "gotify.token": _("Celui d’une application créée dans Gotify."),
    "other.address": _("Par exemple slack://… ou freemobile://…. Les autres noms, file:// par exemple, sont refusés."),
}
FOR: Mapping[str, Text] = {
    For.EVERYBODY: _("tout le monde : chaque alerte et chaque relance"),
    For.PERSON: _("une personne : ce qui lui revient par la chaîne d’alerte, ou ce qu’on lui confie"),
    For.STEP: _("une seule étape"),
}
STEPS: Mapping[str, Text] = {
    AlertStep.RAISED: _("dès l’alerte"),
    AlertStep.AFTER_4: _("après 4 h, si personne ne l’a prise"),
    AlertStep.AFTER_12: _("après 12 h"),
    AlertStep.AFTER_20: _("après 20 h"),
    AlertStep.OVERDUE: _("après 24 h"),
}
TOLD: Mapping[str, Text] = {
    **STEPS,
    **incident_labels.MARKS,
    AlertStep.HANDED: _("confiée"),
    "trial": _("essai"),
    "chain": _("chaîne d’alerte"),
}
STATES: Mapping[str, Text] = {
    "waiting": _("en attente"),
    "going": _("en route"),
    "sent": _("parti"),
    "given_up": _("abandonné"),
    "spared": _("inutile : close avant l’envoi"),
}
REFUSED: Mapping[str, Text] = {
    "name_taken": _("Ce nom est déjà pris."),
    "not_understood": _("Cette adresse n’est pas comprise."),
    "address": _("Ce n’est pas une adresse complète et sans mot de passe, comme https://serveur.exemple."),
    "service": _("Ce service n’est pas permis : il n’enverrait rien par le réseau, ou toucherait à cet ordinateur."),
    "parameter": _("Cette adresse porte un réglage qui n’est pas permis."),
    "too_long": _("C’est trop long."),
    "key_lost": _("Le fichier channels.key manque : remettez-le depuis votre copie du dossier des clés."),
    "busy": _("L’adresse n’a pas pu être vérifiée. Recommencez dans un instant."),
}
ACTS: Mapping[str, Text] = {
    "channel_added": _("canal d’alerte ajouté"),
    "channel_replaced": _("adresse d’un canal d’alerte remplacée"),
    "channel_changed": _("canal d’alerte réglé"),
    "channel_removed": _("canal d’alerte retiré"),
    "channel_tried": _("canal d’alerte essayé"),
    "channel_sent": _("alerte partie par un canal"),
    "channel_given_up": _("alerte abandonnée par un canal"),
    "channels_sealed_anew": _("canaux d’alerte scellés avec une nouvelle clé"),
}
