"""Providers come in from afar within the time agreed, by what was seen and by what stands open (R18.4)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from negatoscope.model.gateways import Addresses, Does, FilterRule, Match
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.providers import Days, RemoteWindow
from negatoscope.model.traffic import INTERNET, Conversation
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.gateways import GATEWAY
from tests.judge.cases.healthy.talks import WATCH, between
from tests.judge.cases.healthy.zones import line, with_lines
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World, judged

WINDOW = RemoteWindow(
    "provider/Midi", DESK, date(2026, 11, 16), date(2026, 11, 21), days=Days.EVERY, hours="08:00–18:00",
)  # fmt: skip
NIGHT = replace(WINDOW, hours="22:00–02:00", days=Days.THURSDAY)
OPEN = with_lines(line("#9", source="0.0.0.0/0", target="10.77.0.6", ports=(3389,)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026, in Paris."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def session(first: datetime, last: datetime, port: int = 3389) -> Conversation:
    return replace(between(INTERNET, "10.77.0.6", port), first=first, last=last)


def told(world: World) -> set[tuple[str, str, str]]:
    result = judged(world, "R18.4")
    said: list[Finding | Doubt] = [*result.findings, *result.doubts]
    return {(type(one).__name__, one.subject, one.reason) for one in said}


@pytest.mark.parametrize(
    ("window", "first", "last", "expected"),
    [
        (WINDOW, at(20, 8), at(20, 18), None),
        (WINDOW, at(20, 8), at(20, 18, 1), "outside_window"),
        (WINDOW, at(19, 9), at(20, 9), "window_unsure"),
        (replace(WINDOW, days=Days.WEEKEND), at(20, 9), at(20, 10), "outside_window"),
        (replace(WINDOW, until=date(2026, 11, 19)), at(20, 9), at(20, 10), "outside_window"),
        (replace(WINDOW, host=GATEWAY), at(20, 9), at(20, 10), "outside_window"),
        (replace(WINDOW, hours="–"), at(20, 9), at(20, 10), "outside_window"),
        (replace(WINDOW, hours=None), at(20, 9), at(20, 10), "window_unsure"),
        (replace(WINDOW, days=None), at(20, 9), at(20, 10), "window_unsure"),
        (replace(WINDOW, until=None), at(20, 9), at(20, 10), "window_unsure"),
        (NIGHT, at(19, 23), datetime(2026, 11, 20, 0, 59, tzinfo=UTC), None),
        (NIGHT, at(20, 23), at(20, 23, 30), "outside_window"),
    ],
)
def test_a_take_over_is_held_against_the_agreed_time(
    window: RemoteWindow, first: datetime, last: datetime, expected: str | None
) -> None:
    kind = {"outside_window": "Finding", "window_unsure": "Doubt"}.get(expected or "", "")
    assert told(HEALTHY.with_(window, session(first, last))) == ({(kind, DESK, expected)} if expected else set())


def test_a_refused_knock_is_no_take_over() -> None:
    assert told(HEALTHY.with_(replace(session(at(20, 9), at(20, 9)), answered=False))) == set()
    unsure = HEALTHY.with_(replace(session(at(20, 9), at(20, 9)), answered=None))
    assert told(unsure) == {("Doubt", DESK, "window_unsure")}


def test_whoever_comes_from_a_providers_network_is_that_provider_whatever_the_port() -> None:
    window = replace(WINDOW, networks=("10.79.0.128/25",))
    seen = replace(between("10.79.0.130", "10.77.0.6", 8443), first=at(20, 20), last=at(20, 21))
    assert told(HEALTHY.with_(replace(window, host=GATEWAY), seen)) >= {("Finding", DESK, "outside_window")}
    assert ("Finding", DESK, "outside_window") not in told(
        HEALTHY.with_(window, replace(seen, first=at(20, 9), last=at(20, 9)))
    )


def test_an_address_of_no_zone_may_be_anybody() -> None:
    seen = between("10.99.0.9", "10.77.0.6", 22)
    assert told(HEALTHY.with_(seen)) == {("Doubt", DESK, "window_unsure")}


def test_a_host_that_nobody_knows_is_told_by_the_exchange() -> None:
    seen = session(at(20, 9), at(20, 10))
    unknown = replace(seen, target="10.77.0.99")
    assert told(HEALTHY.with_(unknown)) == {("Finding", unknown.ref, "outside_window")}
    assert told(HEALTHY.with_(replace(seen, target="93.184.216.34"))) == set()


def test_a_relay_asked_from_an_address_that_nobody_bears_is_told_by_the_exchange() -> None:
    seen = replace(between("10.77.0.99", INTERNET, 5938), first=at(20, 9), last=at(20, 10))
    assert told(HEALTHY.with_(seen)) == {("Finding", seen.ref, "outside_window")}
    nowhere = replace(seen, source="10.99.0.9")
    assert told(HEALTHY.with_(nowhere)) == {("Doubt", nowhere.ref, "window_unsure")}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (replace(WINDOW, hours="00:00–23:59"), set()),
        (WINDOW, set()),
        (replace(WINDOW, hours="08:00–10:00"), {("Finding", DESK, "open_beyond")}),
        (replace(WINDOW, hours=None), {("Doubt", DESK, "opening_unsure")}),
    ],
)
def test_an_opening_that_was_read_outside_the_agreed_time_is_found(
    window: RemoteWindow, expected: set[tuple[str, str, str]]
) -> None:
    assert told(HEALTHY.with_(OPEN, window)) == expected


def test_an_opening_to_more_than_known_hosts_is_the_gateways() -> None:
    wide = with_lines(line("#9", source="0.0.0.0/0", target="10.77.0.0/24", ports=(22,)))
    assert told(HEALTHY.with_(wide, WINDOW)) == {("Finding", GATEWAY, "open_beyond")}


@pytest.mark.parametrize(
    ("week", "unread", "expected"),
    [
        (("09:00–17:00",) * 5 + ("–", "–"), "schedule midi", set()),
        (("–",) * 6 + ("09:00–17:00",), "schedule midi", {("Finding", DESK, "scheduled_beyond")}),
        (("09:00–19:00",) * 5 + ("–", "–"), "schedule midi", {("Finding", DESK, "scheduled_beyond")}),
        (("22:00–02:00",) + ("–",) * 6, "schedule midi", {("Finding", DESK, "scheduled_beyond")}),
        (("09:00–17:00",) * 7, "schedule midi; users", {("Doubt", DESK, "opening_unsure")}),
        (None, "schedule midi", {("Doubt", DESK, "opening_unsure")}),
    ],
)
def test_the_schedule_of_a_line_is_held_against_the_agreed_time(
    week: tuple[str, ...] | None, unread: str, expected: set[tuple[str, str, str]]
) -> None:
    match = Match(targets=Addresses(("10.77.0.6",)), protocols=("tcp",), target_ports=((3389, 3389),), unread=unread)
    timed = with_lines(FilterRule("#9", match, Does.ACCEPT, week=week))
    window = replace(WINDOW, days=Days.WORKDAYS, until=date(2026, 11, 30))
    assert told(HEALTHY.with_(timed, window)) == expected


@pytest.mark.parametrize(
    "window", [replace(WINDOW, until=date(2026, 11, 20), days=Days.EVERY), replace(WINDOW, host=GATEWAY)]
)
def test_a_schedule_without_a_window_in_force_is_found(window: RemoteWindow) -> None:
    match = Match(targets=Addresses(("10.77.0.6",)), protocols=("tcp",), target_ports=((3389, 3389),),
                  unread="schedule midi")  # fmt: skip
    timed = with_lines(FilterRule("#9", match, Does.ACCEPT, week=("09:00–17:00",) * 7))
    assert told(HEALTHY.with_(timed, window)) == {("Finding", DESK, "scheduled_beyond")}
    unsaid = replace(window, host=DESK, hours=None)
    assert told(HEALTHY.with_(timed, unsaid)) == {("Doubt", DESK, "opening_unsure")}


def test_where_providers_come_from_all_that_passes_is_asked_about() -> None:
    passing = with_lines(line("#9", source="203.0.113.40", target="10.77.0.6", ports=(8443,)))
    comes = replace(WINDOW, networks=("203.0.113.40/32",), hours="20:00–21:00")
    assert told(HEALTHY.with_(passing, comes)) == {("Finding", DESK, "open_beyond")}
    assert told(HEALTHY.with_(passing, replace(comes, hours="08:00–18:00"))) == set()


def test_a_network_that_nobody_listens_to_proves_nothing() -> None:
    deaf = HEALTHY.with_(replace(WATCH, networks=("10.77.0.0/24", "10.79.0.0/24")))
    assert {reason for _, _, reason in told(deaf)} == {"network_unheard"}
    nowhere = HEALTHY.with_(*(replace(one, addresses=None) for one in HEALTHY.seen(Host).facts if one.ref == DESK))
    assert ("Doubt", DESK, "unread") in told(nowhere)
