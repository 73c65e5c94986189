"""One kept post of an agent, as typed rows: GLPI's ``inventory_format``, and OCS XML in the same lower-case names."""

from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Unreadable

FORMAT = "negatoscope-agent/1"
HOST = "host/@"
MAX_BYTES = 64 * 1024 * 1024
Row = dict[str, Any]


class Post(Struct, frozen=True):
    """What an agent said: sections as they came, less what is not kept."""

    format: str
    agent: str
    partial: bool = False
    itemtype: str = "Computer"
    dropped: dict[str, int] = {}
    content: dict[str, Any] = {}

    def has(self, section: str) -> bool:
        """Whether the post tells of a section at all."""
        return section in self.content

    def one(self, section: str) -> Row:
        """A section that there is one of; empty where it is absent."""
        said = self.content.get(section)
        return said if isinstance(said, dict) else {}

    def rows(self, section: str) -> list[Row]:
        """A section that there may be several of."""
        said = self.content.get(section)
        rows: Iterable[Any] = said if isinstance(said, list) else [said]
        return [row for row in rows if isinstance(row, dict)]

    @property
    def system(self) -> str:
        """What the system calls itself, in lower case."""
        told = self.one("operatingsystem")
        names = (told.get("full_name"), told.get("name"), told.get("kernel_name"), self.one("hardware").get("osname"))
        return " ".join(name for name in names if isinstance(name, str)).lower()

    @property
    def windows(self) -> bool | None:
        """It runs Windows; ``None`` where the post does not say what it runs."""
        return ("windows" in self.system or "mswin" in self.system) if self.system.strip() else None


def parse(stream: BinaryIO) -> Post:
    """Decode a kept post. Raises Unreadable."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large")
    try:
        post = msgspec.json.decode(data, type=Post)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Unreadable("not_an_inventory") from error
    if post.format != FORMAT or not post.agent:
        raise Unreadable("not_an_inventory")
    return post


def text(row: Row, *names: str) -> str | None:
    """The first of these fields that says something."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def flag(value: object) -> bool | None:
    """Yes or no, as XML and JSON write it; ``None`` for anything else."""
    told = str(value).strip().lower()
    if told in {"1", "true", "yes"}:
        return True
    return False if told in {"0", "false", "no"} else None
