"""Verbs of log-ins, schedules and servers."""

import json
import subprocess
import sys
from pathlib import Path

from negatoscope.observe.linux.lent import sudoers
from tests.journeys.conftest import Run

SECRET = "Zq-jamais-en-clair-2209"


def piped(environment: dict[str, str], *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "negatoscope", *words]
    return subprocess.run(command, env=environment, input=typed, capture_output=True, text=True, check=False)


def test_log_ins_are_kept_from_a_pipe_and_never_printed(environment: dict[str, str], data: Path) -> None:
    added = piped(environment, "credential", "add", "annuaire", "--username", "lecture", typed=f"{SECRET}\n")
    assert (added.returncode, added.stderr) == (0, "")
    told = piped(environment, "credential", "list", "--json")
    (one,) = json.loads(told.stdout)
    assert (one["name"], one["username"], one["kind"]) == ("annuaire", "lecture", "password")
    assert SECRET not in added.stdout + told.stdout
    assert piped(environment, "credential", "rotate").stdout.strip() == "1"
    again = piped(environment, "credential", "add", "annuaire", "--username", "x", typed="y\n")
    assert again.returncode == 2
    for file in (one for one in data.rglob("*") if one.is_file()):
        assert SECRET.encode() not in file.read_bytes(), file


def test_schedules_are_set_paused_and_listed(negatoscope: Run) -> None:
    assert negatoscope("schedule", "set", "local").returncode == 0
    (one,) = json.loads(negatoscope("schedule", "list", "--json").stdout)
    assert (one["collector"], one["every_hours"], one["active"]) == ("local", 24, True)
    assert negatoscope("schedule", "pause", str(one["id"])).returncode == 0
    assert "en pause" in negatoscope("schedule", "list").stdout
    assert negatoscope("schedule", "pause", "999").returncode == 2


def test_the_sudo_rule_is_printed_as_it_is_tested(negatoscope: Run) -> None:
    assert negatoscope("ssh", "sudoers").stdout == sudoers()
    assert negatoscope("ssh", "sudoers", "--account", "root ALL").returncode == 1
    assert negatoscope("ssh", "key", "127.0.0.1", "--port", "1").returncode == 1


def test_a_setting_with_limits_takes_several_values_too(negatoscope: Run) -> None:
    refused = negatoscope("observe", "directory", "cabinet.lan", "--set", "servers=a,b", "--set", "credential=x")
    assert "array" not in refused.stderr
