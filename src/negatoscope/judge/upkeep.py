"""Providers who come in from afar: when somebody agreed to it, what was seen, and what stands open beyond that."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from ipaddress import ip_address, ip_network

from negatoscope.judge.crossings import Crossings, said
from negatoscope.judge.segmentation.evaluate import Gate, Passage
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.shapes import AHEAD, Said, unread
from negatoscope.judge.zones import Zoning
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.presence import Span, spans
from negatoscope.model.providers import WEEK, RemoteWindow
from negatoscope.model.remote import BY_PORT, RELAYS, hours_of, turn
from negatoscope.model.traffic import INTERNET, Conversation, FlowWatch

TOOLS = Services.made({"tcp": [(port, port) for port in BY_PORT]}, rest=False)
SCHEDULE = "schedule "
"""How readers name a condition of time that they leave in ``Match.unread``."""


class Agreed:
    """The windows that the practice agreed to, by host."""

    def __init__(self, windows: Iterable[RemoteWindow]) -> None:
        """Take them all, those that are over included."""
        self._of: defaultdict[Ref, list[RemoteWindow]] = defaultdict(list)
        for window in windows:
            self._of[window.host].append(window)
        told = (one for windows in self._of.values() for window in windows for one in window.networks or ())
        self.networks = tuple(dict.fromkeys(told))
        """Where providers come from."""

    def fits(self, host: Ref, first: datetime, last: datetime) -> bool | None:
        """Whether all of a time lies in one agreed window; ``None``: a window does not say enough, or two were used."""
        return _any(_fits(window, first, last) for window in self._of[host])

    def holds(self, host: Ref, week: tuple[str, ...], at: datetime) -> bool | None:
        """Whether an opening that comes back every week stays within one window, in force on that day."""
        return _any(_holds(window, week, at) for window in self._of[host])

    def comes_from(self, address: str) -> bool:
        """Whether a provider said that they come from this address."""
        return address != INTERNET and any(ip_address(address) in ip_network(one) for one in self.networks)


def _any(answers: Iterable[bool | None]) -> bool | None:
    told = set(answers)
    return True if True in told else None if None in told else False


def _fits(window: RemoteWindow, first: datetime, last: datetime) -> bool | None:
    if hours_of(window) is None:
        return None
    begun, ended = (turn(window, at) for at in (first, last))
    if begun is None or ended is None:
        return False
    return True if begun == ended else None


def _holds(window: RemoteWindow, week: tuple[str, ...], at: datetime) -> bool | None:
    hours = hours_of(window)
    if hours is None or window.days is None or window.starts_on is None or window.until is None:
        return None
    if not window.starts_on <= at.astimezone(PARIS).date() <= window.until:
        return False
    agreed = [_minutes(one) for one in hours]
    asked = [(day, _minutes(one)) for day, said_hours in enumerate(week) for one in spans(said_hours)]
    return all(
        day in WEEK[window.days] and any(low <= begins and ends <= high for low, high in agreed)
        for day, (begins, ends) in asked
    )


def _minutes(span: Span) -> tuple[int, int]:
    begins, ends = (_minute(one) for one in span)
    return begins, ends if begins < ends else ends + 24 * 60


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def unheard(hosts: Iterable[Host], watches: Iterable[FlowWatch], now: datetime, fresh: timedelta) -> Iterator[Doubt]:
    """Doubt hosts in networks of which no exporter lately told anything: nobody would see who comes in there."""
    lately = [one for one in watches if one.last is not None and -AHEAD <= now - one.last <= fresh]
    heard = [ip_network(block) for one in lately for block in one.networks or ()]
    for host in hosts if lately else ():
        if host.addresses is None:
            yield unread(host.ref, "addresses")
        elif host.addresses and not any(ip_address(one) in block for one in host.addresses for block in heard):
            yield Doubt(host.ref, "network_unheard", {"address": host.addresses[0]})


def sessions(talks: Iterable[Conversation], bearers: Mapping[str, Ref], agreed: Agreed, zoning: Zoning) -> Said:
    """Say of each take-over from outside that was seen whether somebody had agreed to that time."""
    for talk in talks:
        met = None if talk.answered is False else _session(talk, bearers, agreed, zoning)
        if met is None:
            continue
        host, tool, sure = met
        values = {"tool": tool, "source": talk.source, "target": talk.target}
        fits = agreed.fits(host, talk.first, talk.last) if talk.first and talk.last else None
        if fits is False and sure and talk.answered:
            yield Finding(host, "outside_window", {**values, "on": f"{talk.last:%Y-%m-%d}"})
        elif not fits:
            yield Doubt(host, "window_unsure", values)


def _session(
    talk: Conversation, bearers: Mapping[str, Ref], agreed: Agreed, zoning: Zoning
) -> tuple[Ref, str, bool] | None:
    """The host taken over, by what, and whether the other side is outside for certain."""
    ours, theirs = bearers.get(talk.target), bearers.get(talk.source)
    tool = BY_PORT.get(talk.port) if talk.protocol == "tcp" else None
    if agreed.comes_from(talk.source):
        return ours or talk.ref, tool or f"{talk.protocol}/{talk.port}", True
    zone, standing = zoning.of(talk.source), zoning.of(talk.target)
    relay = RELAYS.get(talk.port) if standing is zoning.outside and ours is None else None
    if theirs is not None or (relay and zone is not zoning.outside):
        return (theirs or talk.ref, relay, bool(theirs or zone)) if relay else None
    if tool is None or (ours is None and standing is zoning.outside):
        return None
    if zone is zoning.outside or zone is None:
        return ours or talk.ref, tool, zone is zoning.outside
    return None


@dataclass(frozen=True)
class Openings:
    """What stands open for providers: through which gateway, and when somebody looked."""

    crossed: Crossings
    bases: Seen[RuleBase]
    bearers: Mapping[str, Ref]
    agreed: Agreed

    def weighed(self) -> Said:
        """Say of each opening to take a host over whether it stands within an agreed time."""
        for ref, gate in self.crossed.gates.items():
            at = max(source.at for source in self.bases.sources[ref])
            for passage, services in self._passing(gate):
                told = {"services": said(services), "line": next((one.label or "?" for one in passage.lines), "?")}
                for subject in self._subjects(ref, passage):
                    yield from self._opening(subject, gate.base, passage, (at, told))

    def _passing(self, gate: Gate) -> Iterator[tuple[Passage, Services]]:
        """From anywhere outside, what takes a host over; from where providers come, whatever passes."""
        for passage in gate.exposed():
            services = passage.services.both(TOOLS)
            if services:
                yield passage, services
        zoning = self.crossed.zoning
        inside = [one for zone in zoning.zones for one in zoning.networks(zone)]
        if self.agreed.networks and inside:
            for passage in (*gate.passages(self.agreed.networks, inside), *gate.onto(self.agreed.networks)):
                yield passage, passage.services

    def _subjects(self, gateway: Ref, passage: Passage) -> tuple[Ref, ...]:
        """The hosts that it leads to; the gateway, where it leads to itself or to more than known hosts."""
        alone = [one.removesuffix("/32").removesuffix("/128") for one in passage.targets]
        if passage.to_gateway or not all(one in self.bearers for one in alone):
            return (gateway,)
        return tuple(dict.fromkeys(self.bearers[one] for one in alone))

    def _opening(self, host: Ref, base: RuleBase, passage: Passage, told: tuple[datetime, dict[str, str]]) -> Said:
        at, values = told
        week = _week(base, passage)
        if passage.certain:
            fits, reason = self.agreed.fits(host, at, at), "open_beyond"
        elif week is not None:
            fits, reason = _all(self.agreed.holds(host, one, at) for one in week), "scheduled_beyond"
        else:
            fits, reason = None, ""
        if fits is False:
            yield Finding(host, reason, values)
        elif fits is None:
            yield Doubt(host, "opening_unsure", values)


def _all(answers: Iterable[bool | None]) -> bool | None:
    told = set(answers)
    return False if False in told else None if None in told else True


def _week(base: RuleBase, passage: Passage) -> list[tuple[str, ...]] | None:
    """When the lines that let pass hold, where nothing but a schedule that was read keeps them from being certain."""
    ran = {(one.chain, one.label) for one in passage.lines}
    lines = [rule for chain in base.chains or () for rule in chain.rules if (chain.name, rule.label) in ran]
    timed = [rule for rule in lines if rule.match.unread]
    read = all(rule.week and _by_time_alone(rule.match.unread or "") for rule in timed)
    return [rule.week for rule in timed if rule.week] if timed and read else None


def _by_time_alone(unread: str) -> bool:
    return unread.startswith(SCHEDULE) and ";" not in unread
