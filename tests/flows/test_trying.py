"""Factory log-ins: nothing without consent, and never a second time in a day, whatever became of the first."""

from datetime import timedelta

import pytest
from tests.judge.planted.touched import CAPTURES
from tests.observe.hostile import HERE

from negatoscope.flows import trying
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.importing import Refused
from negatoscope.flows.observing import Cancelled, Order, Outcome, bounds, observe
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.defaults import FactoryLogin, Trial
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.traffic import Vantage
from negatoscope.observe.defaults import collector

PRINTER = Host("host/copieur", "copieur", HostClass.PRINTER, addresses=(HERE,))


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "PAUSE", 0.0)


def tried(console: Console) -> Outcome:
    return observe(console, Order("defaults", HERE, "marie"))


def why(outcome: Outcome) -> str | None:
    return outcome.blocking.why if outcome.blocking else None


def test_a_host_is_tried_once_a_day_and_only_with_consent(console: Console) -> None:
    declare(console, Said("marie"), (Network("127.0.0.0/8"), PRINTER))
    assert why(tried(console)) == "trial_not_allowed"
    assert trying.ask(console, "marie", HostClass.PRINTER) == 0
    trying.allow(console, "marie", HostClass.PRINTER, "Dr Petit", console.clock() + timedelta(days=30))
    assert [(one.hosts, one.ready) for one in trying.allowed(console) if one.consent] == [(1, 1)]
    assert trying.ask(console, "marie", HostClass.PRINTER) == 1
    assert why(tried(console)) is None
    known = StoredRegister(console.practice)
    assert {one.pair for one in known.seen(FactoryLogin).facts} == {"snmp-public", "snmp-private"}
    assert [one.address for one in known.seen(Trial).facts] == [HERE]
    assert why(tried(console)) == "tried_already"
    assert StoredRegister(console.practice).seen(FactoryLogin).facts == known.seen(FactoryLogin).facts
    trying.withdraw(console, "marie", HostClass.PRINTER)
    assert not [one for one in trying.allowed(console) if one.consent]


def test_a_host_of_two_addresses_is_tried_at_one_and_what_refused_is_left_for_weeks(console: Console) -> None:
    """Its accounts are the same at both, and some count wrong passwords for ever."""
    both = Host("host/copieur", "copieur", HostClass.PRINTER, addresses=(HERE, "127.0.0.2"))
    people = (Account(None, "Administrator", realm="cabinet"), Account("host/x", "admin"))
    declare(console, Said("marie"), (Network("127.0.0.0/8"), both, *people))
    trying.allow(console, "marie", HostClass.PRINTER, "Dr Petit", console.clock() + timedelta(days=30))
    assert trying.ask(console, "marie", HostClass.PRINTER) == 1
    assert why(tried(console)) is None
    assert why(observe(console, Order("defaults", "127.0.0.2", "marie"))) == "tried_already"
    within = bounds(console)
    assert within.shared == ("Administrator",)
    assert {(one.address, one.pair) for one in within.earlier} == {
        (address, pair) for address in both.addresses or () for pair in ("snmp-public", "snmp-private")
    }


def test_a_trial_that_is_broken_off_counts_as_one(console: Console) -> None:
    declare(console, Said("marie"), (Network("127.0.0.0/8"), PRINTER))
    trying.allow(console, "marie", HostClass.PRINTER, "Dr Petit", console.clock() + timedelta(days=30))
    with pytest.raises(Cancelled):
        observe(console, Order("defaults", HERE, "marie", cancelled=lambda: True))
    assert not StoredRegister(console.practice).seen(FactoryLogin).facts
    assert why(tried(console)) == "tried_already"


def test_a_look_from_outside_is_imported_by_its_content(console: Console) -> None:
    data = (CAPTURES / "vantage" / "outside.jsonl").read_bytes().replace(b"2026-11-21T", b"2020-01-01T")
    hand_over(console, Handed("dehors.jsonl", data), "marie")
    assert [one.origin for one in StoredRegister(console.practice).seen(Vantage).facts] == ["internet"]
    with pytest.raises(Refused, match="scan_older"):
        hand_over(console, Handed("dehors.jsonl", data), "marie")
    with pytest.raises(Refused, match="scan_ahead"):
        hand_over(console, Handed("dehors.jsonl", data.replace(b"2020-01-01T", b"2090-01-01T")), "marie")
    undated = b"".join(data.splitlines(keepends=True)[:-1]) + b'{"end":true}\n'
    with pytest.raises(Refused, match="scan_undated"):
        hand_over(console, Handed("dehors.jsonl", undated), "marie")
    assert why(hand_over(console, Handed("dehors.jsonl", data[:200]), "marie")) == "unreadable"
    declare(console, Said("marie"), (Network("198.51.100.0/24"),), complete=(Sweep("Person"),))
    with pytest.raises(Refused, match="look_inside"):
        hand_over(console, Handed("dehors.jsonl", data), "marie")
