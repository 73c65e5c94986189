"""Records of JSON laid flat, under the names that Sigma rules use."""

from typing import Any

DEEPEST = 12
"""Levels of a record; what lies deeper is text."""
TIMES = ("@timestamp", "SystemTime", "TimeCreated", "EventTime", "UtcTime", "timestamp", "time", "CreationTime", "date")
PARTS = ("EventData", "UserData", "RenderingInfo")
PLAIN = frozenset((str, int))
"""Types of the values of most events: nothing to look into."""
ATTRIBUTES = ("#attributes", "xmlns")
SYSTEM = ("EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "Version", "EventRecordID")


def head_of(event: dict[str, Any]) -> tuple[object, object]:
    """Channel and event id of a Windows event, as they stand; ``None`` where it has none."""
    system = event.get("System")
    if not isinstance(system, dict):
        return None, None
    return system.get("Channel"), plain(system.get("EventID"))


def plain(value: object) -> object:
    """What an XML element turned into JSON says: its text, where it has attributes too."""
    return value.get("#text") if isinstance(value, dict) else value


def flattened(record: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The fields of a record and when it happened, as it says."""
    event = record.get("Event", record)
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return _windows(event)
    shipped = record.get("winlog")
    if isinstance(shipped, dict):
        return _shipped(record, shipped)
    fields: dict[str, Any] = {}
    for name, value in record.items():
        _lay(fields, name, value, DEEPEST)
    if isinstance(record.get("EventID"), dict):
        fields["EventID"] = plain(record["EventID"])
    return fields, next((str(fields[name]) for name in TIMES if fields.get(name)), None)


def _windows(event: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """An event as Windows writes it: its data by their own names, and what stands beside them."""
    fields: dict[str, Any] = {}
    for part in PARTS:
        inner = event.get(part)
        if isinstance(inner, dict):
            if PLAIN.issuperset(map(type, inner.values())):
                fields.update(inner)
            else:
                _leaves(fields, inner, DEEPEST)
    system = event["System"]
    for name in SYSTEM:
        value = system.get(name)
        if value is not None:
            fields[name] = value["#text"] if type(value) is dict and "#text" in value else value
    provider = _attributes(system, "Provider")
    if "Name" in provider:
        fields["Provider_Name"] = provider["Name"]
    security = system.get("Security")
    if security and "UserID" not in fields and "UserID" in (found := _attributes(system, "Security")):
        fields["UserID"] = found["UserID"]
    time = _attributes(system, "TimeCreated").get("SystemTime")
    return fields, str(time) if time else None


def _attributes(system: dict[str, Any], name: str) -> dict[str, Any]:
    """The attributes of an element, in either of the shapes that converters give them."""
    element = system.get(name)
    if not isinstance(element, dict):
        found = system.get(f"{name}_attributes")
        return found if isinstance(found, dict) else {}
    inner = element.get("#attributes", element)
    return inner if isinstance(inner, dict) else {}


def _leaves(fields: dict[str, Any], part: dict[str, Any], depth: int) -> None:
    """The innermost elements, by their own names alone; those without a value are absent."""
    for name, value in part.items():
        if type(value) is str:
            fields[name] = value
        elif value is None or name in ATTRIBUTES:
            continue
        elif type(value) is not dict:
            fields[name] = value
        elif "#text" in value:
            fields[name] = value["#text"]
        elif depth:
            _leaves(fields, value, depth - 1)


def _shipped(record: dict[str, Any], shipped: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """An event as Winlogbeat ships it."""
    fields: dict[str, Any] = {}
    for part in ("event_data", "user_data"):
        inner = shipped.get(part)
        if isinstance(inner, dict):
            _leaves(fields, inner, DEEPEST)
    for name, theirs in (
        ("Channel", "channel"), ("EventID", "event_id"), ("Computer", "computer_name"),
        ("Provider_Name", "provider_name"), ("EventRecordID", "record_id"),
    ):  # fmt: skip
        if shipped.get(theirs) is not None:
            fields[name] = shipped[theirs]
    time = record.get("@timestamp")
    return fields, str(time) if time else None


def _lay(fields: dict[str, Any], name: str, value: object, depth: int) -> None:
    """Nested objects under names joined by dots."""
    if isinstance(value, dict) and depth:
        for inner, one in value.items():
            _lay(fields, f"{name}.{inner}", one, depth - 1)
    else:
        fields[name] = value
