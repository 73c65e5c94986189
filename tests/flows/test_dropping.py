"""Mails dropped in a folder become reports: once each, whatever they are, and nothing beside them is touched."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock

from negatoscope.flows import dropping, tipping
from negatoscope.flows.console import Console
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.dropping import Dropped
from negatoscope.model.tip import Look, Tip
from negatoscope.respond import tips as known
from negatoscope.store.models import LedgerRow
from negatoscope.store.queries import tips
from negatoscope.store.queries.paging import Ask

MAIL = b"From: Anna <anna@cabinet.example>\r\nTo: s@x\r\nSubject: Facture\r\nDate: hier\r\n\r\nEst-ce normal ?\r\n"


def drop(console: Console, name: str = "un.eml", data: bytes = MAIL) -> Path:
    place = dropping.folder(console)
    place.mkdir(parents=True, exist_ok=True)
    file = place / name
    file.write_bytes(data)
    return file


def rounds(console: Console, clock: TickingClock, dropped: Dropped | None = None, times: int = 2) -> Dropped:
    dropped = dropped or Dropped()
    for _round in range(times):
        clock.advance(timedelta(seconds=6))
        dropped.round(console)
    return dropped


def taken(console: Console) -> list[Tip]:
    return list(tips.page(console.practice, Ask()).rows)


def test_a_mail_becomes_a_report_with_the_mail_kept_as_it_came(console: Console, clock: TickingClock) -> None:
    file = drop(console)
    rounds(console, clock, times=1)
    assert taken(console) == []
    rounds(console, clock)
    (one,) = taken(console)
    assert (one.look, one.name, one.by_mail) == (Look.MAIL, "Anna <anna@cabinet.example>", True)
    said, joined = tipping.tip(console, one.number).words
    assert said.text == "Facture\nhier\n\nEst-ce normal ?"
    assert joined.file is not None
    with console.vault.open(joined.file.digest) as stream:
        assert stream.read() == MAIL
    assert not file.exists()


def test_the_same_mail_twice_is_one_report_also_after_a_kill_before_the_file_went(
    console: Console, clock: TickingClock
) -> None:
    drop(console)
    rounds(console, clock)
    again = drop(console, "copie.eml")
    rounds(console, clock, Dropped())
    assert len(taken(console)) == 1
    assert not again.exists()


def test_a_file_that_is_still_written_to_waits(console: Console, clock: TickingClock) -> None:
    file = drop(console, data=MAIL[:60])
    dropped = rounds(console, clock, times=1)
    file.write_bytes(MAIL)
    rounds(console, clock, dropped, times=1)
    assert taken(console) == []
    rounds(console, clock, dropped, times=1)
    assert len(taken(console)) == 1


def test_links_folders_hidden_files_and_other_names_are_left_alone(
    console: Console, clock: TickingClock, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.eml"
    secret.write_bytes(MAIL)
    place = drop(console, "notes.txt").parent
    drop(console, ".cache.eml")
    (place / "lien.eml").symlink_to(secret)
    (place / "dossier.eml").mkdir()
    os.mkfifo(place / "tube.eml")
    rounds(console, clock)
    assert taken(console) == []
    assert len(list(place.iterdir())) == 5
    assert secret.exists()


def test_what_is_no_mail_or_too_large_lies_aside_and_the_ledger_knows(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropping, "KEPT_ASIDE", 2)
    for number, data in enumerate((b"MZ\x90 pas un courriel", b"", b"x" * (known.MOST_FILE + 1))):
        drop(console, f"{number}.eml", data)
    rounds(console, clock)
    assert taken(console) == []
    assert dropping.refused(console) == 2
    assert list(dropping.folder(console).iterdir()) == []
    assert LedgerRow.objects.filter(kind="tip_mail_refused").count() == 3


def test_a_flood_waits_and_leaves_the_page_open_to_the_staff(console: Console, clock: TickingClock) -> None:
    for number in range(30):
        drop(console, f"{number}.eml", MAIL.replace(b"Facture", b"Facture %d" % number))
    dropped = rounds(console, clock, times=20)
    assert len(taken(console)) == tipping.MOST_OF_ONE // 2
    assert len(list(dropping.folder(console).iterdir())) == 30 - tipping.MOST_OF_ONE // 2
    tipping.send(console, tipping.Sending("page", Look.SLOW, "lent", address="10.0.0.9"))
    clock.advance(timedelta(minutes=11))
    rounds(console, clock, dropped)
    assert len(taken(console)) > tipping.MOST_OF_ONE // 2 + 1


def test_a_full_disk_loses_no_mail(console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise DiskFull

    file = drop(console)
    with monkeypatch.context() as broken:
        broken.setattr(tipping, "send", full)
        dropped = rounds(console, clock)
    assert file.exists()
    rounds(console, clock, dropped)
    assert len(taken(console)) == 1
