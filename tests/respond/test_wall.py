"""The wall of clocks: absolute hours, doubt that runs, marks that ring once."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.clock import PARIS
from negatoscope.model.incident import Answered, Dated, Moment, Owes, Reckoned, Reminded, Sent
from negatoscope.respond import wall
from negatoscope.respond.duty import QUESTIONS, Owed
from tests.respond.incidents import START, Log, aware

HOUR = timedelta(hours=1)


def settled(log: Log, **answers: str) -> Log:
    for name in QUESTIONS:
        log.say(Answered(name, answers.get(name, "no")))
    log.reckon()
    return log


def rung(log: Log, now: datetime) -> dict[str, tuple[str, ...]]:
    return {clock.duty.id: due for clock, due in wall.ringing(log.one, now)}


def test_nothing_runs_before_the_practice_knows() -> None:
    assert wall.reckoned(Log().one) == ()
    assert wall.clocks(Log().one) == ()


def test_what_nobody_answered_is_doubtful_and_runs() -> None:
    found = {clock.duty.id: clock for clock in wall.clocks(aware().one)}
    cnil = found["CNIL"]
    assert (cnil.owed, cnil.since, cnil.due) == (Owed.DOUBTFUL, START, START + 72 * HOUR)
    assert cnil.left(START + HOUR) == 71 * HOUR
    assert "NIS2" not in found
    assert found["ANS"].left(START) is None
    assert not found["ANS"].late(START + 900 * HOUR)


def test_answers_decide_and_what_was_told_stops() -> None:
    log = settled(aware(), personal_data="yes")
    (cnil,) = wall.clocks(log.one)
    assert (cnil.duty.id, cnil.owed, cnil.late(START + 72 * HOUR)) == ("CNIL", Owed.YES, False)
    assert cnil.late(START + 72 * HOUR + timedelta(seconds=1))
    log.say(Sent("CNIL", log.now, "2026-77"))
    log.say(Sent("CNIL", log.now, "2026-77-bis"))
    (cnil,) = wall.clocks(log.one)
    assert (cnil.sent, cnil.receipt) == (log.entries[-2].at, "2026-77")
    assert not cnil.late(START + 900 * HOUR)
    assert rung(log, START + 900 * HOUR) == {}


def test_the_order_is_the_one_in_which_to_act() -> None:
    log = settled(aware(), personal_data="yes", malicious="yes", device_or_dose="unknown", public="yes")
    log.say(Sent("PLAINTE", log.now))
    order = [(clock.duty.id, clock.owed) for clock in wall.clocks(log.one)]
    assert next(name for name, _owed in order) == "CNIL"
    assert order[-1][0] == "PLAINTE"
    assert (
        order.index(("ASNR", Owed.DOUBTFUL)) < order.index(("ANS", Owed.YES)) < order.index(("MATVIG", Owed.DOUBTFUL))
    )


def test_marks_ring_once_each_and_a_struck_answer_counts_no_more() -> None:
    log = settled(aware(), personal_data="yes")
    assert rung(log, START + 24 * HOUR - timedelta(seconds=1)) == {}
    assert rung(log, START + 24 * HOUR) == {"CNIL": ("24",)}
    log.entries.append(log.entry(Reminded("CNIL", "24")))
    assert rung(log, START + 59 * HOUR) == {"CNIL": ("48",)}
    assert rung(log, START + 72 * HOUR) == {"CNIL": ("48", "60", "70", "late")}


def test_without_a_figure_somebody_is_reminded_after_a_day() -> None:
    log = settled(aware(), public="yes")
    assert rung(log, START + 23 * HOUR) == {}
    assert rung(log, START + 24 * HOUR) == {"PHAROS": ("24",)}
    log.entries.append(log.entry(Reminded("PHAROS", "24")))
    assert rung(log, START + 900 * HOUR) == {}


def test_a_duty_that_is_no_more_known_is_left_out() -> None:
    log = aware()
    log.entries.append(log.entry(Reckoned((Owes("ANCIEN", "yes", START, None),))))
    assert wall.clocks(log.one) == ()


def test_debts_stand_as_they_were_reckoned() -> None:
    log = aware()
    log.entries.append(log.entry(Reckoned((Owes("CNIL", "yes", START, START + 96 * HOUR),))))
    (clock,) = wall.clocks(log.one)
    assert clock.due == START + 96 * HOUR


@given(st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1)), st.booleans())  # noqa: DTZ001 -- Paris is put below
def test_marks_are_absolute_hours_over_any_change_of_clocks(at: datetime, second: bool) -> None:  # noqa: FBT001
    at = at.replace(tzinfo=PARIS, fold=int(second))
    log = Log()
    log.entries.append(log.entry(Dated(Moment.AWARE, at)))
    log.reckon()
    (cnil,) = (clock for clock in wall.clocks(log.one) if clock.duty.id == "CNIL")
    found = [(mark, (when.timestamp() - at.timestamp()) / 3600) for mark, when in wall.marks(cnil)]
    assert found == [("24", 24), ("48", 48), ("60", 60), ("70", 70), ("late", 72)]
