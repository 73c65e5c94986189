"""Messages in a stream: counted or ended by a newline, however the stream is cut into pieces."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.intake.events import framing
from negatoscope.intake.events.framing import Framer, Message

TEXT = st.binary(min_size=1, max_size=40).map(lambda one: b"<13>" + one.replace(b"\n", b" ").replace(b"\0", b" "))
SENT = st.lists(st.tuples(st.booleans(), TEXT), max_size=12)


def wire(sent: list[tuple[bool, bytes]]) -> bytes:
    return b"".join(b"%d %s" % (len(text), text) if counted else text + b"\n" for counted, text in sent)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[one:two] for one, two in pairwise(places)]


@given(SENT, st.lists(st.integers(0, 5000), max_size=20))
def test_both_framings_in_one_stream_however_it_is_cut(sent: list[tuple[bool, bytes]], cuts: list[int]) -> None:
    framer = Framer()
    found = [one for piece in pieces(wire(sent), cuts) for one in framer.feed(piece)] + framer.end()
    lines = [Message(text if counted else text.rstrip(b"\r")) for counted, text in sent]
    assert found == lines


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=20))
def test_no_octets_break_it_and_pieces_change_nothing(data: bytes, cuts: list[int]) -> None:
    one, other = Framer(), Framer()
    at_once = one.feed(data) + one.end()
    in_pieces = [found for piece in pieces(data, cuts) for found in other.feed(piece)] + other.end()
    assert at_once == in_pieces


@pytest.mark.parametrize("how", ["counted", "line"])
def test_a_message_that_is_too_long_is_cut_and_the_next_is_whole(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = how == "counted"
    monkeypatch.setattr(framing, "MOST_DATA", 100)
    data = wire([(counted, b"<13>" + b"x" * 1000), (counted, b"<13>next")])
    for size in (1, 7, 100, 5000):
        framer = Framer()
        found = [one for start in range(0, len(data), size) for one in framer.feed(data[start : start + size])]
        assert found == [Message(b"<13>" + b"x" * 96, 1004), Message(b"<13>next")]
        assert not framer.amid


def test_a_line_without_end_holds_no_more_than_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MOST_DATA", 1000)
    framer = Framer()
    for _ in range(1000):
        assert framer.feed(b"x" * 700) == []
        assert len(framer._held) < 2000  # noqa: SLF001 -- what it holds is the promise
    assert framer.end() == [Message(b"x" * 1000, 700_000)]


def test_what_a_connection_leaves_unfinished_is_kept_and_marked() -> None:
    framer = Framer()
    assert framer.feed(b"50 <13>half") == []
    assert framer.amid
    assert framer.end() == [Message(b"<13>half", 50)]
    assert framer.feed(b"<13>no newline") == []
    assert framer.end() == [Message(b"<13>no newline")]


def test_a_wrong_count_is_noticed() -> None:
    framer = Framer()
    framer.feed(b"8 <13>abcdef\n9 <13>fine.")
    assert framer.strays == 1


def test_dates_and_numbers_at_the_beginning_of_a_line_are_no_counts() -> None:
    framer = Framer()
    assert framer.feed(b"2026-11-22T10:00:00Z h a: b\n12 monkeys\n1234567890 <13>x\n") == [
        Message(b"2026-11-22T10:00:00Z h a: b"), Message(b"12 monkeys"), Message(b"1234567890 <13>x"),
    ]  # fmt: skip


@pytest.mark.torture
def test_a_gibibyte_without_a_newline_takes_seconds() -> None:
    framer, piece = Framer(), random.Random(1).randbytes(65_536).replace(b"\n", b"x")
    for _ in range(16_384):
        framer.feed(piece)
