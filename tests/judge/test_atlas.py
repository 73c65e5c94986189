"""The map follows reality: each way in which it does not, and what only time can tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.hosts import HostClass
from negatoscope.model.verdict import Verdict
from tests.judge.memory import AT, World, judged
from tests.judge.planted.atlas import LONG_AGO, RECORD, SEEN, drawn

ADDRESSED = replace(RECORD, addresses=SEEN.addresses)


@pytest.mark.parametrize(
    ("world", "code"),
    [
        (drawn(None), "unknown"),
        (drawn(replace(RECORD, model="Autre modèle", serial="AUTRE")), "drifted"),
        (drawn(RECORD, LONG_AGO), "ghost"),
        (drawn(ADDRESSED, None), "ghost"),
    ],
)
def test_a_difference_is_a_finding(world: World, code: str) -> None:
    result = judged(world, "R1.7")
    assert {finding.reason for finding in result.findings} == {code}


@pytest.mark.parametrize(
    ("world", "code"),
    [(drawn(RECORD, None), "never_seen"), (drawn(RECORD, AT - timedelta(days=20)), "seen_long_ago")],
)
def test_a_host_that_looks_may_have_missed_is_a_doubt(world: World, code: str) -> None:
    result = judged(world, "R1.7")
    assert result.verdict is Verdict.UNPROVEN
    assert code in {doubt.reason for doubt in result.doubts}


def test_the_silence_of_a_modality_proves_nothing() -> None:
    world = drawn(RECORD, LONG_AGO)
    result = judged(world.with_(replace(SEEN, host_class=HostClass.MODALITY)), "R1.7")
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    assert "spared" in {doubt.reason for doubt in result.doubts}
