"""What every maker's reader builds a line from: conditions that narrow it, expiry dates people write in comments."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from negatoscope.kit.clock import PARIS
from negatoscope.model.gateways import Addresses, Match, Ports
from negatoscope.model.presence import Span, said
from negatoscope.observe.collector import Unreadable

LAST_PORT = 65535
MAX_TEXT = 200
MOST_DEEP = 8
"""Groups within groups."""
MOST_MEMBERS = 1_000_000
"""Names and addresses that all lines of a file stand for together."""


def is_address(text: str) -> bool:
    """Tell whether a text is an address, a network, or a range of addresses."""
    first, dash, last = text.partition("-")
    try:
        if dash:
            low, high = ip_address(first.strip()), ip_address(last.strip())
            return low.version == high.version and int(low) <= int(high)
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True


def port_range(text: str, separators: str = "-:") -> tuple[int, int] | None:
    """``80``, ``80-90``, ``80:90``; an open end is the first or the last port. ``None``: no number."""
    parts = re.split(f"[{separators}]", text.strip())
    if not 0 < len(parts) <= 2 or not all(part.strip().isdecimal() or not part.strip() for part in parts):  # noqa: PLR2004
        return None
    if not any(part.strip() for part in parts):
        return None
    low, high = int(parts[0] or 0), int(parts[-1] or LAST_PORT)
    return (low, high) if low <= high <= LAST_PORT else None


def all_but(ports: Ports) -> Ports:
    """Every port that is in none of these ranges."""
    left, start = [], 0
    for low, high in sorted(ports):
        if start < low:
            left.append((start, low - 1))
        start = max(start, high + 1)
    return (*left, (start, LAST_PORT)) if start <= LAST_PORT else tuple(left)


T = TypeVar("T")


@dataclass
class Members:
    """Groups that hold groups, taken apart: each name once, and no more of them than a device holds.

    A few lines of groups within groups would otherwise stand for more addresses than any memory holds.
    """

    left: int = MOST_MEMBERS

    def of(
        self, name: str, inside: Callable[[str], Sequence[str] | None], single: Callable[[str], Sequence[T] | None]
    ) -> tuple[T, ...] | None:
        """What a name stands for; ``None``: not known, or too deep. Raises Unreadable for far too many.

        ``inside``: the names in a group, ``None`` for what is no group; ``single``: what such a name stands for.
        """
        met, found = {name}, dict[T, None]()
        waiting = deque([(name, MOST_DEEP)])
        while waiting:
            one, deeper = waiting.popleft()
            members = inside(one)
            told = single(one) if members is None else ()
            if told is None or (members is not None and not deeper):
                return None
            new = [part for part in dict.fromkeys(members or ()) if part not in met]
            self.left -= len(new) + len(told)
            if self.left < 0:
                raise Unreadable("too_many_members", one[:MAX_TEXT])
            met.update(new)
            waiting.extend((part, deeper - 1) for part in new)
            found.update(dict.fromkeys(told))
        return tuple(found)


def short(text: object) -> str:
    """A maker's own words, no longer than a line."""
    return " ".join(str(text).split())[:MAX_TEXT]


_NEGATIONS = {
    "protocols": "not_protocols", "entering": "not_entering", "leaving": "not_leaving", "states": "not_states",
    "target_ports": "not_target_ports",
}  # fmt: skip
_FIELDS = (
    "sources", "targets", "protocols", "source_ports", "target_ports", "entering", "leaving", "states", "translated",
    "family",
)  # fmt: skip


def _negated(match: Match, name: str) -> bool:
    return name in _NEGATIONS and bool(getattr(match, _NEGATIONS[name]))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A match in the making. A field narrowed twice in two ways is one that the match cannot say: it is not read."""

    match: Match = field(default_factory=Match)

    def by(self, **fields: Any) -> "Narrowed":  # noqa: ANN401 -- fields of Match
        """Narrow by these fields; a negation goes with the field that it is about."""
        told = self
        for name in _FIELDS:
            if fields.get(name) is not None:
                told = told._by(name, fields[name], negated=bool(fields.get(_NEGATIONS.get(name, ""))))
        return told

    def _by(self, name: str, value: Any, *, negated: bool) -> "Narrowed":  # noqa: ANN401 -- a field of Match
        before, was = getattr(self.match, name), _negated(self.match, name)
        if before is None:
            flag = {_NEGATIONS[name]: True} if negated else {}
            return Narrowed(replace(self.match, **{name: value, **flag}))
        if (before, was) == (value, negated):
            return self
        if name == "protocols" and not was and not negated and {*value} & {*before}:
            return Narrowed(replace(self.match, protocols=tuple(one for one in before if one in value)))
        return self.unread(f"{name} {'not ' if negated else ''}{value}")

    def addresses(self, field: str, among: Iterable[str], *, negated: bool = False) -> "Narrowed":
        """Narrow by a set of addresses; a name in it is not read."""
        texts = tuple(among)
        unknown = [text for text in texts if not is_address(text)]
        if unknown:
            return self.unread(f"{field} {', '.join(unknown)}")
        return self.by(**{field: Addresses(texts, negated=negated)})

    def within(self, inner: "Narrowed") -> "Narrowed":
        """Both together."""
        told = self
        for name in _FIELDS:
            value = getattr(inner.match, name)
            if value is not None:
                told = told.by(**{name: value, **({_NEGATIONS[name]: True} if _negated(inner.match, name) else {})})
        return told.unread(inner.match.unread) if inner.match.unread else told

    def unread(self, what: object) -> "Narrowed":
        """Note a condition that nobody reads."""
        told = self.match.unread
        return Narrowed(replace(self.match, unread=short(f"{told}; {what}" if told else what)))


_DAY = re.compile(
    r"(?i)\b(?:until|till|expires?(?: on)?|exp|jusqu.?au|expire(?: le)?|fin)\s*:?\s*"
    r"(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))\b"
)


def expiry(comment: str | None) -> datetime | None:
    """When a line's own comment says that it ends: the end of that day in Paris."""
    said = _DAY.search(comment or "")
    if not said:
        return None
    iso, french = said.groups()[:3], said.groups()[3:]
    year, month, day = iso if iso[0] else reversed(french)
    try:
        return end_of(datetime(int(year), int(month), int(day), tzinfo=PARIS))
    except ValueError:
        return None


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


def hours(begins: str, ends: str) -> Span | None:
    """Hours of one day as gateways write them: ``8:00``, ``24:00``; the same twice is all day long."""
    told = [_CLOCK.fullmatch(one.strip()) for one in (begins, ends)]
    if not all(told):
        return None
    first, last = (time(int(one[1]) % 24, int(one[2])) for one in told if one)
    midnight = last == time() or first == last
    return (time() if first == last else first, time(23, 59) if midnight else last)


def week(days: Mapping[int, Sequence[Span]]) -> tuple[str, ...]:
    """When a line holds, Monday to Sunday, as ``FilterRule.week`` has it. ``days``: hours by number, Monday 0."""
    return tuple(said(sorted(days.get(day, ()))) for day in range(7))


def end_of(day: datetime) -> datetime:
    """The first instant after a day in Paris, in UTC."""
    return (day + timedelta(days=1)).astimezone(UTC)


def numbered(position: int, comment: str | None) -> str:
    """The label of a line that its maker knows by its place only."""
    return f"#{position} {short(comment)}" if comment else f"#{position}"


def flat(groups: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
    """All groups, one after the other."""
    return tuple(one for group in groups for one in group)
