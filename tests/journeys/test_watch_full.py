"""A disk that is full: the doors let senders wait, the watch waits, and nothing that was taken is lost."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.journeys.test_events import answered, running
from tests.journeys.test_watch import kept, until
from tests.needs import needs_root

SIZE, LEFT = 300, 60
"""MiB of the disk, and what is left of it: less than the doors leave to the console."""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    needs_root()
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "none", str(disk)], check=True)
    place = disk / "data"
    databases.furnish(place)
    yield place
    databases.forget(place)
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.root
@pytest.mark.torture
def test_a_full_disk_lets_senders_wait_and_loses_nothing(environment: dict[str, str], data: Path) -> None:
    with running(environment, data) as (console, port, token):
        until(lambda: answered(port, token, 1))
        room = os.statvfs(data)
        ballast = data / "ballast"
        ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - LEFT * 1024 * 1024))
        until(lambda: not answered(port, token, 2))
        assert not answered(port, token, 3)
        assert console.poll() is None
        ballast.write_bytes(bytes(0))
        until(lambda: answered(port, token, 4))
        until(lambda: answered(port, token, 3))
        until(lambda: len(kept(data)) >= 3 * 3)
    keys = [key for key, _at in kept(data)]
    assert len(keys) == len(set(keys))
