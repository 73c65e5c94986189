"""A page as one visitor sees it, with the cookies it gave, and the one log-in form that it shows; none is trusted."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BytesIO
from urllib.parse import urlencode, urljoin, urlsplit

from negatoscope.observe.defaults.web import KEPT, PORTS, Asked, Web, exchange

MOST_BYTES = 12 * KEPT
"""Of one page."""
HOPS = 4
MOST_COOKIES, MOST_COOKIE = 20, 2000
MOST_FIELDS, MOST_VALUE = 60, 8000
TYPED = frozenset({"", "text", "email", "tel", "search", "number", "user"})
MOVED = frozenset({301, 302, 303, 307, 308})
_BARE = re.compile(
    r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)|<style\b.*?(?:</style|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(/?)(form|input|select|option|button|textarea|base)\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_SCRIPTED = re.compile(r"<script\b|\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE)
_COOKIE = re.compile(r"([!#$%&'*+.^_`|~\w-]{1,100})=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\"]*)(?:[ \t]*(?:;|\Z))")
_PATH = re.compile(r"/[\x21-\x7e]{0,2000}")


@dataclass(frozen=True, slots=True)
class Form:
    """``fields``: as the page filled them in. ``username``: the name of its field; empty: there is none."""

    target: str
    fields: tuple[tuple[str, str], ...]
    username: str
    password: str
    plain: bool
    """No program on the page touches it: what is typed is what is sent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, after the redirections that stay with the same server."""

    status: int
    path: str
    body: str
    gave: frozenset[str] = frozenset()
    """Names of the cookies that were set on the way."""

    @property
    def words(self) -> str:
        """What a person reads of it, without numbers."""
        return " ".join(re.sub(r"<[^<>]*>|\d+", " ", _BARE.sub(" ", self.body)).casefold().split())


@dataclass(frozen=True, slots=True)
class RawForm:
    """A form and its fields, in order: the tag of each and what it says."""

    says: dict[str, str]
    inputs: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class _Bytes:
    """What ``HTTPResponse`` takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: object) -> BytesIO:
        return BytesIO(self._data)


class Visitor:
    """One visit: keeps the cookies that this server gave, follows it nowhere else."""

    def __init__(self, web: Web) -> None:
        """Begin as a stranger."""
        self.web = web
        self.lost = False
        """A cookie was given that is not understood: what is refused may be the visit, not the log-in."""
        self._cookies: dict[str, str] = {}
        self._origin = f"{'https' if web.tls else 'http'}://{web.host}"

    def open(self, path: str) -> Shown | None:
        """Look at a page; ``None``: it says nothing that is understood, or leads elsewhere."""
        return self._shown(path, None)

    def send(self, form: Form, username: str, password: str) -> Shown | None:
        """Fill in the form and send it, once."""
        told = {name: value for name, value in form.fields if name not in {form.username, form.password}}
        told |= {form.username: username} if form.username else {}
        return self._shown(form.target, urlencode({**told, form.password: password}).encode("ascii"))

    def within(self, path: str, link: str) -> str | None:
        """Where a link on this page leads, if it stays with this server."""
        try:
            place = urlsplit(urljoin(self._origin + path, unescape(link).strip()))
            port = place.port or PORTS[place.scheme == "https"]
        except ValueError:
            return None
        same = (place.scheme == "https", place.hostname, port) == (self.web.tls, self.web.address, self.web.port)
        asked = (place.path or "/") + (f"?{place.query}" if place.query else "")
        return asked if same and _PATH.fullmatch(asked) else None

    def _shown(self, path: str, body: bytes | None) -> Shown | None:
        gave: set[str] = set()
        for _ in range(HOPS + 1):
            told = self._asked(path, body)
            if told is None:
                return None
            answer, text, cookies = told
            gave |= cookies
            link = answer.headers.get("Location")
            if answer.status not in MOVED or link is None:
                return Shown(answer.status, path, text, frozenset(gave))
            onward = self.within(path, link)
            if onward is None or (answer.status in {307, 308} and body is not None):
                return None  # a log-in is not sent twice
            path, body = onward, None
        return None

    def _asked(self, path: str, body: bytes | None) -> tuple[HTTPResponse, str, set[str]] | None:
        kept = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = f"Cookie: {kept}\r\n" if kept else ""
        if body is not None:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Origin: {self._origin}\r\nReferer: {self._origin}{path}\r\n"
        said = exchange(self.web, Asked(path, head, body, MOST_BYTES))
        answer = HTTPResponse(_Bytes(said))  # type: ignore[arg-type]
        try:
            answer.begin()
            text = answer.read()
        except IncompleteRead as error:
            text = error.partial
        except (HTTPException, ValueError):
            return None
        return answer, text.decode("utf-8", "replace"), self._keep(answer.headers.get_all("Set-Cookie", []))

    def _keep(self, lines: list[str]) -> set[str]:
        given = set()
        for line in lines:
            found = _COOKIE.match(line.strip())
            name, value = found.groups() if found else ("", "")
            room = name in self._cookies or len(self._cookies) < MOST_COOKIES
            if not name or len(value) > MOST_COOKIE or not room:
                self.lost = True
                continue
            if value and self._cookies.get(name) != value:
                given.add(name)
            self._cookies[name] = value
        return given


