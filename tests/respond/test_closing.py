"""Closing is refused with each reason that is missing, and no other."""

import pytest

from negatoscope.model.incident import (
    Asked,
    Done,
    Hit,
    How,
    Moved,
    Noted,
    Part,
    State,
    Stated,
    Struck,
    Touched,
    What,
)
from negatoscope.respond.closing import REBUILT, TAKES, missing
from negatoscope.respond.incident import Refused
from tests.respond.incidents import COMPLETE, HOST, Log, recovered

LACKS = (
    None, ("entry", ""), ("spread", ""), ("data", ""), ("no_image", HOST), ("images", HOST), ("reinstall", HOST),
    ("secrets", ""), ("lessons", ""), ("actions", ""),
)  # fmt: skip
"""What is missing without each word of COMPLETE; the first is of another kind."""


@pytest.mark.parametrize("index", range(1, len(COMPLETE)))
def test_closing_names_the_one_thing_that_is_missing(index: int) -> None:
    log = recovered(COMPLETE[:index] + COMPLETE[index + 1 :])
    assert missing(log.one) == (LACKS[index],)
    with pytest.raises(Refused) as refused:
        log.say(Moved(State.CLOSED))
    assert (refused.value.code, refused.value.missing) == ("incomplete", (LACKS[index],))
    assert log.one.state is State.RECOVERED


def test_nothing_said_lacks_everything() -> None:
    lacks = [code for code, _host in missing(Log().one)]
    assert lacks == ["entry", "spread", "data", "no_host", "secrets", "lessons", "actions"]


def test_complete_it_closes_and_then_only_notes_are_added() -> None:
    log = recovered()
    log.say(Moved(State.CLOSED), "tout est revenu")
    log.say(Noted(), "rapport reçu")
    for word in (Stated(Part.DATA, How.SAID), Done(10), Asked("Luc")):
        with pytest.raises(Refused, match="closed"):
            log.say(word, "trop tard")
    with pytest.raises(Refused, match="wordless"):
        log.say(Moved(State.OPEN), " ")
    log.say(Moved(State.OPEN), "le poste 4 parle encore dehors")
    assert log.one.state is State.OPEN


@pytest.mark.parametrize("how", TAKES[Part.REINSTALL])
def test_a_host_that_was_cleaned_or_restored_is_not_rebuilt(how: How) -> None:
    log = recovered()
    log.say(Stated(Part.REINSTALL, how, HOST), "dit plus tard")
    assert missing(log.one) == (() if how in REBUILT else (("not_rebuilt", HOST),))


def test_each_host_is_asked_for_and_a_suspect_is_settled_first() -> None:
    log = recovered()
    other = "host/poste-4"
    suspect = log.say(Touched(What.HOST, other, Hit.SUSPECTED))
    assert missing(log.one) == (("undecided", other),)
    log.say(Touched(What.HOST, other, Hit.COMPROMISED))
    assert missing(log.one) == (("images", other), ("reinstall", other))
    log.say(Touched(What.HOST, other, Hit.CLEARED))
    assert missing(log.one) == ()
    log.say(Struck(log.entries[-1].place), "mal lu")
    assert missing(log.one) == (("images", other), ("reinstall", other))
    log.say(Struck(log.entries[-3].place), "mal lu")
    log.say(Struck(suspect), "mal lu")
    assert missing(log.one) == ()


def test_without_a_compromised_host_somebody_says_so() -> None:
    log = recovered(COMPLETE[1:4] + COMPLETE[6:])
    assert missing(log.one) == (("no_host", ""),)
    log.say(Stated(Part.REINSTALL, How.NONE), "seule la boîte aux lettres")
    assert missing(log.one) == ()
    log.say(Moved(State.CLOSED))


def test_a_statement_takes_only_what_is_meant_for_it() -> None:
    log = Log()
    with pytest.raises(Refused, match="how"):
        log.say(Stated(Part.SPREAD, How.UNKNOWN), "rien")
    with pytest.raises(Refused, match="wordless"):
        log.say(Stated(Part.ENTRY, How.UNKNOWN), " ")
