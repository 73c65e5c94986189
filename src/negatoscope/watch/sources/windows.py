"""Windows events, whoever brings them: as XML, as the ``evtx`` library's JSON, as Winlogbeat's or NXLog's.

Fields keep the names of the event itself (``EventID``, ``TargetUserName``, ``Image`` …), which public rules use. Codes:
Microsoft, “Advanced security audit policy settings”; NTSTATUS in MS-ERREF 2.3.1; Kerberos in RFC 4120 7.5.9.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 -- the type alone: defusedxml parses

SECURITY, SYSMON, SYSTEM = "Security", "Microsoft-Windows-Sysmon/Operational", "System"
Fields = dict[str, Any]
_DEEP, _MANY = 3, 400
"""How deep an event's values are followed, and how many are kept."""
_SERVICES = {SECURITY: "security", SYSMON: "sysmon", SYSTEM: "system", "Application": "application",
             "Microsoft-Windows-PowerShell/Operational": "powershell",
             "Windows PowerShell": "powershell-classic"}  # fmt: skip
_STATUS = {
    0xC0000064: "unknown_account", 0xC000006A: "bad_password", 0xC0000072: "disabled", 0xC0000193: "expired",
    0xC0000071: "password_expired", 0xC0000224: "password_expired", 0xC0000234: "locked", 0xC000006F: "hours",
    0xC0000070: "workstation", 0xC000015B: "not_allowed", 0xC0000022: "not_allowed", 0xC0000413: "not_allowed",
    0xC000006D: "bad_password", 0xC0000133: "clock",
}  # fmt: skip
_KERBEROS = {0x6: "unknown_account", 0x7: "unknown_account", 0x12: "disabled", 0x17: "password_expired",
             0x18: "bad_password", 0x25: "clock", 0xC: "not_allowed", 0x1: "expired"}  # fmt: skip
_NOBODY = frozenset({"0", "4", "5"})
"""Kinds of log-in that no person makes: the system's start, tasks, services."""
_PROTOCOLS = {"2": "console", "7": "console", "11": "console", "13": "console", "10": "rdp", "12": "rdp",
              "3": "network", "8": "network", "9": "runas"}  # fmt: skip
_MEDIA = frozenset({"diskdrive", "wpd", "cdrom", "floppydisk", "volume"})


def read(entry: Entry) -> Event | None:
    """One event of Windows, in any of its shapes."""
    fields = _fields(entry)
    if not fields or number(fields.get("EventID")) is None:
        return None
    fields["EventID"] = number(fields["EventID"])
    channel = str(fields.get("Channel") or "")
    host = word(fields.get("Computer")) or entry.host
    event = Event(entry.stamp(fields.pop("@at", None)), "windows", _service(channel), host=host, fields=fields)
    known = _KNOWN.get((channel, fields["EventID"]))
    return known(event, fields) if known else event


def _service(channel: str) -> str | None:
    known = _SERVICES.get(channel)
    return known or (channel.lower()[:200] or None)


def _fields(entry: Entry) -> Fields:
    record = entry.record
    if not record and entry.message.startswith("<"):
        record = _from_xml(entry.message)
    if isinstance(event := record.get("Event"), Mapping):
        return _native(event)
    if isinstance(log := record.get("winlog"), Mapping):
        return _beat(record, log)
    if "EventID" in record and ("Channel" in record or "SourceName" in record or "EventTime" in record):
        return _flat(record)
    return {}


def _native(event: Mapping[str, Any]) -> Fields:
    system = event.get("System")
    if not isinstance(system, Mapping):
        return {}
    told: Fields = {
        "EventID": _text(system.get("EventID")), "Channel": _text(system.get("Channel")),
        "Computer": _text(system.get("Computer")), "EventRecordID": _text(system.get("EventRecordID")),
        "Provider_Name": _attribute(system.get("Provider"), "Name"), "Level": _text(system.get("Level")),
        "Task": _text(system.get("Task")), "Keywords": _text(system.get("Keywords")),
        "@at": _attribute(system.get("TimeCreated"), "SystemTime"),
    }  # fmt: skip
    data: Fields = {}
    for part in ("EventData", "UserData"):
        _flatten(event.get(part), data)
    return _joined(told, data)


def _joined(told: Fields, data: Fields) -> Fields:
    """What the event's envelope says comes before what its data call alike."""
    return {**data, **{name: value for name, value in told.items() if value is not None}}


def _beat(record: Mapping[str, Any], log: Mapping[str, Any]) -> Fields:
    told: Fields = {
        "EventID": _text(log.get("event_id")), "Channel": log.get("channel"), "Computer": log.get("computer_name"),
        "EventRecordID": log.get("record_id"), "Provider_Name": log.get("provider_name"), "Task": log.get("task"),
        "@at": record.get("@timestamp"),
    }  # fmt: skip
    data: Fields = {}
    for part in ("event_data", "user_data"):
        _flatten(log.get(part), data)
    return _joined(told, data)


