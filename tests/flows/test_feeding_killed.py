"""The process that reads files of logs, killed again and again: each line is read once."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.intake.events.standing import until

from negatoscope.intake.events.reading import Reader

WRITER = """
import os, sys, time
live, many = sys.argv[1], int(sys.argv[2])
out = open(live, "a")
for number in range(many):
    out.write(f"line {number}\\n")
    if not number % 50:
        out.flush()
        time.sleep(0.1)
    if number % 3000 == 2999:
        out.close()
        os.rename(live, f"{live}.{number}")
        out = open(live, "a")
out.close()
"""
"""A programme that writes a log, and turns it as it grows."""


def _run(data: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "negatoscope", "--data", str(data), *words], stdin=subprocess.DEVNULL
    )


def _heard(data: Path) -> list[str]:
    reader, found = Reader(data / "spool" / "events" / "doors"), list[str]()
    while (batch := reader.read(1000)).records:
        found += [raw.data.decode() for raw in batch.records]
    return found


@pytest.mark.torture
def test_a_process_killed_at_any_moment_reads_each_line_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    logs = tmp_path_factory.mktemp("logs").resolve()
    live, many, chance = logs / "a.log", 20_000, random.Random(11)
    assert _run(tmp_path, "logs", "follow", "mur", str(logs), "--names", "a.log").wait(60) == 0
    (logs / "given.log").write_text("".join(f"given {number}\n" for number in range(many)))
    assert _run(tmp_path, "logs", "give", str(logs / "given.log")).wait(60) == 0
    live.write_text("first\n")
    child, kills = _run(tmp_path, "events"), 0
    until(lambda: "first" in _heard(tmp_path), 60)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(live), str(many)])
    while writer.poll() is None:
        time.sleep(chance.uniform(3.0, 9.0))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child, kills = _run(tmp_path, "events"), kills + 1
    try:
        until(lambda: len(_heard(tmp_path)) > 2 * many, 120)
    finally:
        child.terminate()
        child.wait(60)
    told = [f"{word} {number}" for word in ("line", "given") for number in range(many)]
    assert sorted(_heard(tmp_path)) == sorted(["first", *told])
    assert kills > 3
