"""The language of sudoers, as far as it says who may act as root, and whether a password is asked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_NAME = r"!*(?:\"[^\"]*\"|(?:\\.|[^\s,=\\\"])+)"
_SPECIFICATION = re.compile(rf"^({_NAME}(?:\s*,\s*{_NAME})*)\s+[^=]+=(.*)$", re.DOTALL)
_ALIAS = re.compile(r"^(User|Runas|Host|Cmnd|Cmd)_Alias\s+(.*)$")
_NEXT_HOST = re.compile(r":\s*[\w!%+.,\s/-]+=")
_RUNAS = re.compile(r"^\(([^)]*)\)\s*")
_TAGS = re.compile(r"\b((?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT))\s*:")
_TAG = re.compile(r"^([A-Z_]+)\0\s*")
_OPTION = re.compile(r"^(ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT)=\S+\s*")
_UNASKED = re.compile(r"^Defaults([@:!>][^\s]+)?\s+.*!\s*authenticate\b")
_EXEMPT = re.compile(r"^Defaults.*\bexempt_group\s*=\s*\"?([^\s\",]+)")


@dataclass(frozen=True, slots=True)
class Grant:
    """Someone may run something as root: ``name``, ``%group``, ``#uid``, ``%#gid``, ``+netgroup`` or ``ALL``."""

    who: str
    password_asked: bool


@dataclass(slots=True)
class Policy:
    """What all files together say. Order is ignored: what is granted once counts, whatever is taken back later."""

    grants: list[Grant] = field(default_factory=list)
    user_aliases: dict[str, list[str]] = field(default_factory=dict)
    runas_aliases: dict[str, list[str]] = field(default_factory=dict)
    never_asks: bool = False
    exempt: set[str] = field(default_factory=set)
    """Groups whose members are never asked for a password."""
    understood: bool = True
    """No line was left out."""


def parse(texts: Iterable[str]) -> Policy:
    """Read every file of a configuration."""
    policy = Policy()
    specifications = []
    for line in (one.strip() for text in texts for one in _without_comments(text).splitlines()):
        alias = _ALIAS.match(line)
        if alias:
            _alias(policy, alias[1], alias[2])
        elif line.startswith("Defaults"):
            policy.never_asks = policy.never_asks or _UNASKED.match(line) is not None
            policy.exempt.update(_EXEMPT.findall(line))
        elif line and not line.startswith("@"):
            specifications.append(line)
    for line in specifications:
        policy.grants += _granted(policy, line)
    return policy


def _without_comments(text: str) -> str:
    """A ``#`` before a digit is a user or group number, not a comment; a backslash carries the line on."""
    return re.sub(r"(?<!\\)#(?!\d).*$", "", text.replace("\\\n", " "), flags=re.MULTILINE)


def _alias(policy: Policy, kind: str, said: str) -> None:
    where = {"User": policy.user_aliases, "Runas": policy.runas_aliases}.get(kind)
    for one in re.split(r"\s:\s", said) if where is not None else ():
        name, _, members = one.partition("=")
        if where is not None:
            where.setdefault(name.strip(), []).extend(_names(members))


def _names(text: str) -> list[str]:
    return [found.replace("\\", "").replace('"', "") for found in re.findall(_NAME, text)]


def _granted(policy: Policy, line: str) -> Iterator[Grant]:
    parts = _SPECIFICATION.match(line)
    if not parts:
        policy.understood = False
        return
    asked = [one for segment in _NEXT_HOST.split(_TAGS.sub("\\1\0", parts[2])) for one in _as_root(policy, segment)]
    for name in _names(parts[1]) if asked else ():
        if not name.startswith("!"):
            for who in _members(policy.user_aliases, name):
                yield Grant(who, all(asked) and not policy.never_asks)


def _as_root(policy: Policy, commands: str) -> Iterator[bool]:
    """For each command that may run as root: whether a password is asked. User and tags carry on to the next one."""
    root, asked = True, True
    for piece in re.split(r",(?![^(]*\))", commands):
        command = piece.strip()
        runas = _RUNAS.match(command)
        if runas:
            root = _is_root(policy, runas[1])
            command = command[runas.end() :]
        while option := _OPTION.match(command):
            command = command[option.end() :]
        while tag := _TAG.match(command):
            asked = {"NOPASSWD": False, "PASSWD": True}.get(tag[1], asked)
            command = command[tag.end() :]
        if root and command and not command.startswith("!"):
            yield asked


def _is_root(policy: Policy, runas: str) -> bool:
    users = runas.partition(":")[0].strip()
    named = [who for name in _names(users) for who in _members(policy.runas_aliases, name)]
    return any(who in {"root", "ALL"} or re.fullmatch(r"#0+|[%+].*", who) for who in named)


def _members(aliases: dict[str, list[str]], name: str) -> list[str]:
    """Who stands behind a name, aliases of aliases included; each alias is opened once."""
    found, opened, waiting = [], set(), [name]
    while waiting:
        one = waiting.pop(0)
        if one not in aliases:
            found.append(one)
        elif one not in opened:
            opened.add(one)
            waiting += [member for member in aliases[one] if not member.startswith("!")]
    return found
