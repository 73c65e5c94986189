"""A calendar becomes a list of days by person; what its events are called never comes through."""

import pytest

from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet.calendar import as_list, is_calendar

HOLDERS = {"marie durand": "person/mdurand", "jean petit": "person/jpetit", "mdurand": "person/mdurand", "x y": None}
MAILS = {"j.petit@cabinet.example": "person/jpetit"}


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:1\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nEND:VTIMEZONE\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{zone}{body}END:VCALENDAR\r\n".encode()


def rows(*events: str) -> list[str]:
    return as_list(calendar(*events), HOLDERS, MAILS).decode().splitlines()[1:]


@pytest.mark.parametrize(
    ("event", "row"),
    [
        ("SUMMARY:Congés Marie DURAND\r\nDTSTART;VALUE=DATE:20260803\r\nDTEND;VALUE=DATE:20260822",
         "mdurand;03/08/2026;21/08/2026;congé"),
        ("SUMMARY:Durand Mar\r\n ie - formation\r\nDTSTART;VALUE=DATE:20260803",
         "mdurand;03/08/2026;03/08/2026;formation"),
        ('ORGANIZER;CN="P: J":mailto:J.Petit@cabinet.example\r\nDTSTART:20260802T220000Z\r\nDTEND:20260804T220000Z',
         "jpetit;03/08/2026;04/08/2026;"),
        ("SUMMARY:Jean Petit\r\nDTSTART;TZID=Europe/Paris:20260803T090000\r\nDURATION:PT8H",
         "jpetit;03/08/2026;03/08/2026;"),
        ('SUMMARY:Jean Petit\r\nDTSTART;TZID="Romance Standard Time":20260803T000000\r\nDURATION:P1W',
         "jpetit;03/08/2026;09/08/2026;"),
        ("SUMMARY:arrêt maladie\r\nDTSTART;VALUE=DATE:20260803", "événement du 03/08/2026;03/08/2026;03/08/2026;"),
        ("SUMMARY:Jean Petit et Marie Durand\r\nDTSTART;VALUE=DATE:20260803",
         "événement du 03/08/2026;03/08/2026;03/08/2026;"),
        ("SUMMARY:Jean Petit\r\nDTSTART;VALUE=DATE:20260803\r\nRRULE:FREQ=WEEKLY", "jpetit;répétition;03/08/2026;"),
        ("SUMMARY:Jean Petit\r\nDTSTART;VALUE=DATE:20260803\r\nBEGIN:VALARM\r\nSUMMARY:x\r\nEND:VALARM\r\nDTEND:nul",
         "jpetit;03/08/2026;03/08/2026;"),
    ],
)  # fmt: skip
def test_an_event_says_who_is_away_on_which_whole_days(event: str, row: str) -> None:
    assert rows(event) == [row]


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Jean Petit dentiste\r\nDTSTART:20260803T090000Z\r\nDTEND:20260803T100000Z",
        "SUMMARY:Jean Petit\r\nDTSTART;VALUE=DATE:20260803\r\nSTATUS:CANCELLED",
        "SUMMARY:Jean Petit\r\nDTSTART:demain",
        "SUMMARY:Jean Petit\r\nDTSTART;VALUE=DATE:20261340",
        "SUMMARY:Jean Petit\r\nDTSTART:20260803T090000Z",
        "SUMMARY:Jean Petit",
    ],
)
def test_what_covers_no_whole_day_is_no_absence(event: str) -> None:
    assert rows(event) == []


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nSUMMARY:\xff\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nSUMMARY:" + b"a\r\n b" * 60_000,
        calendar(*["DTSTART;VALUE=DATE:20260803"] * 5_001),
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    assert is_calendar(data)
    with pytest.raises(Unreadable, match="not_a_calendar"):
        as_list(data, HOLDERS, MAILS)
