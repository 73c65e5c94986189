"""The verdict algebra: worst wins, whatever the order."""

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.verdict import Verdict, combine

verdicts = st.sampled_from(Verdict)
several = st.lists(verdicts, min_size=1)


@given(several, st.randoms())
def test_order_does_not_matter(said: list[Verdict], random: object) -> None:
    shuffled = sorted(said, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert combine(shuffled) is combine(said)


@given(several, several)
def test_grouping_does_not_matter(one: list[Verdict], other: list[Verdict]) -> None:
    assert combine([combine(one), combine(other)]) is combine(one + other)


@given(verdicts)
def test_saying_it_twice_changes_nothing(verdict: Verdict) -> None:
    assert combine([verdict, verdict]) is verdict


@given(several)
def test_one_failure_settles_it(said: list[Verdict]) -> None:
    assert combine([*said, Verdict.FAILED]) is Verdict.FAILED


@given(several)
def test_a_pass_needs_everyone(said: list[Verdict]) -> None:
    assert (combine(said) is Verdict.PASSED) == (
        Verdict.PASSED in said and not {Verdict.FAILED, Verdict.UNPROVEN} & set(said)
    )


@given(several)
def test_more_said_is_never_better(said: list[Verdict]) -> None:
    severity = [Verdict.NOT_APPLICABLE, Verdict.PASSED, Verdict.UNPROVEN, Verdict.FAILED]
    assert severity.index(combine(said)) >= severity.index(combine(said[:1]))


def test_silence_proves_nothing() -> None:
    assert combine([]) is Verdict.UNPROVEN
