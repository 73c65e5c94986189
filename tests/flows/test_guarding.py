"""A look that is under way when somebody declares a modality at its target does not reach it."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.probes import enrolled, made

from negatoscope.config import Config
from negatoscope.flows import ordering, scheduling, unsealing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.guarding import Guard
from negatoscope.flows.opening import open_console
from negatoscope.flows.scheduling import Asked
from negatoscope.flows.unsealing import Arriving
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Consent, Network
from negatoscope.probe.messages import Progress
from negatoscope.probe.signed import Refused
from negatoscope.store import jobs, probes
from negatoscope.store.jobs import JobState

OPERATOR = "user:marie"
MARIE = Said(OPERATOR)
CAPTURE = Path("tests/captures/local/server-as-root.jsonl").read_bytes()
IRM = Host("host/irm", hostname="irm", addresses=("192.0.2.40",), host_class=HostClass.MODALITY)


@pytest.fixture
def console(db: None, tmp_path: Path, clock: TickingClock) -> Console:
    console = open_console(Config(data=tmp_path), clock)
    declare(console, MARIE, [Network("192.0.2.0/24")])
    return console


def handed(console: Console, target: str) -> int:
    """A sweep that a probe took on."""
    _stand, probe = enrolled(console)
    number = scheduling.ask(console, Asked("nmap", target, OPERATOR, {}, probe.pk))
    assert ordering.following(console, probe, ()) is not None
    return number


def test_a_modality_declared_while_a_probe_looks_stops_the_look(console: Console) -> None:
    number, guard = handed(console, "192.0.2.0/24"), Guard()
    assert guard.round(console) == []
    declare(console, MARIE, [IRM])
    assert guard.round(console) == [number]
    assert guard.round(console) == []
    probe = jobs.read(number).probe
    assert probe is not None
    assert ordering.follow(console, probe, number, Progress(1, 10)).cancelled
    ended = jobs.read(number)
    assert (ended.state, ended.outcome) == (JobState.CANCELLED, "modality_since")


def test_a_consent_withdrawn_stops_it_too(console: Console, clock: TickingClock) -> None:
    consent = Consent("host/irm", OPERATOR, clock() + timedelta(days=3))
    declare(console, MARIE, [IRM, consent])
    number, guard = handed(console, "192.0.2.40"), Guard()
    assert guard.round(console) == []
    declare(console, MARIE, [], [Retraction("Consent", consent.ref)])
    assert guard.round(console) == [number]


def test_a_modality_elsewhere_and_any_other_news_stop_nothing(console: Console) -> None:
    handed(console, "192.0.2.0/28")
    guard = Guard()
    assert guard.round(console) == []
    declare(console, MARIE, [IRM, Host("host/accueil", hostname="accueil", addresses=("192.0.2.3",))])
    assert guard.round(console) == []


def test_an_order_brings_no_parcels_without_end(console: Console) -> None:
    stand, probe = enrolled(console)
    scheduling.ask(console, Asked("local", "", OPERATOR, {}, probe.pk))
    order = ordering.following(console, probe, ())
    assert order is not None
    for _ in range(unsealing.MOST_PARCELS + 1):
        one = stand.seal(made(order, console.clock()), CAPTURE)
        there = Arriving(console, probes.bearing(probe.pk), one.number, one.head)
        unsealing.append(there, 0, [one.data])
        if one.number > unsealing.MOST_PARCELS:
            with pytest.raises(Refused, match="order_spent"):
                unsealing.finish(there)
        else:
            assert unsealing.finish(there) is not None
    assert probes.bearing(probe.pk).refused == 1
