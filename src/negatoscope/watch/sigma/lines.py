"""Lines of text that programs write: what a rule can ask of them, and where they come from."""

import re
from typing import Any

from negatoscope.watch.sigma.sources import service_of
from negatoscope.watch.sigma.tree import Source

SYSLOG = re.compile(
    r"(?:<\d{1,3}>)?(?:1 )?"
    r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)?)"
    r" (?P<host>\S{1,255}) (?P<program>[^\s:\[]{1,128})(?:\[\d+\])?:? "
)
AUDIT = re.compile(r"(?:node=\S+ )?type=(?P<type>\w+) msg=audit\((?P<time>[\d.]+):\d+\): ?")
PAIR = re.compile(r"(\w[\w-]*)=(\"[^\"]*\"|'[^']*'|\S*)")
ACCESS = re.compile(
    r"(?P<ip>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]{20,40})\] "
    r"\"(?P<method>[A-Z]{1,20}) (?P<uri>\S+)[^\"]*\" (?P<status>\d{3}) \S+"
    r"(?: \"(?P<referer>[^\"]*)\" \"(?P<agent>[^\"]*)\")?"
)
ERROR = re.compile(r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:.]{8,15} \d{4})\] \[")
STAMP = re.compile(r"^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d", re.MULTILINE)
LOOKED_AT = 5

WEB = Source(service="apache", category="webserver")


def looks_like_a_log(text: str) -> bool:
    """Whether the first lines of a text bear times, as those of a log do."""
    lines = text.splitlines()[:LOOKED_AT]
    return any(pattern.match(line) for line in lines for pattern in (SYSLOG, AUDIT, ACCESS, ERROR, STAMP))


def from_line(line: str) -> tuple[dict[str, Any], Source, str | None]:
    """The fields of a line, its source and its time, as far as it tells them."""
    fields: dict[str, Any] = {"message": line}
    if found := SYSLOG.match(line):
        program = found["program"].rpartition("/")[2]
        fields |= {"hostname": found["host"], "program": program}
        return fields, Source("linux", service_of(program)), found["time"]
    if found := AUDIT.match(line):
        fields |= {name: value.strip("\"'") for name, value in PAIR.findall(line, found.end())}
        return fields | {"type": found["type"]}, Source("linux", "auditd"), found["time"]
    if found := ACCESS.match(line):
        return fields | _request(found), WEB, found["time"]
    if found := ERROR.match(line):
        return fields, WEB, found["time"]
    return fields, Source(), None


def _request(found: re.Match[str]) -> dict[str, Any]:
    """A request, under the names of the W3C that rules for web servers use."""
    stem, _, query = found["uri"].partition("?")
    said = {
        "c-ip": found["ip"],
        "cs-username": found["user"],
        "cs-method": found["method"],
        "cs-uri": found["uri"],
        "cs-uri-stem": stem,
        "cs-uri-query": query,
        "sc-status": found["status"],
        "cs-referer": found["referer"],
        "cs-user-agent": found["agent"],
    }
    return {name: value for name, value in said.items() if value is not None and value != "-"}
