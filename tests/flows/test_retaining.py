"""How long logs are kept is chosen with a reason; a shorter time waits, is undone, or erases what it said it would."""

from datetime import UTC, timedelta

import pytest
from tests.conftest import TickingClock
from tests.flows.test_overseeing import DAY, came_in

from negatoscope.flows import overseeing, retaining
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import Tidy, store
from negatoscope.flows.retaining import DELAY, NotRetained
from negatoscope.flows.tuning import Tuner
from negatoscope.model.retention import LAW, YEAR, EventClass
from negatoscope.store.models import LedgerRow

ACCESS, WHO = EventClass.ACCESS, Tuner("user:apetit", "Anna Petit")


def choose(console: Console, days: int, reason: str = "disque plein") -> None:
    retaining.choose(console, ACCESS, days, reason, WHO)


def missed(console: Console) -> tuple[int, int | None]:
    told = overseeing.kept(console)
    assert told is not None
    return len(told.days_lost or ()), told.days_over


def test_a_shorter_time_waits_and_then_erases_what_it_said(console: Console, clock: TickingClock) -> None:
    old = clock.at
    came_in(console, old)
    clock.advance(200 * DAY)
    came_in(console, clock.at)
    loss = retaining.loss(console, ACCESS, 180)
    assert loss is not None
    assert (loss.rows, loss.last) == (1, old.astimezone(UTC).date())
    choose(console, 180)
    assert Tidy().round(console) == 0
    clock.advance(DELAY - timedelta(minutes=1))
    assert Tidy().round(console) == 0
    clock.advance(timedelta(minutes=1))
    assert missed(console) == (0, 0)
    assert Tidy().round(console) == 1
    assert LedgerRow.objects.filter(kind="purge").count() == 1
    assert missed(console) == (0, 0)
    assert len(store(console).days()) == 1


def test_a_shorter_time_is_undone_before_it_begins_and_not_after(console: Console, clock: TickingClock) -> None:
    came_in(console, clock.at)
    with pytest.raises(NotRetained, match="nothing_to_undo"):
        retaining.undo(console, ACCESS, "erreur", WHO)
    clock.advance(300 * DAY)
    choose(console, 180)
    assert retaining.undo(console, ACCESS, "erreur", WHO).days == LAW.usual
    clock.advance(2 * DELAY)
    assert Tidy().round(console) == 0
    choose(console, 180)
    clock.advance(DELAY)
    with pytest.raises(NotRetained, match="nothing_to_undo"):
        retaining.undo(console, ACCESS, "trop tard", WHO)


def test_a_longer_time_holds_at_once_and_what_was_erased_before_is_not_missed(
    console: Console, clock: TickingClock
) -> None:
    came_in(console, clock.at)
    for kind in EventClass:
        retaining.choose(console, kind, 180, "disque plein", WHO)
    clock.advance(150 * DAY)
    came_in(console, clock.at)
    clock.advance(40 * DAY)
    assert Tidy().round(console) == 1
    for kind in EventClass:
        assert retaining.loss(console, kind, 500) is None
        retaining.choose(console, kind, 500, "enquête en cours", WHO)
    assert missed(console) == (0, 0)
    clock.advance(300 * DAY)
    came_in(console, clock.at)
    assert Tidy().round(console) == 0
    assert missed(console) == (0, 0)


def test_undoing_gives_back_the_reason_and_its_date(console: Console, clock: TickingClock) -> None:
    choose(console, 700, "enquête en cours")
    said = retaining.settings(console)[0].explained
    clock.advance(300 * DAY)
    choose(console, 400)
    choose(console, 300, "encore moins")
    back = retaining.undo(console, ACCESS, "erreur", WHO)
    assert (back.days, back.reason, back.explained) == (700, "enquête en cours", said)
    clock.advance(70 * DAY)
    assert back.unjustified(clock())
    choose(console, 300)
    assert retaining.settings(console)[0].unjustified(clock())
    clock.advance(DELAY)
    assert not retaining.settings(console)[0].unjustified(clock())


def test_beyond_a_year_the_reason_is_said_again_each_year(console: Console, clock: TickingClock) -> None:
    choose(console, 700, "enquête en cours")
    with pytest.raises(NotRetained, match="same"):
        choose(console, 700)
    clock.advance(YEAR + DAY)
    came_in(console, clock.at)
    told = overseeing.kept(console)
    assert told is not None
    assert told.unjustified == ("access",)
    choose(console, 700, "enquête toujours en cours")
    told = overseeing.kept(console)
    assert told is not None
    assert told.unjustified == ()


def test_what_the_law_does_not_allow_and_what_nobody_explains_is_refused(console: Console) -> None:
    for days, reason, code in ((179, "x", "out_of_bounds"), (1096, "x", "out_of_bounds"), (200, " ", "unexplained"),
                               (365, "x", "same")):  # fmt: skip
        with pytest.raises(NotRetained) as refused:
            choose(console, days, reason)
        assert refused.value.code == code
    assert retaining.settings(console) == ()
