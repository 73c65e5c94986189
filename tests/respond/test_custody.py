"""Evidence: what is refused of a piece, who holds it, and that closing believes no bare word."""

import pytest

from negatoscope.model.custody import Collected, Compared, Passed, Piece
from negatoscope.model.incident import Hit, How, Moved, Part, State, Stated, Touched, What
from negatoscope.respond import acquisition, closing
from negatoscope.respond.custody import chains, imaged
from negatoscope.respond.incident import Refused
from tests.respond.incidents import COMPLETE, HOST, Log, aware, recovered

MEMORY = Collected(Piece.MEMORY, HOST, "poste-3.mem", "Luc, coffre", "S-1", "a" * 64, 9)
DISK = Collected(Piece.DISK, HOST, "poste-3.img", "Luc, coffre", "", "b" * 64, 99)


def refused(log: Log, word: object, text: str = "") -> str:
    with pytest.raises(Refused) as found:
        log.say(word, text)  # type: ignore[arg-type]
    return found.value.code


def test_memory_is_taken_before_the_disk_or_somebody_says_why_not() -> None:
    log = aware()
    assert refused(log, DISK) == "memory_first"
    log.say(DISK, "éteint à notre arrivée")
    other = replace_host(DISK, "host/b")
    assert refused(log, other) == "memory_first"
    log.say(MEMORY)
    log.say(DISK)
    assert [chain.word.piece for chain in chains(log.one)] == [Piece.DISK, Piece.MEMORY, Piece.DISK]


def replace_host(word: Collected, host: str) -> Collected:
    return Collected(word.piece, host, word.name, word.held, word.seal, word.digest, word.size)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (Collected(Piece.LOGS, HOST, " ", "Luc", digest="a" * 64), "wordless"),
        (Collected(Piece.LOGS, HOST, "a.evtx", "", digest="a" * 64), "wordless"),
        (Collected(Piece.LOGS, HOST, "a.evtx", "Luc"), "undigested"),
        (Collected(Piece.LOGS, HOST, "a.evtx", "Luc", digest="A" * 64), "digest"),
        (Passed(99, "Luc"), "no_piece"),
        (Compared(99, "a" * 64, 1), "no_piece"),
    ],
)
def test_what_cannot_be_said_of_a_piece_is_refused(word: object, code: str) -> None:
    assert refused(aware(), word) == code


def test_the_chain_says_who_holds_a_piece_and_whether_it_changed() -> None:
    log = aware()
    log.say(MEMORY, "WinPmem")
    place = log.one.last
    assert refused(log, Passed(place, " ")) == "wordless"
    log.say(Passed(place, "Expert, son laboratoire", "S-2"))
    log.say(Passed(place, "Gendarmerie"))
    log.say(Compared(place, "a" * 64, 9))
    (chain,) = chains(log.one)
    assert (chain.holder, chain.seal, chain.altered) == ("Gendarmerie", "S-2", False)
    log.say(Compared(place, "c" * 64, 9))
    assert chains(log.one)[0].altered
    log.say(Collected(Piece.DEVICE, HOST, "le poste", "Luc"))
    assert refused(log, Compared(log.one.last, "a" * 64, 9)) == "undigested"
    assert chains(log.one)[1].seal == ""


def test_closing_believes_no_image_that_nobody_can_name() -> None:
    words = tuple(one for one in COMPLETE if not isinstance(one[0], Collected))
    log = recovered(words)
    assert closing.missing(log.one) == (("no_image", HOST),)
    assert refused(log, Moved(State.CLOSED)) == "incomplete"
    log.say(Collected(Piece.DEVICE, HOST, "le poste", "Luc, coffre"))
    assert imaged(log.one, HOST)
    assert closing.missing(log.one) == ()
    log.say(Touched(What.HOST, "host/b", Hit.COMPROMISED))
    log.say(Stated(Part.IMAGES, How.NOT_TAKEN, "host/b"), "détruit")
    assert closing.missing(log.one) == (("reinstall", "host/b"),)


def test_every_way_to_take_evidence_has_its_source_and_none_begins_with_an_antivirus() -> None:
    told = acquisition.steps()
    assert len({one.id for one in told}) == len(told)
    assert {one.system for one in told} == {"any", "windows", "linux", "macos"}
    assert told[0].id == "antivirus"
    assert told[0]["fr"].startswith("Ne lancez aucun antivirus")
    assert told[0]["en"].startswith("Run no antivirus")
    order = [one.id for one in told]
    assert order.index("windows_memory") < order.index("windows_disk")
