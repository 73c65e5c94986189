"""What flows prove, and what their silence does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.evidence import Gap
from negatoscope.model.networks import Service
from negatoscope.model.traffic import INTERNET, Conversation, FlowWatch
from negatoscope.model.verdict import Verdict
from tests.judge.cases.healthy.computers import DESK, READING
from tests.judge.cases.healthy.talks import IMAGER, NAS, OUT, WATCH, between
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World, judged


def without(*kinds: type) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if type(fact) not in kinds))


def reasons(world: World, control: str = "R23.3") -> set[str]:
    return {doubt.reason for doubt in judged(world, control).doubts}


@pytest.mark.parametrize(
    ("watch", "reason"),
    [
        (replace(WATCH, lost=51), "records_lost"),
        (replace(WATCH, lost=None), "unread"),
        (replace(WATCH, records=None), "unread"),
        (replace(WATCH, sampled=100), "packets_skipped"),
        (replace(WATCH, sampled=None), "unread"),
        (replace(WATCH, last=AT - timedelta(days=8)), "nobody_watches"),
        (replace(WATCH, last=None), "nobody_watches"),
        (replace(WATCH, first=None), "unread"),
        (replace(WATCH, first=AT - timedelta(days=2)), "watched_since"),
        (replace(WATCH, first=AT - timedelta(days=8), last=AT - timedelta(days=3)), "watched_since"),
    ],
)
@pytest.mark.parametrize("control", ["R18.3", "R23.3"])
def test_silence_proves_nothing_where_nobody_listened_well(watch: FlowWatch, reason: str, control: str) -> None:
    assert reasons(HEALTHY.with_(watch), control) == {reason}


@pytest.mark.parametrize("control", ["R18.3", "R23.3"])
def test_an_exporter_whose_clock_is_ahead_is_not_heard_for_ever(control: str) -> None:
    ahead = replace(WATCH, last=AT + timedelta(days=300))
    assert reasons(HEALTHY.with_(ahead), control) == {"nobody_watches", "date_ahead"}
    assert reasons(HEALTHY.with_(replace(ahead, exporter="10.77.0.2")), control) == {"date_ahead"}


@pytest.mark.parametrize("control", ["R18.3", "R23.3"])
def test_what_an_exporter_sent_and_nobody_read_is_a_doubt(control: str) -> None:
    blind = Gap("Conversation", "flow_conversations_cut", None, {"exporter": WATCH.exporter, "count": 50_000})
    assert reasons(HEALTHY.but(gaps=(blind,)), control) == {"gap"}


def test_what_nobody_could_read_long_ago_is_over() -> None:
    blind = Gap("Conversation", "flow_malformed", None, {"exporter": WATCH.exporter, "count": 1})
    seen = HEALTHY.but(gaps=(blind,)).seen(Conversation)
    old = replace(seen, gaps=(replace(seen.gaps[0], source=HEALTHY.source(AT - timedelta(days=9))),))
    assert judged(replace(HEALTHY, cache={Conversation: old}), "R23.3").verdict is Verdict.PASSED


def test_a_capture_delivered_long_ago_is_no_watch_whatever_its_dates_say() -> None:
    assert "nobody_watches" in reasons(HEALTHY.but(seen_at=AT - timedelta(days=9)))


def test_a_talk_dated_ahead_proves_no_hearing() -> None:
    facts = tuple(
        replace(fact, last=AT + timedelta(days=99)) if getattr(fact, "source", None) == "10.77.0.7" else fact
        for fact in HEALTHY.facts
    )
    assert reasons(HEALTHY.but(facts=facts)) == {"never_heard"}


def test_a_host_that_was_only_knocked_at_was_not_heard() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if getattr(fact, "source", None) != "10.77.0.7")
    knock = replace(between("10.77.0.5", "10.77.0.7", 443), answered=False)
    assert reasons(HEALTHY.but(facts=(*facts, knock))) == {"never_heard"}
    assert reasons(HEALTHY.but(facts=(*facts, replace(knock, answered=True)))) == set()


def test_an_exchange_that_bears_no_date_is_as_old_as_its_capture() -> None:
    old = HEALTHY.with_(replace(between("10.77.0.5", "10.77.0.6", 23), last=None))
    assert judged(old, "R23.3", AT + timedelta(days=20)).findings == ()


def test_some_lost_records_are_no_doubt() -> None:
    assert judged(HEALTHY.with_(replace(WATCH, lost=50)), "R23.3").verdict is Verdict.PASSED


def test_a_host_that_nobody_heard_may_talk_elsewhere() -> None:
    world = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if getattr(fact, "source", None) != "10.77.0.7"))
    (doubt,) = judged(world, "R23.3").doubts
    assert (doubt.subject, doubt.reason) == (READING, "never_heard")


def test_an_exchange_of_last_month_is_over() -> None:
    old = replace(between("10.77.0.5", "10.77.0.6", 23), last=AT - timedelta(days=30))
    assert judged(HEALTHY.with_(old), "R23.3").verdict is Verdict.PASSED
    assert judged(HEALTHY.with_(replace(old, last=None)), "R23.3").verdict is Verdict.FAILED


def test_a_knock_without_an_answer_is_no_exchange() -> None:
    knock = replace(between("10.77.0.5", "10.77.0.6", 23), answered=False)
    assert judged(HEALTHY.with_(knock), "R23.3").verdict is Verdict.PASSED
    assert reasons(HEALTHY.with_(replace(knock, answered=None))) == {"unread"}


def test_a_port_that_may_be_encrypted_is_asked_about() -> None:
    mail = between("10.77.0.5", "93.184.216.34", 587)
    assert reasons(HEALTHY.with_(mail)) == {"exchanged_perhaps"}


def test_a_service_known_to_encrypt_is_believed() -> None:
    talk = between("10.77.0.5", "10.77.0.6", 143)
    service = Service(DESK, "tcp", 143, "imap", encrypted=True, reachable=True)
    assert judged(HEALTHY.with_(talk, service), "R23.3").verdict is Verdict.PASSED


def test_pages_read_in_clear_outside_are_left_out() -> None:
    assert judged(HEALTHY.with_(replace(OUT, port=80)), "R23.3").verdict is Verdict.PASSED


def test_an_address_of_two_hosts_is_nobodys() -> None:
    other = next(fact for fact in HEALTHY.facts if getattr(fact, "ref", "") == READING)
    twin = replace(other, addresses=("10.77.0.6",))
    assert judged(HEALTHY.with_(twin, replace(OUT, port=5938)), "R18.3").findings == ()


def test_a_tool_that_may_hide_in_https_is_a_doubt() -> None:
    census = next(fact for fact in HEALTHY.facts if type(fact).__name__ == "SoftwareCensus")
    assert reasons(HEALTHY.with_(replace(census, remote_control=("AnyDesk",))), "R18.3") == {"may_relay"}


def test_nobody_watching_is_said_once() -> None:
    assert reasons(without(FlowWatch, Conversation)) == {"nobody_watches"}


def test_an_exporter_on_a_router_hears_nothing_of_what_stays_within_a_network() -> None:
    """Only what the router itself says, or what passes through it, is heard there."""
    inside = {(NAS, IMAGER), (IMAGER, NAS)}
    facts = tuple(
        fact for fact in HEALTHY.facts if (getattr(fact, "source", None), getattr(fact, "target", None)) not in inside
    )
    (doubt,) = judged(HEALTHY.but(facts=facts), "R23.3").doubts
    assert (doubt.reason, doubt.values["network"]) == ("unheard_within", "10.78.0.0/24")
    by_the_router = replace(between(NAS, "10.78.0.1", 443), exporter="10.77.0.1")
    assert reasons(HEALTHY.but(facts=(*facts, by_the_router))) == {"unheard_within"}


def test_all_that_is_outside_together_is_no_network() -> None:
    assert judged(HEALTHY.with_(between(INTERNET, "10.77.0.6", 443)), "R23.3").verdict is Verdict.PASSED


def test_a_knock_at_a_relay_that_did_not_answer_is_found_too() -> None:
    """Who asks for a relay has the tool at work, whatever a gateway refuses."""
    assert judged(HEALTHY.with_(replace(OUT, port=5938, answered=False)), "R18.3").verdict is Verdict.FAILED
