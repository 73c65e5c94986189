"""FortiOS' configuration language: ``config``, ``edit``, ``set``, ``next``, ``end``, as a tree of two levels."""

import re
from dataclasses import dataclass, field

from negatoscope.observe.collector import Unreadable

MAX_LINES = 1_000_000
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass
class Entry:
    """What one ``edit`` sets; ``within``: blocks inside it."""

    name: str = ""
    sets: dict[str, list[str]] = field(default_factory=dict)
    within: "dict[str, dict[str, Entry]]" = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The first word of a setting; empty where it is not set."""
        return next(iter(self.sets.get(name, [])), "")

    def words(self, name: str) -> list[str]:
        """All words of a setting."""
        return self.sets.get(name, [])

    def inner(self, block: str, name: str) -> list[str]:
        """A setting of a block within."""
        return [word for entry in self.within.get(block, {}).values() for word in entry.words(name)]


Tree = dict[str, dict[str, Entry]]
"""Blocks by path; in each, its entries by name, settings without an entry under the empty name."""


POLICIES = "firewall policy"
_TOP = ("firewall", "system ", "router", "vpn", "user ", "log ")
"""Blocks that stand at the top, be it within a virtual domain; others belong to the entry that they stand in."""


class _Reader:
    """Where the reading stands: blocks begun, and in each the entry that settings go to."""

    def __init__(self) -> None:
        self.told: Tree = {}
        self._stack: list[tuple[dict[str, Entry], Entry]] = []
        self.filled = 0
        """Lists of policies with a line at least: one a virtual domain that filters."""
        self._counting = False

    @property
    def done(self) -> bool:
        return not self._stack

    def take(self, verb: str, rest: list[str]) -> None:
        if verb == "config":
            self._begin(" ".join(rest))
        elif not self._stack:
            return
        elif verb == "edit":
            block, _ = self._stack[-1]
            self.filled += self._counting
            self._counting = False
            self._stack[-1] = (block, block.setdefault(" ".join(rest), Entry(" ".join(rest))))
        elif verb == "set" and rest:
            self._stack[-1][1].sets[rest[0]] = rest[1:]
        elif verb == "next":
            block, _ = self._stack[-1]
            self._stack[-1] = (block, block[""])
        elif verb == "end":
            self._stack.pop()

    def _begin(self, name: str) -> None:
        self._counting = name == POLICIES
        top = not self._stack or name.startswith(_TOP)
        block = (self.told if top else self._stack[-1][1].within).setdefault(name, {})
        self._stack.append((block, block.setdefault("", Entry())))


def domains(text: str) -> int:
    """How many virtual domains of a file filter, each by a list of its own. Raises Unreadable."""
    return _read(text).filled


def tree(text: str) -> Tree:
    """Read a whole file; that of several virtual domains as if they were one. Raises Unreadable with the line."""
    reader = _read(text)
    for block in reader.told.values():
        if len(block) > 1 and not block[""].sets:
            del block[""]
    return reader.told


def _read(text: str) -> _Reader:
    reader = _Reader()
    lines = _logical(text)
    for _, line in lines:
        words = [plain or quoted.replace('\\"', '"') for quoted, plain in _WORD.findall(line)]
        reader.take(words[0], words[1:])
    if not reader.done:
        raise Unreadable("truncated", f"line {lines[-1][0]}")
    return reader


def _logical(text: str) -> list[tuple[int, str]]:
    """Lines, those within one pair of quotation marks joined. Raises Unreadable."""
    told: list[tuple[int, str]] = []
    open_since, pending = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        if number > MAX_LINES:
            raise Unreadable("too_large", f"line {number}")
        line = f"{pending}\n{raw}" if pending else raw.strip()
        if len(re.findall(r'(?<!\\)"', line)) % 2:
            pending, open_since = line, open_since or number
            if number - open_since > 500:  # noqa: PLR2004 -- longer than any certificate
                raise Unreadable("truncated", f"line {open_since}")
            continue
        pending, open_since = "", 0
        if line and not line.startswith("#"):
            told.append((number, line))
    if pending:
        raise Unreadable("truncated", f"line {open_since}")
    return told
