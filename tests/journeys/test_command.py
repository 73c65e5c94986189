"""The command itself: where the data is, and what is no verb."""

from pathlib import Path

import pytest

from negatoscope.__main__ import main
from negatoscope.config import DATA_VARIABLE
from tests.journeys.conftest import Run


@pytest.mark.parametrize("form", ["--data={}", "--data {}"])
def test_the_data_directory_may_be_named_on_the_command_line(
    negatoscope: Run, environment: dict[str, str], tmp_path: Path, form: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    environment.pop(DATA_VARIABLE)
    done = negatoscope(*form.format(elsewhere).split(" "), "ledger", "export", str(tmp_path / "x.jsonl"))
    assert done.returncode == 0, done.stderr
    assert (elsewhere / "vault").exists()


def test_what_is_no_verb_is_refused_with_the_list_of_verbs(negatoscope: Run) -> None:
    done = negatoscope("obsrve")
    assert done.returncode == 2
    assert "observe" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["--help"], 0), (["ledger", "verify", "/nonexistent"], 2), (["--data=/tmp", "nothing"], 2)],
)
def test_help_and_verify_need_no_console(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], status: int
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setattr("sys.argv", ["negatoscope", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == status


def test_a_data_directory_is_taken_from_where_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATA_VARIABLE, "unset")
    monkeypatch.setattr("sys.argv", ["negatoscope", "ledger", "--data", str(tmp_path), "verify", "/nonexistent"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
