"""What the account of the console may run as root on a host: an exact list, without one wildcard that sudo expands.

Each probe that needs root is one fixed command. ``sudoers`` prints the rule, ``raised`` is what a look runs, and both
come from the same list: what is granted is what is used.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from negatoscope.observe.linux.probes import PROBES, Command, File, Names, Probe

ACCOUNT = "negatoscope"
_SPECIAL = re.compile(r"([\\,:=*?\[\]!])")
"""What sudoers reads as its own in an argument: behind a backslash it means itself."""
PLACES = ("/usr/sbin", "/usr/bin")

Argv = tuple[str, ...]


def raised(probe: Probe) -> tuple[Argv, ...]:
    """The commands, one of which brings this probe as root; none for a probe that does not need root."""
    match probe:
        case Command(argv, root=True):
            return tuple((f"{place}/{argv[0]}", *argv[1:]) for place in PLACES)
        case File(pattern, root=True) if "*" not in pattern:
            return (("/usr/bin/cat", pattern),)
        case File(pattern, root=True):
            folder, last = stem(pattern), pattern.rpartition("/")[2]
            only = () if last == "*" else (f"--include={last}",)
            return (("/usr/bin/grep", "-R", "-H", "-s", "-a", "-Z", "-e", "^", *only, folder),)
        case Names(pattern, root=True) if "*" in pattern:
            depth = str(pattern.count("/") - stem(pattern).count("/"))
            return (("/usr/bin/find", stem(pattern), "-mindepth", depth, "-maxdepth", depth, "-path", pattern),)
    return ()


def stem(pattern: str) -> str:
    """The folder above the first part that has a star."""
    return pattern.partition("*")[0].rpartition("/")[0]


def granted() -> Iterator[Argv]:
    """Every command of the rule, once."""
    yield from dict.fromkeys(argv for probe in PROBES for argv in raised(probe))


def sudoers(account: str = ACCOUNT) -> str:
    """The file to put in ``/etc/sudoers.d``: root, without a password, for these commands only. Raises ValueError."""
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", account):
        raise ValueError(account)
    commands = ", \\\n    ".join(" ".join([argv[0], *map(_escaped, argv[1:])]) for argv in granted())
    return f"Cmnd_Alias NEGATOSCOPE = \\\n    {commands}\n{account} ALL=(root) NOPASSWD: NEGATOSCOPE\n"


def authorized_keys(public_line: str, address: str | None = None, beyond: str | None = None) -> str:
    """The line of ``authorized_keys``: no terminal, no forwarding; from one address where it is known.

    ``beyond``: on a bastion, the one ``address:port`` that the key may be carried on to.
    """
    where = f',from="{address}"' if address else ""
    where += f',port-forwarding,permitopen="{beyond}"' if beyond else ""
    return f"restrict{where} {public_line} {ACCOUNT}"


def _escaped(argument: str) -> str:
    return _SPECIAL.sub(r"\\\1", argument)


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
