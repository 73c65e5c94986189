"""Every message that the source asks a catalogue for."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation import templatize

SOURCE = Path(__file__).parents[2] / "src" / "negatoscope"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Message = str | tuple[str, str]
"""A message, or its singular and plural."""


def messages() -> dict[Message, str]:
    """Each message with the first place that asks for it."""
    found: dict[Message, str] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        for line, message in _in(path):
            found.setdefault(message, f"{path.relative_to(SOURCE)}:{line}")
    return found


def _in(path: Path) -> Iterator[tuple[int, Message]]:
    text = path.read_text()
    if path.suffix == ".html":
        text = re.sub(r"(?m)^\s+", "", templatize(text, origin=str(path)))
    for line, said, _comments, _context in extract("python", BytesIO(text.encode()), KEYWORDS):
        if isinstance(said, str):
            if said:
                yield line, said
        else:
            yield line, (said[0], said[1])
