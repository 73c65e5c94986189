"""The demonstration, built once a process by the verb itself."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

BUILD = """
import sys
import django
django.setup()
from django.conf import settings
from negatoscope.flows.demonstrating import build
from negatoscope.kit.clock import utc_now
build(settings.CONFIG, utc_now)
"""


class Built(NamedTuple):
    """Where it stands, and how many seconds it took."""

    data: Path
    seconds: float

    def inside(self, script: str, *arguments: str) -> str:
        """Run a script on it, as a process of its own: the tests' own process lives in another data directory."""
        return inside(self.data, script, *arguments)


def inside(data: Path, script: str, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV_CORE")}
    environment = kept | {"NEGATOSCOPE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    data = tmp_path_factory.mktemp("demonstration") / "data"
    started = time.monotonic()
    inside(data, BUILD)
    return Built(data, time.monotonic() - started)
