"""Correlations count what they are told to count, once a timespan, in bounded memory."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from negatoscope.watch.sigma import correlate
from negatoscope.watch.sigma.correlate import Correlator
from negatoscope.watch.sigma.detect import Scan, Wanted
from negatoscope.watch.sigma.times import seconds_of
from negatoscope.watch.sigma.tree import Ruleset
from tests.watch.sigma.written import rule, ruleset

SECURITY = {"product": "windows", "service": "security"}
FAILED = rule({"a": {"EventID": 4625}, "condition": "a"}, title="Failed", name="failed", logsource=SECURITY)
OPENED = rule({"a": {"EventID": 4624}, "condition": "a"}, title="Opened", name="opened", logsource=SECURITY)


def counted(kind: str, rules: list[str], **more: object) -> dict[str, Any]:
    correlation = {"type": kind, "rules": rules, "group-by": ["TargetUserName"], "timespan": "5m"} | more
    return {"title": kind, "name": kind, "correlation": correlation}


def read(*documents: dict[str, Any]) -> Ruleset:
    found = ruleset(FAILED, OPENED, *documents)
    assert not found.refused, found.refused
    return found


def told(found: Ruleset, *matches: tuple[str, float, dict[str, Any]]) -> list[tuple[float, str]]:
    correlator = Correlator(found.counted)
    ids = {one.name: one.id for one in found.rules}
    return [
        (at, one.rule.title)
        for name, at, fields in matches
        for one in correlator.feed(ids[name], {"targetusername": "x"} | fields, at)
    ]


def test_so_many_events_within_a_time_are_told_once() -> None:
    found = read(counted("event_count", ["failed"], condition={"gte": 3}))
    times = (0, 100, 200, 250, 290, 1000, 1400, 1500, 1600)
    assert told(found, *(("failed", at, {}) for at in times)) == [(200, "event_count"), (1600, "event_count")]


def test_groups_are_apart_and_their_case_does_not_matter() -> None:
    found = read(counted("event_count", ["failed"], condition={"gt": 1}))
    names = ("a", "b", "c", "A")
    assert told(found, *(("failed", at, {"targetusername": name}) for at, name in enumerate(names))) == [
        (3, "event_count")
    ]


def test_distinct_values_are_counted() -> None:
    found = read(counted("value_count", ["failed"], condition={"gte": 2, "field": "IpAddress"}))
    values: tuple[str | None, ...] = ("1", "1", None, "2")
    assert told(found, *(("failed", at, {"ipaddress": value}) for at, value in enumerate(values))) == [
        (3, "value_count")
    ]


def test_rules_together_and_rules_in_order() -> None:
    both = read(counted("temporal", ["failed", "opened"]))
    assert told(both, ("opened", 0, {}), ("failed", 10, {})) == [(10, "temporal")]
    assert told(both, ("opened", 0, {}), ("failed", 301, {})) == []
    order = read(counted("temporal_ordered", ["failed", "opened"]))
    assert told(order, ("opened", 0, {}), ("failed", 10, {}), ("opened", 20, {})) == [(20, "temporal_ordered")]
    assert told(order, ("opened", 20, {}), ("failed", 10, {})) == [(10, "temporal_ordered")], "they came out of order"


def test_aliases_name_the_field_of_each_rule_and_correlations_may_be_counted() -> None:
    aliases = {"who": {"failed": "TargetUserName", "opened": "SubjectUserName"}}
    found = read(
        counted("temporal", ["failed", "opened"], aliases=aliases, **{"group-by": ["who"]}),
        counted("event_count", ["temporal"], condition={"gte": 1}, **{"group-by": ["who"]}),
    )
    matches = (("failed", 0.0, {"targetusername": "z"}), ("opened", 1.0, {"subjectusername": "Z"}))
    assert told(found, *matches) == [(1, "temporal"), (1, "event_count")]
    assert [one.quiet for one in found.counted] == [True, False]


def test_rules_that_are_counted_are_quiet_unless_asked_for() -> None:
    assert [one.quiet for one in read(counted("temporal", ["failed"])).rules] == [True, False]
    assert [one.quiet for one in read(counted("temporal", ["failed"], generate=True)).rules] == [False, False]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (counted("event_count", ["unheard"], condition={"gte": 1}), "missing_rule"),
        (counted("event_count", ["failed"], condition={"lt": 1}), "correlation"),
        (counted("value_avg", ["failed"], condition={"gte": 1, "field": "a"}), "correlation"),
        (counted("temporal", ["failed"], condition="failed"), "correlation"),
        (counted("event_count", ["failed"]), "unreadable"),
        (counted("event_count", ["failed"], condition={"gte": 1}, timespan="soon"), "unreadable"),
    ],
)
def test_a_correlation_that_cannot_run_is_refused(document: dict[str, Any], code: str) -> None:
    found = ruleset(FAILED, document)
    assert [refused.code for refused in found.refused] == [code]
    assert found.counted == ()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correlate, "GROUPS", 100)
    monkeypatch.setattr(correlate, "KEPT", 10)
    found = read(counted("event_count", ["failed"], condition={"gte": 3}))
    correlator = Correlator(found.counted)
    for number in range(1000):
        correlator.feed(found.rules[0].id, {"targetusername": str(number)}, 0)
    for _ in range(1000):
        correlator.feed(found.rules[0].id, {"targetusername": "same"}, 1)
    assert len(correlator.groups) == 100
    assert max(len(group.kept) for group in correlator.groups.values()) == 10
    assert correlator.forgotten == 901 + 990


def test_a_scan_counts_over_all_files_in_the_order_of_time(tmp_path: Path) -> None:
    for name, minutes in (("b", (0, 2)), ("a", (1, 20))):
        lines = [
            {
                "Channel": "Security",
                "EventID": 4625,
                "TargetUserName": "x",
                "SystemTime": f"2026-11-02T08:{minute:02}:00Z",
            }
            for minute in minutes
        ]
        (tmp_path / f"{name}.jsonl").write_bytes(
            b"\n".join(map(orjson.dumps, [*lines, lines[0] | {"SystemTime": "?"}]))
        )
    scan = Scan(read(counted("event_count", ["failed"], condition={"gte": 3})), Wanted())
    found = [(match.rule.title, Path(match.file).name, match.record) for match in scan.matches([tmp_path])]
    assert found == [("event_count", "b.jsonl", 2)]
    assert scan.counts["undated"] == 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:10Z", 10.0),
        ("1970-01-01 01:00:10+01:00", 10.0),
        ("01/Jan/1970:01:00:10 +0100", 10.0),
        ("Thu Jan 01 00:00:10 1970", 10.0),
        ("10", 10.0),
        ("1700000000000", 1_700_000_000.0),
        ("Feb 29 00:00:10", 951_782_410.0),
        ("never", None),
        ("1" * 100, None),
    ],
)
def test_instants_are_read_as_logs_write_them(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds
