"""The power goes at any moment: what was kept is kept once, an attack is one alert, and its 24 hours are right."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.flows.test_watching import heard, worked

from negatoscope.config import Config
from negatoscope.flows import hearing, watching
from negatoscope.flows.console import Console
from negatoscope.flows.opening import open_console
from negatoscope.flows.watching import Watch
from negatoscope.intake.events.spool import cursor
from negatoscope.store import events
from negatoscope.store.queries import alerts

AT_A_TIME = 5


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path / "data"), clock)


class PowerCut(BaseException):
    """Nothing more is done."""


class Disk:
    """Breaks off at the so-many-th settling of a file or folder; remembers what was on it for sure before."""

    def __init__(self, console: Console, last: int) -> None:
        self.left = last
        self.parts = [console.config.data / "events", watching.folder(console)]
        self.cursor = hearing.folder(console) / "cursor"
        self.sure = console.config.data.parent / "sure"
        self.fsync: Callable[[int], None] = os.fsync
        self._remember()

    def settle(self, descriptor: int) -> None:
        self.left -= 1
        if not self.left:
            raise PowerCut
        self.fsync(descriptor)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self._remember()

    def lose(self) -> None:
        """Names that no folder had settled are gone, and half-written files lie about."""
        for part in self.parts:
            shutil.rmtree(part, ignore_errors=True)
            if (self.sure / part.name).exists():
                shutil.copytree(self.sure / part.name, part)
        self.cursor.unlink(missing_ok=True)
        if (self.sure / "cursor").exists():
            shutil.copy(self.sure / "cursor", self.cursor)
        for folder in (self.parts[1], *self.parts[0].glob("site=*/day=*")):
            if folder.exists():
                (folder / ".new-torn").write_bytes(bytes(100))

    def _remember(self) -> None:
        shutil.rmtree(self.sure, ignore_errors=True)
        for part in self.parts:
            if part.exists():
                shutil.copytree(part, self.sure / part.name)
        if self.cursor.exists():
            self.sure.mkdir(exist_ok=True)
            shutil.copy(self.cursor, self.sure / "cursor")


def cut(console: Console, clock: TickingClock, disk: Disk) -> bool:
    """Work until the power goes; false: it did not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.settle)
        try:
            worked(console, clock)
        except PowerCut:
            return True
    return False


@pytest.mark.parametrize("lost", [False, True])
def test_a_power_cut_at_any_moment_loses_no_event_and_tells_nothing_twice(
    console: Console,
    clock: TickingClock,
    lost: bool,  # noqa: FBT001 -- a table
) -> None:
    cuts = 0
    heard(console, AT_A_TIME)
    while cut(console, clock, disk := Disk(console, cuts + 1)):
        if lost:
            disk.lose()
        cuts += 1
        heard(console, AT_A_TIME, first=cuts * AT_A_TIME)
    sent = (cuts + 1) * AT_A_TIME
    kept = [told.key for told in watching.store(console).told()]
    assert cuts >= 8
    assert len(kept) == len(set(kept)) == sent
    assert cursor(hearing.folder(console)) == sent + 1
    (one,) = alerts.standing(console.practice)
    assert one.due - one.began == timedelta(hours=24)


def test_no_more_waits_to_be_written_down_than_the_store_knows_again(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told again after a crash, what lies further back would be kept twice."""
    assert watching.MOST_UNSAVED + watching.MOST <= events.REMEMBERED
    monkeypatch.setattr(watching, "MOST", 10)
    monkeypatch.setattr(watching, "MOST_UNSAVED", 20)
    heard(console, 50)
    watch, confirmed = Watch(console), list[int]()
    while watch.round():
        confirmed.append(cursor(hearing.folder(console)) - 1)
    assert confirmed == [0, 20, 20, 40, 40]
