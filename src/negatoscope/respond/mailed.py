"""A mail that somebody dropped, read as little as it takes to show what it is about. Pure; nothing of it is opened.

Who sends such a mail may be the attacker: what would cost much to take apart – thousands of parts, mails within mails,
headers without end, alphabets that take long to read – is not taken apart. The mail itself is kept as it came.
"""

import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32

HEAD = 64 * 1024
"""Octets of headers that are read."""
MOST_PARTS, MOST_LINES = 100, 500_000
"""Of a mail that is taken apart."""
LINE, WORDS = 300, 3_000
"""Letters of a subject or sender, and of the text, that are shown."""
RAW = 2_000
"""Octets of one header that are read."""
NAMED = 10
"""Attachments that are named."""
ALPHABETS = {
    name: name for name in ("utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "iso-8859-2", "koi8-r")
}  # fmt: skip
"""Read by name; all others as if they were UTF-8, what does not fit replaced."""
_FILE = re.compile(r"""(?:file)?name\*?[0-9]*\*?=\s*(?:"([^"]{1,300})"|([^\s;"]{1,300}))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a mail says of itself; none of it is proven. ``whole``: it was taken apart, and not its headers alone."""

    sender: str
    subject: str
    date: str
    text: str
    files: tuple[str, ...]
    whole: bool

    @property
    def words(self) -> str:
        """Subject, date, text and names of attachments, one below the other, without a word of ours."""
        files = "\n".join(f"📎 {name}" for name in self.files)
        return "\n\n".join(filter(None, ("\n".join(filter(None, (self.subject, self.date))), self.text, files)))


def read(data: bytes) -> Mailed:
    """Read a mail. Whatever it is, something is read, in bounded time and memory."""
    apart = taken_apart(data)
    whole, mail = apart is not None, _headers(data) if apart is None else apart
    parts = list(apart.walk()) if apart is not None else []
    names = [name for part in parts if (name := file_of(part))]
    text = next((_text(part) for part in parts if part.get_content_type() == "text/plain" and not file_of(part)), "")
    return Mailed(
        header(mail, "From"), header(mail, "Subject"), header(mail, "Date"), text, tuple(names[:NAMED]), whole
    )


def taken_apart(data: bytes) -> Message | None:
    """A mail with its parts; ``None``: taking it apart would cost too much."""
    return BytesParser(policy=compat32).parsebytes(data) if _takes_little(data) else None


def _takes_little(data: bytes) -> bool:
    folded = data.lower()
    parts = folded.count(b"content-type:") + folded.count(b"boundary")
    lines = data.count(b"\n") + data.count(b"\r")
    return parts <= MOST_PARTS and lines <= MOST_LINES and len(_head(data)) < HEAD


def _head(data: bytes) -> bytes:
    return data[:HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def _headers(data: bytes) -> Message:
    return BytesHeaderParser(policy=compat32).parsebytes(_head(data))


def header(mail: Message, name: str) -> str:
    """A header in letters: encoded words decoded, signs that command a terminal or a page left out."""
    raw = " ".join(str(mail.get(name) or "")[:RAW].split())
    return _plain(_decoded(raw))[:LINE]


def _decoded(raw: str) -> str:
    try:
        return "".join(
            said if isinstance(said, str) else said.decode(_alphabet(alphabet), "replace")
            for said, alphabet in decode_header(raw)
        )
    except HeaderParseError:
        return raw


def _alphabet(name: str | None) -> str:
    return ALPHABETS.get((name or "").lower(), "utf-8")


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()


def file_of(part: Message) -> str:
    """What an attachment is called; empty: it is none."""
    raw = f"{part.get('Content-Disposition') or ''};{part.get('Content-Type') or ''}"[:RAW]
    found = _FILE.search(raw)
    return _plain(_decoded(found[1] or found[2]))[:LINE] if found else ""


def _text(part: Message) -> str:
    return _plain(letters(part, WORDS * 4))[:WORDS]


def letters(part: Message, most: int) -> str:
    """The text of a part, of at most so many octets; empty: it holds other parts."""
    told = part.get_payload(decode=True)
    said = told if isinstance(told, bytes) else b""
    charset = re.search(r"charset\s*=\s*\"?([\w-]{1,40})", str(part.get("Content-Type") or "")[:RAW], re.IGNORECASE)
    return said[:most].decode(_alphabet(charset[1] if charset else None), "replace")