def _flat(record: Mapping[str, Any]) -> Fields:
    told: Fields = {}
    _flatten(record, told)
    told["@at"] = record.get("EventTime") or record.get("TimeCreated") or record.get("@timestamp")
    return {**told, "Computer": told.get("Computer", told.get("Hostname"))}


def _flatten(part: object, into: Fields, depth: int = 0) -> None:
    """Put each named value of a tree under its own name, as Sigma's public tools do."""
    if not isinstance(part, Mapping) or depth > _DEEP:
        return
    for name, value in part.items():
        if len(into) >= _MANY:
            return
        if name.startswith(("#attributes", "@xmlns", "xmlns")):
            continue
        if isinstance(value, Mapping) and "#text" not in value:
            _flatten(value, into, depth + 1)
        else:
            into.setdefault(name, _text(value))


def _text(value: object) -> Any:  # noqa: ANN401 -- what the event holds
    if isinstance(value, Mapping):
        value = value.get("#text")
    if isinstance(value, list):
        return [_text(one) for one in value[:_MANY] if not isinstance(one, list)]
    return value


def _attribute(value: object, name: str) -> Any:  # noqa: ANN401 -- what the event holds
    told = value.get("#attributes", value) if isinstance(value, Mapping) else None
    return told.get(name) if isinstance(told, Mapping) else None


def _from_xml(text: str) -> Mapping[str, Any]:
    """The same tree as the JSON shape. What is no event, or no XML, is empty."""
    if "<Event" not in text[:200]:
        return {}
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError):
        return {}
    told: dict[str, Any] = {}
    for part in root:
        name = _name(part)
        if name == "System":
            told[name] = {_name(one): {"#attributes": dict(one.attrib), "#text": one.text} for one in part}
        elif name in {"EventData", "UserData"}:
            told[name] = _data(part, 0)
    return {"Event": told} if _name(root) == "Event" else {}


def _data(part: "Element", depth: int) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in part:
        if len(one) and depth < _DEEP:
            told[_name(one)] = _data(one, depth + 1)
        elif (name := one.get("Name") or _name(one)) in told and name == "Data":
            told[name] = [*(told[name] if isinstance(told[name], list) else [told[name]]), one.text]
        else:
            told[name] = one.text
    return told


def _name(part: "Element") -> str:
    return str(part.tag).rpartition("}")[2]


def _who(fields: Fields, whose: str) -> str | None:
    user, domain = word(fields.get(f"{whose}UserName")), word(fields.get(f"{whose}DomainName"))
    if user is None or domain is None or "@" in user or "\\" in user:
        return user
    return f"{domain}\\{user}"


def _source(fields: Fields) -> str | None:
    address = word(fields.get("IpAddress"))
    bare = address.removeprefix("::ffff:") if address else None
    return bare or word(fields.get("WorkstationName")) or word(fields.get("Workstation"))


def _code(value: object) -> int | None:
    if isinstance(value, int):
        return value & 0xFFFFFFFF
    try:
        return int(str(value), 0) & 0xFFFFFFFF if len(str(value)) <= len("0xFFFFFFFFFFFFFFFF") else None
    except ValueError:
        return None


def _logon(event: Event, fields: Fields) -> Event:
    kind = str(fields.get("LogonType"))
    action = None if kind in _NOBODY else Action.LOGON
    return replace(_seen(event, fields, "Target", action, ok=True), protocol=_PROTOCOLS.get(kind))


def _refused(event: Event, fields: Fields) -> Event:
    code = _code(fields.get("SubStatus")) or _code(fields.get("Status"))
    protocol = _PROTOCOLS.get(str(fields.get("LogonType")))
    told = _seen(event, fields, "Target", Action.LOGON, ok=False)
    return replace(told, why=_STATUS.get(code or 0), protocol=protocol)


def _logoff(event: Event, fields: Fields) -> Event:
    nobody = str(fields.get("LogonType")) in _NOBODY
    return _seen(event, fields, "Target", None if nobody else Action.LOGOFF, ok=True)


def _explicit(event: Event, fields: Fields) -> Event:
    told = _seen(event, fields, "Target", None, ok=None)
    return replace(told, target=word(fields.get("TargetServerName")))


def _special(event: Event, fields: Fields) -> Event:
    return _seen(event, fields, "Subject", None, ok=True)


def _ticket(event: Event, fields: Fields) -> Event:
    """The first ticket of a log-in by Kerberos; its failure is one more attempt."""
    code = _code(fields.get("Status"))
    told = replace(_seen(event, fields, "Target", Action.LOGON, ok=code in {0, None}), protocol="kerberos")
    return told if told.ok else replace(told, why=_KERBEROS.get(code or 0))


def _service_ticket(event: Event, fields: Fields) -> Event:
    code = _code(fields.get("Status"))
    told = replace(_seen(event, fields, "Target", None, ok=code in {0, None}), protocol="kerberos")
    return replace(told, what=word(fields.get("ServiceName")))


