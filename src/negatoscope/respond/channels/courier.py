"""Sends errands out, each in a process of its own; the answer is a file, so that it outlives whoever asked."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from negatoscope.respond.channels.message import PATIENCE, Errand, Outcome

LONGEST = PATIENCE + 5
"""Seconds after which there will be no answer."""
COMMAND = (sys.executable, "-I", "-m", "negatoscope.respond.channels.errand")
GIVEN = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our own surroundings: no proxy, no settings of Apprise."""
NO_ANSWER = Outcome("no_answer", again=True)


def start(errand: Errand, answer: Path) -> "subprocess.Popen[bytes]":
    """Send one out; what became of it will stand in this file. Raises OSError."""
    answer.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with answer.open("wb") as out:
        child = subprocess.Popen(  # noqa: S603 -- our own module
            COMMAND, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL, env=_given(), start_new_session=True
        )
    _tell(child, errand)
    return child


def read(answer: Path) -> Outcome | None:
    """How it went; ``None``: there is no answer yet."""
    try:
        return msgspec.json.decode(answer.read_bytes(), type=Outcome)
    except (OSError, msgspec.DecodeError):
        return None


def wait(errand: Errand) -> Outcome:
    """Send one out and wait for it, half a minute at most. Raises OSError."""
    child = subprocess.Popen(  # noqa: S603 -- our own module
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_given()
    )
    try:
        said, _nothing = child.communicate(msgspec.json.encode(errand), timeout=LONGEST)
        return msgspec.json.decode(said, type=Outcome)
    except (subprocess.TimeoutExpired, msgspec.DecodeError):
        child.kill()
        child.communicate()
        return NO_ANSWER


def _tell(child: "subprocess.Popen[bytes]", errand: Errand) -> None:
    if child.stdin:
        with child.stdin as said:
            said.write(msgspec.json.encode(errand))


def _given() -> dict[str, str]:
    return {name: os.environ[name] for name in GIVEN if name in os.environ}
