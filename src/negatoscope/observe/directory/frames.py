"""What a look keeps, a line of JSON for each thing: what was asked, what came back, how each question ended."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Look, Unreadable

FORMAT = "directory/1"
MAX_LINE = 8 * 1024 * 1024
SECRET = ("pwdhistory", "unicodepwd", "dbcspwd", "userpassword", "admpwd", "mslaps-", "supplementalcredentials")
NOT_SECRET = frozenset({"ms-mcs-admpwdexpirationtime", "mslaps-passwordexpirationtime"})
"""When a local password expires; the password stands in other attributes, which are never asked for."""

Value = str | dict[str, str]


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    server: str
    realm: str
    kind: str
    base: str
    privileged_groups: tuple[str, ...] = ()


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the directory that a question brought back."""

    of: str
    dn: str
    has: dict[str, list[Value]]


class Ended(Struct, frozen=True, forbid_unknown_fields=True):
    """How a question ended: ``ok``, or why not. ``of`` is ``*`` on the last line of all."""

    of: str
    status: str
    entries: int


def secret(attribute: str) -> bool:
    """Whether an attribute may hold a password or its hash: it is dropped even if a server sends it unasked."""
    name = attribute.lower().partition(";")[0]
    return name not in NOT_SECRET and any(word in name for word in SECRET)


def packed(value: bytes) -> Value:
    """Text where it is text, else base64."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(value).decode("ascii")}
    return text if text.isprintable() else {"b64": base64.b64encode(value).decode("ascii")}


def write_header(look: Look, header: Header) -> None:
    """Write the first line."""
    look.write(msgspec.json.encode(header) + b"\n")


def write_entry(look: Look, of: str, dn: str, attributes: Mapping[str, Iterable[bytes]]) -> None:
    """Keep one entry, without secrets."""
    has = {name: [packed(value) for value in values] for name, values in attributes.items() if not secret(name)}
    look.write(msgspec.json.encode(Entry(of, dn, {name: values for name, values in has.items() if values})) + b"\n")


def write_end(look: Look, of: str, status: str, entries: int) -> None:
    """Say how a question ended."""
    look.write(msgspec.json.encode(Ended(of, status, entries)) + b"\n")


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry, as readers ask for it: attribute names in lower case, values as bytes."""

    dn: str
    has: Mapping[str, tuple[bytes, ...]]

    def raw(self, name: str) -> bytes | None:
        """The first value."""
        values = self.has.get(name.lower())
        return values[0] if values else None

    def text(self, name: str) -> str | None:
        """The first value as text; ``None`` also for an empty one."""
        value = self.raw(name)
        return value.decode("utf-8", "replace").strip() or None if value is not None else None

    def texts(self, name: str) -> tuple[str, ...]:
        """All values as text."""
        return tuple(value.decode("utf-8", "replace") for value in self.has.get(name.lower(), ()))

    def number(self, name: str) -> int | None:
        """The first value as an integer. Raises Unreadable for what is none."""
        said = self.text(name)
        if said is None:
            return None
        try:
            return int(said)
        except ValueError as error:
            raise Unreadable("not_a_number", f"{self.dn} {name}") from error


@dataclass(slots=True)
class Answers:
    """A whole capture."""

    header: Header
    entries: defaultdict[str, list[Kept]] = field(default_factory=lambda: defaultdict(list))
    status: dict[str, str] = field(default_factory=dict)

    def whole(self, *questions: str) -> bool:
        """Whether these questions were answered to the end."""
        return all(self.status.get(one) == "ok" for one in questions)

    def why_not(self, *questions: str) -> str | None:
        """Why the first of these was not."""
        return next((why for one in questions if (why := self.status.get(one, "not_asked")) != "ok"), None)

    def one(self, question: str) -> Kept | None:
        """The only entry that a question is about."""
        return next(iter(self.entries[question]), None)


def read_answers(stream: BinaryIO) -> Answers:
    """Read a capture to its last line. Raises Unreadable: malformed, or cut short."""
    try:
        answers = Answers(msgspec.json.decode(stream.readline(MAX_LINE), type=Header))
        if answers.header.format != FORMAT:
            raise Unreadable("unknown_format", "line 1")
        _fill(answers, stream)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable("malformed", str(error)[:200]) from error
    return answers


def _fill(answers: Answers, stream: BinaryIO) -> None:
    line = msgspec.json.Decoder(dict[str, Any])
    for number, text in enumerate(iter(lambda: stream.readline(MAX_LINE), b""), 2):
        said = line.decode(text)
        if "dn" in said:
            entry = msgspec.convert(said, Entry)
            has = {name.lower(): tuple(_unpacked(value) for value in values) for name, values in entry.has.items()}
            answers.entries[entry.of].append(Kept(entry.dn, has))
            continue
        ended = msgspec.convert(said, Ended)
        if ended.of == "*":
            return
        if ended.entries != len(answers.entries[ended.of]):
            raise Unreadable("truncated", f"line {number}")
        answers.status[ended.of] = ended.status
    raise Unreadable("truncated", "last line")


def _unpacked(value: Value) -> bytes:
    return value.encode() if isinstance(value, str) else base64.b64decode(value["b64"], validate=True)
