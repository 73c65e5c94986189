"""Which product wrote a line, and what it says in our one vocabulary. What nobody reads is an event too: *unread*."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from negatoscope.model.event import Event
from negatoscope.watch import syslog
from negatoscope.watch.entry import TIMES, Entry, Read
from negatoscope.watch.sources import (
    atna,
    dnsmasq,
    dovecot,
    exchange,
    filterlog,
    fortigate,
    hostapd,
    kernel,
    linux,
    m365,
    openvpn,
    orthanc,
    pam,
    postfix,
    samba,
    shadow,
    squid,
    sshd,
    strongswan,
    sudo,
    webserver,
    windows,
)
from negatoscope.watch.stamps import read_stamp
from negatoscope.watch.veil import Veil

UNREAD = "unread"
"""The product of what no normaliser reads."""
PARIS = "Europe/Paris"
FAR = timedelta(days=36_525)
"""An instant further from when the line came is none: near the ends of the calendar no day has a day before it."""
_BY_APP: Mapping[str, Read] = {
    app: module.read
    for module in (sshd, sudo, shadow, kernel, dovecot, filterlog, dnsmasq, hostapd, samba, strongswan, webserver)
    for app in module.APPS
}
_OBJECTS: tuple[Read, ...] = (windows.read, samba.read, m365.read, exchange.read)
"""Products that write objects."""
_SHAPES: tuple[Read, ...] = (
    dovecot.read, postfix.read, openvpn.read, squid.read, fortigate.read, orthanc.read, webserver.read, windows.read,
    linux.read, exchange.read,
)  # fmt: skip
"""Products that are known by the shape of their lines, whatever programme the header names."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it came. ``format``: ``syslog``, ``json`` (EVTX records too), ``text``; a hint and no more."""

    data: bytes
    came: datetime
    """When we received it, UTC."""
    format: str
    sender: str


def normalise(line: Line, key: bytes, zone: str = PARIS) -> Event:
    """What a line says. ``key``: of the pseudonyms of patients and studies; ``zone``: of times that name none.

    Never raises, whatever the line holds.
    """
    entry = _entry(line, ZoneInfo(zone), Veil(key))
    repeated = _REPEATED.fullmatch(entry.message)
    event = _event(replace(entry, message=repeated[2]) if repeated else entry)
    if repeated:
        event = replace(event, fields={**event.fields, TIMES: int(repeated[1])})
    return event if abs(event.at - line.came) < FAR else replace(event, at=line.came)


_REPEATED = re.compile(r"message repeated (\d{1,6}) times: \[ ?(.*)\]", re.DOTALL)
"""How rsyslog shortens what comes again; it counts the lines that it left out."""


def _event(entry: Entry) -> Event:
    for read in _readers(entry):
        event = read(entry)
        if event is not None:
            return event
    return _unread(entry)


def _readers(entry: Entry) -> tuple[Read, ...]:
    objects = _OBJECTS if entry.record else ()
    own = _BY_APP.get(entry.app)
    return (atna.read, *objects, pam.read, *((own,) if own else ()), *_SHAPES)


def _entry(line: Line, zone: tzinfo, veil: Veil) -> Entry:
    text = syslog.decode(line.data).strip("\0 \r\n\t")
    record = _object(text)
    if record:
        return _of_object(line, record, Entry(line.came, line.came, zone, veil, "", record=record))
    header = syslog.read(line.data, line.came, zone)
    message, app = header.message.strip("\0\r\n").lstrip(" "), _programme(header.app)
    entry = Entry(header.at or line.came, line.came, zone, veil, _veiled(message, veil), header.host, app)
    inner = _inner(message)
    return replace(entry, record=inner) if inner else entry


def _inner(message: str) -> Mapping[str, Any]:
    """The object that a message is, or ends with."""
    return _object(_WRAPPED.sub("", message, count=1)) if "{" in message[:_SOON] else {}


_SOON = 60
_WRAPPED = re.compile(r"^\s{0,8}(?:@cee: ?|JSON [\w ]{1,40}: )?(?=\{)")
"""What some programmes write before an object."""


def _object(text: str) -> Mapping[str, Any]:
    """The JSON object that a text is; empty where it is none."""
    if not text.startswith("{"):
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _of_object(line: Line, record: Mapping[str, Any], entry: Entry) -> Entry:
    """An object that a shipper made of a line (journal export, Beats, rsyslog, Fluent Bit), or a product's own."""
    stamp = next((record[name] for name in _STAMPS if record.get(name)), None)
    at = read_stamp(stamp, line.came, entry.zone) or line.came
    message = next((text for name in _MESSAGES if isinstance(text := _at(record, name), str) and text), None)
    if message is None:
        text = syslog.decode(line.data).strip()
        return replace(entry, at=at, host=_first(record, _HOSTS), message="" if atna.is_audit(text) else text)
    app = _programme(_first(record, _APPS))
    told = replace(entry, at=at, host=_first(record, _HOSTS), app=app, record=_inner(message) or record)
    return replace(told, message=_veiled(message.strip("\0\r\n"), entry.veil))


_STAMPS = ("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "@timestamp", "timereported", "timestamp", "time")
_MESSAGES = ("MESSAGE", "message", "Message", "msg", "log", "event.original", "event/original", "AuditData")
_APPS = ("SYSLOG_IDENTIFIER", "_COMM", "programname", "program", "appname", "app-name", "app_name", "syslogtag", "tag",
         "process.name", "process/name", "log/syslog/appname", "ident")  # fmt: skip
_HOSTS = ("_HOSTNAME", "hostname", "host", "host.name", "host/name", "host/hostname", "log/syslog/hostname")


def _at(record: Mapping[str, Any], path: str) -> object:
    """A value by its name, or by the names that lead to it."""
    value: object = record
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if isinstance(text := _at(record, name), str) and text), None)


def _programme(tag: str | None) -> str:
    """``/usr/sbin/sshd[12]:`` is ``sshd``; Postfix's programmes keep their family (``postfix/smtpd``)."""
    name = (tag or "").lower().partition("[")[0].rstrip(":")
    return name.rpartition("/")[2] if name.startswith("/") else name


def _veiled(message: str, veil: Veil) -> str:
    """Audit messages name patients all over: their own normaliser reads them, and keeps none of the text."""
    return message if atna.is_audit(message) else veil.over(message)


def _unread(entry: Entry) -> Event:
    event = entry.event(UNREAD)
    told = {**event.fields, "message": entry.veil.over(entry.message)}
    return replace(event, fields={**told, **({"app": entry.app} if entry.app else {})})
