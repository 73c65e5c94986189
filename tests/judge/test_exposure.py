"""What a look from the Internet proves, and what it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.judge.exposure import standing
from negatoscope.model.evidence import Seen, Source
from negatoscope.model.traffic import INTERNET, Reach, Vantage
from negatoscope.model.verdict import Verdict
from tests.judge.cases.healthy.touched import ANSWER, FIBRE, LOOK
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World, judged


def doubts(world: World) -> list[str]:
    result = judged(world, "R25.1")
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    return sorted({doubt.reason for doubt in result.doubts})


def without(*facts: object) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact not in facts))


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (HEALTHY.with_(replace(FIBRE, addresses=None)), "address_unknown"),
        (without(LOOK), "never_looked_at"),
        (without(LOOK).with_(replace(LOOK, origin="10.77.0.0/24")), "never_looked_at"),
        (without(LOOK).with_(replace(LOOK, target="203.0.113.11/32")), "never_looked_at"),
        (without(LOOK).with_(replace(LOOK, target="2001:db8::1/128")), "never_looked_at"),
        (HEALTHY.with_(replace(LOOK, ports="22,80,443")), "not_all_tried"),
        (HEALTHY.with_(replace(LOOK, ports=None)), "not_all_tried"),
        (HEALTHY.with_(replace(LOOK, complete=None)), "not_all_tried"),
        (HEALTHY.with_(replace(ANSWER, administers=None)), "exposed_unknown"),
    ],
)
def test_no_green_without_a_whole_look_from_outside(world: World, why: str) -> None:
    assert doubts(world) == [why]


def test_an_old_look_proves_nothing() -> None:
    old = AT - timedelta(days=40)
    assert "looked_at_long_ago" in doubts(HEALTHY.but(seen_at=old))


def test_what_answers_within_is_no_exposure() -> None:
    inside = Reach("10.77.0.0/24", "10.77.0.5", "tcp", 22, "ssh", administers=True)
    assert judged(HEALTHY.with_(inside), "R25.1").verdict is Verdict.PASSED


def test_an_answer_falls_when_a_later_look_hears_it_no_more() -> None:
    def seen(looked: int, **changes: object) -> list[Reach]:
        look, ssh = replace(LOOK, **changes), Reach(INTERNET, "203.0.113.10", "tcp", 22, "ssh", administers=True)  # type: ignore[arg-type]
        heard = {ssh.ref: (Source("a", AT, "vantage"),)}
        looks: dict[str, tuple[Source, ...]] = {look.ref: (Source("b", AT + timedelta(days=looked), "vantage"),)}
        return list(standing(Seen((ssh,), heard), Seen[Vantage]((look,), looks)))

    assert seen(1) == []
    assert seen(-1)
    assert seen(1, ports="80")
    assert seen(1, target="203.0.113.11/32")
    assert seen(1, complete=None)
    assert seen(1, origin="10.0.0.0/8")
