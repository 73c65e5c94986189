"""One attempt by telnet, FTP or SNMP; whatever comes back, it ends."""

import re
import socket
from collections.abc import Callable
from contextlib import closing, suppress

from negatoscope.observe.defaults.pairs import Pair
from negatoscope.observe.line import Closed, Line
from negatoscope.observe.snmp.message import V1, V2C
from negatoscope.observe.snmp.session import Door, Ended, Session
from negatoscope.observe.vantage.look import SNMP_WHO

SYSTEM = "1.3.6.1.2.1.1.1.0"
"""``sysDescr.0``: what every agent shows whom it lets in."""
_LOGIN = re.compile(rb"(?:login|username|user ?name|user)\s*:\s*\Z", re.IGNORECASE)
_PASSWORD = re.compile(rb"(?:password|mot de passe)\s*:\s*\Z", re.IGNORECASE)
_DENIED = re.compile(rb"incorrect|invalid|fail|denied|bad ", re.IGNORECASE)
_PROMPT = re.compile(rb"[>#$%]\s*\Z")
_LOCKED = re.compile(rb"locked|too many|blocked", re.IGNORECASE)
_OFFERED = re.compile(rb"\xff([\xfb\xfd])(.)", re.DOTALL)
"""WILL and DO (RFC 854)."""
_IAC = re.compile(rb"\xff(?:[\xfb-\xfe].|[^\xfa-\xfe])", re.DOTALL)

Tick = Callable[[], None]


def ftp(line: Line, pair: Pair) -> str:
    """``works``, ``refused``, ``locked``, ``unclear``."""
    line.hear(_ends)
    line.send(b"USER %s\r\n" % pair.username.encode())
    said = line.hear(_ends)
    if said.startswith(b"331"):
        line.send(b"PASS %s\r\n" % pair.password.encode())
        said = line.hear(_ends)
    if said.startswith(b"230"):
        return "works"
    if said.startswith(b"421") or _LOCKED.search(said):
        return "locked"
    return "refused" if said.startswith((b"530", b"430")) else "unclear"


def telnet(line: Line, pair: Pair) -> str:
    """``works``, ``refused``, ``locked``, ``unclear``. Every option that the other end offers is declined.

    Refused is who is asked again, or shown out with a word of it: “3 failed attempts” before a prompt is a greeting.
    """
    said = _until(line, _LOGIN, _PASSWORD)
    if _LOGIN.search(said):
        line.send(pair.username.encode() + b"\r\n")
        said = _until(line, _PASSWORD, _PROMPT)
    if _PASSWORD.search(said):
        line.send(pair.password.encode() + b"\r\n")
        said = _until(line, _PROMPT, _LOGIN, _PASSWORD)
    if _PROMPT.search(said):
        return "unclear" if _DENIED.search(said) or _LOCKED.search(said) else "works"
    if _LOCKED.search(said):
        return "locked"
    asked_again = _LOGIN.search(said) or _PASSWORD.search(said)
    return "refused" if asked_again or _DENIED.search(said) else "unclear"


def _until(line: Line, *wanted: re.Pattern[bytes]) -> bytes:
    """What is said, without options, until one of these. Servers offer options in several turns, and wait for each."""
    told, seen = b"", 0
    while True:
        more = line.hear(bool)
        told += more
        for offered in _OFFERED.finditer(told, seen):
            declined = b"\xfe" if offered[1] == b"\xfb" else b"\xfc"
            line.send(b"\xff" + declined + offered[2])
            seen = offered.end()
        plain = _IAC.sub(b"", told).rstrip(b"\0")
        if not more or any(one.search(plain) for one in wanted):
            return plain


def snmp(address: str, seconds: float, pair: Pair, tick: Tick, port: int = 161) -> str:
    """``works``, ``refused``, ``unclear``, or ``silent``.

    An agent says nothing to who does not know its community: silence is a refusal only where it answers otherwise (its
    name in version 3), or where the host says that nothing listens.
    """
    for version in (V2C, V1):
        try:
            with closing(Session(Door(address, version, pair.password.encode(), port=port), tick)) as session:
                if session.get(SYSTEM) is not None:
                    return "works"
        except Ended as error:
            if error.why != "silent":
                return "refused" if isinstance(error.__cause__, ConnectionRefusedError) else "unclear"
        except OSError:
            return "unclear"
    return "refused" if _names_itself(address, seconds, port) else "silent"


def _names_itself(address: str, seconds: float, port: int) -> bool:
    """Whether an agent of version 3 tells who it is, as it tells anybody."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with suppress(OSError), closing(socket.socket(family, socket.SOCK_DGRAM)) as line:
        line.settimeout(seconds)
        line.connect((address, port))
        line.send(SNMP_WHO)
        return bool(line.recv(2048))
    return False


def spoken(address: str, port: int, seconds: float, tick: Tick, talk: Callable[[Line], str]) -> str:
    """One conversation over TCP; ``unclear`` where it came to no end."""
    try:
        with Line(address, port, seconds, tick) as line:
            return talk(line)
    except Closed:
        return "unclear"


def _ends(said: bytes) -> bool:
    return bool(re.search(rb"(?:^|\n)\d{3} [^\n]*\n\Z", said))
