"""Probes as pages show them: where they stand, when they were last heard, what is missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from negatoscope.store.models import JobRow, LendingRow, ParcelRow, ProbeRow
from negatoscope.store.models.jobs import OPEN_STATES
from negatoscope.store.queries.jobs import Job
from negatoscope.store.queries.jobs import job as job_at

SILENT_AFTER = timedelta(hours=1)
"""Probes ask for orders every few seconds: one that did not for so long is cut off, or stopped."""
MOST_MISSING = 1000


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe, without its secrets."""

    number: int
    ident: str
    name: str
    site: str
    """Empty: the console's own."""
    state: str
    """``waiting``, ``lapsed``, ``heard``, ``silent``, ``medium``, ``revoked``, ``lost``."""
    added_at: datetime
    added_by: str
    code_until: datetime | None
    enrolled_at: datetime | None
    edition: str
    contact_at: datetime | None
    offset: float | None
    full: bool
    revoked_at: datetime | None
    refused: int
    refused_why: str
    registered: int
    last_parcel: datetime | None
    missing: tuple[int, ...]
    """Numbers of parcels that later ones leave behind."""
    waiting: int
    """Looks that wait for it, or that it is making."""

    @property
    def takes_orders(self) -> bool:
        """Whether a look may name it."""
        return self.enrolled_at is not None and self.revoked_at is None

    @property
    def to_enrol(self) -> bool:
        """Whether it is still expected."""
        return self.enrolled_at is None and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel that was registered."""

    number: int
    received_at: datetime
    observation: int


@dataclass(frozen=True, slots=True)
class Lending:
    """A log-in that a probe was lent, and for which look."""

    credential: str
    at: datetime
    job: Job | None


def probes(practice: int, now: datetime) -> list[Probe]:
    """Every probe, those at work first, then by name."""
    rows = ProbeRow.objects.filter(practice_id=practice).select_related("site").order_by("name", "pk")
    counted = rows.annotate(registered=Count("parcelrow"), last_parcel=Max("parcelrow__received_at"))
    open_ones = Q(probe__in=[row.pk for row in rows], state__in=OPEN_STATES)
    waiting = dict(JobRow.objects.filter(open_ones).values_list("probe").annotate(Count("pk")))
    told = [_probe(row, waiting.get(row.pk, 0), now) for row in counted]
    return sorted(told, key=lambda one: (one.revoked_at is not None, one.name.casefold()))


def probe(practice: int, number: int, now: datetime) -> Probe | None:
    """One of them."""
    return next((one for one in probes(practice, now) if one.number == number), None)


def choices(practice: int) -> list[tuple[str, str]]:
    """Probes that may be given a look: key and name."""
    rows = ProbeRow.objects.filter(practice_id=practice, revoked_at=None, enrolled_at__isnull=False).order_by("name")
    return [(str(row.pk), row.name) for row in rows]


def names(practice: int) -> dict[int, str]:
    """What each is called, those that were revoked too."""
    return dict(ProbeRow.objects.filter(practice_id=practice).values_list("pk", "name"))


def parcels(practice: int, number: int) -> list[Parcel]:
    """What a probe delivered, the newest first."""
    rows = ParcelRow.objects.filter(probe_id=number, probe__practice_id=practice).order_by("-number")
    return [Parcel(row.number, row.received_at, row.observation) for row in rows]


def jobs_of(practice: int, number: int) -> list[Job]:
    """The looks that it was asked for, the newest first."""
    rows = JobRow.objects.filter(practice_id=practice, probe_id=number).order_by("-pk")
    return [one for row in rows[:500] if (one := job_at(practice, row.pk))]


def lendings(practice: int, number: int) -> list[Lending]:
    """The log-ins that it was lent, each at its last time, the newest first."""
    newest: dict[str, LendingRow] = {}
    for row in LendingRow.objects.filter(probe_id=number, probe__practice_id=practice).order_by("pk"):
        newest[row.credential] = row
    told = [Lending(row.credential, row.at, job_at(practice, row.job)) for row in newest.values()]
    return sorted(told, key=lambda one: one.at, reverse=True)


def _probe(row: ProbeRow, waiting: int, now: datetime) -> Probe:
    told = {name: getattr(row, name) for name in Probe.__dataclass_fields__ if hasattr(row, name)}
    more = {"number": row.pk, "site": row.site.name, "state": _state(row, now), "waiting": waiting}
    return Probe(**{**told, **more, "missing": _missing(row)})


def _state(row: ProbeRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "lost" if row.lost else "revoked"
    if row.enrolled_at is None:
        stands = bool(row.code_hash or row.sealed) and row.code_until is not None and row.code_until > now
        return "waiting" if stands else "lapsed"
    if row.contact_at is None:
        return "medium"
    return "heard" if row.contact_at > now - SILENT_AFTER else "silent"


def _missing(row: ProbeRow) -> tuple[int, ...]:
    here = set(ParcelRow.objects.filter(probe=row).values_list("number", flat=True))
    holes = (number for number in range(1, max(here, default=0)) if number not in here)
    return tuple(number for number, _ in zip(holes, range(MOST_MISSING), strict=False))
