"""Instants as logs write them."""

from datetime import UTC, datetime

FORMS = ("%d/%b/%Y:%H:%M:%S %z", "%a %b %d %H:%M:%S.%f %Y", "%a %b %d %H:%M:%S %Y", "%Y/%m/%d %H:%M:%S")
LONGEST = 64
LEAP = 2000
"""The year of lines that say none: only distances are asked, and 29 February must exist."""


def seconds_of(text: str) -> float | None:
    """Seconds since 1970, UTC unless the text says otherwise; ``None`` if it is no instant that we know."""
    text = told(text) or ""
    if len(text) > LONGEST:
        return None
    try:
        number = float(text)
    except ValueError:
        at = _dated(text)
        return None if at is None else (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return number / 1000 if abs(number) > 1e11 else number  # noqa: PLR2004 -- milliseconds: else the year 5138


def told(text: str | None) -> str | None:
    """An instant as it is told: ``2021-05-03 08:58:24.123 UTC``, as event files write it, in ISO 8601; others as is."""
    if text is None or not text.endswith(" UTC"):
        return text
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC).isoformat()
    except ValueError:
        return text


def _dated(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form, said in (*((form, text) for form in FORMS), ("%Y %b %d %H:%M:%S", f"{LEAP} {text}")):
        try:
            return datetime.strptime(said, form)  # noqa: DTZ007 -- a text without a zone is UTC, above
        except ValueError:
            continue
    return None
