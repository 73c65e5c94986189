"""The calendar of last instants: what still runs, in the format's own words, and nobody's name."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.incident import Answered, Moved, Sent, Stage, State
from negatoscope.respond import agenda
from tests.respond.incidents import START, aware, recovered

BASE = "https://console.cabinet.example/"


def unfolded(data: bytes) -> list[str]:
    assert all(len(line) <= agenda.OCTETS for line in data.split(b"\r\n"))
    assert data.endswith(b"END:VCALENDAR\r\n")
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def test_what_runs_is_told_and_what_was_sent_or_has_no_hour_is_not() -> None:
    log = aware()
    log.say(Answered("personal_data", "yes"))
    log.reckon()
    log.say(Sent("PLAINTE", log.now))
    lines = unfolded(agenda.calendar([log.one], START, "fr", BASE))
    assert [line for line in lines if line.startswith("UID")] == [
        "UID:incident-7-CNIL@negatoscope.invalid",
        "UID:incident-7-ASNR@negatoscope.invalid",
    ]
    assert "DTEND:20261105T080000Z" in lines
    assert "DTSTART:20261105T073000Z" in lines
    assert "SUMMARY:Incident n°\xa07\xa0: CNIL" in lines
    assert f"URL:{BASE}incidents/7/obligations/" in lines
    assert [line for line in lines if line.startswith("STATUS")] == ["STATUS:CONFIRMED", "STATUS:TENTATIVE"]
    assert lines.count("BEGIN:VALARM") == 2 * lines.count("BEGIN:VEVENT") == 4
    assert "rançon" not in "".join(lines)


def test_the_rest_of_an_initial_declaration_is_told_until_it_leaves() -> None:
    log = aware()
    log.say(Answered("personal_data", "yes"))
    log.reckon()
    for duty in ("PLAINTE", "ASNR"):
        log.say(Sent(duty, log.now))
    at = log.now
    log.say(Sent("CNIL", at, stage=Stage.INITIAL))
    lines = unfolded(agenda.calendar([log.one], START, "fr", BASE))
    assert [line for line in lines if line.startswith("UID")] == ["UID:incident-7-CNIL-rest@negatoscope.invalid"]
    assert f"DTEND:{at + timedelta(hours=72):%Y%m%dT%H%M%SZ}" in lines
    assert "SUMMARY:Incident n°\xa07\xa0: CNIL\\, suite de la déclaration" in lines
    log.say(Sent("CNIL", log.now, stage=Stage.COMPLEMENT))
    assert not [line for line in unfolded(agenda.calendar([log.one], START, "fr", BASE)) if line.startswith("UID")]


def test_a_closed_incident_is_told_no_more_and_english_is_english() -> None:
    log = recovered()
    english = unfolded(agenda.calendar([log.one], START + timedelta(hours=1), "en", BASE))
    assert any(line.startswith("DESCRIPTION:Perhaps due. ") for line in english)
    assert "SUMMARY:Incident no. 7: CNIL (data protection authority)" in english
    log.say(Moved(State.CLOSED))
    assert len(unfolded(agenda.calendar([log.one], START, "en", BASE))) == 6


@given(st.text(max_size=400))
def test_any_text_is_folded_without_cutting_a_sign(said: str) -> None:
    folded = agenda._folded(agenda._text(said))  # noqa: SLF001 -- the promise is theirs
    assert all(len(line) <= agenda.OCTETS for line in folded.removesuffix(b"\r\n").split(b"\r\n"))
    whole = folded.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode()
    assert whole == agenda._text(said)  # noqa: SLF001 -- the same
    assert "\n" not in whole
