"""nginx and Apache: access lines (common, combined) and Apache's error log. Names are those of Sigma's rules."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

APPS = frozenset({"nginx", "apache", "apache2", "httpd", "httpd_access", "nginx_access"})
_ACCESS = re.compile(
    r"(?:(?P<vhost>[\w.:-]{1,255}) )?(?P<source>[\w.:-]{2,255}) \S{1,255} (?P<user>\S{1,255}) \[(?P<at>[^\]]{20,30})\] "
    r"\"(?P<method>[A-Z]{3,20}) (?P<uri>\S{1,16000})(?: HTTP/[\d.]{1,4})?\" (?P<status>\d{3}) (?P<size>\d{1,18}|-)"
    r"(?: \"(?P<referer>[^\"]{0,8000})\" \"(?P<agent>[^\"]{0,8000})\")?"
)
_ERROR = re.compile(
    r"\[(?P<at>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:.]{8,15} \d{4})\] \[(?:[\w-]{0,40}:)?(?P<level>\w{1,10})\] "
    r"(?:\[pid [^\]]{1,40}\] )?(?:\[client (?P<source>[\da-fA-F.:]{2,45}?)(?::\d{1,5})?\] )?(?P<said>.*)",
    re.DOTALL,
)
_USER = re.compile(r"user (?P<user>\S{1,255}?):? (?P<how>not found|authentication failure|in realm)")
_REFUSED = {401: "bad_password", 403: "not_allowed"}
_FAILED = 400


def read(entry: Entry) -> Event | None:
    """One line of a web server."""
    if found := _ACCESS.match(entry.message):
        return _access(entry, found)
    if found := _ERROR.match(entry.message):
        return _error(entry, found)
    return entry.event(_product(entry.app), "web") if entry.app in APPS else None


def _product(app: str) -> str:
    return "nginx" if "nginx" in app else "apache"


def _access(entry: Entry, found: "re.Match[str]") -> Event:
    status, (stem, _mark, query) = int(found["status"]), found["uri"].partition("?")
    fields = {
        "c-ip": found["source"], "cs-method": found["method"], "c-uri": found["uri"], "cs-uri-stem": stem,
        "cs-uri-query": query, "sc-status": status, "cs-referer": found["referer"], "cs-user-agent": found["agent"],
        "cs-username": word(found["user"]), "cs-host": found["vhost"],
    }  # fmt: skip
    event = entry.event(_product(entry.app), "access", "webserver")
    user = word(found["user"])
    return replace(
        event,
        at=entry.stamp(found["at"]),
        action=Action.LOGON if user and status in _REFUSED else Action.CONNECTION,
        ok=status < _FAILED,
        why=_REFUSED.get(status),
        user=user,
        source=found["source"],
        protocol="http",
        received=number(found["size"]),
        fields={**event.fields, **{name: value for name, value in fields.items() if value not in (None, "")}},
    )


def _error(entry: Entry, found: "re.Match[str]") -> Event:
    event = replace(entry.event("apache", "error"), at=entry.stamp(found["at"]), source=found["source"])
    event = replace(event, fields={**event.fields, "level": found["level"]})
    if failed := _USER.search(found["said"]):
        why = "bad_password" if failed["how"] == "authentication failure" else "unknown_account"
        return replace(event, action=Action.LOGON, ok=False, why=why, user=failed["user"], protocol="http")
    return event
