"""Channels of alerts as pages and flows read them: never the address, not even sealed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from negatoscope.model.alert import Priority
from negatoscope.model.channel import Channel, For, Quiet
from negatoscope.model.launch import System
from negatoscope.store.models import ChannelRow, DeliveryRow, DeliveryState


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one alert or incident at one step by a channel; neither alert nor incident: a trial."""

    alert: int | None
    incident: int | None
    step: str
    state: str
    at: datetime
    tries: int
    error: str


def channel(row: ChannelRow) -> Channel:
    """A channel, as it thinks."""
    begins, ends = row.quiet_begins, row.quiet_ends
    return Channel(
        number=row.pk,
        name=row.name,
        service=row.service,
        where=row.where,
        for_whom=For(row.for_whom),
        whom=row.whom,
        priorities=frozenset(Priority(one) for one in row.priorities),
        quiet=None if begins is None or ends is None else Quiet(begins, ends),
        language=row.language,
        active=row.active,
        depends=None if row.depends is None else frozenset(map(System, row.depends)),
    )


def channels(practice: int) -> list[Channel]:
    """The channels of the practice, by name."""
    rows = ChannelRow.objects.filter(practice_id=practice).order_by("name").defer("sealed")
    return [channel(row) for row in rows]


def newest(number: int, most: int) -> list[Delivery]:
    """What a channel told last, or is to tell."""
    rows = DeliveryRow.objects.filter(channel_id=number).order_by("-pk")[:most]
    return [
        Delivery(
            row.alert,
            row.incident,
            row.step,
            row.state,
            row.sent_at or row.began_at or row.due_at,
            row.tries,
            row.error,
        )
        for row in rows
    ]


def failing(practice: int) -> list[str]:
    """Channels that are on and whose last word did not arrive, by name."""
    over = Q(deliveries__state__in=(DeliveryState.SENT, DeliveryState.GIVEN_UP))
    rows = ChannelRow.objects.filter(practice_id=practice, active=True).annotate(last=Max("deliveries", filter=over))
    lost = DeliveryRow.objects.filter(pk__in=rows.values("last"), state=DeliveryState.GIVEN_UP)
    return list(lost.order_by("channel__name").values_list("channel__name", flat=True))
