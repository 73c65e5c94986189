"""Facts in and out of their tables."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from django.db.models import Count, Q

from negatoscope.kit.canonical import canonical
from negatoscope.model.aliases import Leaders, told_of
from negatoscope.model.cases import Case, CaseKind
from negatoscope.model.directory import Directory
from negatoscope.model.evidence import PLACES, Blind, Fact, Gap, Ref, Retraction, Source, Sweep, Swept
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.model.memory import unsaid
from negatoscope.model.people import Departure, EarlierDay, FormerHolder, Person, departure_of
from negatoscope.model.software import SoftwareCensus, remote_control
from negatoscope.store.models import FactRow, GapRow, ObservationRow, RevisionRow, SoftwareRow, SweepRow

T = TypeVar("T")
BATCH = 2000
CHUNK = 400
"""Subjects asked for at a time: databases bound the length of a question."""
EARLIER = "~"
"""Ends the name of a voice's earlier words: what it measured before and could not read again."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one voice says of one subject."""

    ref: Ref
    fact: Any
    source: Source
    declared: bool = False
    remembered: bool = False
    """Measured before, and not read again by the last look of the same voice."""


def statements(practice: int, kind: type[Any], sources: dict[int, Source]) -> Iterator[Statement]:
    """All statements of a kind, a subject's together."""
    if kind is SoftwareCensus:
        yield from _censuses(practice, sources)
        return
    if kind is Departure:
        yield from _departures(practice, sources)
        return
    if kind is FormerHolder:
        yield from _former(practice, sources)
        return
    decode = msgspec.json.Decoder(kind).decode
    rows = (
        FactRow.objects.filter(practice_id=practice, kind=kind.__name__)
        .order_by("ref", "pk")
        .values_list("ref", "body", "observation_id", "declared", "voice")
    )
    for ref, body, observation, declared, voice in rows.iterator(BATCH):
        yield Statement(ref, decode(body), sources[observation], declared, voice.endswith(EARLIER))


def _departures(practice: int, sources: dict[int, Source]) -> Iterator[Statement]:
    """Who leaves: from the list of persons and from departure cases, both a person's word."""
    earlier = _earlier_days(practice)
    listed = [
        Statement(left.ref, left, said.source, declared=True)
        for said in statements(practice, Person, sources)
        if (left := departure_of(said.fact, earlier.get(said.ref, ()))) is not None
    ]
    cases = (said for said in statements(practice, Case, sources) if said.fact.kind is CaseKind.DEPARTURE)
    opened = [_left(said, said.fact.person, said.fact.on) for said in cases]
    yield from sorted(listed + opened, key=lambda statement: statement.ref)


def _earlier_days(practice: int) -> dict[Ref, list[EarlierDay]]:
    found: dict[Ref, list[EarlierDay]] = {}
    rows = RevisionRow.objects.filter(practice_id=practice, kind=Person.__name__).order_by("pk")
    for ref, name, day, at in rows.values_list("ref", "field", "before", "observation__recorded"):
        found.setdefault(ref, []).append(EarlierDay(name, date.fromisoformat(day), at.date()))
    return found


def _former(practice: int, sources: dict[int, Source]) -> Iterator[Statement]:
    """Who was named as holder of an account before another was."""
    rows = RevisionRow.objects.filter(practice_id=practice, field="holder").order_by("ref", "before", "pk")
    for account, holder, observation in rows.values_list("ref", "before", "observation_id"):
        former = FormerHolder(account, holder)
        yield Statement(former.ref, former, sources[observation], declared=True)


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


class _Sources(dict[int, Source]):
    """A look may end while another one, or a page, reads: what it brought is found when it is met."""

    def __missing__(self, ident: int) -> Source:
        self[ident] = Source(*ObservationRow.objects.values_list("digest", "ended", "collector").get(id=ident))
        return self[ident]


def sources(practice: int) -> dict[int, Source]:
    """Every observation that a row may lean on, by row id."""
    rows = ObservationRow.objects.filter(practice_id=practice).values_list("id", "digest", "ended", "collector")
    told = ((ident, Source(digest, ended, collector)) for ident, digest, ended, collector in rows.iterator(BATCH))
    return _Sources(told)


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


Subject = tuple[str, Ref]
"""A kind and a name under which it is told."""


@dataclass(frozen=True)
class Told:
    """Whose word is written, and which hosts answer for others."""

    observation: ObservationRow
    declared: bool
    leaders: Leaders

    @property
    def mine(self) -> dict[str, Any]:
        """The rows of this voice."""
        return {"practice_id": self.observation.practice_id, "voice": self.observation.voice}


def state(told: Told, facts: Iterable[Fact]) -> set[Subject]:
    """Write what a voice states; its earlier word on the same subject is replaced. Returns the subjects told of."""
    said: dict[Subject, FactRow] = {(type(fact).__name__, fact.ref): row(told, fact) for fact in facts}
    rows = list(said.values())
    if not told.declared:
        rows += _remembered(told, said)
    FactRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["practice", "voice", "kind", "own"],
        update_fields=["ref", "host", "body", "told", "declared", "observation"],
    )
    return {(one.kind, one.ref) for one in rows}


