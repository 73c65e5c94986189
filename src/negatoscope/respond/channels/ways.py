"""Ways by which alerts reach people: what each asks for, and the Apprise address that this makes. Pure.

Apprise speaks to more than a hundred services; some of them run programs, write files or talk to this very host. Only
those named here are spoken to: they are sent HTTP, where an administrator said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

Told = Mapping[str, str]
MAIL = "mail"
GUIDED = frozenset({
    "json", "jsons", "ntfy", "ntfys", "matrix", "matrixs", "gotify", "gotifys", "workflow", "workflows",
})  # fmt: skip
OTHERS = frozenset({
    "slack", "rocket", "rockets", "mmost", "mmosts", "nctalk", "nctalks", "gchat", "signal", "signals", "tgram",
    "zulip", "wxteams", "discord", "pover", "smseagle", "smseagles", "octopush", "sfr", "freemobile", "twilio",
})  # fmt: skip
"""Spoken to in Apprise's own words. Left out: what is no HTTP (syslog, MQTT, D-Bus, its own SMTP), what reads files."""
SPOKEN = GUIDED | OTHERS
PARAMETERS = frozenset({"to", "from", "channel", "mode", "auth", "token", "topic", "region", "thread", "status"})
"""Of an address in Apprise's words. Others change how it is sent (``verify``), or read files (``template``)."""
SIGNED = frozenset({"api-version", "sp", "sv", "sig"})
"""Parameters of a workflow's address, as Teams gives it."""
LONGEST = 2_000


class WayRefused(Exception):  # noqa: N818 -- what it is
    """No way is made of this. ``code``: ``address``, ``service``, ``parameter``, ``too_long``; ``field``: where."""

    def __init__(self, code: str, field: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True)
class Service:
    """One kind of way. ``asked``: fields, the optional ones after the others; ``where``: that which is no secret."""

    code: str
    asked: tuple[str, ...]
    make: Callable[[Told], str]
    optional: frozenset[str] = frozenset()
    where: str = "server"


def _place(told: Told, field: str, clear: str, secret: str) -> tuple[str, str, str, str]:
    """Apprise's word for a web address, its host and port, its path and its query. Raises WayRefused."""
    text = told[field].strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise WayRefused("address", field) from error
    scheme = {"http": clear, "https": secret}.get(parts.scheme)
    if not scheme or not parts.hostname or parts.username or parts.fragment or not text.isprintable():
        raise WayRefused("address", field)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return scheme, f"{host}:{port}" if port else host, parts.path.rstrip("/"), parts.query


def _ntfy(told: Told) -> str:
    scheme, place, path, query = _place(told, "server", "ntfy", "ntfys")
    if path or query:
        raise WayRefused("address", "server")
    token = told.get("token", "")
    who, how = (f"{quote(token, safe='')}@", "&auth=token") if token else ("", "")
    return f"{scheme}://{who}{place}/{quote(told['topic'], safe='')}?mode=private{how}"


def _gotify(told: Told) -> str:
    scheme, place, path, query = _place(told, "server", "gotify", "gotifys")
    if query:
        raise WayRefused("address", "server")
    return f"{scheme}://{place}{path}/{quote(told['token'], safe='')}"


def _matrix(told: Told) -> str:
    scheme, place, path, query = _place(told, "server", "matrix", "matrixs")
    if path or query:
        raise WayRefused("address", "server")
    return f"{scheme}://{quote(told['token'], safe='')}@{place}/{quote(told['room'], safe='')}"


def _teams(told: Told) -> str:
    scheme, _place_said, path, query = _place(told, "address", "", "https")
    if not scheme or "/workflows/" not in path:
        raise WayRefused("address", "address")
    if {name for name, _value in parse_qsl(query)} - SIGNED:
        raise WayRefused("parameter", "address")
    return told["address"].strip()


def _json(told: Told, **more: str) -> str:
    """A post of JSON; ``more``: what else it bears; empty: what it bears no more (Apprise's ``:name``)."""
    scheme, place, path, query = _place(told, "address", "json", "jsons")
    said = {f":{name}": value for name, value in more.items()}
    said |= {f"-{name}": value for name, value in parse_qsl(query)}
    if token := told.get("token"):
        said["+Authorization"] = f"Bearer {token}"
    return f"{scheme}://{place}{path}/?{urlencode(said, quote_via=quote)}" if said else f"{scheme}://{place}{path}/"


def _sms(told: Told) -> str:
    """The number as ``to``, the text as ``message``: what most gateways read."""
    return _json(told, to=told["to"], title="", attachments="", type="", version="")


def _other(told: Told) -> str:
    text = told["address"].strip()
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise WayRefused("address", "address") from error
    if parts.scheme not in OTHERS or not text.isprintable():
        raise WayRefused("service", "address")
    if {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)} - PARAMETERS:
        raise WayRefused("parameter", "address")
    return text


def _mail(told: Told) -> str:
    return f"mailto:{told['to']}"


SERVICES: dict[str, Service] = {
    one.code: one
    for one in (
        Service(MAIL, ("to",), _mail, where="to"),
        Service("sms", ("address", "to", "token"), _sms, frozenset({"token"}), where="address"),
        Service("teams", ("address",), _teams, where="address"),
        Service("ntfy", ("server", "topic", "token"), _ntfy, frozenset({"token"})),
        Service("matrix", ("server", "room", "token"), _matrix),
        Service("gotify", ("server", "token"), _gotify),
        Service("webhook", ("address", "token"), _json, frozenset({"token"}), where="address"),
        Service("other", ("address",), _other, where="address"),
    )
}


def address(service: str, told: Told) -> str:
    """The address of a way: a secret, for it bears tokens. Raises WayRefused."""
    one = SERVICES[service]
    made = one.make({name: told.get(name, "") for name in one.asked})
    if len(made) > LONGEST:
        raise WayRefused("too_long", one.where)
    return made


def shown(service: str, told: Told) -> str:
    """What of it may be shown later: a mail address, the name of a server; of Apprise's own words the first."""
    one = SERVICES[service]
    text = told.get(one.where, "").strip()
    if service == MAIL:
        return text
    parts = urlsplit(text)
    return parts.scheme if service == "other" else parts.hostname or ""
