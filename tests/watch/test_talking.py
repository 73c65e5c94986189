"""A conversation as an event: what each side sent, and where all that is outside stands."""

from dataclasses import replace

from negatoscope.model.event import Told
from negatoscope.model.traffic import Conversation
from negatoscope.watch.behaviours.peers import around
from negatoscope.watch.known import INTERNET
from negatoscope.watch.talking import OUTSIDE, event, placed
from tests.watch.made import paris

CAME = paris("2026-11-10 03:12")
BARE = Conversation("10.0.0.1", "10.0.0.8", OUTSIDE, "tcp", 443)


def test_what_is_not_known_is_not_made_up() -> None:
    one = event(BARE, CAME)
    assert (one.at, one.ok, one.sent, one.received) == (CAME, None, None, None)
    full = event(replace(BARE, octets=9, octets_out=7, answered=True, port=0, last=CAME), CAME)
    assert (full.ok, full.sent, full.received, full.port) == (True, 7, 2, None)


def test_all_addresses_outside_together_stand_outside() -> None:
    told = Told("k", "flows:10.0.0.1", CAME, event(BARE, CAME))
    assert (placed(told).target_zone, placed(told).zone) == (INTERNET, None)
    other = replace(told, event=event(replace(BARE, source=OUTSIDE, target="10.0.0.8"), CAME))
    assert (placed(other).target_zone, placed(other).zone) == (None, INTERNET)
    inside = replace(told, event=event(replace(BARE, target="10.0.0.9"), CAME))
    assert placed(inside) is inside
    assert around(OUTSIDE) == OUTSIDE
