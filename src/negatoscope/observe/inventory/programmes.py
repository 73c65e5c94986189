"""Installed software and antivirus."""

from collections.abc import Iterator

from negatoscope.model.endpoints import Antivirus
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.software import Software, remote_control
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, flag, text

FEWEST = 5
"""The barest Windows that works has more entries than this; a shorter list was cut."""


def software(post: Post) -> Iterator[Item]:
    """One fact a name; Windows' own fixes are not programmes. Remote control that runs without an installer counts."""
    named: dict[str, Software] = {}
    for row in post.rows("softwares"):
        name = text(row, "name", "guid")
        if name is not None and not _is_fix(row.get("release_type"), name):
            named.setdefault(name, Software(HOST, name, text(row, "version"), text(row, "publisher")))
    known = " ".join(named).lower()
    for row in post.rows("remote_mgmt"):
        tool = text(row, "type")
        if tool and remote_control(tool) and tool.lower() not in known:
            named[tool] = Software(HOST, tool, text(row, "version"))
    yield from named.values()
    yield Sweep("Software", HOST) if len(named) >= FEWEST else Gap("Software", "not_decidable", HOST)


def _is_fix(release: object, name: str) -> bool:
    told = str(release or "").lower()
    return told in {"security update", "update", "hotfix", "service pack"} or (name[:2] == "KB" and name[2:].isdigit())


def antivirus(post: Post) -> Iterator[Item]:
    """What Windows' security centre knows of; a host without Windows has none.

    A server has no security centre either, and still needs an antivirus: an empty answer from it proves nothing.
    """
    found: dict[str, Antivirus] = {}
    for row in post.rows("antivirus") if post.windows else ():
        if name := text(row, "name"):
            found.setdefault(name, Antivirus(HOST, name, flag(row.get("enabled")), flag(row.get("uptodate"))))
    yield from found.values()
    if found or (not post.partial and not (post.windows and "server" in post.system)):
        yield Sweep("Antivirus", HOST)
    elif not post.partial:
        yield Gap("Antivirus", "not_decidable", HOST)
