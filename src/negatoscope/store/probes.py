"""Probes in their tables."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from negatoscope.store.models import LendingRow, ParcelRow, ProbeRow

__all__ = [
    "LendingRow", "ParcelRow", "ProbeRow", "add", "any_enrolled", "bearing", "heard", "lend", "lent", "named",
    "numbered", "open_codes", "parcel_at", "parcels", "put", "refuse", "sealed_exist", "take", "waiting", "with_ident",
    "with_serial",
]  # fmt: skip

SEEN_EVERY = timedelta(seconds=5)
"""How precisely the last contact is told: not every request writes it."""


def add(practice: int, fields: dict[str, Any]) -> ProbeRow:
    """Write a new probe."""
    return ProbeRow.objects.create(practice_id=practice, **fields)


def put(probe: ProbeRow, **fields: Any) -> None:  # noqa: ANN401 -- columns of the probe
    """Write fields of a probe, there and in the row at hand."""
    ProbeRow.objects.filter(pk=probe.pk).update(**fields)
    for name, value in fields.items():
        setattr(probe, name, value)


def named(practice: int, name: str) -> ProbeRow | None:
    """The probe of this name that was not revoked."""
    return ProbeRow.objects.select_related("site").filter(practice_id=practice, name=name, revoked_at=None).first()


def numbered(practice: int, number: int) -> ProbeRow | None:
    """The probe with this key."""
    return ProbeRow.objects.select_related("site").filter(practice_id=practice, pk=number).first()


def bearing(number: int) -> ProbeRow:
    """The probe that a job names."""
    return ProbeRow.objects.select_related("site").get(pk=number)


def with_ident(practice: int, ident: str) -> ProbeRow | None:
    """The probe that bears this id."""
    return ProbeRow.objects.select_related("site").filter(practice_id=practice, ident=ident).first()


def with_serial(practice: int, serial: str) -> ProbeRow | None:
    """The probe whose certificate has this serial number."""
    rows = ProbeRow.objects.select_related("site").filter(practice_id=practice, serial=serial)
    return rows.first() if serial else None


def any_enrolled() -> bool:
    """Whether some probe leans on the authority and the age identity."""
    return ProbeRow.objects.exists()


def sealed_exist() -> bool:
    """Whether some secret is sealed."""
    return ProbeRow.objects.exclude(sealed=None).exists()


def open_codes(practice: int, at: datetime) -> list[ProbeRow]:
    """Probes that a code still lets in."""
    rows = ProbeRow.objects.filter(practice_id=practice, code_until__gt=at, revoked_at=None).exclude(code_hash="")
    return list(rows.order_by("pk"))


def waiting(practice: int, ident: str) -> ProbeRow | None:
    """A probe that is to be enrolled by file."""
    rows = ProbeRow.objects.filter(practice_id=practice, ident=ident, revoked_at=None, enrolled_at=None)
    return rows.exclude(sealed=None).first()


def heard(probe: ProbeRow, at: datetime, offset: float | None) -> None:
    """Tell that a probe was here, and how late its clock is."""
    changed = offset is not None and (probe.offset is None or abs(offset - probe.offset) >= 1)
    if changed or probe.contact_at is None or probe.contact_at <= at - SEEN_EVERY:
        told = {"contact_at": at} | ({"offset": offset} if offset is not None else {})
        put(probe, **told)


def refuse(probe: ProbeRow, why: str) -> None:
    """Count a parcel that was not taken."""
    put(probe, refused=probe.refused + 1, refused_why=why)


def take(probe: ProbeRow, fields: dict[str, Any]) -> None:
    """Write that a parcel was registered; one that was before stays as it is."""
    ParcelRow.objects.get_or_create(probe=probe, number=fields.pop("number"), defaults=fields)


def parcel_at(probe: ProbeRow, number: int) -> ParcelRow | None:
    """The registered parcel of this number."""
    return ParcelRow.objects.filter(probe=probe, number=number).first()


def parcels(probe: ProbeRow) -> list[ParcelRow]:
    """All of them, in order."""
    return list(ParcelRow.objects.filter(probe=probe).order_by("number"))


def lend(probe: ProbeRow, job: int, credentials: Iterable[str], at: datetime) -> None:
    """Write which log-ins a probe was given."""
    LendingRow.objects.bulk_create(LendingRow(probe=probe, job=job, credential=name, at=at) for name in credentials)


def lent(probe: ProbeRow) -> list[LendingRow]:
    """The log-ins that a probe was given, the newest first."""
    return list(LendingRow.objects.filter(probe=probe).order_by("-at", "-pk"))
