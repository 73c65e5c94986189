"""What OpenLDAP's access rules (slapd.access(5)) let everybody do."""

import re
from collections.abc import Iterable, Iterator

from negatoscope.model.directory import Grant

ANYBODY = ("*", "anonymous", "users")
WRITES = frozenset({"write", "manage", "add", "delete"})
READS = frozenset({"read", "search", "compare"}) | WRITES
SECRETS = re.compile(r"attrs?=\S*(userpassword|shadowlastchange|sambantpassword)", re.IGNORECASE)
_NUMBER = re.compile(r"^\{-?\d+\}")


def grants(rules: Iterable[str]) -> tuple[Grant, ...]:
    """Rights of everybody, of those without a name, and of every account. Without any rule, everybody reads all."""
    ordered = sorted(rules, key=_place)
    found: dict[Grant, None] = {}
    guarded = False
    for rule in ordered or ["to * by * read"]:
        what, clauses = _parsed(rule)
        about_secrets = bool(SECRETS.search(what))
        for who, access in clauses:
            for right in _rights(access, secrets=about_secrets or (what == "*" and not guarded)):
                found[Grant(who, right)] = None
        guarded |= about_secrets
    return tuple(found)


def _place(rule: str) -> int:
    said = _NUMBER.match(rule)
    return int(said[0][1:-1]) if said else 0


def _parsed(rule: str) -> tuple[str, list[tuple[str, str]]]:
    """What a rule is about, and the clauses that speak of anybody."""
    what, *clauses = re.split(r"\s+by\s+", _NUMBER.sub("", rule).strip())
    said = [clause.split() for clause in clauses if clause.split()]
    access = [(words[0], words[1] if len(words) > 1 else "none") for words in said]
    return what.removeprefix("to").strip(), [(who, level) for who, level in access if who in ANYBODY]


def _rights(access: str, *, secrets: bool) -> Iterator[str]:
    level = access.lower()
    letters = set(level[1:]) if level[:1] in {"=", "+"} else set()
    if level in WRITES or letters & set("wmaz"):
        yield "write_all"
    if secrets and (level in READS or letters & set("rsc")):
        yield "read_secrets"