def _validated(event: Event, fields: Fields) -> Event:
    code = _code(fields.get("Status"))
    told = replace(_seen(event, fields, "Target", Action.LOGON, ok=code in {0, None}), protocol="ntlm")
    return told if told.ok else replace(told, why=_STATUS.get(code or 0))


def _reconnected(event: Event, fields: Fields) -> Event:
    user, domain = word(fields.get("AccountName")), word(fields.get("AccountDomain"))
    who = f"{domain}\\{user}" if user and domain else user
    source = word(fields.get("ClientAddress")) or word(fields.get("ClientName"))
    return replace(event, action=Action.LOGON, ok=True, user=who, source=source, protocol="rdp")


def _account(event: Event, fields: Fields) -> Event:
    told = _seen(event, fields, "Subject", Action.ACCOUNT_CHANGED, ok=True)
    return replace(told, what=_who(fields, "Target"))


def _locked(event: Event, fields: Fields) -> Event:
    told = replace(event, action=Action.ACCOUNT_CHANGED, ok=True, why="locked", user=word(fields.get("TargetUserName")))
    return replace(told, what=told.user, source=word(fields.get("TargetDomainName")))


def _rights(event: Event, fields: Fields) -> Event:
    told = _seen(event, fields, "Subject", Action.RIGHTS_CHANGED, ok=True)
    return replace(told, what=_who(fields, "Target") or word(fields.get("PrivilegeList")))


def _share(event: Event, fields: Fields) -> Event:
    told = replace(_seen(event, fields, "Subject", Action.FILE_OPENED, ok=True), protocol="smb")
    share, path = word(fields.get("ShareName")), word(fields.get("RelativeTargetName"))
    return replace(told, what="\\".join(one for one in (share, path) if one) or None)


def _object(event: Event, fields: Fields) -> Event:
    action = Action.FILE_OPENED if fields.get("ObjectType") == "File" else None
    return replace(_seen(event, fields, "Subject", action, ok=True), what=word(fields.get("ObjectName")))


def _process(event: Event, fields: Fields) -> Event:
    told = _seen(event, fields, "Subject", Action.PROCESS, ok=True)
    return replace(told, what=word(fields.get("NewProcessName")))


def _cleared(event: Event, fields: Fields) -> Event:
    return _seen(event, fields, "Subject", Action.LOG_CLEARED, ok=True)


def _device(event: Event, fields: Fields) -> Event:
    medium = str(fields.get("ClassName")).lower() in _MEDIA
    told = _seen(event, fields, "Subject", Action.MEDIUM_PLUGGED if medium else None, ok=True)
    return replace(told, what=word(fields.get("DeviceId")))


def _sysmon_process(event: Event, fields: Fields) -> Event:
    who, what = word(fields.get("User")), word(fields.get("Image"))
    return replace(event, action=Action.PROCESS, ok=True, user=who, what=what)


def _sysmon_connection(event: Event, fields: Fields) -> Event:
    """Source is whoever began, also where the process was called (``Initiated`` false)."""
    event = replace(event, action=Action.CONNECTION, ok=True, user=word(fields.get("User")))
    told = replace(event, source=word(fields.get("SourceIp")), target=word(fields.get("DestinationIp")))
    return replace(
        told,
        port=number(fields.get("DestinationPort")),
        protocol=word(fields.get("Protocol")),
        what=word(fields.get("Image")),
    )


def _seen(event: Event, fields: Fields, whose: str, action: Action | None, *, ok: bool | None) -> Event:
    return replace(event, action=action, ok=ok, user=_who(fields, whose), source=_source(fields))


_MEANT: tuple[tuple[str, tuple[int, ...], Callable[[Event, Fields], Event]], ...] = (
    (SECURITY, (4624,), _logon),
    (SECURITY, (4625,), _refused),
    (SECURITY, (4634, 4647), _logoff),
    (SECURITY, (4648,), _explicit),
    (SECURITY, (4672,), _special),
    (SECURITY, (4768, 4771), _ticket),
    (SECURITY, (4769,), _service_ticket),
    (SECURITY, (4776,), _validated),
    (SECURITY, (4778,), _reconnected),
    (SECURITY, (4720, 4722, 4723, 4724, 4725, 4726, 4738, 4767, 4781), _account),
    (SECURITY, (4740,), _locked),
    (SECURITY, (4704, 4705, 4728, 4729, 4732, 4733, 4756, 4757), _rights),
    (SECURITY, (5140, 5145), _share),
    (SECURITY, (4663,), _object),
    (SECURITY, (4688,), _process),
    (SECURITY, (1102,), _cleared),
    (SYSTEM, (104,), _cleared),
    (SECURITY, (6416,), _device),
    (SYSMON, (1,), _sysmon_process),
    (SYSMON, (3,), _sysmon_connection),
)
_KNOWN = {(channel, code): meaning for channel, codes, meaning in _MEANT for code in codes}
