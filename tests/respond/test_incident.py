"""A log only grows: what it says, what may be added, and who is told that another was first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Clue,
    Dated,
    Decided,
    Done,
    Entry,
    Followed,
    Frozen,
    Gesture,
    Hit,
    How,
    Marked,
    Moment,
    Moved,
    Named,
    Noted,
    Part,
    Reckoned,
    Reminded,
    Role,
    Sent,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond.incident import STRIKABLE, Refused, about, check, read, since
from tests.respond.incidents import COMPLETE, HOST, START, Log, aware, recovered

HOUR = timedelta(hours=1)


def refusal(log: Log, word: Word, text: str = "") -> str:
    with pytest.raises(Refused) as refused:
        log.say(word, text)
    return refused.value.code


def test_an_empty_log_is_no_incident() -> None:
    for entries in ([], [Entry(1, START, "", "", Noted(), "seul")]):
        with pytest.raises(Refused, match="unknown"):
            read(1, entries)


def test_a_wrong_entry_is_struck_and_stays() -> None:
    log = Log()
    named = log.say(Named(Role.LEAD, "Anna"))
    log.say(Named(Role.LEAD, "Luc", "Zoé"))
    wrong = log.say(Marked(Clue.ADDRESS, "192.0.2.7"))
    assert refusal(log, Struck(wrong), " ") == "wordless"
    log.say(Struck(wrong), "c’est notre imprimante")
    assert log.one.clues == ()
    assert log.one.struck[wrong].text == "c’est notre imprimante"
    assert log.entries[wrong - 1].word == Marked(Clue.ADDRESS, "192.0.2.7")
    log.say(Struck(named + 1), "pas lui")
    assert log.one.roles[Role.LEAD].word == Named(Role.LEAD, "Anna")
    for place in (1, wrong, wrong + 1, 99):
        assert refusal(log, Struck(place), "non") == "not_strikable"


def test_states_go_on_and_come_back_with_a_reason() -> None:
    log = Log()
    assert refusal(log, Moved(State.OPEN)) == "there_already"
    assert refusal(log, Moved(State.CLOSED)) == "not_recovered"
    log.say(Moved(State.CONTAINED))
    assert refusal(log, Moved(State.QUALIFIED)) == "wordless"
    log.say(Moved(State.OPEN), "un autre poste")
    assert log.one.state is State.OPEN


def test_the_three_instants_keep_their_order_and_their_history() -> None:
    log = aware(START)
    assert refusal(log, Dated(Moment.DETECTED, START + HOUR)) == "ahead"
    log.say(Dated(Moment.DETECTED, START - HOUR))
    assert refusal(log, Dated(Moment.OCCURRED, START)) == "order"
    log.say(Dated(Moment.OCCURRED, START - 9 * HOUR))
    assert refusal(log, Dated(Moment.DETECTED, START - 10 * HOUR)) == "order"
    early = log.say(Dated(Moment.AWARE, START - HOUR))
    log.say(Dated(Moment.DETECTED, START - 2 * HOUR))
    assert log.one.moment(Moment.AWARE) == START - HOUR
    log.say(Struck(early), "Anna se trompe")
    assert log.one.moment(Moment.AWARE) == START


def test_a_strike_that_would_turn_the_order_round_is_refused() -> None:
    log = Log()
    log.say(Dated(Moment.DETECTED, START - HOUR))
    log.say(Dated(Moment.AWARE, START - HOUR))
    later = log.say(Dated(Moment.DETECTED, START - 2 * HOUR))
    log.say(Dated(Moment.AWARE, START - 2 * HOUR))
    assert refusal(log, Struck(later), "non") == "order"


def test_awareness_is_frozen_once_somebody_outside_was_told_it() -> None:
    log = Log()
    assert refusal(log, Sent("CNIL", START)) == "unaware"
    told = log.say(Dated(Moment.AWARE, START))
    assert refusal(log, Sent("POSTE", START)) == "duty"
    for at in (START - HOUR, START + HOUR):
        assert refusal(log, Sent("CNIL", at)) == "sent_when"
    log.say(Sent("CNIL", START, "2026-1"))
    log.say(Frozen(START))
    assert refusal(log, Dated(Moment.AWARE, START)) == "frozen"
    assert refusal(log, Struck(told), "trop tôt") == "frozen"
    log.say(Struck(told + 1), "jamais parti")
    assert log.one.sent == ()
    assert refusal(log, Dated(Moment.AWARE, START)) == "frozen"


def test_tasks_are_done_once() -> None:
    log = Log()
    task = log.say(Asked("Luc"), "débrancher le poste 3")
    assert refusal(log, Asked("Luc")) == "wordless"
    assert refusal(log, Done(1)) == "no_task"
    done = log.say(Done(task))
    assert refusal(log, Done(task)) == "no_task"
    log.say(Struck(done), "pas encore")
    log.say(Done(task))
    assert log.one.done[task].place > done


def test_answers_are_those_of_the_triage() -> None:
    log = Log()
    assert refusal(log, Answered("weather", "yes")) == "answer"
    assert refusal(log, Answered("ongoing", "perhaps")) == "answer"
    log.say(Answered("ongoing", "unknown"))
    assert [entry.word for entry in log.one.answers.values()] == [Answered("ongoing", "unknown")]


def test_whoever_settles_what_another_has_just_settled_is_told() -> None:
    log = Log()
    log.say(Named(Role.LEAD, "Anna"))
    log.say(Noted(), "appel du prestataire")
    assert since(log.entries, Named(Role.LEAD, "Luc"), 1) == log.entries[1]
    assert since(log.entries, Named(Role.LEAD, "Luc"), 2) is None
    assert since(log.entries, Named(Role.VOICE, "Luc"), 1) is None
    assert since(log.entries, Noted(), 1) is None
    log.say(Moved(State.QUALIFIED))
    assert since(log.entries, Moved(State.CONTAINED), 1) == log.entries[3]
    pairs = (
        (Stated(Part.IMAGES, How.TAKEN, HOST), Stated(Part.IMAGES, How.TAKEN, "host/b")),
        (Touched(What.HOST, HOST, Hit.CLEARED), Touched(What.ACCOUNT, HOST, Hit.CLEARED)),
        (Answered("ongoing", "no"), Answered("public", "no")),
    )
    assert all(about(one) != about(other) for one, other in pairs)
    assert about(Decided("payer ?")) == about(Attached("a.pdf", "0", 1)) == ()


WORDS = st.one_of(
    st.sampled_from([word for word, _text in COMPLETE]),
    st.sampled_from(State).map(Moved),
    st.builds(Dated, st.sampled_from(Moment), st.integers(-9, 3).map(lambda n: START + n * HOUR)),
    st.integers(1, 12).map(Struck),
    st.integers(1, 12).map(Done),
    st.builds(Touched, st.just(What.HOST), st.sampled_from([HOST, "host/b"]), st.sampled_from(Hit)),
    st.builds(Sent, st.just("CNIL"), st.just(START)),
    st.builds(Answered, st.just("public"), st.sampled_from(["yes", "no", "unknown"])),
    st.just(Noted()),
)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", "parce que"])), max_size=25))
def test_whatever_is_tried_in_any_order_the_log_stays_sound(tried: list[tuple[Word, str]]) -> None:
    log, frozen_at = Log(), None
    for word, text in tried:
        before, was = list(log.entries), log.one.state
        try:
            log.say(word, text)
        except Refused:
            assert log.entries == before
            continue
        if isinstance(word, Sent) and frozen_at is None:
            frozen_at = log.one.moment(Moment.AWARE)
            assert frozen_at is not None
            log.say(Frozen(frozen_at))
        assert log.entries[: len(before)] == before
        said = [at for at in map(log.one.moment, Moment) if at is not None]
        assert said == sorted(said)
        assert log.one.state is State.CLOSED or was is not State.CLOSED or word == Moved(log.one.state)
        if log.one.state is State.CLOSED and was is not State.CLOSED:
            assert was is State.RECOVERED
        if frozen_at is not None:
            assert log.one.moment(Moment.AWARE) == frozen_at


def test_every_word_is_struck_or_not_on_purpose() -> None:
    log = recovered()
    log.entries.append(log.entry(Reminded("CNIL", "24")))
    for word in (Moved(State.OPEN), Reckoned(()), Reminded("CNIL", "24")):
        assert not isinstance(word, STRIKABLE)
    place = log.entries[-1].place
    assert refusal(log, Struck(place), "non") == "not_strikable"
    assert log.one.reminded == {("CNIL", "24")}
    entry = replace(log.entry(Noted(), "suite"), place=99)
    check(log.one, log.entries, entry)


def test_a_step_of_a_sheet_is_done_left_with_a_reason_or_answered() -> None:
    log, step = Log(), "ransomware.contain.isolate"
    log.say(Followed(step, Gesture.DONE))
    log.say(Followed("ransomware.qualify.ongoing", Gesture.UNKNOWN))
    log.say(Followed(step, Gesture.LEFT), "le scanner finit un examen")
    assert log.one.followed[step].word == Followed(step, Gesture.LEFT)
    for wrong, why in (
        (Followed(step, Gesture.YES), "gesture"),
        (Followed("ransomware.qualify.ongoing", Gesture.DONE), "gesture"),
        (Followed("ransomware.contain.pray", Gesture.DONE), "gesture"),
        (Followed("ransomware.dont.pay", Gesture.DONE), "gesture"),
        (Followed(step, Gesture.LEFT), "wordless"),
        (Followed("ransomware.first.off", Gesture.DONE), "wordless"),
    ):
        with pytest.raises(Refused) as refused:
            log.say(wrong)
        assert refused.value.code == why
    log.say(Followed("ransomware.first.off", Gesture.DONE), "le référent : le chiffrement avance")
    assert about(Followed(step, Gesture.DONE)) == ("followed", step)
