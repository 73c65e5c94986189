"""A large register is judged by a job: no edit waits for it, and none is left out of it."""

import pytest
from django.test import Client

from negatoscope.flows import scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.scheduling import judge_soon, run_job
from negatoscope.model.people import Person
from negatoscope.store import jobs
from negatoscope.store.queries import jobs as held
from negatoscope.store.queries import judgements


@pytest.fixture
def large(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """Any register is large where one subject is too many."""
    monkeypatch.setattr(scheduling, "LARGE", 1)
    declare(console, Said("user:x"), (Person("p1", "Anne"),))
    return console


def test_a_small_register_is_judged_at_once(console: Console) -> None:
    assert judge_soon(console, "user:x")
    assert not held.judging(console.practice)


def test_a_large_one_waits_for_a_job_that_leaves_no_edit_out(large: Console) -> None:
    assert not judge_soon(large, "user:x")
    assert not judge_soon(large, "user:x")
    first = jobs.claim(large.clock())
    assert first is not None
    declare(large, Said("user:x"), (Person("p2", "Luc"),))
    judge_soon(large, "user:x")
    assert run_job(large, first, bool)
    declare(large, Said("user:x"), (Person("p3", "Zoé"),))
    assert judgements.behind(large.practice)
    second = jobs.claim(large.clock())
    assert second is not None
    assert second != first
    assert run_job(large, second, bool)
    assert not judgements.behind(large.practice)
    assert jobs.claim(large.clock()) is None
    assert str(jobs.read(second).outcome) == "judged"


def test_a_judgement_goes_before_looks(large: Console) -> None:
    look = scheduling.ask(large, scheduling.Asked("nmap", "10.0.0.0/24", "user:x", {}))
    judge_soon(large, "user:x")
    assert jobs.claim(large.clock()) != look


def test_the_light_box_says_that_newer_facts_wait(
    full: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "attendent" not in marie.get("/").content.decode()
    declare(full, Said("user:mdurand"), (Person("p9", "Luc"),))
    monkeypatch.setattr(scheduling, "LARGE", 1)
    assert "attendent" in marie.get("/").content.decode()
    marie.post("/juger/")
    page = marie.get("/").content.decode()
    assert "Jugement en cours" in page
    assert "HX-Refresh" not in marie.get("/juger/attente/").headers
