"""Facts in and out of their tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import msgspec
from django.db.models import Count, F, Q

from negatoscope.kit.canonical import canonical
from negatoscope.model.cases import Case, CaseKind
from negatoscope.model.directory import Directory
from negatoscope.model.evidence import PLACES, Blind, Fact, Gap, Ref, Retraction, Source, Sweep, Swept
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.model.memory import unsaid
from negatoscope.model.people import Departure, Person
from negatoscope.model.software import Software, SoftwareCensus, remote_control
from negatoscope.store.models import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow

T = TypeVar("T")
BATCH = 2000
EARLIER = "~"
"""Ends the name of a voice's earlier words: what it measured before and could not read again."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one voice says of one subject."""

    ref: Ref
    fact: Any
    source: Source
    declared: bool = False


def statements(practice: int, kind: type[Any], sources: dict[int, Source]) -> Iterator[Statement]:
    """All statements of a kind, a subject's together."""
    if kind is SoftwareCensus:
        yield from _censuses(practice, sources)
        return
    if kind is Departure:
        yield from _departures(practice, sources)
        return
    decode = msgspec.json.Decoder(kind).decode
    rows = (
        FactRow.objects.filter(practice_id=practice, kind=kind.__name__)
        .order_by("ref", "pk")
        .values_list("ref", "body", "observation_id", "declared")
    )
    for ref, body, observation, declared in rows.iterator(BATCH):
        yield Statement(ref, decode(body), sources[observation], declared)


def _departures(practice: int, sources: dict[int, Source]) -> Iterator[Statement]:
    """Who leaves: from the list of persons and from departure cases, both a person's word."""
    people = statements(practice, Person, sources)
    listed = [_left(said, said.ref, said.fact.left_on) for said in people if said.fact.left_on is not None]
    cases = (said for said in statements(practice, Case, sources) if said.fact.kind is CaseKind.DEPARTURE)
    opened = [_left(said, said.fact.person, said.fact.on) for said in cases]
    yield from sorted(listed + opened, key=lambda statement: statement.ref)


def _left(said: Statement, holder: Ref, left_on: date) -> Statement:
    departure = Departure(holder, left_on)
    return Statement(departure.ref, departure, said.source, declared=True)


def _censuses(practice: int, sources: dict[int, Source]) -> Iterator[Statement]:
    rows = SoftwareRow.objects.filter(practice_id=practice)
    names = [name for name in rows.values_list("name", flat=True).distinct() if remote_control(name)]
    remote: dict[str, set[str]] = {}
    for host, name in rows.filter(name__in=names).values_list("host", "name"):
        remote.setdefault(host, set()).add(name)
    counts = (
        rows.values("host", "observation_id")
        .annotate(total=Count("id"), unversioned=Count("id", filter=Q(version=None)))
        .order_by("host", "-observation_id")
        .values_list("host", "observation_id", "total", "unversioned")
    )
    for host, observation, total, unversioned in counts.iterator(BATCH):
        tools = tuple(sorted(remote.get(host, ())))
        yield Statement(host, SoftwareCensus(host, total, unversioned, tools), sources[observation])


def sources(practice: int) -> dict[int, Source]:
    """Every observation that a row may lean on, by row id."""
    rows = ObservationRow.objects.filter(practice_id=practice).values_list("id", "digest", "ended", "collector")
    return {ident: Source(digest, ended, collector) for ident, digest, ended, collector in rows.iterator(BATCH)}


def sweeps(practice: int, kind: str, known: dict[int, Source]) -> tuple[Swept, ...]:
    """Who looked for this kind completely, and when."""
    rows = SweepRow.objects.filter(practice_id=practice, kind=kind).values_list("host", "network", "observation_id")
    return tuple(
        Swept(Sweep(kind, host or None, network or None), known[observation])
        for host, network, observation in rows.order_by("pk").iterator(BATCH)
    )


def gaps(practice: int, kind: str, known: dict[int, Source]) -> tuple[Blind, ...]:
    """What the last looks could not see of this kind."""
    rows = GapRow.objects.filter(practice_id=practice, what=kind).values_list("host", "why", "values", "observation_id")
    return tuple(
        Blind(Gap(kind, why, host or None, values), known[observation])
        for host, why, values, observation in rows.order_by("pk").iterator(BATCH)
    )


def state(observation: ObservationRow, facts: Iterable[Fact], *, declared: bool) -> int:
    """Write what a voice states; its earlier word on the same subject is replaced. Returns how many."""
    written = 0
    ordinary: dict[tuple[str, Ref], FactRow] = {}
    software: dict[Ref, list[Software]] = {}
    for fact in facts:
        written += 1
        if isinstance(fact, Software):
            software.setdefault(fact.host, []).append(fact)
        else:
            ordinary[type(fact).__name__, fact.ref] = _row(observation, fact, declared=declared)
    rows = list(ordinary.values())
    if not declared:
        rows += _remembered(observation, ordinary)
    FactRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["practice", "voice", "kind", "ref"],
        update_fields=["host", "body", "declared", "observation"],
    )
    for host, items in software.items():
        _state_software(observation, host, items)
    return written


