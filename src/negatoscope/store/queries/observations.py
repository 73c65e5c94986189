"""Looks, what they brought back and what they could not see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from negatoscope.model.evidence import Gap
from negatoscope.store.models import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick


@dataclass(frozen=True, slots=True)
class Observation:
    """One capture in the vault, and the look behind it."""

    sequence: int
    collector: str
    target: str
    started: datetime
    ended: datetime
    digest: str
    operator: str
    act: str
    settings: dict[str, Any]
    complete: bool
    facts: int


REACH = Reach(
    searched=("collector", "target", "operator", "digest"),
    sorted={name: name for name in ("sequence", "ended", "collector", "target", "operator", "act", "facts")},
    first_descending=True,
    filtered={"collector": "collector", "act": "act"},
)


def observations(practice: int, ask: Ask) -> Found[Observation]:
    """A page of the looks."""
    return pick(ObservationRow.objects.filter(practice_id=practice), ask, REACH, _observation)


def one(practice: int, sequence: int) -> Observation | None:
    """The look at this place of the journal."""
    row = ObservationRow.objects.filter(practice_id=practice, sequence=sequence).first()
    return _observation(row) if row else None


def gaps(practice: int, sequence: int) -> tuple[Gap, ...]:
    """What it could not see, as long as no newer look of the same voice replaced it."""
    rows = GapRow.objects.filter(practice_id=practice, observation__sequence=sequence).order_by("what", "why", "host")
    return tuple(Gap(row.what, row.why, row.host or None, row.values) for row in rows)


def standing(practice: int, sequence: int) -> tuple[int, list[tuple[str, str]]]:
    """How many of its facts still stand in the register, and which kinds it swept where."""
    facts = FactRow.objects.filter(practice_id=practice, observation__sequence=sequence).count()
    software = SoftwareRow.objects.filter(practice_id=practice, observation__sequence=sequence).count()
    rows = SweepRow.objects.filter(practice_id=practice, observation__sequence=sequence).order_by("kind", "host")
    swept = [(row.kind, row.host or row.network) for row in rows]
    return facts + software, swept


def by_digest(practice: int, digests: Iterable[str]) -> list[Observation]:
    """The looks behind these digests, newest first."""
    rows = ObservationRow.objects.filter(practice_id=practice, digest__in=list(digests)).order_by("-sequence")
    return [_observation(row) for row in rows]


def last_looks(practice: int) -> dict[str, datetime]:
    """When each collector last brought back something whole."""
    rows = ObservationRow.objects.filter(practice_id=practice, complete=True).order_by()
    return dict(rows.values("collector").annotate(last=Max("ended")).values_list("collector", "last"))


def last_sweeps(practice: int) -> dict[str, datetime]:
    """When each kind was last looked for completely, anywhere."""
    rows = SweepRow.objects.filter(practice_id=practice).order_by()
    return dict(rows.values("kind").annotate(last=Max("observation__ended")).values_list("kind", "last"))


def swept_networks(practice: int) -> dict[str, datetime]:
    """When each network was last swept for hosts, by CIDR."""
    rows = SweepRow.objects.filter(practice_id=practice, voice__startswith="nmap/", kind="Host").order_by()
    rows = rows.exclude(network="")
    return dict(rows.values("network").annotate(last=Max("observation__ended")).values_list("network", "last"))


def last_look(practice: int, collector: str) -> datetime | None:
    """When this collector last brought back something whole."""
    rows = ObservationRow.objects.filter(practice_id=practice, collector=collector, complete=True)
    return rows.order_by("-sequence").values_list("ended", flat=True).first()


def last_sequence_of(practice: int, collector: str) -> int:
    """The place in the journal of the last look of a collector; 0: there is none."""
    rows = ObservationRow.objects.filter(practice_id=practice, collector=collector)
    return rows.aggregate(last=Max("sequence"))["last"] or 0


def next_of(practice: int, collector: str, operator: str, after: int) -> Observation | None:
    """The first look of a collector after a place in the journal, of operators whose name begins so."""
    rows = ObservationRow.objects.filter(practice_id=practice, collector=collector, sequence__gt=after)
    row = rows.filter(operator__startswith=operator).order_by("sequence").first()
    return _observation(row) if row else None


def newest(practice: int) -> datetime | None:
    """When anything was last observed."""
    rows = ObservationRow.objects.filter(practice_id=practice).order_by("-sequence")
    return rows.values_list("ended", flat=True).first()


def list_declared(practice: int, kind: str, voice: str = "declared") -> datetime | None:
    """When this voice last said that its list of a kind was complete."""
    rows = SweepRow.objects.filter(practice_id=practice, voice=voice, kind=kind)
    return rows.order_by("-observation_id").values_list("observation__ended", flat=True).first()


def _observation(row: ObservationRow) -> Observation:
    return Observation(**{name: getattr(row, name) for name in Observation.__dataclass_fields__})
