"""Long work: one loop claims jobs, each runs in a process group of its own, and cancel ends the whole group."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from negatoscope.config import DATA_VARIABLE
from negatoscope.flows import previewing
from negatoscope.flows.alerting import Rounds
from negatoscope.flows.calling import Crier
from negatoscope.flows.console import Console
from negatoscope.flows.delivering import Postman
from negatoscope.flows.dropping import Dropped
from negatoscope.flows.exercising import Prompter
from negatoscope.flows.judging import judge_now
from negatoscope.flows.ledgering import checkpoint_due
from negatoscope.flows.observing import (
    Cancelled,
    DiskFull,
    ModalityNowhere,
    NetworkElsewhere,
    Order,
    RefusedSettings,
    observe,
)
from negatoscope.flows.previewing import Following
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.reminding import Reminders
from negatoscope.flows.rereading import Mondays
from negatoscope.flows.ringing import Ringer
from negatoscope.store import jobs, subjects
from negatoscope.store.jobs import JobState

PAUSE = 0.3
"""Seconds between two looks at the queue."""
ROUND = 1.0
"""Seconds between two looks at all that time brings: what is due, whom to tell, what to sign."""
AT_ONCE = 2
"""Jobs that run side by side, each of another collector."""
LARGE = 10_000
"""Subjects from which a judgement takes longer than somebody waits for a page."""
GRACE = 5.0
"""Seconds that a cancelled process group has before it is killed."""


REFUSALS: dict[type[Exception], str] = {
    DiskFull: "disk_full",
    ModalityNowhere: "modality_without_address",
    NetworkElsewhere: "network_elsewhere",
}
"""What became of a look that could not begin, by what was raised; else ``refused_settings``."""


@dataclass(frozen=True)
class _Running:
    """A claimed job and its process."""

    number: int
    collector: str
    child: "subprocess.Popen[bytes]"


@dataclass(frozen=True)
class Asked:
    """A look that somebody wants, to be done in the background."""

    collector: str
    target: str
    operator: str
    settings: dict[str, Any]
    probe: int | None = None
    """Who makes it, if it is not the console itself."""


def ask(console: Console, asked: Asked) -> int:
    """Queue a look; returns the job's number, that of the same look if it is already under way."""
    with alone(console):
        fields = {name: getattr(asked, name) for name in ("collector", "target", "operator", "settings")}
        return jobs.ask(console.practice, console.clock(), {**fields, "probe_id": asked.probe})


def judge_soon(console: Console, operator: str) -> bool:
    """Judge at once where that takes a moment; a large register is judged by a job. Returns whether it is done."""
    if subjects.total(console.practice) < LARGE:
        judge_now(console, operator)
        return True
    with alone(console):
        jobs.ask_judgement(console.practice, console.clock(), operator)
    return False


def cancel(console: Console, number: int, operator: str) -> bool:
    """Ask a job to stop; returns whether it was still open."""
    with alone(console):
        stopped = jobs.ask_cancel(console.practice, number, console.clock())
        if stopped:
            enter(console, console.clock(), "job_cancelled", operator, {"job": number})
    return stopped


def loop(console: Console, stopping: Callable[[], bool], due: Callable[[], object] = bool) -> None:
    """Claim and follow jobs until asked to stop; jobs of a loop that died are marked interrupted first.

    Two run side by side at most, and never two of one collector: a walk through networks takes long, and nothing else
    waits for it. ``due`` queues what is to be looked at again by now.
    """
    for job in jobs.abandoned():
        _kill(job.process)
        jobs.end(job.pk, JobState.INTERRUPTED, console.clock(), outcome="interrupted")
    running, next_round = list[_Running](), time.monotonic()
    some = (Rounds(), Reminders(), Mondays(), Dropped(), Ringer(), Prompter(), Crier(), Postman())
    rounds = (one.round for one in some)
    every = (lambda _console: due(), checkpoint_due, *rounds)
    while not stopping():
        if time.monotonic() >= next_round:
            for act in every:
                act(console)
            next_round = time.monotonic() + ROUND
        claimed = _claim(console, running)
        running = [one for one in running if _goes_on(console, one)]
        if not claimed:
            time.sleep(PAUSE)
    for one in running:
        _end_group(one.child)
        jobs.end(one.number, JobState.INTERRUPTED, console.clock(), outcome="interrupted")


