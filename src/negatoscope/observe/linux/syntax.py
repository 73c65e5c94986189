"""The handful of syntaxes in which Linux writes its settings. Nothing here raises on any text."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

_YES = frozenset({"1", "yes", "true", "on"})
_NO = frozenset({"0", "no", "false", "off"})
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def lines(text: str, comments: str = "#") -> Iterator[str]:
    """Meaningful lines, trimmed; a backslash at the end joins the next one."""
    for line in text.replace("\\\n", " ").splitlines():
        trimmed = line.strip()
        if trimmed and trimmed[0] not in comments:
            yield trimmed


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """``key value``, ``key = value`` or ``key=value``; a key alone has an empty value."""
    for line in lines(text, "#;"):
        key, _, value = re.sub(r"\s*=\s*|\s+", "\0", line, count=1).partition("\0")
        yield key, value.partition(" #")[0].strip().strip("\"'")


def ini(text: str) -> Iterator[tuple[str, str, str]]:
    """(section, key, value) of an INI file, in order."""
    section = ""
    for line in lines(text, "#;"):
        if line.startswith("[") and "]" in line:
            section = line[1 : line.index("]")]
        elif "=" in line:
            key, _, value = line.partition("=")
            yield section, key.strip(), value.strip()


def last(found: Iterable[tuple[str, str, str]], section: str, key: str) -> str | None:
    """The last value of a key, case apart: what wins where files are read one after the other."""
    wanted = (section.lower(), key.lower())
    values = [value for where, name, value in found if (where.lower(), name.lower()) == wanted]
    return values[-1] if values else None


def truth(word: str | None) -> bool | None:
    """Yes, no, or neither."""
    lowered = (word or "").strip().strip("\"'").lower()
    return True if lowered in _YES else False if lowered in _NO else None


def integer(word: str | None) -> int | None:
    """A whole number, or nothing."""
    trimmed = (word or "").strip()
    return int(trimmed) if _INTEGER.fullmatch(trimmed) else None


def instant(seconds: int | None) -> datetime | None:
    """Seconds since 1970 as an instant, where a date can hold them."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parsed(text: str, layout: str) -> datetime | None:
    """A date in the given ``strptime`` layout; UTC where it names no zone."""
    try:
        at = datetime.strptime(text.strip(), layout)  # noqa: DTZ007 -- the zone is set on the next line
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
