"""What codes are called on a page: fields of facts, their values, states of jobs, acts of the ledger."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from negatoscope.model.accounts import AccountKind, PasswordState
from negatoscope.model.directory import DirectoryKind
from negatoscope.model.families import FAMILIES
from negatoscope.model.family import Column as FamilyColumn
from negatoscope.model.hosts import HostClass
from negatoscope.model.people import StaffKind
from negatoscope.model.presence import AbsenceKind
from negatoscope.store.roles import Role
from negatoscope.web import (
    agent_labels,
    alert_labels,
    channel_labels,
    directory_labels,
    field_labels,
    file_labels,
    incident_labels,
    launch_labels,
    network_labels,
    probe_labels,
    reach_labels,
    remote_labels,
    spam_labels,
    tip_labels,
)

Text = str | Promise
LISTED = {family.kind: family for family in FAMILIES}

FIELDS = field_labels.FIELDS

CLASSES: Mapping[str, Text] = {
    HostClass.WORKSTATION: _("poste fixe"),
    HostClass.LAPTOP: _("portable"),
    HostClass.SERVER: _("serveur"),
    HostClass.MODALITY: _("modalité"),
    HostClass.PRINTER: _("imprimante"),
    HostClass.NETWORK: _("appareil réseau"),
    HostClass.OTHER: _("autre"),
}
ACCOUNT_KINDS = directory_labels.ACCOUNT_KINDS
PASSWORDS = directory_labels.PASSWORDS
STAFF: Mapping[str, Text] = {
    StaffKind.STAFF: _("personnel du cabinet"),
    StaffKind.LOCUM: _("remplaçant"),
    StaffKind.TRAINEE: _("stagiaire"),
    StaffKind.PROVIDER: _("prestataire"),
}
ABSENCES: Mapping[str, Text] = {
    AbsenceKind.LEAVE: _("congé"),
    AbsenceKind.TRAINING: _("formation"),
    AbsenceKind.OTHER: _("autre"),
}
VALUES: Mapping[type[StrEnum], Mapping[str, Text]] = {
    DirectoryKind: directory_labels.KINDS,
    StaffKind: STAFF,
    AbsenceKind: ABSENCES,
    HostClass: CLASSES,
    AccountKind: ACCOUNT_KINDS,
    PasswordState: PASSWORDS,
    **network_labels.VALUES,
    **alert_labels.VALUES,
}

COLLECTORS: Mapping[str, Text] = {
    **directory_labels.COLLECTORS,
    **remote_labels.COLLECTORS,
    **agent_labels.COLLECTORS,
    **network_labels.COLLECTORS,
    **alert_labels.COLLECTORS,
    **reach_labels.COLLECTORS,
    "local": _("Cet équipement"),
    "nmap": _("Réseau"),
    "spreadsheet": _("Tableur"),
    "declared": _("Déclaration"),
}
COLLECTOR_HELP: Mapping[str, Text] = {
    **remote_labels.COLLECTOR_HELP,
    **agent_labels.COLLECTOR_HELP,
    **directory_labels.COLLECTOR_HELP,
    **network_labels.COLLECTOR_HELP,
    **alert_labels.COLLECTOR_HELP,
    **reach_labels.COLLECTOR_HELP,
    "local": _(
        "Lit les réglages de l’équipement sur lequel la console tourne : système, logiciels, comptes, chiffrement, "
        "pare-feu, journaux. Rien n’est modifié, aucun secret n’est lu."
    ),
    "ssh": _(
        "Lit sur un autre équipement Linux ce que la console lit sur le sien, par une liaison chiffrée (SSH). Un "
        "compte à part suffit, avec des droits limités à une liste exacte de lectures."
    ),
    "nmap": _(
        "Cherche quels équipements répondent sur un réseau que vous avez déclaré, et quels services ils ouvrent. "
        "Une modalité n’est jamais interrogée sans accord enregistré."
    ),
    "spreadsheet": _("Lit la liste des personnes ou des comptes que vous déposez."),
    "declared": _("Ce que des personnes déclarent dans la console : réseaux, accords, attestations, classes."),
}
ROLES: Mapping[str, Text] = {
    Role.READER: _("lecteur"),
    Role.OPERATOR: _("opérateur"),
    Role.APPROVER: _("approbateur"),
    Role.ADMINISTRATOR: _("administrateur"),
}
CASES: Mapping[str, Text] = {"arrival": _("arrivée"), "departure": _("départ")}
CASE_STATES: Mapping[str, Text] = {
    "late": _("en retard"), "today": _("aujourd’hui"), "open": _("ouvert"), "closed": _("clos"),
}  # fmt: skip
STEPS: Mapping[str, Text] = {
    "opened": _("ouvert"),
    "done": _("signé"),
    "undone": _("signature retirée"),
    "added": _("tâche ajoutée"),
    "refused": _("clôture refusée, preuves manquantes"),
    "closed": _("clos"),
    "reopened": _("rouvert"),
}
TASKS: Mapping[str, Text] = {
    "account": _("compte"),
    "group": _("groupe"),
    "thing": _("objet"),
    "lesson": _("formation ou texte"),
    "forwarding": _("messagerie"),
}
THINGS: Mapping[str, Text] = {
    "badge": _("badge"),
    "keys": _("clés"),
    "equipment": _("matériel confié"),
    "training": _("formation de l’année"),
    "charter": _("charte informatique à signer"),
    "forwarding": _("renvois de messages retirés"),
}
"""What the standard template names by codes; anything else stands in the practice's own words."""
DECISIONS: Mapping[str, Text] = {
    "keep": _("garder"),
    "remove": _("retirer"),
    "change": _("changer de titulaire"),
}
ATTESTED: Mapping[str, Text] = {
    "missing": _("jamais attesté"),
    "expired": _("expiré"),
    "not_met": _("déclaré non respecté"),
    "soon": _("expire bientôt"),
    "stands": _("valable"),
}
ACTS: Mapping[str, Text] = {
    **remote_labels.ACTS,
    **probe_labels.ACTS,
    **agent_labels.ACTS,
    **alert_labels.ACTS,
    **channel_labels.ACTS,
    **file_labels.ACTS,
    **incident_labels.ACTS,
    **launch_labels.ACTS,
    **tip_labels.ACTS,
    **spam_labels.ACTS,
    "observation": _("observation"),
    "judgement": _("jugement"),
    "attestation": _("attestation"),
    "action": _("action"),
    "waiver": _("dérogation"),
    "edit": _("modification"),
    "import": _("import"),
    "configuration": _("réglage"),
    "export": _("export"),
    "report": _("rapport"),
    "login": _("connexion"),
    "login_failed": _("connexion refusée"),
    "logout": _("déconnexion"),
    "first_link": _("lien de première connexion"),
    "user_added": _("utilisateur ajouté"),
    "role_given": _("rôle donné"),
    "role_taken": _("rôle retiré"),
    "factor_added": _("second facteur ajouté"),
    "factor_removed": _("second facteur retiré"),
    "factor_failed": _("second facteur refusé"),
    "factors_reset": _("second facteur perdu retiré"),
    "recovery_codes_made": _("codes de secours refaits"),
    "recovery_code_used": _("code de secours utilisé"),
    "notice_trial": _("message d’essai"),
    "notice_sent": _("message parti"),
    "user_listens": _("choix de ses messages"),
    "notice_given_up": _("message abandonné"),
    "session_ended": _("session fermée"),
    "user_disabled": _("utilisateur désactivé"),
    "user_enabled": _("utilisateur réactivé"),
    "password_changed": _("mot de passe changé"),
    "job_asked": _("relevé demandé"),
    "job_cancelled": _("relevé annulé"),
    "key_change": _("changement de clé"),
    "search": _("recherche dans les journaux"),
    "purge": _("effacement en fin de conservation"),
}
STATES: Mapping[str, Text] = {
    "waiting": _("en attente"),
    "running": _("en cours"),
    "done": _("terminé"),
    "failed": _("échoué"),
    "cancelled": _("annulé"),
    "interrupted": _("interrompu"),
}
OUTCOMES: Mapping[str, Text] = {
    "judged": _("Les quarante règles ont été jugées."),
    "previewed": _("Les jours passés ont été regardés avec d’autres réglages."),
    "disk_full": _("Le disque est plein : rien n’a été gardé. Libérez de la place, puis recommencez."),
    "refused_settings": _("Ces réglages ne conviennent pas au collecteur."),
    "modality_without_address": _(
        "Une modalité déclarée n’a pas d’adresse : on ne pourrait pas l’épargner. Donnez-lui une adresse sur sa fiche, "
        "ou retirez-la de la carte, puis recommencez."
    ),
    "interrupted": _("La console s’est arrêtée pendant le relevé : rien n’en a été gardé. Vous pouvez recommencer."),
    "broken": _(
        "Le relevé s’est arrêté sur une erreur du programme : rien n’en a été gardé. Recommencez ; si elle revient, le "
        "journal de la console en garde le détail."
    ),
    "cancelled": _("Le relevé a été annulé : rien n’en a été gardé."),
    "modality_since": _(
        "Arrêté pour épargner une modalité déclarée depuis qu’il a commencé, ou dont l’accord a été retiré. "
        "Demandez-le à nouveau : il la laissera de côté."
    ),
    **probe_labels.OUTCOMES,
}
SET = directory_labels.SET
SETTING_HELP: Mapping[str, Text] = {
    **remote_labels.SETTING_HELP,
    **network_labels.SETTING_HELP,
    **reach_labels.SETTING_HELP,
}
SETTINGS: Mapping[str, Text] = {
    **network_labels.SETTINGS,
    **reach_labels.SETTINGS,
    **directory_labels.SETTINGS,
    **remote_labels.SETTINGS,
    "minutes": _("Durée maximale (minutes)"),
    "targets": _("Réseaux ou adresses"),
    "declared": _("Réseaux déclarés"),
    "spared": _("Adresses épargnées"),
    "spared_macs": _("Cartes réseau épargnées"),
    "services": _("Services connus"),
    "subjects": _("Équipements autorisés"),
    "tried": _("Essayés depuis hier"),
    "classed": _("Adresses dont la classe est connue"),
    "ports": _("Ports"),
    "host_minutes": _("Durée maximale par équipement (minutes)"),
    "packets_per_second": _("Paquets par seconde, au plus"),
}
TARGETS: Mapping[str, Text] = {
    **remote_labels.TARGETS,
    "register": _("registre"),
    "persons": _("personnes"),
    "accounts": _("comptes"),
    "": _("cet équipement"),
}


