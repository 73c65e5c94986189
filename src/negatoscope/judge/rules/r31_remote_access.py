"""R31: from afar, only with the practice's own hosts, strong authentication and robust encryption."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from negatoscope.judge.boundaries import holds
from negatoscope.judge.crossings import crossings, said
from negatoscope.judge.gateways import Told, gateways
from negatoscope.judge.rule import Rule
from negatoscope.judge.segmentation.services import Services
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RemoteAccess, RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.zones import InternetAccess, Zone

RULE = Rule("R31", fresh=timedelta(days=7))
FRESH = timedelta(days=31)
TUNNELS = Services.made(
    {"tcp": [(1194, 1194), (1723, 1723)], "udp": [(at, at) for at in (500, 1194, 1701, 4500, 51820)]}, rest=False
)
"""Where OpenVPN, PPTP, IPsec, L2TP and WireGuard answer, unless somebody moved them."""
Said = Iterator[Finding | Doubt]


def _asked(control: str, weigh: Callable[[RemoteAccess], Iterable[Finding | Doubt]]) -> None:
    """Declare a control that asks the same of every way in."""

    @RULE.measured(control, fresh=FRESH)
    def each_way_in_holds(  # noqa: PLR0913, PLR0917 -- all that speaks of gateways
        remote: Seen[RemoteAccess], bases: Seen[RuleBase], hosts: Seen[Host], zones: Seen[Zone],
        accesses: Seen[InternetAccess], now: datetime,
    ) -> Said:  # fmt: skip
        yield from _unread(remote, Told(bases.facts, hosts.facts, (), zones.facts, accesses.facts), now)
        yield from _behind(remote, bases, hosts)
        for access in remote.facts:
            yield from weigh(access)


def _devices(access: RemoteAccess) -> Said:
    """Only devices that the practice gave a certificate or checks are let in."""
    if access.known_devices is None:
        yield Doubt(access.ref, "devices_unknown", {"access": access.name})
    elif not access.known_devices:
        yield Finding(access.ref, "any_device", {"access": access.name})


def _authentication(access: RemoteAccess) -> Said:
    """A certificate or a second factor for each; never one secret for all."""
    values = {"access": access.name}
    if access.shared_secret:
        yield Finding(access.ref, "one_secret_for_all", values)
    elif access.certificates or access.second_factor:
        if access.shared_secret is None:
            yield Doubt(access.ref, "authentication_unknown", values)
    elif access.certificates is None or access.second_factor is None:
        yield Doubt(access.ref, "authentication_unknown", values)
    else:
        yield Finding(access.ref, "password_alone", values)


def _ciphers(access: RemoteAccess) -> Said:
    """No cipher, digest, group or version that no longer protects."""
    if access.weak is None:
        yield Doubt(access.ref, "ciphers_unknown", {"access": access.name})
    elif access.weak:
        yield Finding(access.ref, "weak_ciphers", {"access": access.name, "weak": ", ".join(access.weak)})


def _unread(remote: Seen[RemoteAccess], told: Told, now: datetime) -> Said:
    """Doubt gateways that nobody read, and those of which nobody read how people come in from afar."""
    known = gateways(told)
    yield from known.doubts()
    looked: dict[str | None, datetime] = {}
    for swept in remote.sweeps:
        looked[swept.sweep.host] = max(swept.source.at, looked.get(swept.sweep.host, swept.source.at))
    dark = {blind.gap.host: blind for blind in remote.gaps}
    for host in known.read.keys() | {access.host for access in remote.facts}:
        last, blind = looked.get(host), dark.get(host)
        if blind is not None and (last is None or blind.source.at >= last):
            yield Doubt(host, "gap", {**blind.gap.values, "kind": "RemoteAccess", "why": blind.gap.why})
        elif last is None:
            yield Doubt(host, "not_observed", {"kind": "RemoteAccess"})
        elif last < now - FRESH:
            yield Doubt(host, "stale", {"kind": "RemoteAccess", "on": f"{last:%Y-%m-%d}"})


def _behind(remote: Seen[RemoteAccess], bases: Seen[RuleBase], hosts: Seen[Host]) -> Said:
    """Doubt ways in that gateways open to a host inside of which nobody read how it lets people in."""
    crossed = crossings((), bases.facts)
    read = {swept.sweep.host for swept in remote.sweeps} | {access.host for access in remote.facts}
    for ref in crossed.gates:
        for passage in crossed.exposed(ref):
            services = passage.services.both(TUNNELS)
            behind = {ref} if passage.to_gateway else _at(hosts, passage.targets)
            if services and not (behind and behind <= read):
                yield Doubt(
                    ref, "way_in_unread", {"services": said(services), "target": ", ".join(passage.targets[:4])}
                )


def _at(hosts: Seen[Host], targets: Iterable[str]) -> set[str]:
    return {host.ref for host in hosts.facts if any(holds(targets, address) for address in host.addresses or ())}


_asked("R31.1", _devices)
_asked("R31.2", _authentication)
_asked("R31.3", _ciphers)
