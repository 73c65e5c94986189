"""What a console that looks over SSH may run as root on a host: an exact list, no wildcard that sudo expands.

Each probe that needs root is one fixed command. ``sudoers`` prints the rule, ``raised`` is what a look runs, and both
come from the same list: what is granted is what is used.
"""

import re
from collections.abc import Iterator

from negatoscope.observe.linux.probes import PROBES, Command, File, Names, Probe, scrub

ACCOUNT = "negatoscope"
_SPECIAL = re.compile(r"([\\,:=*?\[\]!])")
"""What sudoers reads as its own in an argument: behind a backslash it means itself."""
_LAST = re.compile(r"^([a-z_][a-z0-9_-]{0,31}) ALL=\(root\) NOPASSWD: NEGATOSCOPE\n\Z", re.MULTILINE)
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


def lent_to(text: str) -> str | None:
    """The account of a sudoers file, as a capture keeps it, that is the rule above and not a word more.

    A capture takes ``-path`` for a password; all that ``find`` does under a name in ``-p`` is to look and to print.
    """
    account = _LAST.search(text)
    return account[1] if account and text == scrub("file:/etc/sudoers", sudoers(account[1])) else None


def _escaped(argument: str) -> str:
    return _SPECIAL.sub(r"\\\1", argument)
