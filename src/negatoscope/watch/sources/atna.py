"""Audit messages of imaging (IHE ATNA: DICOM PS3.15 A.5, before it RFC 3881): who opened or sent whose study.

Identifiers of patients and studies are replaced at once by keyed pseudonyms; names, queries and details of what was
opened are not kept at all. A message that cannot be read is kept as its pseudonym: nobody knows whom it names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, word

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 -- the type alone: defusedxml parses

_MARKS = re.compile(r"<(?:[\w.-]{1,40}:)?AuditMessage|ParticipantObject")
_MOST = 50
"""Participants of either sort that are read; real messages have a handful."""
_PATIENT, _STUDY = "1", "3"
"""Roles of an object (RFC 3881 5.5.2): a patient, a report or study."""
_PERSON = "1"
_EVENTS = {
    "110103": Action.STUDY_OPENED, "110110": Action.STUDY_OPENED, "110104": Action.STUDY_SENT,
    "110106": Action.STUDY_SENT,
}  # fmt: skip
"""Codes of PS3.16, context group 400: instances or a patient's record opened; transferred, exported."""
_AUTHENTICATION, _LOGOUT, _SECURITY = "110114", "110123", "110113"
_RIGHTS = {"110136": Action.RIGHTS_CHANGED, "110137": Action.ACCOUNT_CHANGED}


@dataclass(slots=True)
class _Read:
    """What is kept of one message."""

    code: str | None = None
    kinds: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    users: list[dict[str, str]] = field(default_factory=list)
    patients: list[str] = field(default_factory=list)
    studies: list[str] = field(default_factory=list)


def is_audit(text: str) -> bool:
    """Whether a text looks like an audit message or a piece of one, readable or not."""
    return _MARKS.search(text) is not None


def read(entry: Entry) -> Event | None:
    """One audit message."""
    if not is_audit(entry.message):
        return None
    event = Event(entry.at, "atna", "audit", host=entry.host)
    try:
        root = fromstring(entry.message[max(entry.message.find("<"), 0) :])
    except (ParseError, DefusedXmlException, ValueError):
        return replace(event, product="unread", fields={"message": entry.veil.of(entry.message)})
    told = _Read()
    for part in root:
        _part(entry, told, part)
    at = entry.stamp(told.fields.get("EventDateTime"))
    return _meant(replace(event, at=at), told)


def _part(entry: Entry, told: _Read, part: "Element") -> None:
    match _name(part):
        case "EventIdentification":
            _event(told, part)
        case "ActiveParticipant" if len(told.users) < _MOST:
            told.users.append({name: part.get(name, "") for name in _PARTICIPANT})
        case "AuditSourceIdentification":
            told.fields["AuditSourceID"] = part.get("AuditSourceID", "")
        case "ParticipantObjectIdentification" if len(told.patients) + len(told.studies) < _MOST:
            _object(entry, told, part)
        case _:
            pass


_PARTICIPANT = ("UserID", "AlternativeUserID", "UserName", "UserIsRequestor", "NetworkAccessPointID")


def _event(told: _Read, part: "Element") -> None:
    for name in ("EventActionCode", "EventOutcomeIndicator", "EventDateTime"):
        if part.get(name):
            told.fields[name] = part.get(name)
    for one in part:
        code = one.get("csd-code") or one.get("code")
        if code and _name(one) == "EventID":
            told.code = code
            told.fields |= {"EventID": code, "EventName": one.get("originalText") or one.get("displayName") or ""}
        elif code and _name(one) == "EventTypeCode" and len(told.kinds) < _MOST:
            told.kinds.append(code)


def _object(entry: Entry, told: _Read, part: "Element") -> None:
    identifier, role = word(part.get("ParticipantObjectID")), part.get("ParticipantObjectTypeCodeRole")
    if identifier is None:
        return
    if role == _PATIENT or part.get("ParticipantObjectTypeCode") == _PERSON:
        told.patients.append(entry.veil.of(_bare(identifier)))
    elif role == _STUDY or _is_study(part):
        told.studies.append(entry.veil.of(identifier))
    counts = [one.get("Number") or one.get("NumberOfInstances") for one in _within(part, "SOPClass")]
    numbers = [int(count) for count in counts if count and count.isdecimal() and len(count) < len("10000000")]
    if numbers:
        told.fields["NumberOfInstances"] = told.fields.get("NumberOfInstances", 0) + sum(numbers)


def _is_study(part: "Element") -> bool:
    codes = {one.get("csd-code") or one.get("code") for one in part if _name(one) == "ParticipantObjectIDTypeCode"}
    return "110180" in codes


def _within(part: "Element", name: str) -> Iterator["Element"]:
    return (one for one in part.iter() if _name(one) == name)


def _bare(identifier: str) -> str:
    """A patient's identifier without the domain that assigned it (HL7 CX: ``123^^^cabinet``)."""
    return identifier.partition("^")[0]


def _name(part: "Element") -> str:
    return str(part.tag).rpartition("}")[2]


def _meant(event: Event, told: _Read) -> Event:
    action = _action(told)
    asking = next((one for one in told.users if one["UserIsRequestor"].lower() == "true"), None)
    asking = asking or next(iter(told.users), dict.fromkeys(_PARTICIPANT, ""))
    other = next((one for one in told.users if one is not asking and one["NetworkAccessPointID"]), None)
    outcome = told.fields.get("EventOutcomeIndicator")
    fields: dict[str, Any] = {
        **told.fields, "EventTypeCode": told.kinds, "UserID": asking["UserID"], "UserName": asking["UserName"],
        "Patients": told.patients, "Studies": told.studies,
        "OtherUserID": other["UserID"] if other else None,
    }  # fmt: skip
    return replace(
        event,
        action=action,
        ok=None if outcome is None else outcome == "0",
        user=word(asking["UserID"]) or word(asking["AlternativeUserID"]),
        source=word(asking["NetworkAccessPointID"]),
        target=word(other["NetworkAccessPointID"]) if other else None,
        protocol="dicom" if action in {Action.STUDY_SENT, Action.STUDY_OPENED} else None,
        what=next(iter([*told.studies, *told.patients]), None),
        fields={name: value for name, value in fields.items() if value not in (None, "", [])},
    )


def _action(told: _Read) -> Action | None:
    code = told.code or ""
    if code == _AUTHENTICATION:
        return Action.LOGOFF if _LOGOUT in told.kinds else Action.LOGON
    if code == _SECURITY:
        return next((_RIGHTS[kind] for kind in told.kinds if kind in _RIGHTS), None)
    return _EVENTS.get(code)
