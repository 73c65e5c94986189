"""One person: accounts, rights, things held, signatures, absences, cases, findings. No more than the rules need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.actions import Action
from negatoscope.model.campaigns import CampaignLine
from negatoscope.model.cases import Case, CaseStep, CaseTask
from negatoscope.model.directory import DirectoryAccount, DirectoryPrivilege
from negatoscope.model.kinds import DECLARED_WHOLE
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Person
from negatoscope.model.presence import Presence
from negatoscope.register.merge import combine
from negatoscope.store.queries import register, subjects, users
from negatoscope.store.queries.register import Told
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.history import moments
from negatoscope.web.holders import held_by
from negatoscope.web.pages.cases import NAMES, case_url
from negatoscope.web.pages.register import Fused
from negatoscope.web.sentences import about

ACCOUNTS = (Account.__name__, DirectoryAccount.__name__)
APART = frozenset(one.__name__ for one in (Action, Case, CaseTask, CaseStep, Signature, CampaignLine))
"""Kinds that the page shows in places of their own, or that only tell of a case."""


@dataclass(frozen=True)
class Held:
    """An account of the person, and what it may do."""

    ref: str
    where: str
    name: str
    enabled: bool | None
    at: datetime
    rights: Sequence[str]


@dataclass(frozen=True)
class Signed:
    """One thing to read, sign or follow, and whether it was."""

    kind: str
    title: str
    signature: Signature | None
    version: int | None

    @property
    def current(self) -> bool:
        """Signed, on the version in force."""
        return self.signature is not None and self.signature.version == self.version


@needs(Role.READER)
@require_GET
def person(request: Visit, ident: str) -> HttpResponse:
    """Show one person."""
    practice, ref = desk.practice(request), f"person/{ident}"
    told = register.about(practice, ref)
    found = about(practice, ref)
    if not told and not found:
        desk.missing()
    fact: Person = combine([one.fact for one in told]) if told else Person(ident, ident)
    named = register.mentions(practice, ref, DECLARED_WHOLE)
    marked = held_by(practice, [fact]).get(ref, [])
    accounts = _accounts(practice, [*subjects.held_by(practice, ref, ACCOUNTS), *marked])
    cases = [one.fact for one in named if one.kind == Case.__name__]
    others: dict[str, list[Told]] = {}
    for one in named:
        if one.kind not in APART:
            others.setdefault(one.kind, []).append(one)
    context = {
        "ident": ident,
        "ref": ref,
        "person": fact,
        "fused": Fused(Person.__name__, fact, told),
        "accounts": accounts,
        "cases": [(case, case_url(case), labels.label(labels.CASES, case.kind.value)) for case in cases],
        "ways": [way for kind, way in NAMES.items() if kind not in {case.kind for case in cases}],
        "signed": _signed(practice, named),
        "groups": [(kind, [Fused(kind, one.fact, [one]) for one in many]) for kind, many in others.items()],
        "plans": [one.fact for one in named if one.kind == Action.__name__],
        "reviews": [one.fact for one in named if one.kind == CampaignLine.__name__ and one.fact.decision is None],
        "declared": any(one.declared for one in told),
        "hours": Presence.__name__ in others,
        "moments": moments(practice, ref, users.names(practice)),
        "findings": [*found, *about(practice, *(account.ref for account in accounts))],
    }
    return render(request, "persons/person.html", context)


def _accounts(practice: int, refs: Sequence[str]) -> list[Held]:
    held = []
    for ref in refs:
        told = [one for one in register.about(practice, ref) if one.kind in ACCOUNTS]
        fact: Any = combine([one.fact for one in told])
        rights = [_right(right) for right in _rights(practice, fact) if right.account_ref == ref]
        where = fact.directory if isinstance(fact, DirectoryAccount) else fact.host or f"realm/{fact.realm}"
        where = where.partition("/")[2]
        held.append(Held(ref, where, fact.name, fact.enabled, max(one.at for one in told), rights))
    return held


def _rights(practice: int, account: Any) -> Iterator[Any]:  # noqa: ANN401 -- of a host, a directory or an application
    """Privileges where an account lives: a host's by its own index, a directory's as a kind, which stays few."""
    if isinstance(account, DirectoryAccount):
        yield from (one.fact for one in register.of_kind(practice, DirectoryPrivilege.__name__))
    elif account.host:
        yield from (one.fact for one in register.there(practice, account.host, {Privilege.__name__}))


def _right(privilege: Any) -> str:  # noqa: ANN401 -- of a host or of a directory
    via = getattr(privilege, "via", None)
    return str(via) if via else " → ".join(privilege.path)


def _signed(practice: int, named: Sequence[Told]) -> list[Signed]:
    given = {one.fact.kind: one.fact for one in named if one.kind == Signature.__name__}
    papers = {paper.kind: paper.version for paper in register.declared(practice, Paper)}
    titles = {PaperKind.POLICY: _("Politique de sécurité"), PaperKind.CHARTER: _("Charte informatique")}
    titles[PaperKind.TRAINING] = _("Formation de l’année")
    return [Signed(kind.value, titles[kind], given.get(kind), papers.get(kind)) for kind in PaperKind]
