"""Where something is reported: a yes leads there, a no does not, not knowing leaves it open."""

import itertools

from negatoscope.respond.duty import Answer
from negatoscope.respond.routing import places, questions, routes

ASKED = tuple(one.id for one in questions())


def led(**answers: Answer) -> dict[str, Answer]:
    told = dict.fromkeys(ASKED, Answer.NO) | answers
    return {route.place.id: route.sure for route in routes(told)}


def test_each_answer_leads_where_it_should_and_nowhere_else() -> None:
    expected = {
        "danger": {"emergency"}, "harmed": {"complaint", "17cyber"}, "help": {"17cyber"}, "mail": {"signal-spam"},
        "text": {"33700"}, "public": {"pharos"}, "private": {"thesee"},
    }  # fmt: skip
    assert set(expected) == set(ASKED)
    for question, where in expected.items():
        assert led(**{question: Answer.YES}) == dict.fromkeys(where, Answer.YES)
        assert led(**{question: Answer.UNKNOWN}) == dict.fromkeys(where, Answer.UNKNOWN)
    assert led() == {}


def test_nothing_said_leaves_every_place_open() -> None:
    assert {route.sure for route in routes({})} == {Answer.UNKNOWN}
    assert len(routes({})) == len(places())


def test_what_is_sure_stands_first_whatever_was_answered() -> None:
    for some in itertools.product(Answer, repeat=len(ASKED)):
        told = [route.sure for route in routes(dict(zip(ASKED, some, strict=True)))]
        assert told == sorted(told, key=lambda sure: sure is not Answer.YES)
        assert Answer.NO not in told


def test_every_place_answers_a_question_and_both_languages_ask_it() -> None:
    assert {question for place in places() for question in place.when} == set(ASKED)
    assert all(one["fr"] != one["en"] for one in questions())