def label(table: Mapping[str, Text], code: str) -> str:
    """The label of a code, or the code itself."""
    return str(table.get(code, code))


def field_label(name: str) -> str:
    """What a field of a fact is called, as a title."""
    return capfirst(label(FIELDS, name).replace("_", " "))


def value_label(value: Any) -> Any:  # noqa: ANN401 -- any field of any fact
    """A field's value with its label, where it is an enumeration."""
    if isinstance(value, StrEnum):
        return label(VALUES.get(type(value), {}), value.value)
    return value


def title_of(kind: str, name: str) -> str:
    """What a field of this kind of fact is called: a listed thing's as its list heads it."""
    column = _column(kind, name)
    return column.heading(get_language() or "fr") if column else field_label(name)


def chosen_label(kind: str, name: str, value: StrEnum) -> str:
    """The word for one of a few choices."""
    column = _column(kind, name)
    word = column.choices.get(value) if column else None
    return word.say(get_language() or "fr") if word else str(value_label(value))


def _column(kind: str, name: str) -> FamilyColumn | None:
    family = LISTED.get(kind)
    return next((column for column in family.columns if column.name == name), None) if family else None


def described(fact: Any) -> list[tuple[str, Any, str]]:  # noqa: ANN401 -- any fact
    """Title, value and sort (``text``, ``instant``) of each field that was observed, the subject's own name apart."""
    told = []
    for field in fields(fact):
        value = getattr(fact, field.name)
        if value is None or field.name == "ref":
            continue
        shown = chosen_label(type(fact).__name__, field.name, value) if isinstance(value, StrEnum) else value
        told.append(
            (title_of(type(fact).__name__, field.name), shown, "instant" if isinstance(value, datetime) else "text")
        )
    return told


def unobserved(fact: Any) -> list[str]:  # noqa: ANN401 -- any fact
    """Titles of the fields that nobody observed."""
    return [title_of(type(fact).__name__, field.name) for field in fields(fact) if getattr(fact, field.name) is None]


def who(operator: str, names: Mapping[str, str]) -> str:
    """The person behind an operator's code: ``user:…`` at the console, ``terminal:…`` at a command line."""
    place, _colon, name = operator.partition(":")
    if place == "schedule":
        return str(_("le planning"))
    if place == "probe":
        return str(_("sonde %(name)s") % {"name": name})
    return names.get(name, name) if place == "user" else name if place in {"terminal", "exporter"} else operator
