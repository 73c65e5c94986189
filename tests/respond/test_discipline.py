"""Rule 38 beyond closing: the three questions kept, memory before disks, declarations in time or late with reasons."""

from datetime import timedelta

import pytest

from negatoscope.model.custody import Collected, Inquired, Piece
from negatoscope.model.incident import Answered, Hit, Sent, Touched, What
from negatoscope.respond import discipline
from tests.respond.incidents import COMPLETE, HOST, START, Log, aware, recovered

HOUR = timedelta(hours=1)
MEMORY = Collected(Piece.MEMORY, HOST, "a.mem", "coffre", digest="a" * 64)
DISK = Collected(Piece.DISK, HOST, "a.raw", "coffre", digest="b" * 64)


def touched(*pieces: Collected) -> Log:
    log = Log()
    log.say(Touched(What.HOST, HOST, Hit.COMPROMISED))
    for piece in pieces:
        log.say(piece, "la mémoire avant, sauf raison")
    return log


@pytest.mark.parametrize(
    ("pieces", "code"),
    [((), "no_memory"), ((DISK,), "disk_first"), ((DISK, MEMORY), "disk_first"), ((MEMORY, DISK), ""), ((MEMORY,), "")],
)
def test_memory_is_copied_before_the_disks_or_nothing_shows_it_was_on(pieces: tuple[Collected, ...], code: str) -> None:
    found = {"no_memory", "disk_first"} & set(discipline.lacks(touched(*pieces).one))
    assert found == ({code} if code else set())


def test_each_question_is_kept_of_each_compromised_host() -> None:
    log = touched(MEMORY)
    log.say(Touched(What.HOST, "host/pacs", Hit.COMPROMISED))
    log.say(MEMORY.__class__(Piece.MEMORY, "host/pacs", "b.mem", "coffre", digest="c" * 64))
    log.say(Inquired(HOST, ("entry", "spread", "talk", "reach", "twins"), "a.json", "d" * 64, 9))
    assert {"twins", "reach", "talk"} <= set(discipline.lacks(log.one))
    log.say(Inquired("host/pacs", ("twins", "reach"), "b.json", "e" * 64, 9))
    assert {"twins", "reach", "talk"} & set(discipline.lacks(log.one)) == {"talk"}
    log.say(Inquired("host/pacs", ("talk",), "b.json", "f" * 64, 9))
    assert not {"twins", "reach", "talk"} & set(discipline.lacks(log.one))


def test_what_closing_asks_for_is_all_that_a_host_with_its_questions_lacks() -> None:
    assert discipline.lacks(recovered(COMPLETE).one) == ("reach", "talk", "twins")


def told(log: Log, hours: int) -> dict[str, str]:
    pairs = (one.split("/") for one in discipline.declared(log.one, START + hours * HOUR))
    return {duty: became for duty, became in pairs if duty in {"CNIL", "PLAINTE"}}


def test_a_declaration_is_met_in_time_or_late_with_the_reasons_that_the_law_asks_for() -> None:
    log = aware()
    assert told(log, 71) == {"CNIL": "waits", "PLAINTE": "waits"}
    assert told(log, 73) == {"CNIL": "perhaps", "PLAINTE": "perhaps"}
    for question in ("personal_data", "malicious"):
        log.say(Answered(question, "yes"))
    log.reckon()
    assert told(log, 72) == {"CNIL": "waits", "PLAINTE": "waits"}
    assert told(log, 73) == {"CNIL": "late", "PLAINTE": "late"}
    log.say(Sent("CNIL", log.now))
    assert told(log, 73) == {"CNIL": "met", "PLAINTE": "late"}


def test_only_where_the_law_asks_for_reasons_do_they_excuse() -> None:
    log = aware(START - 80 * HOUR)
    log.say(Answered("personal_data", "yes"))
    log.say(Answered("malicious", "yes"))
    log.reckon()
    log.say(Sent("CNIL", log.now, reasons="vu lundi"))
    log.say(Sent("PLAINTE", log.now, reasons="vu lundi"), "vu lundi")
    assert told(log, 1) == {"CNIL": "met", "PLAINTE": "late"}
    other = aware(START - 80 * HOUR)
    other.say(Answered("personal_data", "yes"))
    other.reckon()
    other.say(Sent("CNIL", other.now), "dit dans le texte")
    assert told(other, 1)["CNIL"] == "met"


def test_nothing_is_owed_before_anybody_says_when_it_was_known_or_once_all_is_denied() -> None:
    assert discipline.declared(Log().one, START) == ()
