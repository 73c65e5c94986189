"""Jobs run in process groups of their own: progress, cancel, interruption after a crash."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.journeys.conftest import Run
from tests.needs import needs_program

ASK = """
import os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from negatoscope.cli.desk import console
from negatoscope.flows import scheduling
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.networks import Network
desk = console()
act, *arguments = sys.argv[1:]
if act == "ask":
    print(scheduling.ask(desk, scheduling.Asked(arguments[0], arguments[1], "amelie", json.loads(arguments[2]))))
elif act == "cancel":
    print(scheduling.cancel(desk, int(arguments[0]), "amelie"))
else:
    declare(desk, Said("amelie", "configuration"), [Network(arguments[0])])
"""


@pytest.fixture
def ask(environment: dict[str, str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", ASK, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return run


@contextmanager
def loop(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen([sys.executable, "-m", "negatoscope", "loop"], env=environment)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)


def job(data: Path, number: str) -> dict[str, Any]:
    (found,) = databases.rows(data, f"select * from store_jobrow where id = {int(number)}")
    values = found["values"]
    return found | {"values": json.loads(values) if isinstance(values, str) else values}


def wait_for(data: Path, number: str, *states: str, seconds: float = 90) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (found := job(data, number))["state"] not in states:
        assert time.monotonic() < deadline, (found["state"], found["outcome"], found["values"])
        time.sleep(0.2)
    return found


def test_a_local_look_is_done_in_the_background_and_judged(
    ask: Callable[..., str], environment: dict[str, str], data: Path, negatoscope: Run
) -> None:
    number = ask("ask", "local", "", "{}")
    with loop(environment):
        done = wait_for(data, number, "done", "failed", "interrupted")
    assert done["state"] == "done", done
    assert done["done"] == done["total"] > 0
    assert done["values"]["facts"] > 0
    rules = json.loads(negatoscope("judge", "--json").stdout)
    assert any(control["evidence"] for rule in rules for control in rule["controls"])


def test_the_same_look_is_not_asked_twice(ask: Callable[..., str]) -> None:
    assert ask("ask", "local", "", "{}") == ask("ask", "local", "", "{}")


def test_a_waiting_job_is_cancelled_at_once(ask: Callable[..., str], data: Path) -> None:
    number = ask("ask", "local", "", "{}")
    assert ask("cancel", number) == "True"
    assert job(data, number)["state"] == "cancelled"
    assert ask("cancel", number) == "False"


def slow_scan(ask: Callable[..., str]) -> str:
    """A scan of silent loopback addresses that takes minutes."""
    needs_program("nmap")
    ask("network", "127.99.0.0/16")
    return ask("ask", "nmap", "127.99.0.0/16", "{}")


def test_cancel_ends_the_whole_process_group_and_registers_nothing(
    ask: Callable[..., str], environment: dict[str, str], data: Path
) -> None:
    number = slow_scan(ask)
    with loop(environment):
        wait_for(data, number, "running")
        while not (group := job(data, number)["process"]):
            time.sleep(0.1)
        time.sleep(2)
        assert ask("cancel", number) == "True"
        ended = wait_for(data, number, "cancelled", "done", "failed", "interrupted", seconds=30)
    assert ended["state"] == "cancelled"
    assert ended["observation"] is None
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)


def test_nothing_else_waits_for_a_walk_through_networks_and_a_job_that_dies_says_so(
    ask: Callable[..., str], environment: dict[str, str], data: Path
) -> None:
    slow = slow_scan(ask)
    quick = ask("ask", "local", "", "{}")
    with loop(environment):
        assert wait_for(data, quick, "done", "failed", "interrupted")["state"] == "done"
        running = job(data, slow)
        assert running["state"] == "running"
        os.killpg(running["process"], signal.SIGKILL)
        assert wait_for(data, slow, "failed", "interrupted")["outcome"] == "broken"


def test_a_job_whose_loop_was_killed_is_marked_interrupted_and_its_processes_ended(
    ask: Callable[..., str], environment: dict[str, str], data: Path
) -> None:
    number = slow_scan(ask)
    child = subprocess.Popen([sys.executable, "-m", "negatoscope", "loop"], env=environment)
    wait_for(data, number, "running")
    while not (group := job(data, number)["process"]):
        time.sleep(0.1)
    time.sleep(1)
    child.kill()
    child.wait()
    with loop(environment):
        wait_for(data, number, "interrupted")
    time.sleep(2)
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)


def test_settings_that_a_collector_does_not_know_are_a_named_failure(
    ask: Callable[..., str], environment: dict[str, str], data: Path
) -> None:
    number = ask("ask", "local", "", '{"colour": "blue"}')
    with loop(environment):
        failed = wait_for(data, number, "failed", "done")
    assert failed["outcome"] == "refused_settings"
    assert "colour" in failed["values"]["detail"]
