"""The chooser: what nobody reads is kept, objects of shippers are unwrapped, and nothing that comes makes it fail."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.event import Action, Told
from negatoscope.store.columns import table
from negatoscope.watch.behaviours import five
from negatoscope.watch.known import Known
from negatoscope.watch.source import Line, normalise
from tests.watch.sources import test_imaging, test_linux, test_mail_and_directory, test_network, test_windows
from tests.watch.sources.reading import CAME, KEY, at, holds, said

SSHD = "Accepted publickey for root from 127.0.0.1 port 58820 ssh2: ED25519 SHA256:x"


def test_what_nobody_reads_is_an_event_too() -> None:
    event = said("<13>Nov 22 18:40:00 boite truc[9]: bonjour")
    holds(event, product="unread", host="boite", at=at("2026-11-22T17:40:00+00:00"))
    assert event.fields == {"message": "bonjour", "app": "truc"}
    holds(said("\x00\x01 rien du tout"), product="unread", at=CAME)
    holds(said(""), product="unread", at=CAME)
    assert said('{"a": 1}').fields["message"] == '{"a": 1}'


@pytest.mark.parametrize(
    "record",
    [
        {"MESSAGE": SSHD, "SYSLOG_IDENTIFIER": "sshd", "_HOSTNAME": "srv", "__REALTIME_TIMESTAMP": "1795369200000000"},
        {
            "message": SSHD,
            "process": {"name": "sshd"},
            "host": {"name": "srv"},
            "@timestamp": "2026-11-22T17:40:00.000Z",
        },
        {
            "message": SSHD,
            "process.name": "/usr/sbin/sshd",
            "host.name": "srv",
            "@timestamp": "2026-11-22T17:40:00+00:00",
        },
        {"message": f" {SSHD}".strip(), "syslogtag": "sshd[9]:", "hostname": "srv", "timereported": "Nov 22 18:40:00"},
        {"log": SSHD, "ident": "sshd", "host": "srv", "time": 1795369200},
        {"event": {"original": SSHD}, "tag": "sshd", "host": "srv", "time": 1795369200000},
    ],
)
def test_shippers_objects_are_unwrapped(record: dict[str, Any]) -> None:
    event = said(record)
    holds(event, service="sshd", action=Action.LOGON, ok=True, host="srv", at=at("2026-11-22T17:40:00+00:00"))


def test_the_two_nights_of_the_clocks_are_right() -> None:
    """Half past two comes twice on 25 October 2026, and not at all on 29 March."""
    line = "Oct 25 02:30:00 srv sshd[9]: x"
    assert said(line, at("2026-10-25T00:31:00+00:00")).at == at("2026-10-25T00:30:00+00:00")
    assert said(line, at("2026-10-25T01:31:00+00:00")).at == at("2026-10-25T01:30:00+00:00")
    orthanc = "W1025 02:30:00.402000 main.cpp:921] Orthanc has started"
    assert said(orthanc, at("2026-10-25T00:31:00+00:00")).at == at("2026-10-25T00:30:00+00:00")
    assert said(orthanc, at("2026-10-25T01:31:00+00:00")).at == at("2026-10-25T01:30:00+00:00")
    assert said(orthanc.replace("1025", "0329"), at("2026-03-29T01:31:00+00:00")).at == at("2026-03-29T01:30:00+00:00")


def test_a_date_without_year_is_the_nearest() -> None:
    new_year = at("2027-01-01T00:10:00+00:00")
    assert said("W1231 23:59:00.4 main.cpp:9] x", new_year).at == at("2026-12-31T22:59:00+00:00")
    assert said("W0101 01:05:00.4 main.cpp:9] x", new_year - timedelta(minutes=30)).at == at(
        "2027-01-01T00:05:00+00:00"
    )


ENDS_OF_THE_CALENDAR: tuple[object, ...] = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
    "-0001-01-01T00:00:00Z", "99999-12-31T00:00:00Z", -1e18, 1e308, 2**63, True, [],
)  # fmt: skip


@pytest.mark.parametrize("stamp", ENDS_OF_THE_CALENDAR)
def test_a_date_at_the_ends_of_the_calendar_stops_nobody(stamp: object) -> None:
    """Somebody on call has no day before the first one, and nothing is shown in Paris after the last."""
    records = (
        {"CreationTime": stamp, "Operation": "UserLoggedIn", "Workload": "AzureActiveDirectory", "UserId": "a@b.fr"},
        {"timestamp": stamp, "type": "Authentication", "Authentication": {"status": "NT_STATUS_OK"}},
        {"@timestamp": stamp, "message": SSHD, "program": "sshd"},
    )
    lines = [*map(json.dumps, records), f"<86>1 {stamp} srv sshd 1 - - {SSHD}", f"{stamp} srv sshd[1]: {SSHD}"]
    events = [normalise(Line(line.encode(), CAME, "json", "x"), KEY) for line in lines]
    assert {event.at for event in events} == {CAME}
    memory, known = five.Memory(), Known()
    told = [Told(str(number), "x", CAME, event) for number, event in enumerate(events)]
    list(five.look(told, memory, known, five.Settings()))
    list(five.settle(CAME + timedelta(minutes=5), memory, known, five.Settings()))
    assert memory.order.held == []


def samples() -> list[str]:
    """Every line of these tests."""
    folder = Path(test_linux.__file__).parent
    modules = (test_imaging, test_linux, test_mail_and_directory, test_network, test_windows)
    words = [value for module in modules for value in vars(module).values() if isinstance(value, str)]
    lines = [line for file in sorted(folder.glob("test_*.py")) for line in file.read_text().splitlines()]
    return [*words, *(line.strip(" (\"',") for line in lines if len(line) > 60)]


SAMPLES = samples()


@given(st.sampled_from(SAMPLES), st.integers(0, 400), st.binary(max_size=12), st.booleans())
def test_a_spoiled_line_never_stops_the_watch(line: str, place: int, spoil: bytes, headed: bool) -> None:  # noqa: FBT001
    data = line.encode()
    data = data[:place] + spoil + data[place + len(spoil) :]
    for head in (b"", b"Nov 22 18:40:00 srv sshd[9]: " if headed else b"<13>"):
        event = normalise(Line(head + data, CAME, "text", "x"), KEY)
        assert event.at.tzinfo is not None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)
NAMES = st.sampled_from([
    "Event", "System", "EventData", "EventID", "Channel", "winlog", "event_id", "type", "Authentication", "dsdbChange",
    "attributes", "message", "@timestamp", "Operation", "Workload", "CreationTime", "ClientIP", "EventId", "Sender",
    "Recipients", "MessageId", "TimeCreated", "#attributes", "timestamp", "host", "__REALTIME_TIMESTAMP", "EventTime",
])  # fmt: skip


KNOWN = VALUES | st.sampled_from(["Authentication", "dsdbChange", 4625, "4624", "Security"])


@given(st.dictionaries(NAMES, KNOWN | st.dictionaries(NAMES, KNOWN, max_size=5), max_size=8))
def test_no_object_stops_the_watch(record: dict[str, Any]) -> None:
    assert normalise(Line(json.dumps(record).encode(), CAME, "json", "x"), KEY).at.tzinfo is not None


OBJECTS: tuple[dict[str, Any], ...] = (
    {"EventId": "SEND", "Source": "SMTP", "Sender": "a@b.fr", "Recipients": ["c@d.fr"], "MessageId": "<1>",
     "TotalBytes": 5, "ClientIp": "10.0.0.1", "Timestamp": "2026-11-02T07:00:00Z"},
    {"CreationTime": "2026-11-02T07:00:00", "Operation": "UserLoginFailed", "Workload": "AzureActiveDirectory",
     "ResultStatus": "Failed", "LogonError": "UserDisabled", "UserId": "a@b.fr", "ClientIP": "203.0.113.5"},
    {"timestamp": "2026-11-02T07:00:00+0100", "type": "Authentication", "Authentication": {
        "status": "NT_STATUS_WRONG_PASSWORD", "clientAccount": "marie", "remoteAddress": "ipv4:10.0.0.8:40022",
        "eventId": 4625, "logonType": 3, "serviceDescription": "SMB2"}},
    {"timestamp": "2026-11-02T07:00:00+0100", "type": "dsdbChange", "dsdbChange": {
        "operation": "Modify", "dn": "CN=a", "statusCode": 0, "attributes": {"member": {"actions": [{"action": "add"}]}}}},
    {"timestamp": "2026-11-02T07:00:00+0100", "type": "groupChange", "groupChange": {
        "action": "Added", "group": "CN=Domain Admins", "user": "CN=a", "eventId": 4728, "statusCode": 0}},
    {"@timestamp": "2026-11-02T07:00:00Z", "winlog": {"channel": "Security", "event_id": 4625, "computer_name": "pc",
        "event_data": {"TargetUserName": "a", "LogonType": "3", "Status": "0xc000006d", "IpAddress": "10.0.0.1"}}},
    {"Event": {"System": {"Channel": "Security", "EventID": {"#text": 4624, "#attributes": {"Qualifiers": 0}},
        "TimeCreated": {"#attributes": {"SystemTime": "2026-11-02T07:00:00Z"}}, "Provider": {"#attributes": {"Name": "x"}}},
        "EventData": {"TargetUserName": "a", "LogonType": 3, "IpAddress": "10.0.0.1"}}},
    {"EventTime": "2026-11-02 07:00:00", "Channel": "Security", "EventID": 4740, "TargetUserName": "a", "Hostname": "h"},
    {"__REALTIME_TIMESTAMP": "1793602800000000", "MESSAGE": SSHD, "SYSLOG_IDENTIFIER": "sshd", "_HOSTNAME": "srv"},
    {"@timestamp": "2026-11-02T07:00:00Z", "message": SSHD, "process": {"name": "sshd"}, "host": {"name": "srv"}},
)  # fmt: skip
ODD: tuple[object, ...] = (None, True, -1, 2**70, 1.5, "", "x" * 3_000, [], [[]], {}, {"a": []}, ["a", 1, None])


def twisted(value: object) -> Iterator[object]:
    """A value with each of its parts replaced by each thing that nobody expects there."""
    yield from ODD
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: other} for other in twisted(part))
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in twisted(part))


@pytest.mark.parametrize("number", range(len(OBJECTS)))
def test_no_value_that_nobody_expects_stops_the_watch(number: int) -> None:
    """One object of a known product with a list where a word belongs stopped it for good."""
    told = [
        Told(str(place), "x", CAME, normalise(Line(json.dumps(record).encode(), CAME, "json", "x"), KEY))
        for place, record in enumerate(twisted(OBJECTS[number]))
    ]
    assert table(told).num_rows > len(ODD) * len(OBJECTS[number])
    memory, known = five.Memory(), Known()
    list(five.look(told, memory, known, five.Settings()))
    list(five.settle(CAME + timedelta(minutes=5), memory, known, five.Settings()))
    assert five.remembered(memory.kept()) == memory


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_watch(data: bytes) -> None:
    assert normalise(Line(data, datetime(2026, 1, 1, tzinfo=UTC), "syslog", "x"), KEY).product


@pytest.mark.parametrize(
    "evil",
    ["patientid" + " " * 200_000, 'patientid="' * 20_000, "1.2.3.4.5" * 20_000, "1." * 100_000, "<" * 200_000, "a=" * 100_000,
     "[" * 100_000, '"' * 200_000, "pam_unix(x:y): authentication failure;" + " rhost=" * 20_000, "{" * 200_000,
     "warning: x[1.2.3.4]: SASL LOGIN authentication failed:" + " sasl_username=" * 15_000,
     "devname=" + 'a="' * 60_000, "IN=" * 60_000 + "SRC=", "<Event>" * 30_000, '{"a":' * 50_000],
)  # fmt: skip
def test_a_line_made_to_cost_time_costs_none(evil: str) -> None:
    for head in ("", "Nov 22 18:40:00 srv sshd[9]: ", "Nov 22 18:40:00 srv kernel: ", "Nov 22 18:40:00 srv postfix/smtpd[9]: ",
                 "Nov 22 18:40:00 srv dovecot: imap-login: Login: ", "Nov 22 18:40:00 srv sudo: x : "):  # fmt: skip
        begun = monotonic()
        said(head + evil[:250_000])
        assert monotonic() - begun < 2


def test_the_space_that_rsyslog_leaves_before_a_message_is_none_of_it() -> None:
    """Its format of RFC 5424 (``RSYSLOG_SyslogProtocol23Format``) begins each message with one more."""
    head = "<86>1 2026-11-22T18:40:00.123456+01:00 srv"
    event = said(f"{head} sshd 71 - -  Failed password for root from 203.0.113.9 port 22 ssh2")
    holds(event, action=Action.LOGON, ok=False, user="root", host="srv")
    lease = said(f"{head} dnsmasq-dhcp 9 - -  DHCPACK(eth0) 10.0.0.8 00:16:3e:61:02:99 tablette")
    holds(lease, action=Action.DEVICE_SEEN, source="10.0.0.8")
