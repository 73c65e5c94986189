"""The register as pages show it: statements on one subject, on one host, and software in its own columns."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.store import aliases
from negatoscope.store.marks import parts
from negatoscope.store.models import FactRow, GapRow, MarkRow, SoftwareRow, SubjectRow, SweepRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick

T = TypeVar("T")
TELLING = 200
"""Packages by which hosts are compared: the rarest of a host."""
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What one voice says of one subject, and from which look."""

    kind: str
    ref: str
    fact: Any
    declared: bool
    sequence: int
    collector: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package or programme."""

    host: str
    name: str
    version: str | None
    publisher: str | None
    at: datetime


PACKAGES = Reach(
    searched=("name", "version", "publisher"),
    sorted={"name": "name", "version": "version", "publisher": "publisher", "host": "host", "at": "observation__ended"},
)


def about(practice: int, ref: str) -> list[Told]:
    """Every statement on one subject: measured before declared, newest first."""
    return _told(FactRow.objects.filter(practice_id=practice, kind__in=KINDS, ref=ref))


def on_host(practice: int, host: str) -> list[Told]:
    """Every statement on what a host holds, software apart."""
    return _told(FactRow.objects.filter(practice_id=practice, host=host))


def there(practice: int, place: str, kinds: Iterable[str]) -> list[Told]:
    """Every statement of these kinds on what a host or a directory holds."""
    return _told(FactRow.objects.filter(practice_id=practice, host=place, kind__in=kinds))


def count_there(practice: int, place: str, kind: str) -> int:
    """How many subjects of a kind a host or a directory holds."""
    return FactRow.objects.filter(practice_id=practice, host=place, kind=kind).values("ref").distinct().count()


def of_kind(practice: int, kind: str) -> list[Told]:
    """Every statement of one kind; for kinds that stay few: networks, attestations, consents, waivers."""
    return _told(FactRow.objects.filter(practice_id=practice, kind=kind))


def software(practice: int, host: str, ask: Ask) -> Found[Package]:
    """A page of a host's software."""
    return pick(_installed(practice, host).select_related("observation"), ask, PACKAGES, _package)


def software_count(practice: int, host: str) -> int:
    """How many packages a host holds."""
    return _installed(practice, host).count()


def _installed(practice: int, host: str) -> QuerySet[SoftwareRow]:
    """A host's software; what several voices name is there once, in the words of the newest look."""
    rows = SoftwareRow.objects.filter(practice_id=practice, host=host)
    newer = rows.filter(name=OuterRef("name"), observation_id__gt=OuterRef("observation_id"))
    return rows.exclude(Exists(newer))


def looked(practice: int, host: str) -> list[tuple[str, datetime, int]]:
    """Which kinds were looked for completely on a host, when, and by which look."""
    rows = SweepRow.objects.filter(practice_id=practice, host=host).select_related("observation")
    return [(row.kind, row.observation.ended, row.observation.sequence) for row in rows.order_by("kind")]


def blind(practice: int, host: str) -> list[tuple[str, str, dict[str, Any], int]]:
    """What could not be seen on a host, why, and by which look."""
    rows = GapRow.objects.filter(practice_id=practice, host=host).select_related("observation").order_by("what")
    return [(row.what, row.why, row.values, row.observation.sequence) for row in rows]


def _told(rows: Any) -> list[Told]:  # noqa: ANN401 -- a query set of facts
    rows = rows.select_related("observation").order_by("kind", "ref", "declared", "-observation_id")
    return [
        Told(
            row.kind,
            row.ref,
            msgspec.json.decode(row.body, type=KINDS[row.kind]),
            row.declared,
            row.observation.sequence,
            row.observation.collector,
            row.observation.ended,
        )
        for row in rows
    ]


def _package(row: SoftwareRow) -> Package:
    return Package(row.host, row.name, row.version, row.publisher, row.observation.ended)


def bearers(practice: int, addresses: Collection[str]) -> dict[str, Ref]:
    """Which host bears each of these addresses, where exactly one does."""
    leaders = aliases.leading(practice)
    told: dict[str, set[Ref]] = {}
    for part in parts(sorted(addresses)):
        rows = MarkRow.objects.filter(practice_id=practice, mark__in=[f"ip:{address}" for address in part])
        for mark, host in rows.values_list("mark", "host"):
            told.setdefault(mark.removeprefix("ip:"), set()).add(leaders.get(host, host))
    return {address: hosts.pop() for address, hosts in told.items() if len(hosts) == 1}


def declared(practice: int, kind: type[T]) -> list[T]:
    """The facts of a kind that people state: one voice, hence one statement a subject."""
    return stated(practice, kind, declared=True)


def stated(practice: int, kind: type[T], **only: bool) -> list[T]:
    """Every statement of a kind, without who made it and when."""
    rows = FactRow.objects.filter(practice_id=practice, kind=kind.__name__, **only).order_by("ref")
    decode = msgspec.json.Decoder(kind).decode
    return [decode(body) for body in rows.values_list("body", flat=True)]


def mentions(practice: int, ref: str, kinds: Iterable[str]) -> list[Told]:
    """Statements of these kinds that name a subject in one of their fields."""
    rows = FactRow.objects.filter(practice_id=practice, kind__in=list(kinds), body__contains=f'"{ref}"')
    return _told(rows.exclude(ref=ref))


def shared_software(practice: int, host: str) -> dict[str, frozenset[Ref]]:
    """Each package of a host at its version, and every host that has the same; what nearly all have is left out.

    Two passes: how many have each, then who has those that tell something.
    """
    everywhere = SoftwareRow.objects.filter(practice_id=practice)
    mine = set(everywhere.filter(host=host).values_list("name", "version"))
    counted: dict[tuple[str, str | None], int] = {}
    for rows in _of_packages(everywhere, mine):
        told = rows.values("name", "version").annotate(hosts=Count("host", distinct=True))
        counted |= {(one["name"], one["version"]): one["hosts"] for one in told}
    population = _hosts_with_software(practice)
    rare = [one for one in mine if counted.get(one, 0) * 2 <= population]
    wanted = set(sorted(rare, key=lambda one: (counted.get(one, 0), one[0], one[1] or ""))[:TELLING])
    shared: dict[str, set[Ref]] = {}
    for rows in _of_packages(everywhere, wanted):
        for name, version, ref in rows.values_list("name", "version", "host").iterator(BATCH):
            if (name, version) in wanted:
                shared.setdefault(f"{name} {version or ''}".strip(), set()).add(ref)
    return {what: frozenset(refs) for what, refs in shared.items()}


def _hosts_with_software(practice: int) -> int:
    """How many hosts told their software: one is looked up for each, where counting would read every package."""
    told = SoftwareRow.objects.filter(practice_id=practice, host=OuterRef("ref"))
    return SubjectRow.objects.filter(Exists(told), practice_id=practice, kind=Host.__name__).count()


def _of_packages(
    rows: QuerySet[SoftwareRow], packages: Iterable[tuple[str, str | None]]
) -> Iterator[QuerySet[SoftwareRow]]:
    """Those of these packages, and few others, some packages at a time, as the index finds them."""
    for part in parts(sorted(packages, key=lambda one: (one[0], one[1] or ""))):
        names, versions = {name for name, _ in part}, {version for _, version in part}
        same = Q(version__in=versions - {None})
        yield rows.filter(same | Q(version=None) if None in versions else same, name__in=names)
