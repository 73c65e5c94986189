"""Whose cards are strangers."""

from negatoscope.model.evidence import Fact
from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import Route
from tests.judge.cases.healthy.computers import READING
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import judged

OPERATOR, OTHER = "00:07:cb:00:00:01", "00:07:cb:00:00:02"


def strangers(*facts: Fact) -> list[object]:
    return [finding.values["mac"] for finding in judged(HEALTHY.with_(*facts), "R5.1").findings]


def test_the_operators_router_is_no_stranger_and_its_neighbour_is() -> None:
    way = Route(READING, "0.0.0.0/0", "203.0.113.14", "wan")
    router = Sighting(READING, OPERATOR, Place.ARP, "wan", "203.0.113.14")
    beside = Sighting(READING, OTHER, Place.ARP, "wan", "203.0.113.13")
    assert strangers(way, router, beside) == [OTHER]
    assert strangers(router) == [OPERATOR]


def test_a_router_in_a_zone_of_the_practice_is_a_stranger() -> None:
    way = Route(READING, "0.0.0.0/0", "10.77.0.99", "lan")
    assert strangers(way, Sighting(READING, OPERATOR, Place.ARP, "lan", "10.77.0.99")) == [OPERATOR]
