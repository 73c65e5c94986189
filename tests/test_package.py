"""What a user receives: a wheel with everything in it, and a Makefile that names what is missing."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_a_built_wheel_contains_the_assets(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    for ending in (".css", ".html", ".mo", ".typ", "r01_map.toml", "r40_audit.toml", "texts.toml", "py.typed"):
        assert any(name.endswith(ending) for name in names), ending
    assert [name for name in names if "htmx" in name and name.endswith(".js")] == []
    assert [name for name in names if name.startswith("tests")] == []


def make_without(tmp_path: Path, python: str) -> str:
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(
        ["make", f"PYTHON={python}", "run"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    return done.stdout


def test_a_missing_python_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    assert "sudo apt-get install python3 python3-venv" in make_without(tmp_path, "python-that-is-not-there")


@pytest.mark.parametrize(("answer", "remedy"), [("1", "python3.11-venv"), ("0", "apt-get install python3-venv")])
def test_an_old_python_and_a_missing_venv_are_named_too(tmp_path: Path, answer: str, remedy: str) -> None:
    fake = tmp_path / "python-fake"
    fake.write_text(f'#!/bin/sh\ncase "$2" in *version_info*) exit {answer};; *) exit 1;; esac\n')
    fake.chmod(0o755)
    assert remedy in make_without(tmp_path, str(fake))


def test_no_committed_file_names_a_registry_or_a_machine_path() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert lock in tracked
        assert "://" not in (ROOT / lock).read_text()
