"""The verb that takes evidence over SSH: whom it trusts, what it would ask, what it leaves in the log."""

import json
import re
import socket
from pathlib import Path

import pytest

from tests.flows.test_acquiring import There, made
from tests.journeys.conftest import Run

__all__ = ["made"]
pytestmark = [pytest.mark.root, pytest.mark.server]


def test_a_host_is_asked_once_its_key_was_compared(negatoscope: Run, made: There, tmp_path: Path) -> None:
    number = str(json.loads(negatoscope("incident", "open", "rançon", "--json").stdout)["incident"])
    log_in = ("--address", "127.0.0.1", "--port", str(made.port), "--key-file", str(made.folder / "mine"))
    words = ("incident", "acquire", number, *log_in, "--to", str(tmp_path / "out"), "--device", str(made.disk))
    approved = ("--approved-by", "Dr Colin", "--why", "personne sur place")
    unknown = negatoscope(*words, *approved, "--host", "srv-1", "--dry-run")
    assert (unknown.returncode, "vérifiez son nom" in unknown.stderr) == (2, True)
    assert negatoscope("observe", "local").returncode == 0
    host = socket.gethostname().partition(".")[0].lower()
    asked = negatoscope(*words, *approved, "--host", host, "--dry-run")
    assert (asked.returncode, f"dd if={made.disk}" in asked.stdout, "sockets: ss" in asked.stdout) == (0, True, True)
    stranger = negatoscope(*words, *approved, "--host", host)
    mark = re.search(r"SHA256:[\w+/]+", stranger.stderr)
    assert (stranger.returncode, mark is None) == (1, False)
    assert mark is not None
    taken = negatoscope(*words, *approved, "--host", host, "--host-key", mark[0], "--json")
    assert (taken.returncode, len(taken.stdout.splitlines())) == (0, 2), taken.stderr
    assert len(list((tmp_path / "out").iterdir())) == 2
