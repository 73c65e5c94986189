"""The two families of lists, their columns, and the headings under which people write them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from negatoscope.observe.spreadsheet import cells
from negatoscope.observe.spreadsheet.grid import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``fr`` and ``en`` are the template's own headings; ``also`` are others that are understood."""

    name: str
    fr: str
    en: str
    also: tuple[str, ...]
    reader: Callable[[Cell], Any] = cells.words
    required: bool = False
    width: int = 22

    @property
    def headings(self) -> frozenset[str]:
        """Every heading understood, folded."""
        return frozenset(cells.plain(one) for one in (self.fr, self.en, self.name, *self.also))


@dataclass(frozen=True, slots=True)
class Family:
    """A family of lists: the kind of fact each row states."""

    name: str
    kind: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


_DELETE = Column(
    "delete", "Supprimer", "Delete", ("effacer", "suppression", "remove", "a supprimer"), cells.yes, width=12
)

PERSONS = Family(
    "persons",
    "Person",
    (
        Column("ident", "Identifiant", "Identifier", ("id", "matricule", "code", "staff number", "identifiant interne"),
               required=True),
        Column("name", "Nom", "Name", ("nom complet", "full name", "nom et prénom", "nom prénom", "surname",
               "last name"), required=True, width=28),
        Column("first_name", "Prénom", "First name", ("prénoms", "given name", "forename")),
        Column("role", "Fonction", "Role", ("poste", "métier", "rôle", "job", "position", "function", "profession")),
        Column("arrived_on", "Arrivée", "Arrived on", ("date d'arrivée", "entrée", "date d'entrée", "arrivé le",
               "start date", "arrival"), cells.day, width=14),
        Column("left_on", "Départ", "Left on", ("date de départ", "sortie", "date de sortie", "parti le", "end date",
               "departure"), cells.day, width=14),
        Column("email", "Courriel", "E-mail", ("mail", "email", "adresse e-mail", "adresse électronique", "e mail"),
               cells.mail, width=30),
        _DELETE,
    ),
)  # fmt: skip

ACCOUNTS = Family(
    "accounts",
    "Account",
    (
        Column("system", "Équipement ou application", "Host or application", ("système", "system", "équipement", "host",
               "application", "serveur", "server", "machine", "poste", "logiciel", "domaine", "realm"),
               required=True, width=28),
        Column("login", "Compte", "Account", ("login", "identifiant", "utilisateur", "user", "username",
               "nom du compte", "nom d'utilisateur", "account name", "identifiant de connexion"), required=True),
        Column("holder", "Titulaire", "Holder", ("personne", "person", "responsable", "owner", "détenteur"), width=28),
        Column("kind", "Nature", "Kind", ("type", "genre", "type de compte", "account type"), cells.kind, width=14),
        Column("purpose", "Usage", "Purpose", ("raison", "justification", "motif", "reason", "pourquoi", "commentaire"),
               width=40),
        _DELETE,
    ),
)  # fmt: skip

FAMILIES = {family.name: family for family in (PERSONS, ACCOUNTS)}
