"""Run a programme for a look: no shell, no inherited environment, its whole process group ended when the look ends."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Literal

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHORTEST_POLL_SECONDS = 0.002
LONGEST_POLL_SECONDS = 0.25
MAX_ERROR_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Ran:
    """How a programme ended. ``ended``: by itself, or why it was stopped."""

    ended: Literal["itself", "time", "size"]
    code: int
    error: str


@dataclass(frozen=True, slots=True)
class Bounded:
    """How long a programme may run, and how much it may say. ``lent``: open files that it may read, by number."""

    seconds: float
    max_bytes: int
    lent: tuple[int, ...] = ()


def find(programme: str) -> str | None:
    """Where a programme is, on the fixed path only."""
    return shutil.which(programme, path=PATH)


def in_memory() -> BinaryIO:
    """A real file that lies on no disk: what a look sees is kept sealed, or not at all."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("look"), "w+b")
    return tempfile.TemporaryFile()


def _tied() -> list[str]:
    """The kernel ends the programme if we are killed: its group is not ours, so nobody else would."""
    setpriv = find("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def run(argv: Sequence[str], out: BinaryIO, tick: Callable[[], None], bounds: Bounded) -> Ran:
    """Run ``argv`` (absolute programme first) with its output in ``out``, a real file.

    ``tick`` is called while it runs; what ``tick`` raises (Cancelled, Unreachable) ends the run. Whatever happens no
    child outlives this call. Raises OSError where the programme cannot be started.
    """
    with in_memory() as errors:
        process = subprocess.Popen(  # noqa: S603 -- a fixed or checked argument list, never a shell
            [*_tied(), *argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env={"PATH": PATH, "LC_ALL": "C"},
            cwd="/",
            start_new_session=True,
            pass_fds=bounds.lent,
        )
        try:
            ended = _wait(process, out, tick, bounds)
        finally:
            _end(process)
        errors.seek(0)
        return Ran(ended, process.returncode, errors.read(MAX_ERROR_BYTES).decode("utf-8", "replace"))


def _wait(
    process: subprocess.Popen[bytes], out: BinaryIO, tick: Callable[[], None], bounds: Bounded
) -> Literal["itself", "time", "size"]:
    started = time.monotonic()
    while True:
        waited = time.monotonic() - started
        gone = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        if os.fstat(out.fileno()).st_size > bounds.max_bytes:
            return "size"
        if gone:
            return "itself"
        if waited > bounds.seconds:
            return "time"
        tick()
        time.sleep(min(max(waited / 4, SHORTEST_POLL_SECONDS), LONGEST_POLL_SECONDS))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group. Its leader is not reaped before: until then no other process can take its number."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