def forms(body: str) -> list[RawForm]:
    """Every form of a page."""
    found: list[RawForm] = []
    inside: RawForm | None = None
    for closing, tag, words in _TAG.findall(_BARE.sub(" ", body)):
        if tag.lower() == "form":
            inside = None if closing else RawForm(_attributes(words))
            found += [inside] if inside else []
        elif inside is not None and not closing:
            inside.inputs.append((tag.lower(), _attributes(words)))
    return found


def log_in(visitor: Visitor, page: Shown) -> Form | None:
    """The page's one form that asks for one password, sent to the same server; ``None``: there is no such form."""
    asking = [one for one in forms(page.body) if any(_kind(*each) == "password" for each in one.inputs)]
    if len(asking) != 1 or re.search(r"<base\b", page.body, re.IGNORECASE):
        return None
    (form,) = asking
    kinds = [(_kind(*each), each[1].get("name", "")) for each in form.inputs]
    typed = [name for kind, name in kinds if kind in TYPED]
    secret = [name for kind, name in kinds if kind == "password"]
    target = visitor.within(page.path, form.says.get("action") or page.path)
    strange = {"file", "textarea"} & {kind for kind, _ in kinds} or len(typed) > 1 or len(secret) != 1
    if strange or target is None or not all((*typed, *secret)) or not _sent_plainly(form) or len(kinds) > MOST_FIELDS:
        return None
    return Form(target, _filled(form), typed[0] if typed else "", secret[0], not _SCRIPTED.search(page.body))


def passwords_asked(page: Shown) -> int:
    """How many passwords the page asks for in all its forms."""
    return sum(_kind(*each) == "password" for one in forms(page.body) for each in one.inputs)


def _sent_plainly(form: RawForm) -> bool:
    kind = form.says.get("enctype", "").lower()
    return form.says.get("method", "").lower() == "post" and kind in {"", "application/x-www-form-urlencoded"}


def _filled(form: RawForm) -> tuple[tuple[str, str], ...]:
    """What a browser would send of it: hidden fields, boxes ticked, the choices shown, the first button."""
    told: dict[str, str] = {}
    choosing, pressed = "", False
    for tag, says in form.inputs:
        name, value, kind = says.get("name", ""), says.get("value", "")[:MOST_VALUE], _kind(tag, says)
        if tag == "select":
            choosing = name
        elif tag == "option" and choosing and (choosing not in told or "selected" in says):
            told[choosing] = value
        elif kind == "hidden" or (kind in {"checkbox", "radio"} and "checked" in says):
            told[name] = value if kind == "hidden" else says.get("value", "on")
        elif kind == "submit" and not pressed:
            told[name], pressed = value, True
    return tuple((name, value) for name, value in told.items() if name)


def _kind(tag: str, says: dict[str, str]) -> str:
    if tag in {"select", "option", "textarea"}:
        return tag
    return says.get("type", "submit" if tag == "button" else "").strip().lower()


def _attributes(words: str) -> dict[str, str]:
    found = ((name.lower(), unescape(one or two or three)) for name, one, two, three in _ATTRIBUTE.findall(words))
    told: dict[str, str] = {}
    for name, value in found:
        told.setdefault(name, value)
    return told
