"""Channels of alerts and what goes out by them, in their tables. Each of these is called by a writer who is alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from negatoscope.model.alert import Alert, AlertStep
from negatoscope.model.channel import Channel
from negatoscope.store.models import ChannelRow, DeliveryRow, DeliveryState

__all__ = ["ChannelRow", "DeliveryRow", "DeliveryState"]


def exist() -> bool:
    """Whether anything is sealed at all, of any practice: they share the key file."""
    return ChannelRow.objects.exists()


def every() -> list[ChannelRow]:
    """The channels of all practices."""
    return list(ChannelRow.objects.all())


def row(practice: int, number: int) -> ChannelRow | None:
    """One channel, its sealed address with it."""
    return ChannelRow.objects.filter(practice_id=practice, pk=number).first()


def named(practice: int, name: str) -> int | None:
    """The channel of this name."""
    return ChannelRow.objects.filter(practice_id=practice, name=name).values_list("pk", flat=True).first()


def add(practice: int, fields: dict[str, Any]) -> int:
    """Write a channel; returns its number."""
    return ChannelRow.objects.create(practice_id=practice, **fields).pk


def change(number: int, **fields: Any) -> None:  # noqa: ANN401 -- columns of a channel
    """Give columns of a channel other values."""
    ChannelRow.objects.filter(pk=number).update(**fields)


def remove(number: int) -> None:
    """Take a channel away, and what is known of its deliveries; the ledger keeps that they were."""
    ChannelRow.objects.filter(pk=number).delete()


def write(channels: Iterable[Channel], one: Alert, step: AlertStep, key: str, now: datetime) -> int:
    """Write down that these tell of an alert, each once; returns how many are new."""
    asked = {channel.number: channel for channel in channels}
    known = set(DeliveryRow.objects.filter(channel__in=asked, key=key).values_list("channel_id", flat=True))
    rows = [
        DeliveryRow(channel_id=number, key=key, alert=one.number, step=step, due_at=channel.due(one.priority, now))
        for number, channel in asked.items()
        if number not in known
    ]
    return len(DeliveryRow.objects.bulk_create(rows))


def write_duty(channels: Iterable[Channel], told: Mapping[str, Any], key: str, now: datetime) -> int:
    """Write down that these tell of a duty's clock, each once; returns how many are new."""
    asked = {channel.number for channel in channels}
    known = set(DeliveryRow.objects.filter(channel__in=asked, key=key).values_list("channel_id", flat=True))
    rows = [DeliveryRow(channel_id=number, key=key, due_at=now, **told) for number in asked - known]
    return len(DeliveryRow.objects.bulk_create(rows))


def write_ring(channels: Iterable[int], ring: int, key: str, now: datetime) -> int:
    """Write down that these call somebody of the alert chain, each once, and wake them; returns how many are new."""
    asked = set(channels)
    ChannelRow.objects.filter(pk__in=asked).update(rests_until=None)
    known = set(DeliveryRow.objects.filter(channel__in=asked, key=key).values_list("channel_id", flat=True))
    rows = [DeliveryRow(channel_id=number, key=key, ring=ring, step="chain", due_at=now) for number in asked - known]
    return len(DeliveryRow.objects.bulk_create(rows))


def hurry(alert: int, now: datetime) -> None:
    """What waits for the end of quiet hours waits no longer: the alert became worse."""
    DeliveryRow.objects.filter(alert=alert, state=DeliveryState.WAITING, tries=0, due_at__gt=now).update(due_at=now)


def ready(practice: int, now: datetime) -> list[ChannelRow]:
    """Channels by which something is to go out now, and that are not at it."""
    waiting = DeliveryRow.objects.filter(state=DeliveryState.WAITING, due_at__lte=now).values("channel_id")
    going = DeliveryRow.objects.filter(state=DeliveryState.GOING).values("channel_id")
    rows = ChannelRow.objects.filter(practice_id=practice, active=True, pk__in=waiting).exclude(pk__in=going)
    return list(rows.exclude(rests_until__gt=now).order_by("pk"))


def waiting(channel: int, now: datetime, most: int) -> list[DeliveryRow]:
    """What is to go out by a channel in its next message: a message that was tried, else what none bears yet.

    A call of the alert chain goes first, and alone: its address is one person's.
    """
    rows = DeliveryRow.objects.filter(channel_id=channel, state=DeliveryState.WAITING, due_at__lte=now)
    ring = rows.exclude(ring=None).order_by("pk").first()
    if ring is not None:
        return [ring]
    tried = rows.exclude(letter="").order_by("pk").values_list("letter", flat=True).first()
    if tried:
        return list(rows.filter(letter=tried).order_by("pk"))
    return list(rows.order_by("pk")[:most])


def spare(rows: Sequence[DeliveryRow]) -> None:
    """These need not be told any more."""
    DeliveryRow.objects.filter(pk__in=[one.pk for one in rows]).update(state=DeliveryState.SPARED)


def begin(rows: Sequence[DeliveryRow], letter: str, now: datetime) -> None:
    """These go out now, together."""
    for one in rows:
        one.state, one.letter, one.began_at, one.tries = DeliveryState.GOING, letter, now, one.tries + 1
    DeliveryRow.objects.bulk_update(rows, ["state", "letter", "began_at", "tries"])


def going(practice: int) -> dict[str, list[DeliveryRow]]:
    """What is on its way, by message."""
    rows = DeliveryRow.objects.filter(channel__practice_id=practice, state=DeliveryState.GOING)
    letters: dict[str, list[DeliveryRow]] = {}
    for one in rows.select_related("channel").order_by("pk"):
        letters.setdefault(one.letter, []).append(one)
    return letters


def sent(rows: Sequence[DeliveryRow], now: datetime) -> None:
    """They arrived; their channel works."""
    told = DeliveryRow.objects.filter(pk__in=[one.pk for one in rows])
    told.update(state=DeliveryState.SENT, sent_at=now, error="")
    change(rows[0].channel_id, rests_until=None)


def missed(rows: Sequence[DeliveryRow], why: str, again: datetime | None) -> None:
    """They did not arrive: once more at that instant, until which the channel rests, or never."""
    told = DeliveryRow.objects.filter(pk__in=[one.pk for one in rows])
    if again is None:
        told.update(state=DeliveryState.GIVEN_UP, error=why)
    else:
        told.update(state=DeliveryState.WAITING, error=why, due_at=again)
    change(rows[0].channel_id, rests_until=again)


def tried(channel: int, why: str, now: datetime) -> None:
    """Keep what became of a trial."""
    state = DeliveryState.GIVEN_UP if why else DeliveryState.SENT
    DeliveryRow.objects.create(
        channel_id=channel, key=f"trial/{now.isoformat()}", step="trial", state=state, due_at=now, tries=1,
        began_at=now, error=why, sent_at=None if why else now,
    )  # fmt: skip


def forget(practice: int, now: datetime, kept: timedelta) -> None:
    """Let go of what was told long ago."""
    over = {DeliveryState.SENT, DeliveryState.GIVEN_UP, DeliveryState.SPARED}
    DeliveryRow.objects.filter(channel__practice_id=practice, state__in=over, due_at__lt=now - kept).delete()
