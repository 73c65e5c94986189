"""Unknown, ghost and drifted: what a declaration and a look say, held against each other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from negatoscope.model.aliases import NotSameHost, SameHost, leaders, subject_of, told_of
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.memory import drift
from negatoscope.model.networks import Service
from negatoscope.register.differences import GHOST_AFTER, Passage, Told, accepted, entry, unseen
from negatoscope.register.identity import Decisions

NOW = datetime(2026, 11, 2, tzinfo=UTC)
THERE = Host("host/a", addresses=("10.0.0.5",))
LONG = NOW - GHOST_AFTER - timedelta(days=1)


def test_a_ghost_was_looked_for_where_it_should_be() -> None:
    lately = NOW - timedelta(hours=1)
    assert unseen(THERE, LONG, [Passage("10.0.0.0/24", lately)], NOW) == lately
    assert unseen(THERE, LONG, [Passage("10.9.0.0/24", lately)], NOW) is None
    assert unseen(THERE, LONG, [Passage("10.0.0.0/24", LONG - timedelta(days=1))], NOW) is None
    assert unseen(THERE, lately, [Passage("10.0.0.0/24", NOW)], NOW) is None
    assert unseen(Host("host/b"), LONG, [Passage("10.0.0.0/24", lately)], NOW) is None


def test_an_account_in_the_directory_is_not_the_computer() -> None:
    """It may be read every day and name a computer that nobody has met for long."""
    declared, named = Told(THERE, LONG, declared=True), Told(Host("host/a", "a"), NOW, declared=False, met=False)
    looked = [Passage("10.0.0.0/24", NOW - timedelta(hours=1))]
    told = entry([named, declared], looked)
    assert (told.seen_at, told.sought_at) == (None, NOW - timedelta(hours=1))
    assert entry([named], looked).seen_at is None
    assert entry([replace(named, met=True), declared], looked).seen_at == NOW


def test_a_name_that_a_machine_bears_without_its_accents_has_not_drifted() -> None:
    assert drift(Host("host/a", "Écho-Nord"), Host("host/a", "echo-nord.cabinet.lan")) == ()


def test_drift_is_what_an_instrument_contradicts() -> None:
    declared = Host("host/a", "poste-1", HostClass.LAPTOP, "Debian", serial="A", macs=("a",), addresses=("1",))
    measured = Host("host/a", "POSTE-1.cabinet.lan", HostClass.SERVER, "debian ", macs=("b",), addresses=("1", "2"))
    assert drift(declared, measured) == ("host_class", "macs")
    assert accepted(declared, measured).host_class is None
    assert accepted(declared, measured).serial == "A"
    assert drift(Service("host/a", "tcp", 22), Service("host/a", "tcp", 23)) == ("port",)


def test_decisions_lead_to_one_name_even_in_a_circle() -> None:
    assert leaders([SameHost("host/b", "host/a"), SameHost("host/c", "host/b")]) == {
        "host/a": "host/c",
        "host/b": "host/c",
    }
    assert leaders([SameHost("host/b", "host/a"), SameHost("host/a", "host/b")]) == {"host/b": "host/a"}
    assert leaders([SameHost("host/a", "host/a")]) == {}


def test_what_is_told_of_the_other_is_told_of_the_one_that_answers() -> None:
    known = {"host/b": "host/a"}
    assert told_of(Service("host/b", "tcp", 22), known) == Service("host/a", "tcp", 22)
    assert told_of(Sweep("Service", "host/c"), known) == Sweep("Service", "host/c")
    assert told_of(SameHost("host/a", "host/b"), known) == SameHost("host/a", "host/b")
    assert told_of(THERE, {}) is THERE
    assert told_of(THERE, known) is THERE
    assert subject_of("account/b/root", known) == "account/a/root"
    assert subject_of("person/b", known) == "person/b"


def test_pairs_that_people_settled_are_open_no_more() -> None:
    decided = Decisions({"host/b": "host/a"}, frozenset({frozenset({"host/a", "host/c"})}))
    assert not decided.open("host/a", "host/b")
    assert not decided.open("host/b", "host/c")
    assert decided.open("host/b", "host/d")


def test_decisions_have_names_of_their_own() -> None:
    assert SameHost("host/a", "host/b").ref == "same-host/b"
    assert NotSameHost("host/a", "host/b").ref == "two-hosts/a/b"
