"""What tests share: a console on a folder of its own, and a clock that ticks."""

from __future__ import annotations

import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import HealthCheck, settings

from tests import databases

settings.register_profile("default", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("torture", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

if TYPE_CHECKING:
    from negatoscope.flows.console import Console

os.environ["LC_ALL"] = "fr_FR.UTF-8"  # what a French practice's terminal says
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # verbs that tests start are compiled once, as they are for users

# The product's own hasher at its lowest cost: tests make hundreds of people; verbs in their own processes pay in full.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SKIPPABLE = {"server", "root", "browser"}


class TickingClock:
    """One second later at each look, and as far ahead as a test wants."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    from negatoscope.config import Config  # noqa: PLC0415 -- after Django's set-up
    from negatoscope.flows.opening import open_console  # noqa: PLC0415

    return open_console(Config(data=tmp_path), clock)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Torture runs only when asked for by name; on PostgreSQL, what never opens a database does not run again."""
    if "torture" not in (config.option.markexpr or ""):
        leave_out(config, items, [item for item in items if "torture" in item.keywords])
    if databases.SERVER:
        needless = [item for item in items if not databases.opened_by(item)]
        leave_out(config, items, needless)
        config.stash[DATABASE] = (len(items), len(needless))
    items.sort(key=lambda item: item.path.name not in LONG)


LONG = frozenset({
    "test_axe.py", "test_story.py", "test_entrance.py", "test_lab.py", "test_watched.py", "test_jobs.py",
    "test_probes.py", "test_families.py", "test_replaying.py", "test_what_root_reads.py", "test_months.py",
})  # fmt: skip
"""Files of tests that take long, begun first: one that begins last leaves the other workers idle until it is done."""
DATABASE = pytest.StashKey[tuple[int, int]]()
"""On PostgreSQL: how many tests open a database, and how many were left out because they do not."""


class Worker(Protocol):
    """What pytest-xdist says of a process that ended."""

    config: pytest.Config


def leave_out(config: pytest.Config, items: list[pytest.Item], some: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=some)
    gone = {id(item) for item in some}
    items[:] = [item for item in items if id(item) not in gone]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that started this worker what was left out."""
    told = session.config.stash.get(DATABASE, None)
    if told and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["database"] = told


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    if told := getattr(node, "workeroutput", {}).get("database"):
        node.config.stash[DATABASE] = told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """On PostgreSQL: say how many tests this run repeats, and how many it need not."""
    if told := config.stash.get(DATABASE, None):
        ran, out = told
        terminalreporter.write_line(f"PostgreSQL: {ran} tests open a database and ran; {out} never open one")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: a test that skips there has failed."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Nor is a whole file."""
    report = yield
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
