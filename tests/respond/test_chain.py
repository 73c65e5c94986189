"""Who is called when, by which ways, when it is over: the plan of a launch and what it showed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model import calltree
from negatoscope.model.alert import Priority
from negatoscope.model.calltree import Rung
from negatoscope.model.channel import Channel, For
from negatoscope.model.continuity import Call, Outcome
from negatoscope.model.launch import Launch, LaunchState, Purpose, Reach, Ring, System
from negatoscope.respond import chain
from negatoscope.respond.chain import Use

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANNA, MARC, ZOE, LUC = "person/anna", "person/marc", "person/zoe", "person/luc"


def rungs(*calls: Call, away: tuple[str, ...] = ()) -> tuple[Rung, ...]:
    return calltree.tree(calls, (), away, AT.date())


def told(found: tuple[chain.Planned, ...]) -> list[tuple[str, int]]:
    return [(one.person, one.after // MINUTE) for one in found]


def channel(name: str = "sms", service: str = "sms", **more: object) -> Channel:
    one = Channel(1, name, service, "", For.PERSON, ANNA, frozenset(Priority), None, "fr", active=True)
    return replace(one, **more)  # type: ignore[arg-type]


def ring(place: int, *lines: int, due: int = 0, **more: object) -> Ring:
    begins = AT + due * MINUTE
    one = Ring(place, place, f"person/p{place}", f"P{place}", lines, "", (), (), "", begins, begins + 10 * MINUTE)
    return replace(one, **more)  # type: ignore[arg-type]


def launch(*rings: Ring, reach: Reach = Reach.ONE, total: int = 2) -> Launch:
    day = timedelta(days=1)
    return Launch(
        1, Purpose.DRILL, reach, "", frozenset(), None, AT, "m", LaunchState.RUNNING, AT + day, total, rings=rings
    )


def test_one_after_the_other_each_waits_for_the_answer_of_those_before() -> None:
    calls = (Call(ANNA, 1, deputy=MARC, wait=5), Call(ZOE, 2, deputy=LUC), Call(LUC, 3))
    assert told(chain.planned(rungs(*calls), Reach.ONE)) == [(ANNA, 0), (MARC, 5), (ZOE, 10), (LUC, 20)]


def test_all_at_once_the_deputy_waits_for_their_line_alone() -> None:
    calls = (Call(ANNA, 1, deputy=MARC, wait=5), Call(ZOE, 2, deputy=LUC))
    found = chain.planned(rungs(*calls), Reach.ALL)
    assert sorted(told(found)) == [(ANNA, 0), (LUC, 10), (MARC, 5), (ZOE, 0)]


def test_who_stands_on_several_lines_is_called_once_at_the_first_and_answers_for_all() -> None:
    calls = (Call(ANNA, 1, deputy=MARC), Call(MARC, 2, deputy=ANNA))
    one, two = chain.planned(rungs(*calls), Reach.ALL)
    assert told((one, two)) == [(ANNA, 0), (MARC, 0)]
    assert one.lines == two.lines == (1, 2)


def test_whoever_is_away_gives_way_at_once_and_a_line_without_anybody_is_passed_over() -> None:
    calls = (Call(ANNA, 1, deputy=MARC), Call(ZOE, 2))
    (one,) = chain.planned(rungs(*calls, away=(ANNA, ZOE)), Reach.ONE)
    assert (one.person, one.instead, one.after, one.lines) == (MARC, ANNA, timedelta(), (1,))


def test_a_line_alone_or_whose_deputy_is_oneself_has_one_seat() -> None:
    for call in (Call(ANNA, 1), Call(ANNA, 1, deputy=ANNA)):
        assert told(chain.planned(rungs(call), Reach.ONE)) == [(ANNA, 0)]


def test_a_channel_that_needs_what_is_suspect_is_left_and_one_of_which_nobody_said_is_unsure() -> None:
    sms = channel("sms", depends=frozenset({System.PHONE}))
    ntfy, mail = channel("ntfy", "ntfy"), channel("boîte", "mail")
    free = channel("zzz", depends=frozenset())
    suspect = frozenset({System.MAIL, System.PHONE})
    found = {way.name: (way.use, way.needs) for way in chain.ways([mail, sms, ntfy, free], {ANNA}, suspect)}
    assert found == {
        "ntfy": (Use.UNSURE, ()), "sms": (Use.LEFT, (System.PHONE,)), "zzz": (Use.USED, ()),
        "boîte": (Use.LEFT, (System.MAIL,)),
    }  # fmt: skip


def test_mail_comes_last_and_channels_of_others_or_asleep_are_none() -> None:
    mail, sms = channel("a", "mail"), channel("z")
    others = [channel("y", whom=MARC), channel("x", active=False), channel("w", for_whom=For.EVERYBODY, whom="")]
    found = chain.ways([mail, *others, sms], {ANNA}, frozenset())
    assert [(way.name, way.use) for way in found] == [("z", Use.USED), ("a", Use.USED)]


def test_nobody_is_called_twice_before_their_time_or_for_a_line_that_answered() -> None:
    first, deputy = ring(1, 1, called_at=AT), ring(2, 1, due=10)
    one = launch(first, deputy, ring(3, 2, due=20), reach=Reach.ALL)
    assert chain.due(one, AT) == []
    assert chain.due(one, AT + 10 * MINUTE) == [deputy]
    answered = replace(one, rings=(replace(first, answered_at=AT), *one.rings[1:]))
    assert [each.place for each in chain.due(answered, AT + 30 * MINUTE)] == [3]
    assert chain.due(replace(one, state=LaunchState.STOPPED), AT + 30 * MINUTE) == []


def test_one_answer_ends_it_where_one_is_enough_else_each_line_or_the_last_wait_does() -> None:
    one = launch(ring(1, 1, called_at=AT, answered_at=AT), ring(2, 2, due=10))
    assert chain.ending(one, AT) is LaunchState.ANSWERED
    everybody = replace(one, reach=Reach.ALL)
    assert chain.ending(everybody, AT) is None
    assert chain.ending(everybody, AT + 20 * MINUTE) is LaunchState.OVER
    both = replace(everybody, rings=(one.rings[0], replace(one.rings[1], answered_at=AT)))
    assert chain.ending(both, AT) is LaunchState.OVER
    asked = replace(everybody, rings=(one.rings[0], ring(2, 1, called_at=AT)))
    assert chain.ending(asked, AT) is None
    assert chain.ending(asked, AT + 10 * MINUTE) is LaunchState.OVER
    assert chain.ending(replace(everybody, rings=(one.rings[0], ring(2, 1, due=5))), AT) is LaunchState.OVER
    silent = launch(ring(1, 1, called_at=AT))
    assert chain.ending(silent, AT + 9 * MINUTE) is None
    assert chain.ending(silent, AT + 10 * MINUTE) is LaunchState.OVER


def test_after_a_stop_of_the_console_nobody_has_less_time() -> None:
    first, second = ring(1, 1), ring(2, 1, due=10)
    moved = chain.late(launch(first, second), first, AT + 60 * MINUTE)
    assert moved[1] == (AT + 60 * MINUTE, AT + 70 * MINUTE)
    assert moved[2] == (AT + 70 * MINUTE, AT + 80 * MINUTE)
    assert set(chain.late(launch(first, second, reach=Reach.ALL), first, AT + 60 * MINUTE)) == {1}


def test_who_does_not_pick_up_is_waited_for_no_more() -> None:
    first, second, other = ring(1, 1, called_at=AT), ring(2, 1, due=10), ring(3, 2, due=20)
    one = launch(first, second, other)
    assert chain.hurried(one, first, AT + 4 * MINUTE) == {
        2: (AT + 4 * MINUTE, AT + 14 * MINUTE), 3: (AT + 14 * MINUTE, AT + 24 * MINUTE)
    }  # fmt: skip
    assert chain.hurried(replace(one, reach=Reach.ALL), first, AT + 4 * MINUTE) == {
        2: (AT + 4 * MINUTE, AT + 14 * MINUTE)
    }


def test_the_result_counts_lines_and_times_and_names_who_was_silent() -> None:
    answered = ring(1, 1, called_at=AT, answered_at=AT + 3 * MINUTE)
    silent, never = ring(2, 2, called_at=AT), ring(3, 2, due=10)
    shown = chain.result(launch(answered, silent, never))
    assert (shown.first, shown.last, shown.reached, shown.lines) == (3 * MINUTE, 3 * MINUTE, 1, 2)
    assert shown.silent == (silent,)
    assert shown.outcome is Outcome.PARTIAL
    assert chain.result(launch(answered, total=1)).outcome is Outcome.SUCCESS
    nothing = chain.result(launch(silent))
    assert (nothing.first, nothing.last, nothing.outcome) == (None, None, Outcome.FAILURE)


PEOPLE = st.sampled_from([f"person/p{n}" for n in range(5)])
CALLS = st.lists(
    st.builds(lambda who, other, wait: Call(who, None, None, other, wait=wait), PEOPLE, st.none() | PEOPLE,
              st.integers(1, 60)),
    unique_by=lambda call: call.person, max_size=5,
)  # fmt: skip


@given(CALLS, st.sets(PEOPLE), st.sampled_from(Reach))
def test_everybody_who_may_answer_is_called_once_and_each_line_with_somebody_has_a_ring(
    calls: list[Call], away: set[str], reach: Reach
) -> None:
    laid = calltree.tree(calls, (), away, AT.date())
    found = chain.planned(laid, reach)
    people = [one.person for one in found]
    assert len(people) == len(set(people))
    assert not set(people) & away
    answered = {line for one in found for line in one.lines}
    assert answered == {line for line, rung in enumerate(laid, start=1) if rung.called}
    assert not found or min(one.after for one in found) == timedelta()
