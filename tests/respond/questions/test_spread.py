"""Paths that respect time, against a reference that tries every path."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.respond.questions.answer import Window
from negatoscope.respond.questions.spread import Passage, Span, backwards, onwards, spread

START = datetime(2026, 11, 15, tzinfo=UTC)
HOSTS = tuple(f"host/{name}" for name in "abcdef")


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


spans_ = st.lists(
    st.builds(
        lambda source, target, first, lasts: Span(source, target, at(first), at(first + lasts), "tcp", 445),
        st.sampled_from(HOSTS), st.sampled_from(HOSTS), st.integers(0, 60), st.integers(0, 20),
    ),
    max_size=12,
)  # fmt: skip


def naive_arrivals(start: str, since: datetime, spans: Sequence[Span]) -> dict[str, datetime]:
    """Let it pass again and again until nobody is reached earlier."""
    known = {start: since}
    for _ in range(len(spans) + 1):
        for span in spans:
            if span.source in known and span.last >= known[span.source]:
                then = max(span.first, known[span.source])
                known[span.target] = min(known.get(span.target, then), then)
    return {host: when for host, when in known.items() if host != start}


def turned(when: datetime) -> datetime:
    return START - (when - START)


def turned_round(spans: Sequence[Span]) -> list[Span]:
    """Time and arrows the other way round."""
    return [Span(one.target, one.source, turned(one.last), turned(one.first)) for one in spans]


def check(passage: Passage, spans: Sequence[Span], since: datetime, until: datetime) -> None:
    """A path is joined, real, and never goes back in time."""
    last = since
    for number, leg in enumerate(passage.path):
        assert leg.span in spans
        assert not number or passage.path[number - 1].span.target == leg.span.source
        assert last <= leg.at <= until
        assert leg.span.first <= leg.at <= leg.span.last
        last = leg.at


@given(spans_, st.integers(0, 60))
def test_arrivals_are_those_of_the_naive_reference(spans: list[Span], since: int) -> None:
    told = onwards(HOSTS[0], at(since), spans)
    assert {host: passage.at for host, passage in told.items()} == naive_arrivals(HOSTS[0], at(since), spans)
    for host, passage in told.items():
        check(passage, spans, at(since), at(1000))
        assert (passage.path[0].span.source, passage.path[-1].span.target) == (HOSTS[0], host)


@given(spans_, st.integers(0, 80))
def test_departures_are_arrivals_with_time_turned_round(spans: list[Span], until: int) -> None:
    told = backwards(HOSTS[0], at(until), spans)
    mirrored = naive_arrivals(HOSTS[0], turned(at(until)), turned_round(spans))
    assert {host: turned(passage.at) for host, passage in told.items()} == mirrored
    for host, passage in told.items():
        check(passage, spans, at(-1000), at(until))
        assert (passage.path[0].span.source, passage.path[-1].span.target) == (host, HOSTS[0])


def test_what_never_happened_before_comes_first_and_short_paths_before_long_ones() -> None:
    a, b, c, d = HOSTS[:4]
    usual = Span(b, a, at(1), at(9), "tcp", 445, habitual=True)
    strange = Span(c, b, at(0), at(0), "tcp", 3389, habitual=False)
    onward = Span(a, d, at(20), at(20), "tcp", 445)
    window = Window(at(0), at(60), at(10))
    found = spread(a, window, [usual, strange, onward, Span(a, a, at(1), at(2))], (), ())
    assert [(row.host, row.back, row.unusual) for row in found.rows] == [
        (c, True, True),
        (b, True, False),
        (d, False, False),
    ]


def test_of_two_arrivals_the_earlier_stands() -> None:
    late, early = (Span("host/a", "host/b", at(first), at(first)) for first in (20, 10))
    assert onwards("host/a", at(0), [late, early])["host/b"].at == at(10)
    assert backwards("host/b", at(60), [early, late])["host/a"].at == at(20)


def test_what_is_too_much_is_counted() -> None:
    spans = [Span("host/a", f"host/{number}", at(1), at(2)) for number in range(600)]
    found = spread("host/a", Window(at(0), at(60), at(10)), spans, (), ())
    assert (len(found.rows), found.cut) == (500, 100)
