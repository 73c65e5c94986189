"""A look that sees less, fails, or finds a host switched off never makes anything healthier."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from tests.conftest import TickingClock

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, bounds, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import PasswordPolicy
from negatoscope.model.evidence import Gap, Retraction, Seen, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt
from negatoscope.model.memory import unsaid
from negatoscope.model.networks import Network, Service
from negatoscope.observe.nmap import NMAP
from negatoscope.store import facts
from negatoscope.store.models import ObservationRow

AGENT = Path(__file__).parents[1] / "captures" / "agent"
SCAN = Path(__file__).parents[1] / "captures" / "nmap" / "healthy.xml"
TELNET = (
    b'<port protocol="tcp" portid="23"><state state="open" reason="syn-ack" reason_ttl="64"/>'
    b'<service name="telnet" method="probed" conf="10"/></port><port '
)


def scan(console: Console, data: bytes) -> None:
    deliver(console, Delivery("nmap", "10.77.0.0/24", "amelie", "observation", data))


def with_telnet() -> bytes:
    return SCAN.read_bytes().replace(b"<port ", TELNET, 1)


def switched_off() -> bytes:
    return SCAN.read_bytes().replace(b'<status state="up"', b'<status state="down"')


def verdict(console: Console, control: str) -> str:
    told = judge_now(console, "amelie")
    return next(one.verdict.value for rule in told.rules for one in rule.controls if one.id == control)


@pytest.fixture
def practice(console: Console) -> Console:
    declare(console, Said("amelie", "configuration"), [Network("10.77.0.0/24")])
    return console


def hosts(console: Console) -> tuple[Host, ...]:
    return StoredRegister(console.practice).seen(Host).facts


def test_a_host_switched_off_at_scan_time_keeps_its_findings(practice: Console) -> None:
    scan(practice, with_telnet())
    assert verdict(practice, "R23.1") == "failed"
    scan(practice, switched_off())
    assert verdict(practice, "R23.1") == "failed"
    assert len(hosts(practice)) == 1


def test_a_person_may_say_that_a_host_is_gone(practice: Console) -> None:
    scan(practice, with_telnet())
    declare(practice, Said("amelie"), (), [Retraction("Host", hosts(practice)[0].ref)])
    assert hosts(practice) == ()
    assert StoredRegister(practice.practice).seen(Service).facts == ()


def test_a_modality_left_out_of_a_scan_is_still_spared_by_the_next(practice: Console) -> None:
    scan(practice, with_telnet())
    declare(practice, Said("amelie"), [Host(hosts(practice)[0].ref, host_class=HostClass.MODALITY)])
    for _ in range(3):
        assert "10.77.0.5" in bounds(practice).spared
        scan(practice, switched_off())


def test_a_look_that_failed_or_cannot_be_read_ends_no_gap(practice: Console) -> None:
    timed_out = SCAN.read_bytes().replace(b"<host ", b'<host timedout="true" ', 1)
    scan(practice, timed_out)
    before = gaps(practice)
    assert [gap.why for gap in before if gap.what == "Service"] == ["host_timeout"]
    scan(practice, b"garbage")
    assert [gap.why for gap in gaps(practice) if gap.what == "Service"] == ["host_timeout"]
    scan(practice, SCAN.read_bytes())
    assert [gap for gap in gaps(practice) if gap.what == "Service"] == []


def gaps(console: Console) -> list[Gap]:
    known = facts.sources(console.practice)
    return [blind.gap for kind in ("Service", "Host") for blind in facts.gaps(console.practice, kind, known)]


LOCAL = Path(__file__).parents[1] / "captures" / "local" / "healthy.jsonl"


def look(console: Console, data: bytes) -> None:
    deliver(console, Delivery("local", "local", "amelie", "observation", data))


def policy(console: Console) -> Seen[PasswordPolicy]:
    return StoredRegister(console.practice).seen(PasswordPolicy)


def test_what_a_look_could_not_read_again_stands_under_the_look_that_measured_it(
    practice: Console, clock: TickingClock
) -> None:
    look(practice, LOCAL.read_bytes())
    assert policy(practice).facts[0].max_days == 180
    clock.advance(timedelta(hours=1))
    look(practice, b"\n".join(denied(line) for line in LOCAL.read_bytes().splitlines()))
    seen = policy(practice)
    assert seen.facts[0].max_days == 180
    assert len(seen.sources[seen.facts[0].ref]) == 2
    look(practice, LOCAL.read_bytes())
    assert len(policy(practice).sources[seen.facts[0].ref]) == 1


def denied(line: bytes) -> bytes:
    return b'{"section":"file:/etc/login.defs","status":"denied"}' if b'"file:/etc/login.defs"' in line else line


def test_memory_keeps_only_what_is_not_said_again() -> None:
    old = PasswordPolicy("host/a", min_length=4, min_classes=3, empty_allowed=True)
    new = PasswordPolicy("host/a", min_length=12)
    assert unsaid(new, old) == PasswordPolicy("host/a", min_classes=3, empty_allowed=True)
    assert unsaid(old, new) is None
    assert unsaid(new) is None


def test_two_instruments_that_disagree_are_believed_at_their_worst(practice: Console) -> None:
    scan(practice, with_telnet())
    ref = hosts(practice)[0].ref
    row = ObservationRow.objects.get(collector="nmap")
    row.pk, row.sequence, row.collector, row.voice = None, 900, "local", "local/local"
    row.save()
    facts.state(
        facts.Told(row, declared=False, leaders={}),
        [Service(ref, "tcp", 23, "telnet", encrypted=True, reachable=False)],
    )
    service = next(one for one in StoredRegister(practice.practice).seen(Service).facts if one.port == 23)
    assert service.reachable is True
    assert service.encrypted is not True


def test_the_recorded_scan_closes_the_network() -> None:
    assert Sweep("Host", network="10.77.0.0/24") in list(NMAP.read(BytesIO(SCAN.read_bytes())))


@pytest.mark.parametrize(
    ("job", "control", "what"), [("inactivity", "R10.6", "lock_seconds"), ("uac", "R14.6", "windows")]
)
def test_what_was_right_once_and_is_read_no_more_is_doubted(
    console: Console, job: str, control: str, what: str
) -> None:
    """The lock of the screen was set by a policy, and the policy is gone: six hundred seconds are no longer true."""
    told = json.loads((AGENT / "pc-accueil-1.collect.json").read_bytes())

    def look() -> list[Doubt]:
        data = json.dumps(told).encode()
        deliver(console, Delivery("registry", told["agent"], "token:x", "observation", data))
        judged = (one for rule in judge_now(console, "amelie").rules for one in rule.controls)
        return [one for one in next(one for one in judged if one.id == control).doubts if one.reason == "unread"]

    doubt = Doubt("host/pc-accueil-1", "unread", {"what": what})
    assert doubt not in look()
    told["answers"][job] = []
    assert doubt in look()


def test_a_look_that_ends_while_another_reads_breaks_nothing(practice: Console) -> None:
    reading = StoredRegister(practice.practice)
    scan(practice, SCAN.read_bytes())
    services = reading.seen(Service)
    assert services.facts
    assert {one.collector for behind in services.sources.values() for one in behind} == {"nmap"}
