from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from negatoscope.kit.clock import utc_now
from negatoscope.probe import enrolling
from negatoscope.probe.home import Home
from tests.probe.door import Console, door


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    folder = tmp_path / "console"
    folder.mkdir()
    with door(folder) as made:
        yield made


@pytest.fixture
def home(console: Console, tmp_path: Path) -> Home:
    """An enrolled probe."""
    made = Home.make(tmp_path / "probe")
    enrolling.enrol(made, console.address, console.new_code(), utc_now)
    return made
