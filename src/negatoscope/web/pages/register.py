"""The register's lists: equipment, accounts, people; and the page of any subject."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.hosts import Host
from negatoscope.model.people import Person
from negatoscope.register.merge import combine
from negatoscope.store.queries import register
from negatoscope.store.queries.register import Told
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.sentences import about
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url


@dataclass(frozen=True)
class Row:
    """A merged fact with the instant of the newest look behind it."""

    fact: Any
    at: Any


def rows(practice: int, kind: type[Any]) -> list[Row]:
    """Everything known of a kind, merged."""
    seen = StoredRegister(practice).seen(kind)
    return [
        Row(fact, max((source.at for source in seen.sources.get(fact.ref, ())), default=None)) for fact in seen.facts
    ]


def _link(row: Row) -> str | None:
    return subject_url(row.fact.ref)


@needs(Role.READER)
@require_GET
def hosts(request: Visit) -> HttpResponse:
    """List the equipment."""
    columns: tuple[Column[Row], ...] = (
        Column("name", gettext_lazy("Équipement"), lambda row: subject_name(row.fact.ref), link=_link),
        Column("class", gettext_lazy("Classe"), lambda row: labels.value_label(row.fact.host_class)),
        Column("addresses", gettext_lazy("Adresses"), lambda row: row.fact.addresses),
        Column("os", gettext_lazy("Système"), lambda row: _joined(row.fact.os_name, row.fact.os_version)),
        Column("model", gettext_lazy("Modèle"), lambda row: _joined(row.fact.vendor, row.fact.model)),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    choices: tuple[Choice[Row], ...] = (
        Choice(
            "classe",
            gettext_lazy("Classe"),
            [("?", gettext_lazy("inconnue")), *labels.CLASSES.items()],
            lambda row: row.fact.host_class or "?",
        ),
    )
    empty = Empty(_("Aucun équipement connu pour l’instant."), reverse("collectors"), _("Lancer un relevé"))
    source = listed(rows(desk.practice(request), Host), columns, choices)
    table = Table("equipements", _("Équipements"), columns, source, empty, choices)
    return answer(request, "register/hosts.html", table)


@needs(Role.READER)
@require_GET
def accounts(request: Visit) -> HttpResponse:
    """List the accounts."""
    practice = desk.practice(request)
    people = {row.fact.ref: row.fact.name for row in rows(practice, Person)}
    columns: tuple[Column[Row], ...] = (
        Column("name", gettext_lazy("Compte"), lambda row: row.fact.name, link=_link),
        Column("where", gettext_lazy("Où"), lambda row: _where(row.fact), link=lambda row: subject_url(row.fact.host)),
        Column("kind", gettext_lazy("Genre"), lambda row: labels.value_label(row.fact.kind)),
        Column("holder", gettext_lazy("Titulaire"), lambda row: people.get(row.fact.holder, row.fact.holder)),
        Column("enabled", gettext_lazy("Ouvert"), lambda row: row.fact.enabled),
        Column("interactive", gettext_lazy("Peut ouvrir une session"), lambda row: row.fact.interactive),
        Column("password", gettext_lazy("Mot de passe"), lambda row: labels.value_label(row.fact.password)),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    choices: tuple[Choice[Row], ...] = (
        Choice("genre", gettext_lazy("Genre"), [("?", _("inconnu")), *labels.ACCOUNT_KINDS.items()], _kind),
        Choice(
            "titulaire",
            gettext_lazy("Titulaire"),
            (("known", gettext_lazy("connu")), ("unknown", gettext_lazy("inconnu"))),
            lambda row: "known" if row.fact.holder else "unknown",
        ),
    )
    empty = Empty(
        _("Aucun compte connu pour l’instant."), reverse("import_family", args=["accounts"]), _("Importer une liste")
    )
    table = Table("comptes", _("Comptes"), columns, listed(rows(practice, Account), columns, choices), empty, choices)
    return answer(request, "register/accounts.html", table)


@needs(Role.READER)
@require_GET
def persons(request: Visit) -> HttpResponse:
    """List the people."""
    practice = desk.practice(request)
    held: dict[str, int] = {}
    for account in StoredRegister(practice).seen(Account).facts:
        if account.holder:
            held[account.holder] = held.get(account.holder, 0) + 1
    columns: tuple[Column[Row], ...] = (
        Column("name", gettext_lazy("Nom"), lambda row: row.fact.name, link=_link),
        Column("ident", gettext_lazy("Identifiant"), lambda row: row.fact.ident),
        Column("role", gettext_lazy("Fonction"), lambda row: row.fact.role),
        Column("arrived", gettext_lazy("Arrivée"), lambda row: row.fact.arrived_on),
        Column("left", gettext_lazy("Départ"), lambda row: row.fact.left_on),
        Column("accounts", gettext_lazy("Comptes"), lambda row: held.get(row.fact.ref, 0), "number"),
        Column("at", gettext_lazy("Déclaré"), lambda row: row.at, "instant"),
    )
    empty = Empty(
        _("Personne n’est encore déclaré."),
        reverse("import_family", args=["persons"]),
        _("Importer la liste des personnes"),
    )
    table = Table("personnes", _("Personnes"), columns, listed(rows(practice, Person), columns), empty)
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
    context = {
        "ref": ref,
        "name": subject_name(ref),
        "host": next((f"host/{part}" for part in [ref.split("/")[1]] if _on_host(practice, part)), None),
        "facts": [Fused(kind, combine([one.fact for one in group]), group) for kind, group in by_kind.items()],
        "findings": found,
        "account": "Account" in by_kind,
    }
    return render(request, "register/subject.html", context)


@dataclass(frozen=True)
class Fused:
    """What several voices say of one thing, made one, and each voice."""

    kind: str
    fact: Any
    voices: list[Told]

    @property
    def fields(self) -> list[tuple[str, Any, str]]:
        """What was observed."""
        return labels.described(self.fact)

    @property
    def missing(self) -> list[str]:
        """What was not."""
        return labels.unobserved(self.fact)


def _on_host(practice: int, name: str) -> bool:
    return any(told.kind == Host.__name__ for told in register.about(practice, f"host/{name}"))


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _where(account: Account) -> str | None:
    return subject_name(account.host) if account.host else account.realm


def _kind(row: Row) -> str:
    return row.fact.kind or "?"
