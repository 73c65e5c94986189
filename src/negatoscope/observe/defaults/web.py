"""A page asked for as a stranger, then under a published log-in: Basic (RFC 7617) and Digest (RFC 7616)."""

import hashlib
import re
import secrets
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from negatoscope.observe.defaults.pairs import Pair
from negatoscope.observe.line import Closed, Line
from negatoscope.observe.vantage.speak import context

KEPT = 16 * 1024
LOCKED = frozenset({423, 429, 503})
REFUSED, DENIED, ABSENT, OK, REDIRECT = 401, 403, 404, 200, 300
LOCK = re.compile(r"locked|too many|bloqu|verrouill", re.IGNORECASE)
PORTS = {True: 443, False: 80}
_STATUS = re.compile(rb"HTTP/[\d.]+ (\d{3})")
_CHALLENGE = re.compile(rb"^www-authenticate:[ \t]*(basic|digest)\b([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_PARTS = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Web:
    """Where, how patiently, in TLS or not. ``tick`` may raise."""

    address: str
    port: int
    tls: bool
    seconds: float
    tick: Callable[[], None]

    @property
    def host(self) -> str:
        """As a page's address names it; the port where it is not the usual one."""
        name = f"[{self.address}]" if ":" in self.address else self.address
        return name if self.port == PORTS[self.tls] else f"{name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in HTTP. ``head``: whole lines; ``most``: bytes of the answer that are read."""

    path: str
    head: str = ""
    body: bytes | None = None
    most: int = KEPT


def challenged(said: bytes) -> bool:
    """A stranger is asked for a log-in by HTTP itself."""
    return status_of(said) == REFUSED and _CHALLENGE.search(said) is not None


def attempt(web: Web, pair: Pair, said: bytes) -> str:
    """Answer the challenge of what ``said`` to a stranger.

    ``works``: this log-in is let in, and one that was made up is not; ``refused``, ``locked``, ``unclear``.
    """
    outcome = _answered(web, pair, said)
    if outcome == "works":
        other = msgspec.structs.replace(pair, username=f"nobody-{secrets.token_hex(3)}", password=secrets.token_hex(6))
        return "works" if _answered(web, other, get(web, pair.path)) == "refused" else "unclear"
    return outcome


def _answered(web: Web, pair: Pair, said: bytes) -> str:
    challenge = _CHALLENGE.search(said)
    if challenge is None:
        return "unclear"
    told = {name.lower(): quoted or bare for name, quoted, bare in _PARTS.findall(challenge.group(2).decode("latin-1"))}
    basic = challenge.group(1).lower() == b"basic"
    answer = get(web, pair.path, _basic(pair) if basic else _digest(pair, told))
    status = status_of(answer)
    if status in LOCKED or (status in {REFUSED, DENIED} and LOCK.search(answer.decode("utf-8", "replace"))):
        return "locked"
    if status is not None and OK <= status < REDIRECT:
        return "works"
    return "refused" if status in {REFUSED, DENIED} else "unclear"


def get(web: Web, path: str, authorization: str = "") -> bytes:
    """What a page answers, its beginning; empty: nothing."""
    return exchange(web, Asked(path, f"Authorization: {authorization}\r\n" if authorization else ""))


def exchange(web: Web, asked: Asked) -> bytes:
    """Ask, and hear the answer's beginning; empty: nothing."""
    verb = "GET" if asked.body is None else "POST"
    length = "" if asked.body is None else f"Content-Length: {len(asked.body)}\r\n"
    head = f"{verb} {asked.path} HTTP/1.0\r\nHost: {web.host}\r\n{asked.head}{length}Connection: close\r\n\r\n"
    with suppress(OSError, ssl.SSLError):
        try:
            with Line(web.address, web.port, web.seconds, web.tick, 4 * asked.most) as line:
                if web.tls:
                    line.secure(context())
                line.send(head.encode("latin-1") + (asked.body or b""))
                return line.hear(lambda said: len(said) >= asked.most or _whole(said))
        except Closed as error:
            return error.said
    return b""


def status_of(said: bytes) -> int | None:
    """The status of an answer."""
    found = _STATUS.match(said)
    return int(found.group(1)) if found else None


def _whole(said: bytes) -> bool:
    """All that its head announces has come."""
    head, ended, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    return bool(ended) and length is not None and len(body) >= int(length.group(1))


def _basic(pair: Pair) -> str:
    return "Basic " + b64encode(f"{pair.username}:{pair.password}".encode()).decode("ascii")


def _digest(pair: Pair, told: dict[str, str]) -> str:
    """The answer to a challenge; MD5 unless it asks for SHA-256, with ``auth`` where it offers it."""
    name = "sha256" if told.get("algorithm", "").upper().startswith("SHA-256") else "md5"

    def digest(*words: str) -> str:
        return hashlib.new(name, ":".join(words).encode(), usedforsecurity=False).hexdigest()

    realm, nonce, client = told.get("realm", ""), told.get("nonce", ""), secrets.token_hex(8)
    own, asked = digest(pair.username, realm, pair.password), digest("GET", pair.path)
    parts = {"username": pair.username, "realm": realm, "nonce": nonce, "uri": pair.path}
    if "auth" in told.get("qop", ""):
        parts |= {"cnonce": client, "response": digest(own, nonce, "00000001", client, "auth", asked)}
        tail = ", qop=auth, nc=00000001"
    else:
        parts |= {"response": digest(own, nonce, asked)}
        tail = ""
    parts |= {key: told[key] for key in ("opaque",) if key in told}
    algorithm = f", algorithm={told['algorithm']}" if "algorithm" in told else ""
    return "Digest " + ", ".join(f'{key}="{value}"' for key, value in parts.items()) + tail + algorithm
