"""Observations in their tables: one look, and all that was read from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Max

from negatoscope.model.evidence import Fact, Gap, Retraction, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.journal import Observed
from negatoscope.model.software import Software
from negatoscope.store import aliases, facts, marks, software, subjects
from negatoscope.store.facts import Told
from negatoscope.store.models import FactRow, GapRow, JudgementRow, ObservationRow, SweepRow

ARROW = " → "
"""In the target of a look that was made from elsewhere: from where, then at what."""


@dataclass(frozen=True)
class Reading:
    """What was read from one capture, in the register's own names."""

    voice: str
    """Whose word it is: replaced by the same voice's next look."""
    declared: bool
    facts: Iterable[Fact] = ()
    sweeps: Iterable[Sweep] = ()
    gaps: Iterable[Gap] = ()
    retractions: Iterable[Retraction] = ()
    whole: bool = True
    """The look ended, and its capture could be read."""


def write(practice: int, site: int, entry: Observed, reading: Reading) -> int:
    """Enter one look and what it says; returns how many facts it stated."""
    fields = {name: getattr(entry, name) for name in Observed.__struct_fields__ if name not in {"gaps", "site"}}
    fields["parcel"] = entry.parcel or ""
    row = ObservationRow.objects.create(practice_id=practice, site_id=site, voice=reading.voice, **fields)
    told = Told(row, reading.declared, aliases.leading(practice))
    stated = tuple(reading.facts)
    ordinary = [fact for fact in stated if not isinstance(fact, Software)]
    touched = facts.retract(told, reading.retractions) | facts.state(told, ordinary)
    software.state(told, [fact for fact in stated if isinstance(fact, Software)])
    touched |= facts.sweep(told, reading.sweeps)
    facts.leave_gaps(told, reading.gaps, reading.sweeps, whole=reading.whole)
    touched |= aliases.repoint(told, touched)
    marks.refresh(practice, touched)
    subjects.refresh(row, touched)
    row.facts = len(stated)
    row.save(update_fields=["facts"])
    return row.facts


def gaps_of(sequence: int) -> tuple[Gap, ...]:
    """What the look at this place of the journal could not see."""
    rows = GapRow.objects.filter(observation__sequence=sequence).values_list("what", "why", "host", "values")
    return tuple(Gap(what, why, host or None, values) for what, why, host, values in rows)


def last_looks(practice: int, collector: str) -> dict[str, datetime]:
    """By target, when this collector last ended a look there that was not cut short."""
    rows = ObservationRow.objects.filter(practice_id=practice, collector=collector, complete=True)
    return dict(rows.values("target").annotate(last=Max("ended")).values_list("target", "last"))


def holds(practice: int, target: str, digest: str) -> bool:
    """Whether these very bytes were brought back from this target before."""
    return ObservationRow.objects.filter(practice_id=practice, digest=digest, target=target).exists()


def rival(practice: int, host: str, voice: str, since: datetime) -> str | None:
    """Another voice of the same collector that told of this host since an instant: the name of its target."""
    rows = FactRow.objects.filter(practice_id=practice, kind=Host.__name__, ref=host, observation__ended__gte=since)
    collector = voice.partition("/")[0] + "/"
    told = sorted(one.removesuffix(facts.EARLIER) for one in rows.values_list("voice", flat=True))
    return next((one.removeprefix(collector) for one in told if one.startswith(collector) and one != voice), None)


def of_parcel(practice: int, parcel: str) -> int | None:
    """The place in the journal of the look that this parcel brought."""
    return ObservationRow.objects.filter(practice_id=practice, parcel=parcel).values_list("sequence", flat=True).first()


def looked_elsewhere(practice: int, site: int, collectors: Iterable[str]) -> list[tuple[str, str]]:
    """Names of other sites, each with a place that was looked at from there."""
    others = ObservationRow.objects.filter(practice_id=practice).exclude(site=site)
    targets = others.filter(collector__in=list(collectors)).values_list("site__name", "target").distinct()
    swept = SweepRow.objects.filter(practice_id=practice).exclude(network="").exclude(observation__site=site)
    networks = swept.values_list("observation__site__name", "network").distinct()
    return sorted({*((name, target.rpartition(ARROW)[2]) for name, target in targets), *networks})


def hosts_of(practice: int, voice: str) -> Iterator[Host]:
    """The hosts that this voice tells of."""
    decode = msgspec.json.Decoder(Host).decode
    rows = FactRow.objects.filter(practice_id=practice, voice=voice, kind=Host.__name__)
    yield from map(decode, rows.values_list("body", flat=True))


def last_sequence() -> int:
    """The journal place that the database has reached."""
    tops = [table.objects.aggregate(top=Max("sequence"))["top"] or 0 for table in (ObservationRow, JudgementRow)]
    return max(tops)
