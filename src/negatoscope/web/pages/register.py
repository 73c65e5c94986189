"""The register's lists: equipment, accounts, people; and the page of any subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows import listing
from negatoscope.flows.naming import called as host_called
from negatoscope.flows.naming import names as names_of
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.directory import Directory, DirectoryAccount
from negatoscope.model.family import rest
from negatoscope.model.hosts import Host
from negatoscope.model.people import Person
from negatoscope.observe.spreadsheet import words
from negatoscope.register.merge import combine
from negatoscope.store.queries import register, subjects, users
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.queries.register import Told
from negatoscope.store.queries.subjects import Subject
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.history import moments
from negatoscope.web.holders import held_by, recognising
from negatoscope.web.naming import called
from negatoscope.web.sentences import about
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, held, referring
from negatoscope.web.templatetags.room import subject_name, subject_url
from negatoscope.web.tracks import tracks

ACCOUNTS = (Account, DirectoryAccount)
"""Where people look for accounts, they are shown wherever they live."""


def _link(row: Subject) -> str | None:
    return subject_url(row.ref)


def _called(row: Subject) -> str:
    return host_called(row.fact, desk.language())


@needs(Role.READER)
@require_GET
def hosts(request: Visit) -> HttpResponse:
    """List the equipment."""
    columns: tuple[Column[Subject], ...] = (
        Column("name", gettext_lazy("Équipement"), _called, link=_link, by="ref"),
        Column("class", gettext_lazy("Classe"), _class, by="host_class"),
        Column("addresses", gettext_lazy("Adresses"), lambda row: row.fact.addresses),
        Column("os", gettext_lazy("Système"), lambda row: _joined(row.fact.os_name, row.fact.os_version), by="os_name"),
        Column("model", gettext_lazy("Modèle"), lambda row: _joined(row.fact.vendor, row.fact.model), by="vendor"),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    choices: tuple[Choice[Subject], ...] = (
        Choice(
            "classe",
            gettext_lazy("Classe"),
            [("?", gettext_lazy("inconnue")), *labels.CLASSES.items()],
            by="host_class",
        ),
        Choice(
            "declare",
            gettext_lazy("Déclaré"),
            (("true", gettext_lazy("par une personne")), ("false", gettext_lazy("par personne"))),
            by="declared",
        ),
    )
    empty = Empty(_("Aucun équipement connu pour l’instant."), reverse("collectors"), _("Lancer un relevé"))
    source = held(desk.practice(request), Host, columns, choices)
    table = Table("equipements", _("Équipements"), columns, source, empty, choices)
    return answer(request, "register/hosts.html", table)


@needs(Role.READER)
@require_GET
def accounts(request: Visit) -> HttpResponse:
    """List the accounts, of hosts, applications and directories."""
    practice = desk.practice(request)
    people, marked = dict[str, Subject](), dict[str, Subject]()
    columns: tuple[Column[Subject], ...] = (
        Column("name", gettext_lazy("Compte"), lambda row: row.fact.name, link=_link),
        Column(
            "where", gettext_lazy("Où"), _where, link=lambda row: subject_url(row.host) if row.host else None, by="host"
        ),
        Column("kind", gettext_lazy("Genre"), lambda row: labels.value_label(row.fact.kind)),
        Column("holder", gettext_lazy("Titulaire"), lambda row: _named(people, marked, row)),
        Column("enabled", gettext_lazy("Ouvert"), lambda row: row.fact.enabled),
        Column(
            "interactive", gettext_lazy("Peut ouvrir une session"), lambda row: getattr(row.fact, "interactive", None)
        ),
        Column("password", gettext_lazy("Mot de passe"), _password),
        Column(
            "last", gettext_lazy("Dernière session"), lambda row: row.fact.last_logon_at, "instant", by="last_logon_at"
        ),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    choices: tuple[Choice[Subject], ...] = (
        Choice("lieu", gettext_lazy("Lieu"), _places(practice), by="place"),
        Choice("genre", gettext_lazy("Genre"), [("?", _("inconnu")), *labels.ACCOUNT_KINDS.items()], by="kind"),
        Choice(
            "titulaire",
            gettext_lazy("Titulaire"),
            (("!", gettext_lazy("connu")), ("?", gettext_lazy("inconnu"))),
            by="holder",
        ),
    )
    empty = Empty(
        _("Aucun compte connu pour l’instant."), reverse("import_family", args=["accounts"]), _("Importer une liste")
    )
    source = referring(held(practice, ACCOUNTS, columns, choices, {"holder": Person}), practice, "holder", people)
    source = recognising(source, practice, marked)
    table = Table("comptes", _("Comptes"), columns, source, empty, choices)
    return answer(request, "register/accounts.html", table)


@needs(Role.READER)
@require_GET
def persons(request: Visit) -> HttpResponse:
    """List the people."""
    practice = desk.practice(request)
    owned: dict[str, int] = {}
    columns: tuple[Column[Subject], ...] = (
        Column("name", gettext_lazy("Nom"), lambda row: row.fact.name, link=_link),
        Column("ident", gettext_lazy("Identifiant"), lambda row: row.fact.ident),
        Column("role", gettext_lazy("Fonction"), lambda row: row.fact.role),
        Column("arrived", gettext_lazy("Arrivée"), lambda row: row.fact.arrived_on, by="arrived_on"),
        Column("left", gettext_lazy("Départ"), lambda row: row.fact.left_on, by="left_on"),
        Column("accounts", gettext_lazy("Comptes"), lambda row: owned.get(row.ref, 0), "number", sortable=False),
        Column("at", gettext_lazy("Déclaré"), lambda row: row.at, "instant"),
    )
    empty = Empty(
        _("Personne n’est encore déclaré."),
        reverse("import_family", args=["persons"]),
        _("Importer la liste des personnes"),
    )
    source = held(practice, Person, columns)
    kinds = [kind.__name__ for kind in ACCOUNTS]

    def counted(ask: Ask) -> Found[Subject]:
        found = source(ask)
        owned.update(subjects.counted(practice, kinds, "holder", [row.ref for row in found.rows]))
        for ref, marked in held_by(practice, [row.fact for row in found.rows]).items():
            owned[ref] = owned.get(ref, 0) + len(marked)
        return found

    table = Table("personnes", _("Personnes"), columns, counted, empty)
    return answer(request, "register/persons.html", table)


@needs(Role.READER)
@require_GET
def subject(request: Visit, ref: str) -> HttpResponse:
    """Show all that is said of one subject, by whom, and what rules find about it."""
    practice = desk.practice(request)
    told = register.about(practice, ref)
    found = about(practice, ref)
    if not told and not found:
        desk.missing()
    by_kind: dict[str, list[Told]] = {}
    for one in told:
        by_kind.setdefault(one.kind, []).append(one)
    names = names_of(practice, (getattr(one.fact, part.name) for one in told for part in fields(one.fact)))
    listed = _listed(practice, told[0].fact) if told else None
    context = {
        "ref": ref,
        "name": listed.label if listed else subject_name(ref),
        "host": next((f"host/{part}" for part in [ref.split("/")[1]] if _on_host(practice, part)), None),
        "listed": listed,
        "facts": [Fused(kind, combine([one.fact for one in group]), group, names) for kind, group in by_kind.items()],
        "findings": found,
        "account": "Account" in by_kind,
        "tracks": tracks(practice, ref),
        "moments": moments(practice, ref, users.names(practice)),
    }
    return render(request, "register/subject.html", context)


@dataclass(frozen=True)
class Listed:
    """The list in which people keep a subject, and what they call it there."""

    family: str
    title: str
    label: str
    item: str


def _listed(practice: int, fact: Any) -> Listed | None:  # noqa: ANN401 -- any fact
    family = labels.LISTED.get(type(fact).__name__)
    if family is None:
        return None
    lang, keyed = desk.language(), [column for column in family.columns if column.name in family.key]
    known = listing.names(StoredRegister(practice), keyed)
    return Listed(family.name, family.title.say(lang), words.label(family, fact, known, lang), rest(fact.ref))


@dataclass(frozen=True)
class Fused:
    """What several voices say of one thing, made one, and each voice."""

    kind: str
    fact: Any
    voices: list[Told]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[tuple[str, Any, str]]:
        """What was observed."""
        return [(title, called(value, self.names), sort) for title, value, sort in labels.described(self.fact)]

    @property
    def edit(self) -> str | None:
        """Where somebody changes what was declared of it; ``None``: no list holds it, or nobody declared it."""
        family = labels.LISTED.get(self.kind)
        if family is None or not any(told.declared for told in self.voices):
            return None
        return reverse("family_item", args=[family.name, self.fact.ref.partition("/")[2]])

    @property
    def missing(self) -> list[str]:
        """What was not."""
        return labels.unobserved(self.fact)


def _on_host(practice: int, name: str) -> bool:
    return any(told.kind == Host.__name__ for told in register.about(practice, f"host/{name}"))


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _where(row: Subject) -> str | None:
    return subject_name(row.host) if row.host else row.fact.realm


def _places(practice: int) -> list[tuple[str, str]]:
    """Where accounts live: each directory by its name, hosts and applications as a whole."""
    known = {told.fact.ref: told.fact.realm for told in register.of_kind(practice, Directory.__name__)}
    listed = [(ref, _("annuaire %(realm)s") % {"realm": realm}) for ref, realm in sorted(known.items())]
    return [*listed, ("host/", _("équipements")), ("-", _("applications"))]


def _password(row: Subject) -> str | None:
    told: str | None = labels.value_label(getattr(row.fact, "password", None))
    return told


def _class(row: Subject) -> str | None:
    told: str | None = labels.value_label(row.fact.host_class)
    return told


def _named(people: Mapping[str, Subject], marked: Mapping[str, Subject], row: Subject) -> str | None:
    """Who answers for an account: who was declared, else whose number or mail address the directory gives it."""
    holder: str | None = row.fact.holder
    one = people.get(holder) if holder else marked.get(row.ref)
    return one.fact.name if one else holder