def _remembered(observation: ObservationRow, said: dict[tuple[str, Ref], FactRow]) -> list[FactRow]:
    """What this voice measured before and could not read this time stays, under the observation that measured it."""
    before: dict[tuple[str, Ref], list[FactRow]] = {}
    voices = (observation.voice, observation.voice + EARLIER)
    kinds = {kind for kind, _ in said}
    earlier = FactRow.objects.filter(practice_id=observation.practice_id, voice__in=voices, kind__in=kinds)
    for row in earlier.order_by("voice"):
        before.setdefault((row.kind, row.ref), []).append(row)
    kept = []
    for key, row in said.items():
        olds = before.get(key, [])
        decode = msgspec.json.Decoder(KINDS[row.kind]).decode
        remains = unsaid(decode(row.body), *(decode(old.body) for old in olds)) if olds else None
        FactRow.objects.filter(pk__in=[old.pk for old in olds if old.voice == voices[1]]).delete()
        if remains is not None:
            memory = _row(observation, remains, declared=False)
            memory.voice, memory.observation_id = voices[1], min(old.observation_id for old in olds)
            kept.append(memory)
    return kept


def _row(observation: ObservationRow, fact: Fact, *, declared: bool) -> FactRow:
    host = next((place for name in PLACES if (place := getattr(fact, name, None))), None)
    return FactRow(
        practice_id=observation.practice_id,
        voice=observation.voice,
        observation=observation,
        kind=type(fact).__name__,
        ref=fact.ref,
        host=host or "",
        body=canonical(fact).decode(),
        declared=declared,
    )


def _state_software(observation: ObservationRow, host: Ref, items: list[Software]) -> None:
    said = {"practice_id": observation.practice_id, "voice": observation.voice}
    SoftwareRow.objects.filter(host=host, **said).delete()
    SoftwareRow.objects.bulk_create(
        (
            SoftwareRow(
                **said,
                observation=observation,
                host=host,
                name=item.name,
                version=item.version,
                publisher=item.publisher,
            )
            for item in items
        ),
        batch_size=BATCH,
    )


def sweep(observation: ObservationRow, swept: Iterable[Sweep], *, declared: bool) -> None:
    """What a voice looked for completely and did not see again is no longer its word.

    But a host that did not answer is not a host that does not exist: what was measured of it stands, and ages, until a
    person says that it is gone.
    """
    mine = {"practice_id": observation.practice_id, "voice": observation.voice}
    rows = []
    for one in dict.fromkeys(swept):
        if declared or one.kind != Host.__name__:
            _forget(observation, one)
        rows.append(
            SweepRow(observation=observation, kind=one.kind, host=one.host or "", network=one.network or "", **mine)
        )
    SweepRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["practice", "voice", "kind", "host", "network"],
        update_fields=["observation"],
    )


def _forget(observation: ObservationRow, one: Sweep) -> None:
    """Drop what this voice said before of a kind that it has just looked at completely."""
    mine = {"practice_id": observation.practice_id, "voice": observation.voice}
    where = {"host": one.host} if one.host else {}
    if one.kind == Software.__name__:
        SoftwareRow.objects.filter(**where, **mine).exclude(observation=observation).delete()
        return
    vanished = FactRow.objects.filter(kind=one.kind, **where, **mine).exclude(observation=observation)
    memories = FactRow.objects.filter(
        practice_id=observation.practice_id, voice=observation.voice + EARLIER, kind=one.kind, **where
    )
    memories.filter(ref__in=list(vanished.values_list("ref", flat=True))).delete()
    vanished.delete()


def leave_gaps(observation: ObservationRow, left: Iterable[Gap], swept: Iterable[Sweep], *, whole: bool) -> None:
    """A gap ends when its voice looks there again; a look that failed or cannot be read ends none."""
    mine = {"practice_id": observation.practice_id, "voice": observation.voice}
    left = tuple(left)
    looked = {(one.kind, one.host or "") for one in swept} | {(gap.what, gap.host or "") for gap in left}
    ended = [
        number
        for number, what, host in GapRow.objects.filter(**mine).values_list("pk", "what", "host")
        if (what, host) in looked or (whole and not host)
    ]
    GapRow.objects.filter(pk__in=ended).delete()
    GapRow.objects.bulk_create(
        (
            GapRow(
                observation=observation,
                what=gap.what,
                why=gap.why,
                host=gap.host or "",
                values=dict(gap.values),
                **mine,
            )
            for gap in left
        ),
        batch_size=BATCH,
    )


def retract(observation: ObservationRow, retractions: Iterable[Retraction]) -> None:
    """Remove what people declared about a subject; what instruments measured stays, unless the place itself is gone."""
    for one in retractions:
        said = FactRow.objects.filter(practice_id=observation.practice_id, kind=one.kind, ref=one.subject)
        if one.kind in (Host.__name__, Directory.__name__):
            for table in (FactRow, SoftwareRow, SweepRow, GapRow):
                table.objects.filter(practice_id=observation.practice_id, host=one.subject).delete()
            said.delete()
        else:
            said.filter(declared=True).delete()


def declared_hosts(practice: int) -> Iterator[Host]:
    """Every statement on a host, oldest voice first: what identity is matched against."""
    decode = msgspec.json.Decoder(Host).decode
    rows = FactRow.objects.filter(practice_id=practice, kind=Host.__name__).order_by(F("id"))
    for body in rows.values_list("body", flat=True):
        yield decode(body)
