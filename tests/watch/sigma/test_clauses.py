"""What a clause means of a value that is an instant, an address or a number, and of one that is none."""

import pytest

from negatoscope.watch.sigma.engine import Engine
from tests.watch.sigma.written import EVENT, rule, ruleset


@pytest.mark.parametrize(
    ("clause", "wanted", "value", "found"),
    [
        ("UtcTime|hour", 3, "2026-11-02T03:59:00", True),
        ("UtcTime|week", 45, "2026-11-02", True),
        ("UtcTime|year", 2025, "2026-11-02", False),
        ("UtcTime|day", 2, "yesterday", False),
        ("UtcTime|day", 2, "2" * 100, False),
        ("Ip|cidr", "10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("Ip|cidr", "fe80::/10", "fe80::1%eth0", True),
        ("Ip|cidr", "10.0.0.0/8", "10.0.0.1" * 20, False),
        ("Ip|cidr", "10.0.0.0/8", "none", False),
        ("Port|gte", 1024, 1024, True),
        ("Port|lt", 1024, "many", False),
        ("Port|lt", 1024, "1" * 100, False),
        ("Line|re", "end$", "the end\n", True),
        ("Line|re", "é", "caf\ud800é", True),
        ("Line|re", ".{6,}", "long\nlines", False),
        ("Line|re", ".{5,9}", "short\nlonger", True),
        ("Line|re|s", "(.){9,}", "long\nlines", True),
        ("Line|base64offset|contains", "cmd.exe", "x Y21kLmV4Z", True),
        ("Line|utf16|base64offset|contains", "Hi", "//5IAGkA", True),
    ],
)
def test_values_are_read_for_what_they_are(clause: str, wanted: object, value: object, found: bool) -> None:  # noqa: FBT001 -- a table
    read = ruleset(rule({"a": {clause: wanted}, "condition": "a"}))
    assert not read.refused
    field = clause.partition("|")[0]
    assert bool(Engine(read).match(EVENT | {field: value})) is found
    assert bool(Engine(read).match(EVENT | {field: [None, value, "-"]})) is found
