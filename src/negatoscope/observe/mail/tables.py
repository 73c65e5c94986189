"""Postfix and sendmail tables: aliases(5), virtual(5), ``.forward`` (aliases(5), local(8))."""

import re
from collections.abc import Iterator

from negatoscope.observe.mail.addresses import domains

_SIDE = re.compile(r"^(\"[^\"]*\"|[^\s:]+)\s*:\s*(.*)$")
_VIRTUAL = re.compile(r"^(\S+)\s+(.+)$")


def lines(text: str) -> Iterator[str]:
    """Meaningful lines; one that begins with a blank goes on with the one before."""
    waiting = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t" and waiting:
            waiting += " " + line.strip()
            continue
        if waiting:
            yield waiting
        waiting = line.strip()
    if waiting:
        yield waiting


def scrub(text: str) -> str:
    """Keep the lines that lead to an address, without who it is; names on the left are of the practice."""
    kept = []
    for line in lines(text):
        left, right = parted(line)
        if domains(right):
            name = f'"{left}"' if " " in left else left
            kept.append(f"{name}: {', '.join(f'***@{domain}' for domain in domains(right))}{_copy(right)}")
    return "\n".join(kept) + ("\n" if kept else "")


def parted(line: str) -> tuple[str, str]:
    """Left and right of an alias or virtual line; a ``.forward`` has no left."""
    found = _SIDE.match(line) or _VIRTUAL.match(line)
    return (found[1].strip('"').lower(), found[2]) if found else ("", line)


def forwards(text: str) -> Iterator[tuple[str, str, bool]]:
    """Who is sent on, the domain of each target, and whether a copy stays: a local name stands beside."""
    for line in lines(text):
        left, right = parted(line)
        for domain in domains(right):
            yield left, domain, bool(_copy(right))


def _copy(right: str) -> str:
    others = [one.strip() for one in right.split(",") if one.strip() and not domains(one)]
    return ", copy" if others else ""
