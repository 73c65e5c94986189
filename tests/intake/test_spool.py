"""Answers that wait are on the disk once they are acknowledged; refused posts are counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from negatoscope.intake import jobs
from negatoscope.intake import spool as spool_module
from negatoscope.intake.spool import Spool

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_what_waits_is_found_again_and_cleared(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.add("pc/1", {"job": "build", "values": {"a": "é"}})
    spool.add("pc-2", {"done": "build"})
    assert Spool(tmp_path / "spool").lines("pc/1") == [{"job": "build", "values": {"a": "é"}}]
    spool.clear("pc/1")
    assert spool.lines("pc/1") == []
    assert spool.lines("pc-2") == [{"done": "build"}]


def test_a_line_cut_short_was_never_acknowledged(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add("pc", {"done": "build"})
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(file.read_bytes() + b'{"job": "us')
    assert spool.lines("pc") == [{"done": "build"}]


def test_after_a_line_cut_short_the_next_ones_are_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add("pc", {"done": "build"})
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(file.read_bytes() + b'{"job": "us')
    spool.add("pc", {"done": "users"})
    assert spool.lines("pc") == [{"done": "build"}, {"done": "users"}]


def test_a_full_disk_is_told_and_never_acknowledged(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add("pc", {"done": "build"})
    (file,) = tmp_path.glob("*.jsonl")
    file.unlink()
    file.symlink_to("/dev/full")
    with pytest.raises(OSError, match="space"):
        spool.add("pc", {"done": "users"})


def test_refusals_are_counted_by_reason(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.refuse("empty", AT)
    spool.refuse("empty", AT)
    spool.refuse("too_large", AT)
    assert {reason: one.count for reason, one in spool.refusals().items()} == {"empty": 2, "too_large": 1}


def test_what_grows_past_the_limit_loses_its_end_and_not_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", 100)
    spool = Spool(tmp_path)
    for left in range(40, 0, -1):
        spool.add("pc", {"job": "users", "values": {"Name": str(left)}, "left": left})
    assert spool.lines("pc")[0]["left"] == 40
    assert len(spool.lines("pc")) < 40
    assert jobs.answered(spool.lines("pc")) == {}
