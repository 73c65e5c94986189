"""Every identifier of the mappings is one of its text's own; nothing is missing, and gaps are told."""

from datetime import date

import pytest

from negatoscope.judge.catalogue import RULES
from negatoscope.judge.mappings import cells, mappings

ANNEX_A = {5: 37, 6: 8, 7: 14, 8: 34}
"""ISO/IEC 27001:2022, Annex A: how many controls each theme has, 93 in all."""
LETTERS = "abcdefghij"
OBJECTIVES = range(1, 21)


def test_the_forty_rules_are_mapped_and_no_other() -> None:
    assert list(mappings().rules) == [rule.id for rule in RULES]


def test_the_forty_two_measures_are_named() -> None:
    assert list(mappings().measures) == [str(number) for number in range(1, 43)]
    assert {mappings().measures[str(n)].level for n in (38, 41, 42)} == {"reinforced"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_identifier_belongs_to_its_closed_list(rule: object) -> None:
    told = mappings().rules[rule.id]  # type: ignore[attr-defined]
    assert set(told.anssi + told.in_part) <= set(range(1, 43))
    assert not set(told.anssi) & set(told.in_part)
    for one in told.iso:
        theme, number = map(int, one.split("."))
        assert 1 <= number <= ANNEX_A[theme], one
    assert set(told.nis2) <= set(LETTERS)
    assert set(told.recyf) <= set(OBJECTIVES)
    assert told.iso
    assert told.nis2
    assert told.recyf


def test_what_no_rule_covers_is_said() -> None:
    rules = mappings().rules.values()
    direct = {number for one in rules for number in one.anssi}
    assert set(range(1, 43)) - direct == {1, 3, 17, 24, 25, 30, 35, 41, 42}
    assert set(LETTERS) - {letter for one in rules for letter in one.nis2} == {"d"}
    assert set(OBJECTIVES) - {number for one in rules for number in one.recyf} == {3, 15, 16}
    assert set(mappings().gaps) == set(mappings().sources)


def test_every_source_says_its_edition_and_when_it_was_read() -> None:
    for source in mappings().sources.values():
        assert source.edition["fr"]
        assert source.read_on <= date(2026, 11, 22)


def test_a_measure_met_in_part_stands_in_brackets() -> None:
    assert cells("R5") == {"anssi": "7, 33, (24)", "iso": "A.5.10, A.5.14, A.8.1", "nis2": "i, g", "recyf": "9"}
