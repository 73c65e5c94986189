"""Windows events in each of their shapes, and the real files of attack techniques."""

import json
from typing import Any

import pytest
from evtx import PyEvtxParser

from negatoscope.model.event import Action
from tests.watch.shared import shared
from tests.watch.sources.reading import at, holds, said

XML = """<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>
<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID>4625</EventID>
<TimeCreated SystemTime='2026-11-22T17:40:00.1234567Z'/><EventRecordID>77</EventRecordID><Channel>Security</Channel>
<Computer>srv-ad.cabinet.lan</Computer><Security/></System><EventData><Data Name='TargetUserName'>jancien</Data>
<Data Name='TargetDomainName'>CABINET</Data><Data Name='Status'>0xc000006d</Data><Data Name='SubStatus'>0xc0000072</Data>
<Data Name='LogonType'>10</Data><Data Name='IpAddress'>10.77.0.8</Data></EventData></Event>"""


def native(code: int, data: dict[str, Any], channel: str = "Security", part: str = "EventData") -> dict[str, Any]:
    system = {
        "Provider": {"#attributes": {"Name": "P"}}, "EventID": code, "Channel": channel, "Computer": "srv-ad",
        "EventRecordID": 7, "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T17:40:00.123456Z"}},
        "Execution": {"#attributes": {"ProcessID": 4}},
    }  # fmt: skip
    return {"Event": {"#attributes": {"xmlns": "x"}, "System": system, part: data}}


def beat(code: int, data: dict[str, Any], channel: str = "Security") -> dict[str, Any]:
    log = {"channel": channel, "event_id": str(code), "computer_name": "srv-ad", "event_data": data, "record_id": 7}
    return {"@timestamp": "2026-11-22T17:40:00.123Z", "winlog": log, "message": "An account …", "host": {"name": "x"}}


def flat(code: int, data: dict[str, Any], channel: str = "Security") -> dict[str, Any]:
    return {"EventTime": "2026-11-22 18:40:00", "Hostname": "srv-ad", "EventID": code, "Channel": channel, **data}


def test_xml_is_read_without_entities() -> None:
    event = said(XML)
    holds(
        event,
        action=Action.LOGON,
        ok=False,
        why="disabled",
        user="CABINET\\jancien",
        source="10.77.0.8",
        protocol="rdp",
    )
    holds(event, host="srv-ad.cabinet.lan", at=at("2026-11-22T17:40:00.123456+00:00"), service="security")
    assert event.fields["EventID"] == 4625
    assert event.fields["SubStatus"] == "0xc0000072"
    bomb = XML.replace("<Event ", "<!DOCTYPE x [<!ENTITY a 'b'>]><Event ", 1)
    assert said(bomb).product == "unread"
    assert said(XML.replace("</Event>", "")).product == "unread"


@pytest.mark.parametrize("shape", [native, beat, flat])
def test_each_shape_says_the_same(shape: Any) -> None:  # noqa: ANN401 -- three functions alike
    data = {"TargetUserName": "mdurand", "TargetDomainName": "CABINET", "LogonType": 3, "IpAddress": "::ffff:10.77.0.8"}
    event = said(shape(4624, data))
    holds(event, product="windows", service="security", action=Action.LOGON, ok=True, user="CABINET\\mdurand")
    holds(event, source="10.77.0.8", host="srv-ad", protocol="network")
    assert (event.at.hour, event.at.minute) == (17, 40)
    assert event.fields["TargetUserName"] == "mdurand"


WHO = {"TargetUserName": "jpetit", "TargetDomainName": "C", "SubjectUserName": "admin", "SubjectDomainName": "C"}


