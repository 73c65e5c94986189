"""The header of a syslog line, as RFCs have it and as devices send it; no bytes break it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.watch.syslog import Header, read

CAME = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year to microsecond


def test_the_example_of_rfc_5424_with_structured_data() -> None:
    line = (
        '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 17 ID47 [exampleSDID@32473 iut="3" '
        'eventSource="Appli\\"cation\\]" eventID="1011"][examplePriority@32473 class="high"] \ufeffAn application event'
    )
    told = read(line.encode(), CAME)
    assert (told.facility, told.severity, told.at) == (20, 5, at(2003, 10, 11, 22, 14, 15, 3000))
    assert (told.host, told.app, told.procid, told.msgid) == ("mymachine.example.com", "evntslog", "17", "ID47")
    assert told.structured["exampleSDID@32473"] == {"iut": "3", "eventSource": 'Appli"cation]', "eventID": "1011"}
    assert told.structured["examplePriority@32473"] == {"class": "high"}
    assert told.message == "An application event"


def test_what_a_new_header_does_not_say_is_none() -> None:
    told = read(b"<13>1 - - - - - - hello", CAME)
    assert told == Header("hello", 13)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
            Header("'su root' failed for lonvick on /dev/pts/8", 34, at(2026, 10, 11, 20, 14, 15), "mymachine", "su"),
        ),
        (
            "Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster from 173.234.31.186",
            Header(
                "Invalid user webmaster from 173.234.31.186",
                None,
                at(2025, 12, 10, 5, 55, 46),
                "LabSZ",
                "sshd",
                "24200",
            ),
        ),
        (
            "Nov 22 10:29:59 combo sshd(pam_unix)[19939]: authentication failure;",
            Header("authentication failure;", None, at(2026, 11, 22, 9, 29, 59), "combo", "sshd(pam_unix)", "19939"),
        ),
        (
            "2026-11-22T10:29:59.123456+01:00 pacs dovecot: imap-login: Login: user=<a>",
            Header("imap-login: Login: user=<a>", None, at(2026, 11, 22, 9, 29, 59, 123456), "pacs", "dovecot"),
        ),
        (
            "<189>123: *Nov 22 09:29:59.5 2026: %SYS-5-CONFIG_I: Configured from console",
            Header("Configured from console", 189, at(2026, 11, 22, 8, 29, 59, 500000), None, "%SYS-5-CONFIG_I"),
        ),
        (
            '<189>date=2026-11-22 time=10:29:59 devname="mur" type="traffic"',
            Header('date=2026-11-22 time=10:29:59 devname="mur" type="traffic"', 189),
        ),
        (
            "<4>Nov 22 10:29:59 fe80::1 kernel: [1.2] IN=eth0",
            Header("[1.2] IN=eth0", 4, at(2026, 11, 22, 9, 29, 59), "fe80::1", "kernel"),
        ),
        (
            "Nov 22 10:29:59 combo last message repeated 2 times",
            Header("last message repeated 2 times", None, at(2026, 11, 22, 9, 29, 59), "combo"),
        ),
        ("error: nothing here is a header", Header("error: nothing here is a header")),
        ("<999>odd", Header("<999>odd")),
        ("<13>hello world", Header("hello world", 13)),
        ("<13>Nov 31 10:00:00 h a: b", Header("b", 13, None, "h", "a")),
        ("2026-13-01T10:00:00Z h a: b", Header("b", None, None, "h", "a")),
    ],
)
def test_lines_as_devices_send_them(line: str, expected: Header) -> None:
    assert read(line.encode(), CAME) == expected


def test_windows_letters_are_read_and_line_ends_go() -> None:
    assert read("<13>Accès refusé\r\n".encode("cp1252"), CAME).message == "Accès refusé"


@pytest.mark.parametrize(
    ("line", "came", "meant"),
    [
        ("Dec 31 23:59:59 h a: b", at(2026, 12, 31, 23, 1), at(2026, 12, 31, 22, 59, 59)),
        ("Jan  1 00:00:01 h a: b", at(2025, 12, 31, 23, 0, 5), at(2025, 12, 31, 23, 0, 1)),
        ("Dec 31 23:59:59 h a: b", at(2027, 1, 1, 0, 30), at(2026, 12, 31, 22, 59, 59)),
        ("Feb 29 12:00:00 h a: b", at(2028, 3, 1, 0, 0), at(2028, 2, 29, 11, 0)),
        ("Oct 25 02:30:00 h a: b", at(2026, 10, 25, 0, 30, 5), at(2026, 10, 25, 0, 30)),
        ("Oct 25 02:30:00 h a: b", at(2026, 10, 25, 1, 30, 5), at(2026, 10, 25, 1, 30)),
        ("Mar 29 02:30:00 h a: b", at(2026, 3, 29, 1, 30, 5), at(2026, 3, 29, 1, 30)),
    ],
    ids=["last", "ahead", "behind", "leap", "summer", "winter", "skipped"],
)
def test_a_date_without_a_year_is_the_nearest_one(line: str, came: datetime, meant: datetime) -> None:
    assert read(line.encode(), came).at == meant


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_it(data: bytes) -> None:
    for start in (b"", b"<13>", b"<13>1 ", b"<13>1 - h a - - ", b"<13>Nov 22 10:00:00 "):
        read(start + data, CAME)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001 -- a local time
def test_no_time_breaks_it(time: datetime) -> None:
    for text in (time.isoformat(), f"{time:%b %d %H:%M:%S}", f"{time:%b %d} {time.year:04} {time:%H:%M:%S}"):
        told = read(f"<13>{text} h a: b".encode(), at(1, 1, 2))
        assert told.at is None or told.at.tzinfo is UTC


@pytest.mark.parametrize("hostile", [":" * 200_000, "[a" + " " * 200_000, "[a b=" + '"' * 200_000, "<" * 200_000])
def test_long_lines_take_no_longer_than_their_length(hostile: str) -> None:
    began = datetime.now(UTC)  # noqa: TID251 -- how long it takes
    for start in ("", "<13>Nov 22 10:00:00 ", "<13>1 - - - - - "):
        read((start + hostile).encode(), CAME)
    assert datetime.now(UTC) - began < timedelta(seconds=2)  # noqa: TID251 -- how long it takes
