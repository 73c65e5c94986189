"""Verbs as people and scripts meet them: what they print, and how they end."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from negatoscope.kit import terminal
from negatoscope.store.vault import Vault
from tests.journeys.conftest import Run

PASSWORD = "correct-horse-battery\n"
Data = Path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "liste.csv"
    file.write_bytes("identifiant;nom;départ\na;Anne;\nb;Bruno;32/12/2026\n".encode("cp1252"))
    return file


def told(done: "subprocess.CompletedProcess[str]") -> Any:  # noqa: ANN401 -- JSON
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def refused(done: "subprocess.CompletedProcess[str]", code: int) -> str:
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_judge_prints_forty_rules_in_the_promised_shape(negatoscope: Run, data: Data) -> None:
    assert negatoscope("observe", "local").returncode == 0
    done = negatoscope("judge", "--json")
    assert done.returncode == 0
    rules = told(done)
    assert [rule["rule"] for rule in rules] == [f"R{number}" for number in range(1, 41)]
    digests = set()
    for rule in rules:
        assert rule.keys() == {"rule", "verdict", "proof", "age_hours", "controls"}
        assert rule["verdict"] in {"passed", "failed", "unproven", "not_applicable"}
        assert rule["proof"] in {"measured", "attested", None}
        assert (rule["age_hours"] is None) == (rule["proof"] is None)
        for control in rule["controls"]:
            assert control.keys() == {"id", "verdict", "checked", "findings", "doubts", "evidence"}
            assert all(said.keys() == {"subject", "reason", "values"} for said in control["findings"])
            digests |= set(control["evidence"])
    assert digests
    assert all(Vault(data / "vault").holds(digest) for digest in digests)


def test_judge_shows_a_table_and_what_the_controls_rest_on(negatoscope: Run) -> None:
    done = negatoscope("judge")
    assert done.returncode == 0
    assert "R40" in done.stdout
    assert "non prouvé" in done.stdout
    assert "en attente d’un collecteur" in done.stdout


def test_fail_on_stops_a_script_and_names_nothing_else(negatoscope: Run) -> None:
    assert negatoscope("judge", "--json", "--fail-on", "failed").returncode == 0
    done = negatoscope("judge", "--json", "--fail-on", "unproven", "--rule", "r10")
    assert done.returncode == 3
    assert [rule["rule"] for rule in told(done)] == ["R10"]


WRONG = [
    ("foo",),
    ("judge", "--rule", "R41"),
    ("judge", "--fail-on", "passed"),
    ("observe", "foo"),
    ("observe", "spreadsheet"),
    ("observe", "nmap"),
    ("observe", "local", "--set", "minutes=never"),
    ("observe", "nmap", "10.0.0.1", "--set", "declared=10.0.0.0/8"),
    ("report", "--format", "docx"),
    ("import", "persons"),
    ("import", "animals", "x"),
    ("import", "persons", "x", "--complete-on", "hier"),
    ("user", "add", "amelie", "--name", "Amélie", "--password", "secret"),
]


def test_a_wrong_command_line_is_told_apart(negatoscope: Run) -> None:
    for arguments in WRONG:
        refused(negatoscope(*arguments), 2)


def test_a_look_outside_the_declared_networks_fails_and_is_said(negatoscope: Run) -> None:
    done = negatoscope("observe", "nmap", "192.0.2.1")
    assert done.returncode == 1
    assert "hors des réseaux déclarés" in " ".join(done.stdout.split())
    done = negatoscope("observe", "nmap", "192.0.2.1", "--json")
    assert done.returncode == 1
    assert told(done)[0]["gaps"][0]["why"] == "outside_declared_networks"


def test_a_report_is_written_here_and_its_path_printed(
    negatoscope: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = negatoscope("report")
    assert done.returncode == 0
    file = Path(done.stdout.strip())
    assert file.parent == tmp_path
    assert file.name.startswith("negatoscope-20")
    assert file.read_bytes().startswith(b"%PDF")


def test_a_report_takes_the_form_its_name_asks_for(negatoscope: Run, tmp_path: Path) -> None:
    for name, magic in (("r.pdf", b"%PDF"), ("r.xlsx", b"PK"), ("r.json", b"{"), ("r", b"%PDF")):
        done = negatoscope("report", "--out", str(tmp_path / name), "--json", "--lang", "en")
        assert told(done)["bytes"] == len((tmp_path / name).read_bytes())
        assert (tmp_path / name).read_bytes().startswith(magic)


def test_a_report_that_cannot_be_written_says_so(negatoscope: Run) -> None:
    assert "/proc" in refused(negatoscope("report", "--out", "/proc/none/r.pdf"), 1)


def test_a_dry_run_says_what_would_happen_and_does_nothing(negatoscope: Run, people: Path, data: Data) -> None:
    done = negatoscope("import", "persons", str(people), "--dry-run", "--json")
    preview = told(done)["preview"]
    assert [(row["label"], row["state"]) for row in preview["rows"]] == [("Anne", "new")]
    assert [(one["row"], one["code"], one["column"]) for one in preview["problems"]] == [(3, "not_a_date", "left_on")]
    assert told(done)["outcome"] is None
    assert not list((data / "vault" / "journal").glob("*.json"))


def test_an_import_takes_the_good_rows_and_explains_the_bad(negatoscope: Run, people: Path, data: Data) -> None:
    done = negatoscope("import", "persons", str(people))
    assert done.returncode == 0
    assert "«\N{NO-BREAK SPACE}32/12/2026\N{NO-BREAK SPACE}» n’est pas une date" in done.stdout
    assert len(list((data / "vault" / "journal").glob("*.json"))) == 1


def test_an_unreadable_file_fails_and_says_why(negatoscope: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(b"bonjour")
    assert "aucun titre de colonne" in refused(negatoscope("import", "persons", str(wrong)), 1)
    assert "peut pas être lu" in refused(negatoscope("import", "persons", str(tmp_path / "none.csv")), 1)
    assert negatoscope("import", "nmap", str(wrong)).returncode == 1
    assert "à venir" in refused(negatoscope("import", "persons", str(wrong), "--complete-on", "2199-01-01"), 1)


def test_users_are_added_listed_and_disabled_and_passwords_are_never_arguments(negatoscope: Run) -> None:
    assert (
        negatoscope("user", "add", "amelie", "--name", "Amélie", "--role", "administrator", stdin=PASSWORD).returncode
        == 0
    )
    refused(negatoscope("user", "add", "amelie", "--name", "Amélie", stdin=PASSWORD), 1)
    refused(negatoscope("user", "add", "paul", "--name", "Paul", stdin="court\n"), 1)
    (member,) = told(negatoscope("user", "list", "--json"))
    assert (member["username"], member["name"], member["role"], member["active"]) == (
        "amelie", "Amélie", "administrator", True,
    )  # fmt: skip
    assert "dernier administrateur" in refused(negatoscope("user", "disable", "amelie"), 1)
    assert "dernier administrateur" in refused(negatoscope("user", "role", "amelie", "--role", "reader"), 1)
    assert "inconnu" in refused(negatoscope("user", "password", "paul", stdin=PASSWORD), 1)
    assert negatoscope("user", "add", "paul", "--name", "Paul", stdin=PASSWORD).returncode == 0
    assert negatoscope("user", "role", "paul", "--role", "approver").returncode == 0
    assert "approbateur" in negatoscope("user", "list").stdout
    assert negatoscope("user", "disable", "paul").returncode == 0
    assert "désactivé" in negatoscope("user", "list").stdout
    assert negatoscope("user", "enable", "paul").returncode == 0
    assert negatoscope("user", "password", "paul", stdin="another-long-pass-phrase\n").returncode == 0


def test_ctrl_c_ends_a_look_and_leaves_nothing(environment: dict[str, str], data: Data) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "negatoscope", "observe", "local"], env=environment, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 30
    while not list((data / "vault" / "objects").glob(".new-*")):
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130, said
    assert "rien n’en est enregistré" in said
    assert not list((data / "vault" / "journal").glob("*.json"))
    assert not [path for path in (data / "vault" / "objects").rglob("*") if path.is_file()]


def test_a_bar_is_shown_in_a_terminal_only(environment: dict[str, str], negatoscope: Run) -> None:
    assert negatoscope("observe", "local").stderr == ""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "negatoscope", "observe", "local"],
        env=environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert child.wait(60) == 0
    assert b"%" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # the other side has closed


def test_whoever_stops_reading_gets_no_traceback(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m negatoscope judge | head -1"
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.stdout


def test_an_english_terminal_is_spoken_to_in_english(environment: dict[str, str]) -> None:
    for arguments, said in ((("judge",), "unproven"), (("observe", "foo"), "No collector"), (("--help",), "usage: ")):
        done = subprocess.run(
            [sys.executable, "-m", "negatoscope", *arguments],
            env=environment | {"LC_ALL": "en_GB.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in done.stdout + done.stderr


def test_help_lists_every_verb(negatoscope: Run) -> None:
    done = negatoscope("--help")
    assert done.returncode == 0
    for verb in ("run", "observe", "judge", "report", "import", "replay", "ledger", "user"):
        assert f"  {verb} " in done.stdout


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "fr_FR"}, "en"),
    ],
)
def test_the_terminal_s_language_is_french_unless_it_says_english(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], lang: str
) -> None:
    for name in terminal.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == lang