@pytest.mark.parametrize(
    ("code", "data", "expected"),
    [
        (4624, {**WHO, "LogonType": 5}, {"action": None}),
        (4625, {**WHO, "Status": "0xC0000234", "LogonType": 2}, {"why": "locked", "protocol": "console"}),
        (4625, {**WHO, "Status": -1073741718, "SubStatus": 0}, {"why": "bad_password"}),
        (4625, {**WHO, "Status": "?"}, {"why": None, "ok": False}),
        (4634, {**WHO, "LogonType": "2"}, {"action": Action.LOGOFF}),
        (4648, {**WHO, "TargetServerName": "srv"}, {"action": None, "target": "srv"}),
        (4672, WHO, {"action": None, "user": "C\\admin"}),
        (4720, WHO, {"action": Action.ACCOUNT_CHANGED, "user": "C\\admin", "what": "C\\jpetit"}),
        (4728, WHO, {"action": Action.RIGHTS_CHANGED, "what": "C\\jpetit"}),
        (4740, {**WHO, "TargetDomainName": "PC-1"}, {"why": "locked", "what": "jpetit", "source": "PC-1"}),
        (4768, {**WHO, "Status": "0x0"}, {"action": Action.LOGON, "ok": True, "protocol": "kerberos", "why": None}),
        (4768, {**WHO, "Status": "0x6"}, {"ok": False, "why": "unknown_account"}),
        (4769, {**WHO, "Status": "0x0", "ServiceName": "cifs"}, {"action": None, "what": "cifs"}),
        (4771, {"TargetUserName": "jpetit", "Status": "0x18"}, {"ok": False, "why": "bad_password", "user": "jpetit"}),
        (4776, {**WHO, "Status": "0xc0000064", "Workstation": "PC-1"}, {"why": "unknown_account", "source": "PC-1"}),
        (4778, {"AccountName": "jpetit", "AccountDomain": "C", "ClientAddress": "1.2.3.4"},
         {"action": Action.LOGON, "user": "C\\jpetit", "source": "1.2.3.4", "protocol": "rdp"}),
        (5145, {**WHO, "ShareName": "\\\\*\\dossiers", "RelativeTargetName": "a.pdf"},
         {"action": Action.FILE_OPENED, "what": "\\\\*\\dossiers\\a.pdf"}),
        (4663, {**WHO, "ObjectType": "File", "ObjectName": "C:\\a"}, {"action": Action.FILE_OPENED, "what": "C:\\a"}),
        (4663, {**WHO, "ObjectType": "Key"}, {"action": None}),
        (4688, {**WHO, "NewProcessName": "C:\\x.exe"}, {"action": Action.PROCESS, "what": "C:\\x.exe"}),
        (6416, {**WHO, "ClassName": "DiskDrive", "DeviceId": "USB\\1"}, {"action": Action.MEDIUM_PLUGGED, "what": "USB\\1"}),
        (6416, {**WHO, "ClassName": "Mouse"}, {"action": None}),
        (4999, WHO, {"action": None, "user": None}),
    ],
)  # fmt: skip
def test_the_security_log_is_understood(code: int, data: dict[str, Any], expected: dict[str, Any]) -> None:
    holds(said(native(code, data)), product="windows", **expected)


def test_a_cleared_log_is_told_with_who_did_it() -> None:
    event = said(
        native(1102, {"LogFileCleared": {"SubjectUserName": "admin", "SubjectDomainName": "C"}}, part="UserData")
    )
    holds(event, action=Action.LOG_CLEARED, user="C\\admin")
    other = {"LogFileCleared": {"SubjectUserName": "admin", "Channel": "Application"}}
    event = said(native(104, other, channel="System", part="UserData"))
    holds(event, action=Action.LOG_CLEARED, user="admin")
    assert event.fields["Channel"] == "System"


def test_sysmon_keeps_the_names_that_rules_use() -> None:
    sysmon = "Microsoft-Windows-Sysmon/Operational"
    event = said(native(1, {"User": "C\\x", "Image": "C:\\cmd.exe", "CommandLine": "cmd /c"}, channel=sysmon))
    holds(event, action=Action.PROCESS, user="C\\x", what="C:\\cmd.exe", service="sysmon")
    assert event.fields["CommandLine"] == "cmd /c"
    data = {"SourceIp": "10.0.0.8", "DestinationIp": "1.2.3.4", "DestinationPort": "443", "Protocol": "tcp"}
    holds(
        said(native(3, data, channel=sysmon)), action=Action.CONNECTION, source="10.0.0.8", target="1.2.3.4", port=443
    )


def test_what_only_looks_like_an_event_of_windows_is_not_one() -> None:
    records: tuple[dict[str, Any], ...] = (
        {"Event": {}},
        {"Event": {"System": 1}},
        {"Event": {"System": {"EventID": "x"}}},
        {"EventID": 1},
    )
    for record in records:
        assert said(record).product == "unread"


def test_values_without_names_are_kept_in_order() -> None:
    told = said(XML.replace(" Name='LogonType'", "").replace(" Name='IpAddress'", "").replace(" Name='Status'", ""))
    assert told.fields["Data"] == ["0xc000006d", "10", "10.77.0.8"]
    deep: dict[str, Any] = {"a": {"b": {"c": {"d": {"e": 1}}}}, "n": {"#text": ["x", ["y"]]}}
    assert said(native(1, deep, channel="Autre")).fields["n"] == ["x"]


def test_every_real_file_of_attack_techniques_is_read() -> None:
    files = sorted((shared() / "evtx").rglob("*.evtx"))[::6]
    events = [said(record["data"]) for file in files for record in PyEvtxParser(str(file)).records_json() if record]
    assert len(events) > 100
    assert {event.product for event in events} == {"windows"}
    assert all(isinstance(event.fields["EventID"], int) and event.fields["Channel"] and event.host for event in events)
    assert all(json.dumps(event.fields) for event in events)