def _remembered(told: Told, said: dict[Subject, FactRow]) -> list[FactRow]:
    """What this voice measured before and could not read this time stays, under the observation that measured it."""
    before: dict[Subject, list[FactRow]] = {}
    voices = (told.observation.voice, told.observation.voice + EARLIER)
    kinds = {kind for kind, _ in said}
    earlier = FactRow.objects.filter(practice_id=told.observation.practice_id, voice__in=voices, kind__in=kinds)
    for old in earlier.order_by("voice"):
        before.setdefault((old.kind, old.own), []).append(old)
    kept, replaced = [], []
    for key, new in said.items():
        olds = before.get(key, [])
        decode = msgspec.json.Decoder(KINDS[new.kind]).decode
        remains = (
            unsaid(decode(new.told or new.body), *(decode(old.told or old.body) for old in olds)) if olds else None
        )
        replaced += [old.pk for old in olds if old.voice == voices[1]]
        if remains is not None:
            memory = row(told, remains)
            memory.voice, memory.observation_id = voices[1], min(old.observation_id for old in olds)
            kept.append(memory)
    FactRow.objects.filter(pk__in=replaced).delete()
    return kept


def row(told: Told, fact: Fact) -> FactRow:
    """Make the row of a fact, under the name that answers; its own name is kept beside."""
    answering = told_of(fact, told.leaders)
    host = next((place for name in PLACES if (place := getattr(answering, name, None))), None)
    return FactRow(
        **told.mine,
        observation=told.observation,
        kind=type(fact).__name__,
        ref=answering.ref,
        host=host or "",
        body=canonical(answering).decode(),
        declared=told.declared,
        own=fact.ref,
        told="" if answering is fact else canonical(fact).decode(),
    )


def sweep(told: Told, swept: Iterable[Sweep]) -> set[Subject]:
    """What a voice looked for completely and did not see again is no longer its word: returns what vanished so.

    But a host that did not answer is not a host that does not exist: what was measured of it stands, and ages, until a
    person says that it is gone.
    """
    rows, vanished = [], set()
    for one in dict.fromkeys(swept):
        answering = told_of(one, told.leaders)
        if told.declared or one.kind != Host.__name__:
            vanished |= _forget(told, answering)
        rows.append(
            SweepRow(
                **told.mine,
                observation=told.observation,
                kind=one.kind,
                host=answering.host or "",
                network=one.network or "",
                own=one.host if one.host and one is not answering else "",
            )
        )
    SweepRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["practice", "voice", "kind", "host", "network", "own"],
        update_fields=["observation"],
    )
    return vanished


def _forget(told: Told, one: Sweep) -> set[Subject]:
    """Drop what this voice said before of a kind that it has just looked at completely."""
    where = {"host": one.host} if one.host else {}
    if one.kind == SoftwareCensus.SWEPT_AS:
        SoftwareRow.objects.filter(**where, **told.mine).exclude(observation=told.observation).delete()
        return set()
    vanished = FactRow.objects.filter(kind=one.kind, **where, **told.mine).exclude(observation=told.observation)
    names = dict(vanished.values_list("own", "ref"))
    if names:
        voice = told.observation.voice + EARLIER
        memories = FactRow.objects.filter(practice_id=told.observation.practice_id, voice=voice, kind=one.kind, **where)
        memories.filter(own__in=list(names)).delete()
        vanished.delete()
    return {(one.kind, ref) for ref in names.values()}


def leave_gaps(told: Told, left: Iterable[Gap], swept: Iterable[Sweep], *, whole: bool) -> None:
    """A gap ends when its voice looks there again; a look that failed or cannot be read ends none."""
    answering = [(gap, told_of(gap, told.leaders)) for gap in left]
    looked = {(one.kind, told_of(one, told.leaders).host or "") for one in swept}
    looked |= {(gap.what, gap.host or "") for _, gap in answering}
    ended = [
        number
        for number, what, host in GapRow.objects.filter(**told.mine).values_list("pk", "what", "host")
        if (what, host) in looked or (whole and not host)
    ]
    GapRow.objects.filter(pk__in=ended).delete()
    GapRow.objects.bulk_create(
        (
            GapRow(
                **told.mine,
                observation=told.observation,
                what=gap.what,
                why=gap.why,
                host=gap.host or "",
                values=dict(gap.values),
                own=own.host if own.host and own.host != gap.host else "",
            )
            for own, gap in answering
        ),
        batch_size=BATCH,
    )


def retract(told: Told, retractions: Iterable[Retraction]) -> set[Subject]:
    """Remove what people declared about a subject; what instruments measured stays, unless the place itself is gone.

    Returns the subjects that nobody, or fewer, speak of.
    """
    gone: set[Subject] = set()
    practice = told.observation.practice_id
    for one in retractions:
        subject = told_of(Gap("", "", one.subject), told.leaders).host or one.subject
        said = FactRow.objects.filter(practice_id=practice, kind=one.kind, ref=subject)
        gone.add((one.kind, subject))
        if one.kind in (Host.__name__, Directory.__name__):
            held = FactRow.objects.filter(practice_id=practice, host=subject)
            gone.update(held.values_list("kind", "ref"))
            for table in (FactRow, SoftwareRow, SweepRow, GapRow):
                table.objects.filter(practice_id=practice, host=subject).delete()
            said.delete()
        else:
            said.filter(declared=True).delete()
    return gone


def merging(practice: int, subjects: Collection[Subject]) -> Iterator[tuple[Subject, list[Statement]]]:
    """Every statement on each of these subjects; none for one that nobody speaks of any more."""
    wanted = sorted(subjects)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = FactRow.objects.filter(
            practice_id=practice, kind__in={kind for kind, _ in part}, ref__in={ref for _, ref in part}
        ).select_related("observation")
        told: dict[Subject, list[Statement]] = {subject: [] for subject in part}
        for one in sorted(rows, key=attrgetter("pk")):  # asked for in this order, SQLite walks through the whole table
            if (one.kind, one.ref) in told:
                look = one.observation
                source = Source(look.digest, look.ended, look.collector)
                fact = msgspec.json.decode(one.body, type=KINDS[one.kind])
                told[one.kind, one.ref].append(Statement(one.ref, fact, source, one.declared))
        yield from told.items()
