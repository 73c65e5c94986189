"""Orthanc's log: DICOM associations asked for and refused, images received, and REST requests where it tells them."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry
from negatoscope.watch.stamps import numbered

_LINE = re.compile(
    r"(?P<level>[EWIT])(?P<at>\d{4} \d{2}:\d{2}:\d{2})\.\d{1,6} {1,40}"
    r"(?:(?P<thread>[\w-]{1,40}) {1,40})?(?P<place>[\w.-]{1,80}:\d{1,6})\] "
    r"(?:\((?P<subject>[\w-]{1,20})\) )?(?P<said>.*)",
    re.DOTALL,
)
_ENDS = r"AET (?P<user>.{1,64}?) on IP (?P<source>[\w.:]{2,64})(?:, calling AET (?P<called>.{1,64}?))?(?::|$)"
_CAME = re.compile(rf"Incoming connection from {_ENDS}")
_REFUSED = re.compile(rf"DICOM authorization rejected {{1,2}}for {_ENDS}")
_ASKED = re.compile(rf"Incoming (?P<service>\w{{2,20}}) request from {_ENDS}")
_REST = re.compile(r"(?P<method>GET|POST|PUT|DELETE) (?P<uri>/\S{0,4000})$")
_LEVELS = {"E": "error", "W": "warning", "I": "info", "T": "trace"}


def read(entry: Entry) -> Event | None:
    """One line of Orthanc."""
    found = _LINE.match(entry.message)
    if found is None:
        return None
    event = entry.event("orthanc", found["subject"] or "main")
    at = numbered(found["at"], entry.came, entry.zone) or entry.at
    fields = {**event.fields, "level": _LEVELS[found["level"]], "place": found["place"]}
    return _meant(replace(event, at=at, fields=fields), found["said"])


def _meant(event: Event, said: str) -> Event:
    """``user`` is the name under which the other side calls (its AE title)."""
    if found := _CAME.match(said):
        return _association(event, found, ok=True)
    if found := _REFUSED.match(said):
        return replace(_association(event, found, ok=False), why="not_allowed")
    if found := _ASKED.match(said):
        told = replace(_association(event, found, ok=True), action=None, what=found["service"])
        return replace(told, action=Action.STUDY_SENT) if found["service"].lower() == "store" else told
    if found := _REST.match(said):
        fields = {**event.fields, "cs-method": found["method"], "c-uri": found["uri"]}
        return replace(event, category="webserver", protocol="http", fields=fields)
    return event


def _association(event: Event, found: "re.Match[str]", *, ok: bool) -> Event:
    fields = {**event.fields, **({"CalledAET": found["called"]} if found["called"] else {})}
    event = replace(event, action=Action.ASSOCIATION, ok=ok, protocol="dicom", fields=fields)
    return replace(event, user=found["user"], source=found["source"])
