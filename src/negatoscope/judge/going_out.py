"""Which hosts reach the Internet: by gateways that let them, or around those that refuse."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from negatoscope.judge.boundaries import holds
from negatoscope.judge.crossings import Crossing, Crossings
from negatoscope.judge.exits import MODEM, Traces, Way, exits
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.zones import Standing
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Conversation


@dataclass(frozen=True)
class Elsewhere:
    """What shows hosts outside whatever gateways say: other ways out, and addresses seen talking (answered or not)."""

    around: Mapping[Ref, str]
    nameless: Collection[Ref]
    outward: Mapping[str, bool]


def elsewhere(told: Traces, talks: Iterable[Conversation], crossed: Crossings) -> Elsewhere:
    """Gather what shows hosts outside."""
    found, of = exits(told), cache(crossed.zoning.of)
    around = {ref: one.label for one in found.told if one.way is not Way.GATEWAY for ref in one.users}
    outward: dict[str, bool] = {}
    for talk in talks:
        if talk.answered is not False and of(talk.target) is crossed.zoning.outside:
            outward[talk.source] = outward.get(talk.source, False) or bool(talk.answered)
    unread = {card.host for card in told.cards if card.addresses is None and MODEM.match(card.name)}
    return Elsewhere(around, {route.host for route in found.nameless} | unread, outward)


def goes_out(one: Standing, crossed: Crossings, other: Elsewhere) -> Said:
    """Say what keeps it from being known whether a host goes out, or what contradicts its gateways."""
    if one.host.addresses is None or not one.addresses:
        yield unread(one.host.ref, "addresses")
    yield from (Doubt(one.host.ref, "in_no_zone", {"address": address}) for address in one.nowhere)
    told = [_passing(address, crossed) for address in one.addresses if address not in one.nowhere]
    if one.nowhere:
        if told and not any(passing or passing is None for passing in told):
            yield from _refused(one, other)
        return
    if any(passing and passing[0].passage.certain for passing in told):
        return
    if None in told:
        if one.host.ref not in other.around:
            yield Doubt(one.host.ref, "way_out_unread")
    elif any(told):
        yield Doubt(one.host.ref, "may_go_out", {"line": next(passing[0].line for passing in told if passing)})
    else:
        yield from _refused(one, other)


def _refused(one: Standing, other: Elsewhere) -> Said:
    """No gateway lets it out: whatever shows it outside shows a way that nobody watches."""
    ref, talking = one.host.ref, [address for address in one.addresses if address in other.outward]
    answered = [address for address in talking if other.outward[address]]
    if ref in other.around:
        yield Finding(ref, "goes_out_around", {"via": other.around[ref]})
    elif answered:
        yield Finding(ref, "goes_out_though_refused", {"address": answered[0]})
    elif talking:
        yield Doubt(ref, "knocks", {"address": talking[0]})
    elif ref in other.nameless:
        yield Doubt(ref, "way_out_unread")


def _passing(address: str, crossed: Crossings) -> list[Crossing] | None:
    """What gateways let an address say to the outside, the certain first; ``None``: nobody read what stands there."""
    zone = crossed.zoning.own(address)
    if zone is None or holds(crossed.bare(zone), address) or not crossed.behind(zone, address):
        return None
    told = [one for one in crossed.between(zone, crossed.zoning.outside) if holds(one.passage.sources, address)]
    return sorted(told, key=lambda one: not one.passage.certain)
