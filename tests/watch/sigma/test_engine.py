"""The engine says what a naive reading of the rules says, on anything, in each of its forms."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.watch.sigma import engine as engine_room
from negatoscope.watch.sigma import finder, verify
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Source
from tests.watch.sigma.naive import matches
from tests.watch.sigma.written import EVENT, rule, ruleset

FIELDS = ("Image", "CommandLine", "Other")
TEXTS = st.text("abAB\\*? -/.1éKſİΣ\0", max_size=6)
WORDS = st.sampled_from(
    ["cmd.exe", "\\cmd.exe", "C:\\x\\cmd.exe", "-enc", "/enc", "a -enc b", "ABC", "abc", "", "1", "10"]
)
VALUES = TEXTS | WORDS | st.integers(-2, 12) | st.booleans()
RECORDS = st.dictionaries(
    st.sampled_from([*FIELDS, "image", "OTHER", ""]),
    VALUES | st.none() | st.lists(VALUES | st.none(), max_size=3) | st.sampled_from(["10.0.0.1", "::1", "1.5"]),
    max_size=4,
)
PLACES = st.sampled_from(["", "|contains", "|startswith", "|endswith", "|contains|cased", "|endswith|cased", "|cased"])


FIELD = st.sampled_from(FIELDS)
PATTERNS = st.sampled_from(
    [
        "abc",
        "cmd",
        "a.*b",
        "(abc|cmd)",
        "k",
        "[ab]+1",
        "^abc$",
        "(?:cmd)?x",
        "\\\\cmd\\.exe$",
        "éab",
        "s",
        "[ab]{1}[ ./]",
        "[-/]e[nm]c",
        "a[bc][b-d]",
        "(a|[bB]1)",
        "[a-z]{3}$",
        "\\S{4}",
    ]
)


def named(*modifiers: str) -> st.SearchStrategy[str]:
    return st.tuples(FIELD, st.sampled_from(modifiers)).map("".join)


CLAUSES = st.one_of(
    st.tuples(st.tuples(FIELD, PLACES).map("".join), TEXTS | WORDS | st.lists(TEXTS | WORDS, min_size=1, max_size=3)),
    st.tuples(named("|contains|all", "|startswith|all"), st.lists(TEXTS | WORDS, min_size=1, max_size=3)),
    st.tuples(named("|re", "|re|i"), PATTERNS),
    st.tuples(named("|lt", "|lte", "|gt", "|gte"), st.integers(-2, 12)),
    st.tuples(named("|cidr"), st.sampled_from(["10.0.0.0/8", "::/64"])),
    st.tuples(FIELD, st.none() | st.integers(0, 12) | st.booleans()),
    st.tuples(named("|exists"), st.booleans()),
    st.tuples(named("|fieldref", "|fieldref|contains", "|fieldref|endswith"), FIELD),
    st.tuples(named("|windash|contains", "|windash"), st.just("-enc")),
    st.tuples(named("|neq"), WORDS),
)


DETECTIONS = st.one_of(
    st.lists(CLAUSES, min_size=1, max_size=3).map(dict),
    st.lists(st.lists(CLAUSES, min_size=1, max_size=2).map(dict), min_size=1, max_size=2),
    st.lists(TEXTS.filter(lambda text: text.strip("*")), min_size=1, max_size=2),
)
CONDITIONS = st.sampled_from(
    [
        "one",
        "one and two",
        "one or two",
        "one and not two",
        "not one",
        "1 of them",
        "all of them",
        "not (one or not two)",
        "1 of o* and not 1 of t*",
        "one and (two or not one)",
    ]
)


@given(
    st.lists(st.tuples(DETECTIONS, DETECTIONS, CONDITIONS), min_size=1, max_size=4),
    st.lists(RECORDS, min_size=1, max_size=6),
)
def test_the_engine_says_what_a_naive_reading_says(written: list[Any], records: list[dict[str, Any]]) -> None:
    documents = [
        rule({"one": one, "two": two, "condition": condition}, name=f"rule_{number}")
        for number, (one, two, condition) in enumerate(written)
    ]
    found = ruleset(*documents)
    assert not found.refused, found.refused
    engine, whole = Engine(found), [EVENT | record for record in records]
    expected = [[one["name"] for one in documents if matches(one, record)] for record in whole]
    assert [[one.name for one in engine.match(record)] for record in whole] == expected
    many = [(record, Source("windows")) for record in whole] * engine_room.ALIKE
    batches = Engine(found).match_batch(many)  # every shape often enough to be read side by side
    assert [[one.name for one in rules] for rules in batches] == expected * engine_room.ALIKE


@given(
    st.tuples(DETECTIONS, DETECTIONS, CONDITIONS),
    st.lists(st.fixed_dictionaries({name: VALUES | st.none() | st.lists(VALUES) for name in FIELDS}), min_size=4),
)
def test_records_of_one_shape_side_by_side_are_matched_as_each_alone(
    written: tuple[Any, Any, str], records: list[Any]
) -> None:
    found = ruleset(rule(dict(zip(("one", "two", "condition"), written, strict=True))))
    batch = [(EVENT | record, Source("windows")) for record in records]
    assert Engine(found).match_batch(batch) == [Engine(found).match(*each) for each in batch]


def test_a_field_without_a_name_hides_no_keyword() -> None:
    found = ruleset(rule({"one": ["abc"], "condition": "one"}))
    batch = [(EVENT | {"": "other", "Image": "abc"}, Source("windows"))] * engine_room.ALIKE
    assert [len(rules) for rules in Engine(found).match_batch(batch)] == [1] * engine_room.ALIKE


def test_no_log_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "KEPT", 100)
    monkeypatch.setattr(engine_room, "GATES", 10)
    monkeypatch.setattr(verify, "SHAPES", 10)
    monkeypatch.setattr(verify, "_SHAPES", {})
    found = ruleset(
        rule({"a": {"Image|contains": "needle"}, "condition": "a"}),
        rule({"a": {"Other|contains": "needle"}, "condition": "a"}),
    )
    engine = Engine(found)
    for number in range(500):
        other = {"Channel": f"Unheard {number}", "EventID": str(number), f"Name {number}": "x" * number}
        assert engine.match(other) == []
        record = EVENT | {"Image": f"needle {number}", "Other": f"{number}", f"Name {number}": 1}
        assert [one.title for one in engine.match(record)] == ["A rule"]
    assert sum(map(len, engine._memory.all)) <= 100  # noqa: SLF001 -- what is bounded
    assert len(engine._plans) <= 12  # noqa: SLF001 -- the same
    assert 0 < len(verify._SHAPES) <= 10  # noqa: SLF001 -- the same
    assert engine.match(EVENT | {"EventID": "9" * 10_000, "Channel": "x" * 10_000}) == []
