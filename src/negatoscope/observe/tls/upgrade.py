"""From clear to TLS on the same connection, as each protocol has it: a few words before the first message."""

import re
from collections.abc import Callable

from negatoscope.observe.line import Closed, Line

LDAP_STARTTLS = bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"
"""RFC 4511 4.14.1."""
LDAP_SUCCESS = b"\x0a\x01\x00"
MAX_LINES = 100
_SMTP_END = re.compile(rb"^\d{3} .*\r?\n\Z|\n\d{3} .*\r?\n\Z")
BY_NAME = {
    "smtp": "smtp", "submission": "smtp", "imap": "imap", "imap2": "imap", "pop3": "pop3", "ftp": "ftp", "ldap": "ldap",
    "msft-gc": "ldap",
}  # fmt: skip
BY_PORT = {21: "ftp", 25: "smtp", 110: "pop3", 143: "imap", 389: "ldap", 587: "smtp", 3268: "ldap"}
"""Where a protocol that begins in clear is expected, if nothing said what answers."""


class NotOffered(Exception):  # noqa: N818 -- what it is
    """It answers as its protocol wants, and goes on in clear."""


def upgrade(line: Line, protocol: str) -> None:
    """Ask for TLS. Raises NotOffered, Closed (``not_understood`` where it is another protocol)."""
    _WAYS[protocol](line)


def _smtp(line: Line) -> None:
    _expect(line, b"2", _SMTP_END.search)
    line.send(b"EHLO negatoscope.invalid\r\n")
    if b"STARTTLS" not in _expect(line, b"2", _SMTP_END.search).upper():
        raise NotOffered
    line.send(b"STARTTLS\r\n")
    _agreed(line, b"2", _SMTP_END.search)


def _ftp(line: Line) -> None:
    _expect(line, b"2", _SMTP_END.search)
    line.send(b"AUTH TLS\r\n")
    _agreed(line, b"2", _SMTP_END.search)


def _pop3(line: Line) -> None:
    _expect(line, b"+OK", _a_line)
    line.send(b"STLS\r\n")
    _agreed(line, b"+OK", _a_line)


def _imap(line: Line) -> None:
    _expect(line, b"* ", _a_line)
    line.send(b"a1 STARTTLS\r\n")
    _agreed(line, b"a1 OK", lambda said: said.startswith(b"a1 ") and said.endswith(b"\n"))


def _ldap(line: Line) -> None:
    line.send(LDAP_STARTTLS)
    said = line.hear(lambda said: len(said) > 1 and len(said) >= 2 + min(said[1], 127))
    if not said.startswith(b"\x30"):
        raise Closed("not_understood" if said else "hung_up")
    if LDAP_SUCCESS not in said[:20]:
        raise NotOffered


def _a_line(said: bytes) -> bool:
    return said.endswith(b"\n")


def _expect(line: Line, begins: bytes, whole: Callable[[bytes], object]) -> bytes:
    said = line.hear(lambda said: bool(whole(said)))
    if not said.startswith(begins):
        raise Closed("not_understood" if said else "hung_up")
    return said


def _agreed(line: Line, begins: bytes, whole: Callable[[bytes], object]) -> None:
    if not line.hear(lambda said: bool(whole(said))).startswith(begins):
        raise NotOffered


_WAYS: dict[str, Callable[[Line], None]] = {"smtp": _smtp, "ftp": _ftp, "pop3": _pop3, "imap": _imap, "ldap": _ldap}
