"""What facts and settings of directories, and states of accounts, are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.accounts import AccountKind, PasswordState

Text = str | Promise

FIELDS: Mapping[str, Text] = {
    "about": _("nature"),
    "admin_count": _("protégé comme administrateur"),
    "anonymous_operations": _("recherches anonymes permises"),
    "anonymous_read": _("lecture sans nom"),
    "applies_to": _("s’applique à"),
    "controller": _("contrôleur de domaine"),
    "created_at": _("créé le"),
    "delegated_by": _("peuvent agir en son nom"),
    "delegates_to": _("agit au nom d’autres vers"),
    "des_only": _("chiffrement DES seul"),
    "directory": _("annuaire"),
    "employee_id": _("matricule"),
    "foreign": _("venu d’un autre annuaire"),
    "functional_level": _("niveau fonctionnel"),
    "grants": _("droits dangereux"),
    "group": _("groupe"),
    "groups": _("groupes"),
    "guid": _("identifiant d’objet"),
    "history": _("anciens mots de passe refusés"),
    "inbound": _("nos comptes y sont reconnus"),
    "krbtgt_set_at": _("dernier changement de la clé krbtgt"),
    "local_password_managed": _("mot de passe local géré (LAPS)"),
    "lockout_minutes": _("durée du blocage (minutes)"),
    "machine_quota": _("ordinateurs que chacun peut ajouter"),
    "mail": _("adresse de messagerie"),
    "members": _("membres"),
    "never_logged_on": _("jamais connecté"),
    "not_delegated": _("identité non déléguable"),
    "open_compatibility": _("accès compatible ouvert à tous"),
    "outbound": _("leurs comptes sont reconnus ici"),
    "partner": _("partenaire"),
    "password_must_change": _("mot de passe à changer"),
    "password_never_expires": _("mot de passe sans fin"),
    "password_not_required": _("mot de passe vide permis"),
    "path": _("chemin"),
    "policy": _("règle de mots de passe"),
    "preauth_not_required": _("sans pré-authentification"),
    "precedence": _("priorité"),
    "primary": _("groupe principal"),
    "privileged": _("administre"),
    "profile": _("profil"),
    "protocol_transition": _("peut agir sans la personne"),
    "recycle_bin": _("corbeille active"),
    "reversible_encryption": _("mot de passe récupérable"),
    "shown_as": _("nom affiché"),
    "sid": _("identifiant de sécurité"),
    "sid_filtering": _("identités étrangères filtrées"),
    "sid_history": _("anciens identifiants"),
    "smartcard_required": _("carte exigée"),
    "spns": _("services servis"),
    "ticket_delegation": _("tickets entiers délégués"),
    "unconstrained_delegation": _("délégation sans limite"),
    "why": _("raison"),
    "within_forest": _("dans la même forêt"),
}
SETTINGS: Mapping[str, Text] = {
    "base": _("Base de recherche"),
    "ca": _("Autorité de certification"),
    "kind": _("Genre d’annuaire"),
    "certificate_name": _("Nom dans le certificat"),
    "credential": _("Accès enregistré"),
    "mode": _("Chiffrement"),
    "patience": _("Attente par réponse (secondes)"),
    "port": _("Port"),
    "privileged_groups": _("Groupes qui administrent"),
    "servers": _("Serveurs"),
}
SET: Mapping[str, Text] = {
    "active_directory": "Active Directory",
    "openldap": "OpenLDAP",
    "ldaps": "LDAPS (636)",
    "starttls": "StartTLS (389)",
}
"""What settings are set to."""
COLLECTORS: Mapping[str, Text] = {
    "directory": _("Annuaire"),
}
COLLECTOR_HELP: Mapping[str, Text] = {
    "directory": _(
        "Lit les comptes, les groupes, les règles et les droits d’un annuaire, au nom d’un compte ordinaire. "
        "Rien n’est modifié, aucun mot de passe n’est lu."
    ),
}
KINDS: Mapping[str, Text] = {"active_directory": "Active Directory", "openldap": "OpenLDAP"}
ACCOUNT_KINDS: Mapping[str, Text] = {
    AccountKind.PERSON: _("personne"),
    AccountKind.SERVICE: _("service"),
    AccountKind.SYSTEM: _("système"),
}
PASSWORDS: Mapping[str, Text] = {
    PasswordState.SET: _("défini"),
    PasswordState.EMPTY: _("vide"),
    PasswordState.LOCKED: _("bloqué"),
}
