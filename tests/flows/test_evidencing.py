"""Pieces are read where they lie; one that is not what it should be is refused, and the attempt stays in the log."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from negatoscope.flows import evidencing, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.evidencing import Again, Found, Other, Unsettled
from negatoscope.flows.responding import Beginning
from negatoscope.model.custody import Collected, Piece
from negatoscope.model.incident import Hit, Noted, Touched, What
from negatoscope.respond.custody import chains
from negatoscope.respond.incident import Refused
from negatoscope.store.models import LedgerRow
from negatoscope.store.queries import incidents as held

ANNA = Handler("user:anna", "Anna Petit (anna)")


@pytest.fixture
def number(console: Console) -> int:
    number = responding.open_incident(console, Beginning("rançon"), ANNA)
    for host in ("host/poste", "host/p"):
        responding.say(console, number, responding.Line(Touched(What.HOST, host, Hit.COMPROMISED)), ANNA)
    return number


def test_a_piece_is_read_told_and_read_again(console: Console, number: int, tmp_path: Path) -> None:
    file, read = tmp_path / "poste.mem", list[int]()
    file.write_bytes(b"m" * (3 << 20))
    expected = sha256(file.read_bytes()).hexdigest()
    found = Found(file, Piece.MEMORY, "host/poste", "Luc", "S-1", f" {expected.upper()}\n", "WinPmem", read.append)
    place = evidencing.collect(console, number, found, ANNA)
    assert read == [1 << 20, 2 << 20, 3 << 20]
    (chain,) = chains(responding.incident(console, number))
    assert chain.word == Collected(Piece.MEMORY, "host/poste", "poste.mem", "Luc", "S-1", expected, 3 << 20, read=True)
    assert LedgerRow.objects.filter(kind="incident_collected").count() == 1
    evidencing.compare(console, number, Again(place, file), ANNA)
    file.write_bytes(b"n" * (3 << 20))
    with pytest.raises(Other):
        evidencing.compare(console, number, Again(place, file), ANNA)
    assert chains(responding.incident(console, number))[0].altered
    with pytest.raises(Refused, match="no_piece"):
        evidencing.compare(console, number, Again(99, file), ANNA)


def test_a_file_that_is_not_what_was_taken_is_refused_and_noted(console: Console, number: int, tmp_path: Path) -> None:
    file = tmp_path / "disque.img"
    file.write_bytes(b"other")
    taken = (Piece.DISK, "host/p", "Luc")
    with pytest.raises(Other) as found:
        evidencing.collect(console, number, Found(file, *taken, expected="a" * 64, why="éteint"), ANNA)
    assert found.value.expected == "a" * 64
    last = held.entries(console.practice, number)[-1]
    assert (last.word, last.element) == (Noted(), "disque.img")
    assert found.value.found in last.text
    assert not responding.incident(console, number).pieces
    with pytest.raises(Refused, match="memory_first"):
        evidencing.collect(console, number, Found(file, Piece.DISK, "host/p", "Luc"), ANNA)
    with pytest.raises(FileNotFoundError):
        evidencing.collect(console, number, Found(tmp_path / "none", Piece.MEMORY, "host/p", "Luc"), ANNA)
    with pytest.raises(Refused, match="unknown"):
        evidencing.collect(console, 99, Found(file, Piece.DISK, "host/p", "Luc"), ANNA)


def test_what_would_be_refused_is_refused_before_the_piece_is_read(
    console: Console, number: int, tmp_path: Path
) -> None:
    file, read = tmp_path / "disque.img", list[int]()
    file.write_bytes(b"d")
    sealed = Collected(Piece.DEVICE, "host/p", "unité centrale", "Luc", "S-2")
    place = responding.say(console, number, responding.Line(sealed), ANNA)
    before = len(held.entries(console.practice, number))
    disk = Found(file, Piece.DISK, "host/p", "Luc", progress=read.append)
    for found, code in (
        (disk, "memory_first"),
        (replace(disk, why="éteint", held=" "), "wordless"),
        (replace(disk, why="éteint", expected="a" * 32), "digest"),
    ):
        with pytest.raises(Refused, match=code):
            evidencing.collect(console, number, found, ANNA)
    with pytest.raises(Refused, match="undigested"):
        evidencing.compare(console, number, Again(place, file, read.append), ANNA)
    assert (read, len(held.entries(console.practice, number))) == ([], before)


def test_a_name_with_a_mistake_and_a_file_that_still_grows_are_refused(
    console: Console, number: int, tmp_path: Path
) -> None:
    file = tmp_path / "m.mem"
    file.write_bytes(b"m" * (2 << 20))
    with pytest.raises(Refused, match="host_unknown"):
        evidencing.collect(console, number, Found(file, Piece.MEMORY, "host/ppste", "Luc"), ANNA)

    def grow(octets: int) -> None:
        with file.open("ab") as more:
            more.write(b"n" * (octets == 1 << 20))

    with pytest.raises(Unsettled):
        evidencing.collect(console, number, Found(file, Piece.MEMORY, "host/p", "Luc", progress=grow), ANNA)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe"):
        evidencing.collect(console, number, Found(tmp_path / "pipe", Piece.MEMORY, "host/p", "Luc"), ANNA)
    assert not responding.incident(console, number).pieces
