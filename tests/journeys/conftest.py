"""Whole verbs, as processes of their own, on a data folder of their own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Path]:
    """Where nothing was ever started. On PostgreSQL, configured with an empty database of its own."""
    place = tmp_path / "data"
    if databases.SERVER:
        databases.configure(place)
    yield place
    databases.forget(place)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A folder whose tables are made and empty: to make them takes longer than most verbs."""
    place = tmp_path / "data"
    databases.furnish(place)
    yield place
    databases.forget(place)


@pytest.fixture
def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV_CORE")}
    return kept | {"NEGATOSCOPE_DATA": str(data), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def negatoscope(environment: dict[str, str]) -> Run:
    def run(*arguments: str, stdin: str | None = None, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "negatoscope", *arguments],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
