"""Coverage by technique: never claimed for a source that does not come, and what one more would bring."""

import json

from django.test import Client

from negatoscope.flows import covering, ruling
from negatoscope.flows.console import Console
from negatoscope.flows.rulebook import Entry, State
from negatoscope.watch.sigma.attack import table
from negatoscope.watch.sigma.tree import Source
from tests.web.furnished import RULE_ID
from tests.web.test_rules import heard, text

PAGE = "/regles-de-detection/couverture/"
SYSMON, WEB = Source("windows", None, "process_creation"), Source(None, None, "webserver")


def entry(number: int, state: State, source: Source, *tags: str) -> Entry:
    return Entry(f"{number}", f"Rule {number}", "", state, "high", source, tags)


def test_what_waits_is_off_or_cannot_run_covers_nothing() -> None:
    told = covering.coverage([
        entry(1, State.RUNS, SYSMON, "attack.t1059.001", "attack.execution"),
        entry(2, State.WAITS, WEB, "attack.t1190", "attack.t1059.001"),
        entry(3, State.OFF, SYSMON, "attack.t1003"),
        entry(4, State.CANNOT, SYSMON, "attack.t1003"),
        entry(5, State.WAITS, WEB, "attack.T1190", "attack.t1505.003"),
    ])  # fmt: skip
    assert [(one.id, one.runs, one.waits) for one in told.parts] == [
        ("T1059.001", 1, 1), ("T1190", 0, 2), ("T1505.003", 0, 1),
    ]  # fmt: skip
    assert [(one.source, one.rules, one.techniques) for one in told.gains] == [(WEB, 2, 2)]
    assert [(name, [one.id for one in each]) for name, each in told.tactics][:2] == [
        ("initial-access", ["T1190"]), ("execution", ["T1059"]),
    ]  # fmt: skip
    scores = {one["techniqueID"]: one["score"] for one in covering.layer(told, "x")["techniques"]}
    assert scores == {"T1059.001": 1, "T1190": 0, "T1505.003": 0}


def test_every_technique_of_the_table_has_a_name_and_known_tactics() -> None:
    for ident, (name, *tactics) in table().techniques.items():
        assert name, ident
        assert tactics, ident
        assert set(tactics) <= set(table().tactics), ident
    assert table().name("T1686.001") == ""
    assert table().tactics_of("T1686.001") == ("defense-impairment",)
    assert table().tactics_of("T9999") == ()


def test_the_page_claims_a_technique_only_once_its_source_comes(full: Console, marie: Client) -> None:
    page = text(marie, PAGE)
    assert "<b>0</b> techniques vues" in page
    assert "1 technique de plus" in page
    heard(full)
    assert "<b>1</b> techniques vues" in text(marie, PAGE)
    layer = json.loads(marie.get(PAGE + "?format=navigator").content)
    assert [(one["techniqueID"], one["score"]) for one in layer["techniques"]] == [("T1110.001", 1)]
    assert "Password Guessing" in text(marie, PAGE + "?format=csv")
    ruling.turn_off(full, "user:mdurand", RULE_ID, "notre scanner")
    assert "ne nomme encore de technique" in text(marie, PAGE)
