"""Channels of alerts: added, changed, tried, removed by an administrator; addresses sealed, never shown again."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from django.views.decorators.debug import sensitive_variables

from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.posting import Letter, NotSent, Way, post
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.sealing import Seals
from negatoscope.kit.sealing import Unsealable
from negatoscope.model.alert import Priority
from negatoscope.model.channel import For, Quiet
from negatoscope.model.launch import System
from negatoscope.respond.channels import courier, ways
from negatoscope.respond.channels.message import Errand, Outcome
from negatoscope.respond.channels.ways import MAIL, WayRefused
from negatoscope.store import channels as rows
from negatoscope.store import notices
from negatoscope.store.channels import ChannelRow

PASTED = frozenset({"teams", "other"})
"""Services whose address comes from elsewhere, and not from fields of ours."""
NOT_OPENED = Outcome("address_lost")


class ChannelRefused(Exception):  # noqa: N818 -- what it is
    """Not taken. ``code``: ``name_taken``, ``unknown``, ``not_understood``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Wish:
    """What an administrator wants of a channel, its address apart."""

    name: str
    for_whom: For
    whom: str
    priorities: frozenset[Priority]
    quiet: Quiet | None
    language: str
    active: bool = True
    depends: frozenset[System] | None = None

    def columns(self) -> dict[str, object]:
        """As it is kept, and as the ledger hashes it."""
        return {
            "name": self.name, "for_whom": self.for_whom.value, "whom": self.whom, "language": self.language,
            "priorities": sorted(self.priorities), "active": self.active,
            "quiet_begins": self.quiet.begins if self.quiet else None,
            "quiet_ends": self.quiet.ends if self.quiet else None,
            "depends": None if self.depends is None else sorted(self.depends),
        }  # fmt: skip


def seals(console: Console) -> Seals:
    """The key file of channels."""
    return Seals(console.keys, "channels", rows.exist)


@sensitive_variables()
def add(console: Console, operator: str, service: str, told: Mapping[str, str], wish: Wish) -> int:
    """Keep a new channel; returns its number. Raises WayRefused, ChannelRefused, KeyLost, OSError."""
    url = _address(service, told)
    with alone(console):
        if rows.named(console.practice, wish.name) is not None:
            raise ChannelRefused("name_taken")
        now, where = console.clock(), ways.shown(service, told)[:254]
        fields = wish.columns() | {"service": service, "where": where, "created_at": now, "created_by": operator}
        seals(console).ring()  # made, at need, while nothing is sealed yet
        number = rows.add(console.practice, fields | {"sealed": b""})
        rows.change(number, sealed=seals(console).seal(url.encode(), _bound(console.practice, number)))
        enter(console, now, "channel_added", operator, {"channel": number, "where": where, **wish.columns()})
    return number


@sensitive_variables()
def replace(console: Console, operator: str, number: int, told: Mapping[str, str]) -> None:
    """Give a channel another address. Raises WayRefused, ChannelRefused, KeyLost, OSError."""
    service = _known(console, number).service
    url, where = _address(service, told), ways.shown(service, told)[:254]
    with alone(console):
        sealed = seals(console).seal(url.encode(), _bound(console.practice, number))
        rows.change(number, sealed=sealed, where=where, rests_until=None)
        enter(console, console.clock(), "channel_replaced", operator, {"channel": number, "where": where})


def change(console: Console, operator: str, number: int, wish: Wish) -> None:
    """Say otherwise whom it tells of what, and when. Raises ChannelRefused."""
    with alone(console):
        _known(console, number)
        if rows.named(console.practice, wish.name) not in {None, number}:
            raise ChannelRefused("name_taken")
        rows.change(number, **wish.columns())
        enter(console, console.clock(), "channel_changed", operator, {"channel": number, **wish.columns()})


def remove(console: Console, operator: str, number: int) -> None:
    """Forget a channel. Works without the key. Raises ChannelRefused."""
    with alone(console):
        name = _known(console, number).name
        rows.remove(number)
        enter(console, console.clock(), "channel_removed", operator, {"channel": number, "name": name})


def trial(console: Console, operator: str, number: int, text: tuple[str, str]) -> Outcome:
    """Really send a message (title and body), and say what became of it. Raises ChannelRefused, OSError."""
    row = _known(console, number)
    key = f"trial-{number}-{console.clock():%Y%m%d%H%M%S}"
    outcome = sent(console, row, Errand("", *text, key=key))
    with alone(console):
        rows.tried(number, outcome.why, console.clock())
        if not outcome.why:
            rows.change(number, rests_until=None)
        enter(console, console.clock(), "channel_tried", operator, {"channel": number, "why": outcome.why})
    return outcome


@sensitive_variables()
def sent(console: Console, row: ChannelRow, errand: Errand) -> Outcome:
    """Send a message and wait for its outcome. Raises OSError."""
    if row.service == MAIL:
        return _mailed(console, row, errand)
    url = opened(console, row)
    return NOT_OPENED if url is None else courier.wait(msgspec.structs.replace(errand, url=url))


def _mailed(console: Console, row: ChannelRow, errand: Errand) -> Outcome:
    """By the mail server of the practice."""
    way, url = notices.mail(console.practice), opened(console, row)
    if way is None or url is None:
        return Outcome("no_mail_server") if way is None else NOT_OPENED
    letter = Letter(errand.key, way.sender, url.removeprefix("mailto:"), errand.title, errand.body)
    try:
        post(console, Way(way.host, way.port, way.security, way.login), letter)
    except NotSent as error:
        return Outcome(error.why, error.again)
    return Outcome()


@sensitive_variables()
def opened(console: Console, row: ChannelRow) -> str | None:
    """The address of a channel; ``None``: the key file is missing, or opens it no more."""
    try:
        return seals(console).unseal(bytes(row.sealed), _bound(row.practice_id, row.pk)).decode()
    except (KeyLost, Unsealable):
        return None


def rotate(console: Console, operator: str) -> int:
    """Seal every address anew with a new key; returns how many. Raises KeyLost, Unsealable; then nothing changed."""
    if not rows.exist():
        return 0
    ring = seals(console)
    with ring.anew(), alone(console):
        held = rows.every()
        for row in held:
            bound = _bound(row.practice_id, row.pk)
            rows.change(row.pk, sealed=ring.seal(ring.unseal(bytes(row.sealed), bound), bound))
        enter(console, console.clock(), "channels_sealed_anew", operator, {"channels": len(held)})
    return len(held)


@sensitive_variables()
def _address(service: str, told: Mapping[str, str]) -> str:
    """The address that fields make; one that was pasted is understood by whoever will send.

    Raises WayRefused, ChannelRefused, OSError.
    """
    if service not in ways.SERVICES:
        raise WayRefused("service", "address")
    url = ways.address(service, told)
    if service in PASTED and courier.wait(Errand(url, go=False)).why:
        raise ChannelRefused("not_understood")
    return url


def _known(console: Console, number: int) -> ChannelRow:
    row = rows.row(console.practice, number)
    if row is None:
        raise ChannelRefused("unknown")
    return row


def _bound(practice: int, number: int) -> bytes:
    """Where a sealed address belongs: moved to another channel or practice, it does not open."""
    return msgspec.json.encode(("channel", practice, number))
