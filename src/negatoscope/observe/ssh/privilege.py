"""The line that lets the console's key in, and what reading as root prints, read back file by file."""

from fnmatch import fnmatchcase

from negatoscope.observe.linux.lent import ACCOUNT


def authorized_keys(public_line: str, address: str | None = None, beyond: str | None = None) -> str:
    """The line of ``authorized_keys``: no terminal, no forwarding; from one address where it is known.

    ``beyond``: on a bastion, the one ``address:port`` that the key may be carried on to.
    """
    where = f',from="{address}"' if address else ""
    where += f',port-forwarding,permitopen="{beyond}"' if beyond else ""
    return f"restrict{where} {public_line} {ACCOUNT}"


def torn(pattern: str, data: bytes) -> dict[str, bytes]:
    """The files that ``grep -Z -H ^`` printed line by line, by path; others than the pattern asks for are left out."""
    files: dict[str, list[bytes]] = {}
    for line in data.splitlines(keepends=True):
        path, nul, text = line.partition(b"\0")
        if nul:
            files.setdefault(path.decode("utf-8", "surrogateescape"), []).append(text)
    return {path: b"".join(lines) for path, lines in files.items() if matches(path, pattern)}


def matches(path: str, pattern: str) -> bool:
    """Like a shell: a star crosses no slash and takes no hidden name."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(
        fnmatchcase(part, want) and not (want.startswith("*") and part.startswith("."))
        for part, want in zip(parts, wanted, strict=True)
    )
