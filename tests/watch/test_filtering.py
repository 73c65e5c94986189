"""Events that a rule spares by their fields: values letter by letter, what cannot be read refused, never of more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from negatoscope.model.event import Event, Told
from negatoscope.model.tuning import AlertExemption
from negatoscope.watch import matching
from negatoscope.watch.filtering import HOWS, IS, LONGEST, MOST, Clause, NotAFilter, filters_of, node_of, parted, told
from negatoscope.watch.matching import Rules
from negatoscope.watch.sigma.reading import read_rules
from negatoscope.watch.sigma.sources import runs
from negatoscope.watch.sigma.tree import Ruleset
from negatoscope.watch.sigma.verify import holds, viewed
from negatoscope.watch.sparing import FIELDS, Spared

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULE = """title: {title}
id: {ident}
level: {level}
logsource: {{product: windows, category: process_creation}}
detection:
  one: {{Image|endswith: '\\\\anydesk.exe'}}
  condition: one
"""
TOGETHER = """title: Three of them
id: 00000000-0000-4000-8000-000000000009
level: high
correlation:
  type: event_count
  rules: [00000000-0000-4000-8000-000000000001]
  group-by: [Computer]
  timespan: 1h
  condition: {gte: 2}
  generate: true
"""
ONE = "00000000-0000-4000-8000-000000000001"


def ruleset(level: str = "high", more: str = "") -> Ruleset:
    text = RULE.format(title="Remote control", ident=ONE, level=level) + more
    return read_rules([("a.yml", text.encode())], runs)


def started(key: str, **fields: str) -> Told:
    said = {"Image": r"C:\Tools\AnyDesk.exe", "Computer": "poste-3", **fields}
    event = Event(AT, "windows", category="process_creation", host="poste-3", fields=said)
    return Told(key, "10.0.0.9", AT, event, host=f"host/{key}")


def exemption(level: str = "fields", **clauses: tuple[str, ...]) -> AlertExemption:
    asked = {key.replace("__", "|"): values for key, values in clauses.items()}
    return AlertExemption(ONE, level, f"rule/{ONE}", "our support", "Marie", AT, date(2026, 11, 23), None, asked)


def matched(rules: Rules, state: matching.State, *told: Told) -> list[str]:
    return [found.subject for found in rules.look(told, state)]


@pytest.mark.parametrize(
    ("how", "value", "yes", "no"),
    [
        (IS, r"C:\a*b?\x.exe", r"c:\A*b?\X.EXE", r"C:\aZb?\x.exe"),
        (IS, r"\\srv\share", r"\\srv\share", r"\srv\share"),
        ("contains", "*", "a*b", "ab"),
        ("startswith", "C:\\", "C:\\x", "D:C:\\"),
        ("endswith", "\\", "C:\\", "C:\\x"),
        ("cidr", "10.77.0.0/24", "10.77.0.9", "10.78.0.9"),
        ("re", r"^adm-\w+$", "adm-jean", "xadm-jean"),
    ],
)
def test_a_value_is_taken_as_it_stands(how: str, value: str, yes: str, no: str) -> None:
    node = node_of(told([Clause("User", how, (value,))]))
    assert holds(node, viewed({"user": yes}))
    assert not holds(node, viewed({"User": no}))
    assert not holds(node, viewed({"Other": yes}))


def test_all_fields_must_agree_and_one_of_the_values_of_each() -> None:
    asked = told([Clause("User", IS, ("jean", "léa")), Clause("Image", "endswith", ("x.exe",))])
    node = node_of(asked)
    assert [holds(node, viewed({"User": user, "Image": "x.exe"})) for user in ("Jean", "LÉA", "root")] == [1, 1, 0]
    assert not holds(node, viewed({"User": "jean", "Image": "y.exe"}))
    assert parted(asked) == [Clause("User", IS, ("jean", "léa")), Clause("Image", "endswith", ("x.exe",))]


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        ([], "empty"),
        ([Clause("", IS, ("x",))], "no_field"),
        ([Clause("Image|re", IS, ("x",))], "no_field"),
        ([Clause("Image", "expand", ("%x%",))], "no_field"),
        ([Clause("Image", IS, ())], "no_value"),
        ([Clause("Image", IS, ("x", ""))], "no_value"),
        ([Clause("Image", IS, ("x",)), Clause("image", IS, ("y",))], "twice"),
        ([Clause("Image", IS, ("x" * (LONGEST + 1),))], "too_many"),
        ([Clause(f"f{n}", IS, ("x",)) for n in range(MOST + 1)], "too_many"),
    ],
)
def test_what_is_no_filter_is_refused(clauses: list[Clause], code: str) -> None:
    with pytest.raises(NotAFilter, match=code):
        told(clauses)


@pytest.mark.parametrize("bad", [("cidr", "nowhere"), ("re", "a(b"), ("re", "((a{99}){99}){99}")])
def test_a_value_that_cannot_be_read_is_refused_by_its_field_and_spares_nothing(bad: tuple[str, str]) -> None:
    clauses = told([Clause("User", IS, ("jean",)), Clause("Place", bad[0], (bad[1],))])
    with pytest.raises(NotAFilter) as error:
        node_of(clauses)
    assert (error.value.code, error.value.what) == ("cannot", f"Place|{bad[0]}")
    assert filters_of([replace(exemption(), clauses=clauses)]) == {}


def test_every_way_to_ask_reads() -> None:
    for how in HOWS:
        node_of(told([Clause("a", how, ("10.0.0.0/8",))]))


def test_a_rule_spares_what_its_fields_say_tells_the_rest_and_counts() -> None:
    fact = exemption(ParentImage__endswith=("\\support.exe",))
    rules, state = Rules(ruleset(), filters=Spared((fact,)).of_fields), matching.State()
    ours, other = started("a", ParentImage=r"C:\support.exe"), started("b", ParentImage=r"C:\mail.exe")
    assert matched(rules, state, ours, other, ours) == ["host/b"]
    assert {ref: (one.count, one.last) for ref, one in state.hidden.items()} == {fact.ref: (2, AT)}
    late = replace(ours, came=AT + timedelta(days=2))
    assert matched(rules, state, late) == ["host/a"]


def test_names_that_a_rule_asks_for_are_those_of_its_filter() -> None:
    """An audit of Windows names fields otherwise than Sysmon does, whose names rules use."""
    fields = {"Channel": "Security", "EventID": 4688, "NewProcessName": r"C:\AnyDesk.exe", "ParentProcessName": "s.exe"}
    told = Told("k", "x", AT, Event(AT, "windows", fields=fields), host="host/k")
    assert matched(Rules(ruleset()), matching.State(), told) == ["host/k"]
    filters = Spared((exemption(ParentImage=("s.exe",)),)).of_fields
    assert matched(Rules(ruleset(), filters=filters), matching.State(), told) == []


def test_a_critical_rule_spares_nothing_and_a_correlation_goes_on_counting() -> None:
    fact = exemption(User=("jean",))
    filters = Spared((fact, exemption("rule"))).of_fields
    assert list(filters) == [ONE]
    assert [one.ref for one in filters[ONE]] == [fact.ref]
    jean = started("a", User="jean")
    assert matched(Rules(ruleset("critical"), filters=filters), matching.State(), jean) == ["host/a"]
    together = Rules(ruleset(more="---\n" + TOGETHER), filters=filters)
    assert matched(together, matching.State(), jean, started("a", User="jean")) == ["host/a"]


def test_exemptions_of_other_fields_are_other_exemptions() -> None:
    one, two = exemption(User=("jean",)), exemption(User=("léa",))
    assert len({one.ref, two.ref, exemption("rule").ref}) == 3
    assert one.ref == replace(one, reason="x").ref
    assert one.ref.startswith(f"exemption/{ONE}/{FIELDS}/")
