"""Probes of the furnished practice: one at work, one expected, one lost with a log-in that it was lent."""

from datetime import timedelta

from negatoscope.flows import enrolling, ordering, scheduling, unsealing
from negatoscope.flows.console import Console
from negatoscope.flows.enrolling import Newcomer
from negatoscope.flows.scheduling import Asked
from negatoscope.flows.unsealing import Arriving
from negatoscope.model.evidence import Gap
from negatoscope.store import probes
from tests.probes import enrolled, made

WHO = "user:mdurand"


def furnish(console: Console) -> None:
    """Make the three."""
    stand, probe = enrolled(console, "Baie du site nord")
    now = console.clock()
    ordering.contact(probe, now - timedelta(seconds=3), now)
    number = scheduling.ask(console, Asked("nmap", "192.168.50.0/24", WHO, {}, probe.pk))
    order = ordering.following(console, probe, ())
    assert order is not None
    assert order.number == number
    gap = Gap("nmap", "command_missing", None, {"command": "nmap", "install": "apt-get install nmap", "whole": True})
    stand.number, stand.previous = 2, "0" * 64
    one = stand.seal(made(order, console.clock(), complete=False, gaps=(gap,)), b"")
    there = Arriving(console, probes.bearing(probe.pk), one.number, one.head)
    unsealing.append(there, 0, [one.data])
    assert unsealing.finish(there) is not None
    enrolling.invite(console, WHO, Newcomer("Scanner mobile"))
    _stand, lost = enrolled(console, "Ancien local technique")
    probes.lend(lost, number, ("serveurs",), console.clock())
    enrolling.revoke(console, WHO, lost.pk, lost=True)
