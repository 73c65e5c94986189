"""What rule 1 says of the drawing and of where it is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.graph.ground import stands_among
from negatoscope.judge.shapes import not_ahead
from negatoscope.model.atlas import Standing
from negatoscope.model.carrying import ConsoleSeat, SealedCopy
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Network

Said = Iterator[Finding | Doubt]
PRACTICE = "practice"


def hung(hosts: Seen[Host], standings: Seen[Standing], now: datetime, fresh: timedelta) -> Said:
    """Ask of each host where it hangs, since when nobody looked, and whether it joins two zones unasked."""
    stands = {one.host: one for one in standings.facts}
    dark: set[Ref] = set()
    for host in hosts.facts:
        one = stands.get(host.ref, Standing(host.ref))
        if one.seen_at is None or not (one.networks or one.plugged):
            yield Doubt(host.ref, "unplaced")
            continue
        yield from _old(host.ref, "placed_long_ago", one.seen_at, now - fresh)
        if one.networks is None or one.zones is None:
            yield Doubt(host.ref, "address_unknown")
            continue
        yield from _astride(one, one.zones)
        if one.led_at is None:
            dark.update(one.networks)
        else:
            yield from _old(host.ref, "led_long_ago", one.led_at, now - fresh)
    yield from (Doubt(network, "no_gateway_seen") for network in sorted(dark))


def _astride(one: Standing, zones: tuple[Ref, ...]) -> Said:
    """Two zones meet in a host that is not there to join them."""
    if len(zones) > 1 and not one.gateway:
        values = {"zones": ", ".join(zone.partition("/")[2] for zone in zones)}
        yield (
            Doubt(one.host, "perhaps_astride", values) if one.gateway is None else Finding(one.host, "astride", values)
        )


def _old(subject: Ref, reason: str, at: datetime, since: datetime) -> Said:
    if at < since:
        yield Doubt(subject, reason, {"on": f"{at:%Y-%m-%d}"})


def copied(copies: Seen[SealedCopy], now: datetime, stands: timedelta) -> Said:
    """A copy that this console did not make is none."""
    last = max((copy.made_at for copy in copies.facts), default=None)
    if last is None:
        yield Doubt(PRACTICE, "never_sealed")
        return
    yield from aged(last, now, stands)


def ready(copies: Seen[SealedCopy], part: str, now: datetime, stands: timedelta) -> Said:
    """A copy that holds a part was made not long ago."""
    made = [copy.made_at for copy in copies.facts if part in (copy.holds or ())]
    if made:
        yield from aged(max(made), now, stands)
    else:
        yield Doubt(PRACTICE, "copy_without" if copies.facts else "never_sealed")


def aged(last: datetime, now: datetime, stands: timedelta) -> Said:
    """The last copy is not of the future, nor too old."""
    yield from not_ahead(PRACTICE, "sealed_copy", last, now)
    if now - last > stands:
        yield Finding(PRACTICE, "copy_old", {"on": f"{last:%Y-%m-%d}"})


def seated(seats: Seen[ConsoleSeat], now: datetime, fresh: timedelta) -> Said:
    """Where the console stands must have been looked at, not long ago."""
    if not seats.facts:
        yield Doubt(PRACTICE, "seat_unknown")
    for seat in seats.facts:
        at = max((source.at for source in seats.sources.get(seat.ref, ())), default=None)
        if seat.addresses is None or at is None:
            yield Doubt(seat.host, "seat_unknown")
        else:
            yield from _old(seat.host, "seat_seen_long_ago", at, now - fresh)


def apart(seats: Seen[ConsoleSeat], networks: Seen[Network], standings: Seen[Standing]) -> Said:
    """No card of the console is in a declared network, or beside another host of the register."""
    if not networks.facts:
        yield Doubt(PRACTICE, "nothing_mapped")
    shown = [network.cidr for network in networks.facts]
    for seat in seats.facts:
        others = [one.addresses for one in standings.facts if one.host != seat.host]
        known = [address for told in others for address in told or ()]
        met = stands_among(seat.addresses or (), shown, known)
        yield from (Finding(seat.host, "console_inside", {"network": network}) for network in met)
        if seat.addresses and not met and any(told is None for told in others):
            yield Doubt(seat.host, "others_unknown")