def _claim(console: Console, running: list[_Running]) -> bool:
    """Start the next job in a process group of its own, if there is room; returns whether one was started."""
    if len(running) >= AT_ONCE:
        return False
    number = jobs.claim(console.clock(), besides=frozenset(one.collector for one in running))
    if number is None:
        return False
    command = [sys.executable, "-m", "negatoscope", "job", str(number)]
    environment = os.environ | {DATA_VARIABLE: str(console.config.data)}
    child = subprocess.Popen(command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own module
    jobs.follow(number, process=child.pid)
    running.append(_Running(number, jobs.read(number).collector, child))
    return True


def _goes_on(console: Console, one: _Running) -> bool:
    """Whether a job still runs; ends its group on cancel, and closes what ended without a word."""
    asked = jobs.read(one.number).cancel_asked
    if one.child.poll() is None:
        if not asked:
            return True
        _end_group(one.child)
    if asked:
        jobs.end_cancelled(one.number, console.clock())
    else:
        jobs.end(one.number, JobState.FAILED, console.clock(), outcome="broken")
    return False


def _end_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _kill(process: int | None) -> None:
    """End what is left of a job whose loop died, if that process is still one of ours."""
    if process is None:
        return
    with suppress(OSError):
        if b"negatoscope" in Path(f"/proc/{process}/cmdline").read_bytes():
            os.killpg(process, signal.SIGKILL)


def run_job(console: Console, number: int, stopping: Callable[[], bool]) -> bool:
    """Do the work of one claimed job, in the process made for it; returns whether it succeeded."""
    job = jobs.read(number)
    if job.collector == jobs.JUDGEMENT:
        judge_now(console, job.operator)
        jobs.end(number, JobState.DONE, console.clock(), outcome="judged")
        return True
    try:
        if job.collector == jobs.PREVIEW:
            following = Following(stopping, lambda done, total: jobs.follow(number, done=done, total=total))
            told = previewing.preview(console, previewing.wish_of(job.settings), following)
            jobs.end(number, JobState.DONE, console.clock(), outcome="previewed", values=told)
            return True
        return _look(console, job, stopping)
    except Cancelled:
        if jobs.read(number).cancel_asked:
            jobs.end_cancelled(number, console.clock())
        jobs.end(number, JobState.INTERRUPTED, console.clock(), outcome="interrupted")
        return False


def _look(console: Console, job: jobs.JobRow, stopping: Callable[[], bool]) -> bool:
    """Look somewhere, as a job asks; returns whether it succeeded. Raises Cancelled."""
    number = job.pk
    order = Order(
        collector=job.collector,
        target=job.target,
        operator=job.operator,
        settings=job.settings,
        cancelled=stopping,
        progress=lambda done, total: jobs.follow(number, done=done, total=total),
    )
    try:
        outcome = observe(console, order)
    except (DiskFull, RefusedSettings) as error:
        code = REFUSALS.get(type(error), "refused_settings")
        jobs.end(number, JobState.FAILED, console.clock(), outcome=code, values={"detail": str(error)})
        return False
    judge_now(console, job.operator)
    blocking = outcome.blocking
    state = JobState.FAILED if blocking else JobState.DONE
    values = dict(blocking.values) if blocking else {"facts": outcome.facts, "gaps": len(outcome.gaps)}
    code = blocking.why if blocking else ""
    jobs.end(number, state, console.clock(), outcome=code, values=values, observation=outcome.sequence)
    connection.close()
    return blocking is None
