"""Squid's access log in its native form: who asked the Internet for what. Names are those of Sigma's proxy rules."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

_LINE = re.compile(
    r"(?P<at>\d{9,11}\.\d{3}) {1,8}-?\d{1,12} (?P<source>\S{1,255}) (?P<result>[A-Z_]{3,60})/(?P<status>\d{3}) "
    r"(?P<size>\d{1,18}) (?P<method>[A-Z_:-]{1,30}) (?P<url>\S{1,65535}) (?P<user>\S{1,255}) "
    r"(?P<way>[A-Z_]{1,60})/(?P<peer>\S{1,255}) (?P<type>\S{1,255})"
)
_PORTS = {"http": 80, "https": 443, "ftp": 21}
_REFUSED = 400


def read(entry: Entry) -> Event | None:
    """One line of Squid."""
    found = _LINE.match(entry.message)
    if found is None:
        return None
    url, status = found["url"], int(found["status"])
    host, port, scheme, path = _place(found["method"], url)
    fields = {
        "c-ip": found["source"], "cs-method": found["method"], "c-uri": url, "cs-host": host, "sc-status": status,
        "c-uri-path": path, "r-dns": host, "cs-username": word(found["user"]), "content-type": found["type"],
        "action": found["result"],
    }  # fmt: skip
    event = Event(entry.stamp(found["at"]), "squid", None, "proxy", host=entry.host, fields=fields)
    if found["method"] == "-":  # somebody connected and asked for nothing
        return replace(event, source=found["source"])
    return replace(
        event,
        action=Action.CONNECTION,
        ok=status < _REFUSED and "DENIED" not in found["result"],
        user=word(found["user"]),
        source=found["source"],
        target=word(found["peer"]) or host,
        port=port,
        protocol=scheme,
        received=number(found["size"]),
    )


def _place(method: str, url: str) -> tuple[str | None, int | None, str | None, str | None]:
    """Host, port, scheme, path; a tunnel (``CONNECT``) names host and port alone."""
    try:
        parts = urlsplit(f"https://{url}" if method == "CONNECT" else url)
        port = parts.port
    except ValueError:
        return None, None, None, None
    return parts.hostname, port or _PORTS.get(parts.scheme), parts.scheme or None, parts.path or None
