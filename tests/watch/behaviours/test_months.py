"""Months of a practice with each situation planted in them: all are found, and hardly anything else."""

import sys
from dataclasses import dataclass
from datetime import timedelta

import pytest

from negatoscope.watch.behaviours import five
from negatoscope.watch.calendar import local
from negatoscope.watch.detection import Detection
from tests.watch.attacks import planted
from tests.watch.generated import Planted, Practice

NEAR = 9
"""Days between what was planted and the beginning of its case: a leak is known as one once it has gone on."""
FALSE_AT_MOST = 1.0
"""Alerts a hundred hosts and week that nothing planted explains: harmless oddities, most of them rightly told."""


@dataclass(frozen=True)
class Score:
    planted: int
    missed: list[Planted]
    false: list[Detection]
    a_week: float


def score(practice: Practice) -> Score:
    known, memory, settings = practice.known(), five.Memory(), five.Settings()
    extra, wanted = planted(practice)
    told = list(five.look(practice.events(extra), memory, known, settings))
    assert memory.order.newest is not None
    told += five.settle(memory.order.newest + timedelta(hours=1), memory, known, settings)
    missed = [one for one in wanted if not any(meets(one, found) for found in told)]
    mine = {(one.code, one.subject) for one in wanted}
    cases = {found.case: found for found in told}
    false = [found for found in cases.values() if (found.code, found.subject) not in mine]
    return Score(len(wanted), missed, false, 100 * len(false) / len(known.hosts) / practice.weeks)


def meets(one: Planted, found: Detection) -> bool:
    same = (found.code, found.reason, found.subject) == (one.code, one.reason, one.subject)
    return same and abs((local(found.at)[0] - one.day).days) <= NEAR


def judge(*practices: Practice) -> None:
    scores = [score(practice) for practice in practices]
    for practice, told in zip(practices, scores, strict=True):
        sys.stdout.write(
            f"seed {practice.seed}: {told.planted} planted, {len(told.missed)} missed,"
            f" {told.a_week:.2f} other alerts a 100 hosts and week:"
            f" {sorted((one.reason, one.subject) for one in told.false)}\n"
        )
    assert [told.missed for told in scores if told.missed] == []
    assert sum(told.a_week for told in scores) / len(scores) <= FALSE_AT_MOST


def test_every_situation_of_rule_26_is_found_and_hardly_anything_else() -> None:
    judge(Practice(seed=1, people=30, weeks=12, flows=1))


@pytest.mark.torture
def test_whatever_the_months() -> None:
    judge(*(Practice(seed=seed) for seed in range(2, 12)))
