"""Factory log-ins: who lets them be tried on which class of hosts, and a look asked for on each of them."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.flows import scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import TRIED_CLASSES, bounds
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.defaults import TrialConsent
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host, HostClass
from negatoscope.observe.collector import Subject
from negatoscope.observe.defaults.collector import DEFAULTS
from negatoscope.observe.defaults.pairs import every


@dataclass(frozen=True)
class Allowed:
    """One class of hosts, who lets them be tried if anybody does, and how many there are."""

    host_class: HostClass
    consent: TrialConsent | None
    hosts: int
    ready: int
    """Hosts that may be tried now: allowed, with an address, and not tried since yesterday."""


def allowed(console: Console) -> list[Allowed]:
    """Every class on which trials can be allowed at all."""
    known = StoredRegister(console.practice)
    now = console.clock()
    consents = {one.host_class: one for one in known.seen(TrialConsent).facts if one.until > now}
    hosts = known.seen(Host).facts
    ready = [one.host_class for one in _ready(console)] if consents else []
    return [
        Allowed(one, consents.get(one), sum(host.host_class is one for host in hosts), ready.count(one))
        for one in sorted(TRIED_CLASSES)
    ]


def allow(console: Console, operator: str, host_class: HostClass, given_by: str, until: datetime) -> None:
    """Enter a consent."""
    declare(console, Said(operator, "configuration"), (TrialConsent(host_class, given_by, until),))


def withdraw(console: Console, operator: str, host_class: HostClass) -> None:
    """Take a consent back."""
    gone = Retraction(TrialConsent.__name__, f"trialconsent/{host_class.value}")
    declare(console, Said(operator, "configuration"), (), (gone,))


def ask(console: Console, operator: str, host_class: HostClass) -> int:
    """Ask for a trial on each host of a class that may be tried now; returns how many. Raises ModalityNowhere."""
    targets = [one.address for one in _ready(console) if one.host_class is host_class]
    for address in targets:
        scheduling.ask(console, scheduling.Asked(DEFAULTS.name, address, operator, {}))
    return len(targets)


def sent() -> list[tuple[str, str]]:
    """What will be sent, in words: products and protocols, never a password."""
    products = sorted({one.product for one in every()}, key=str.casefold)
    return [(name, ", ".join(sorted({one.protocol for one in every() if one.product == name}))) for name in products]


def _ready(console: Console) -> list[Subject]:
    """Hosts that may be tried now, each by its first address alone: its accounts are the same at all of them."""
    within = bounds(console)
    hosts = StoredRegister(console.practice).seen(Host).facts
    owner = {address: host.ref for host in hosts for address in host.addresses or ()}
    found: dict[str, Subject] = {}
    for one in within.subjects:
        if one.address not in within.tried:
            found.setdefault(owner.get(one.address, one.address), one)
    return list(found.values())
