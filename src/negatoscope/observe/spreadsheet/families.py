"""The lists that a spreadsheet may hold: persons, accounts, and every declared family."""

from collections.abc import Mapping
from dataclasses import replace

from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.families import FAMILIES as DECLARED
from negatoscope.model.family import Column, Family, Shape, Words
from negatoscope.model.people import Person, StaffKind
from negatoscope.observe.spreadsheet import cells

DELETE = Column(
    "delete", "Supprimer", "Delete", ("effacer", "suppression", "remove", "a supprimer"), Shape.YES, width=12,
    note=Words("oui : retire cette ligne du registre.", "yes: removes this row from the register."),
)  # fmt: skip
"""The last column of every list."""

PERSONS = Family(
    "persons",
    Person,
    (
        Column("ident", "Identifiant", "Identifier", ("id", "matricule", "code", "staff number", "identifiant interne"),
               required=True),
        Column("name", "Nom", "Name", ("nom complet", "full name", "nom et prénom", "nom prénom", "surname",
               "last name"), required=True, width=28),
        Column("first_name", "Prénom", "First name", ("prénoms", "given name", "forename")),
        Column("role", "Fonction", "Role", ("poste", "métier", "rôle", "job", "position", "function", "profession")),
        Column("arrived_on", "Arrivée", "Arrived on", ("date d'arrivée", "entrée", "date d'entrée", "arrivé le",
               "start date", "arrival"), Shape.DAY, width=14),
        Column("left_on", "Départ", "Left on", ("date de départ", "sortie", "date de sortie", "parti le", "end date",
               "departure"), Shape.DAY, width=14),
        Column("email", "Courriel", "E-mail", ("mail", "email", "adresse e-mail", "adresse électronique", "e mail"),
               Shape.MAIL, width=30),
        Column("kind", "Statut", "Standing", ("type", "statut de la personne", "contrat", "status"), Shape.CHOICE,
               choices={
                   StaffKind.STAFF: Words("du cabinet", "of the practice"),
                   StaffKind.LOCUM: Words("remplaçant", "locum"),
                   StaffKind.TRAINEE: Words("stagiaire", "trainee"),
                   StaffKind.PROVIDER: Words("prestataire", "contractor"),
               },
               also_chosen={
                   **dict.fromkeys(("salarie", "salariee", "cdi", "cdd", "titulaire", "associe", "employee"),
                                   StaffKind.STAFF),
                   **dict.fromkeys(("remplacante", "interimaire"), StaffKind.LOCUM),
                   **dict.fromkeys(("interne", "externe", "apprenti", "apprentie", "student"), StaffKind.TRAINEE),
               },
               note=Words("du cabinet, remplaçant, stagiaire ou prestataire.",
                          "of the practice, locum, trainee or contractor."),
               example=Words("du cabinet", "of the practice")),
        Column("phone", "Téléphone", "Phone", ("tel", "tél.", "telephone", "portable"), Shape.PHONE,
               note=Words("Facultatif.", "Optional."), example="06 00 00 00 00"),
        Column("site", "Site", "Site", ("lieu", "lieu de travail", "cabinet", "place", "location"),
               note=Words("Là où la personne travaille surtout.", "Where the person mostly works."), example=""),
        Column("manager", "Responsable", "Manager", ("supérieur", "encadrant", "chef", "supervisor"), Shape.LINK,
               to=("Person",), width=28,
               note=Words("Qui répond de son arrivée et de son départ : quelqu’un de cette liste.",
                          "Who answers for their arrival and departure: somebody in this list."), example=""),
    ),
    Words("Liste des personnes", "List of people"),
    Words("une personne", "a person"),
    Words("Qui travaille au cabinet, depuis quand et jusqu’à quand.",
          "Who works at the practice, since when and until when."),
    key=("ident",),
    group="people",
    order=(("arrived_on", "left_on"),),
    own_page="persons",
)  # fmt: skip

PERSON = replace(PERSONS, columns=tuple(one for one in PERSONS.columns if one.name != "first_name"))
"""The same family as a form asks for it: a name is one field."""

ACCOUNTS = Family(
    "accounts",
    Account,
    (
        Column("system", "Équipement, annuaire ou application", "Host, directory or application",
               ("équipement ou application", "host or application", "système", "system", "équipement", "host",
                "application", "serveur", "server", "machine", "poste", "logiciel", "domaine", "realm", "annuaire",
                "directory"), required=True, width=28),
        Column("login", "Compte", "Account", ("login", "identifiant", "utilisateur", "user", "username",
               "nom du compte", "nom d'utilisateur", "account name", "identifiant de connexion"), required=True),
        Column("holder", "Titulaire", "Holder", ("personne", "person", "responsable", "owner", "détenteur"), width=28),
        Column("kind", "Nature", "Kind", ("type", "genre", "type de compte", "account type"), Shape.CHOICE, width=14,
               choices={
                   AccountKind.PERSON: Words("personne", "person"),
                   AccountKind.SERVICE: Words("service", "service"),
                   AccountKind.SYSTEM: Words("système", "system"),
               },
               also_chosen={
                   **dict.fromkeys(("nominatif", "personnel", "named", "utilisateur", "user"), AccountKind.PERSON),
                   **dict.fromkeys(("application", "technique", "technical", "programme", "program"),
                                   AccountKind.SERVICE),
               }),
        Column("purpose", "Usage", "Purpose", ("raison", "justification", "motif", "reason", "pourquoi", "commentaire"),
               width=40),
    ),
    Words("Liste des comptes", "List of accounts"),
    Words("un compte", "an account"),
    Words("À qui est chaque compte, ou à quoi il sert.", "Whose each account is, or what it is for."),
    key=("name",),
    group="people",
    closable=False,
    own_page="accounts",
)  # fmt: skip

FAMILIES: Mapping[str, Family] = {family.name: family for family in (PERSONS, ACCOUNTS, *DECLARED)}
BY_KIND: Mapping[str, Family] = {family.kind: family for family in FAMILIES.values()}


def columns(family: Family) -> tuple[Column, ...]:
    """The columns of a list, the one that deletes included."""
    return (*family.columns, DELETE)


def headings(column: Column) -> frozenset[str]:
    """Every heading understood for a column, folded."""
    return frozenset(cells.plain(one) for one in (column.fr, column.en, column.name, *column.also))
