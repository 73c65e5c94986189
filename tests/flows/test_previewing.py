"""What other settings would have told of the past weeks: counted beside today's, as a job that can be stopped."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.flows.test_tuning import WHO
from tests.watch.made import told

from negatoscope.config import Config
from negatoscope.flows import previewing, scheduling, tuning
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.opening import open_console
from negatoscope.flows.previewing import Following
from negatoscope.flows.tuning import NotTuned, Wish
from negatoscope.model.event import Action
from negatoscope.store import jobs
from negatoscope.store.jobs import JobState
from negatoscope.watch.behaviours import five


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    """One with five weeks of attacks: a dozen failures each night, from another address each time."""
    console = open_console(Config(data=tmp_path), clock)
    now = clock()
    for days in range(34, 0, -1):
        night = now - timedelta(days=days)
        failures = [
            told(night + timedelta(seconds=2 * number), Action.LOGON, ok=False, user=f"u{days}", host="srv",
                 source=f"198.51.100.{days}", protocol="ssh")
            for number in range(12)
        ]  # fmt: skip
        flow = told(night, Action.CONNECTION, source="10.0.0.1", target="198.51.100.1", sent=1)
        events = [*failures, flow]
        store(console).keep(replace(one, key=f"{days}/{number}") for number, one in enumerate(events))
    return console


def test_a_preview_is_a_job_that_counts_both_choices_and_names_what_would_change(console: Console) -> None:
    number = previewing.ask(console, Wish("attempts", changed={"fast": 20, "slow": 40}), WHO)
    assert number == previewing.ask(console, Wish("attempts", changed={"fast": 20, "slow": 40}), WHO)
    assert number != previewing.ask(console, Wish("attempts", changed={"fast": 9}), WHO)
    assert jobs.claim(console.clock()) == number
    assert not jobs.running(console.practice)
    assert scheduling.run_job(console, number, lambda: False)
    job = jobs.read(number)
    assert (job.state, job.outcome) == (JobState.DONE, "previewed")
    assert job.values["today"] == 29
    assert job.values["then"] < 29
    assert (job.values["days"], job.values["more"]) == (30, False)
    assert job.values["gone"][0]["reason"] == "brute_force"
    assert job.done == job.total == 34


def test_a_preview_that_somebody_stops_tells_nothing(console: Console) -> None:
    number = previewing.ask(console, Wish("attempts", changed={"fast": 20}), WHO)
    jobs.claim(console.clock())
    assert not scheduling.run_job(console, number, lambda: True)
    assert jobs.read(number).state == JobState.INTERRUPTED
    again = previewing.ask(console, Wish("attempts", changed={"fast": 20}), WHO)
    jobs.claim(console.clock())
    jobs.ask_cancel(console.practice, again, console.clock())
    assert not scheduling.run_job(console, again, lambda: True)
    assert jobs.read(again).state == JobState.CANCELLED


def test_lists_come_back_from_a_job_as_they_were_and_nonsense_is_refused_at_once(console: Console) -> None:
    wish = Wish("transfers", changed={"expected": ("198.51.100.1",), "hourly": 300})
    number = previewing.ask(console, wish, WHO)
    assert previewing.wish_of(jobs.read(number).settings) == wish
    assert previewing.preview(console, wish, Following(lambda: False, lambda _done, _total: None))["then"] == 0
    with pytest.raises(NotTuned, match="out_of_bounds"):
        previewing.ask(console, Wish("transfers", changed={"hourly": 0}), WHO)


def test_what_is_exempt_is_not_counted_and_more_than_a_lot_is_only_more(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "MOST", 5)
    asked = Following(lambda: False, lambda _done, _total: None)
    told = previewing.preview(console, Wish("attempts"), asked)
    assert (told["today"], told["more"]) == (5, True)
    off = previewing.preview(console, Wish("attempts", on=False), asked)
    assert (off["today"], off["then"], len(off["gone"])) == (5, 0, 5)
    assert tuning.held(console, "attempts") is None


def test_which_actions_each_behaviour_asks_for() -> None:
    assert five.asked("unusual_hours") == (Action.LOGON,)
    assert None in five.asked("transfers")
