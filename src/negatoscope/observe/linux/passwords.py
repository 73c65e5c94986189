"""What the host enforces when a password is chosen, kept and guessed: PAM, pwquality, faillock, login.defs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from negatoscope.model.accounts import PasswordPolicy
from negatoscope.observe.collector import Item
from negatoscope.observe.linux import pam
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.pam import Rule, Stack, State, Unclear
from negatoscope.observe.linux.sections import Sections
from negatoscope.observe.linux.syntax import integer, pairs

_UNIX_MINIMUM = 6
"""Shortest password that pam_unix (``obscure``) and pwquality take when nothing is said."""
_NEVER = 99_999
_SHORTEST_LOCK = 60
"""Seconds: a shorter lock slows nobody down (CNIL 2022-100: more than a minute); 0 locks until somebody opens it."""
_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
_DICTIONARIES = ("/var/cache/cracklib/cracklib_dict.pwd*", "/usr/share/cracklib/pw_dict.pwd*")
_CHECKERS = frozenset({"pam_pwquality.so", "pam_cracklib.so"})
_LOCAL = frozenset({"pam_localuser.so", "pam_usertype.so"})
"""Modules that say yes to the accounts of this host, which are those in question."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """What one PAM file asks of a new password; ``None``: not decidable."""

    length: int | None
    classes: int | None
    dictionary: bool | None


Marked = Iterator[tuple[str, frozenset[str]]]
T = TypeVar("T")


def password_policy(sections: Sections) -> Iterator[Item]:
    """The weakest of what the PAM files in use ask."""
    paths, unread = pam.services(sections)
    if unread or not paths:
        yield from closed("PasswordPolicy", {"pam": sections.why(sections.names(pam.FOLDERS[0]), *unread)})
        return
    asked = _of_each(sections, paths, "password", lambda steps: _choice(steps, sections))
    choices = [_Choice(None, None, None) if one is None else one for one in asked]
    locks = _of_each(sections, paths, "auth", lambda steps: _lockout(steps, sections))
    empties = _of_each(sections, paths, "auth", _lets_empty)
    max_days, days_missing = _max_days(sections)
    fact = PasswordPolicy(
        HOST,
        min_length=_weakest([choice.length for choice in choices]),
        min_classes=_weakest([choice.classes for choice in choices]),
        dictionary_check=_all_of([choice.dictionary for choice in choices]),
        max_days=max_days,
        lockout_attempts=_loosest(locks),
        empty_allowed=_empties(sections, empties),
    )
    yield fact
    missing = {name: NOT_DECIDABLE for name in _FIELDS if getattr(fact, name) is None}
    yield from closed("PasswordPolicy", missing | days_missing)


_FIELDS = ("min_length", "min_classes", "dictionary_check", "lockout_attempts", "empty_allowed")


def _of_each(sections: Sections, paths: list[str], kind: str, ask: Callable[[Stack], T]) -> list[T | None]:
    """The answer of each service that knows the host's own passwords; ``None`` for one that is not understood."""
    found: list[T | None] = []
    for path in paths:
        try:
            steps = pam.stack(sections, path, kind)
            if pam.has(steps, "pam_unix.so"):
                found.append(ask(steps))
        except Unclear:
            found.append(None)
    return found


def _empties(sections: Sections, services: list[bool | None]) -> bool | None:
    """An empty password opens (``nullok``); where a service may ask none of anybody, nothing is known."""
    if not services or None in services or pam.lets_in(sections, pam.nothing_given) is not False:
        return None
    return any(services)


def _weakest(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return min(known) if known and len(known) == len(values) else None


def _loosest(values: list[int | None]) -> int | None:
    """The highest number of attempts; never locking (0) is looser than any."""
    if not values or None in values:
        return None
    known = [value for value in values if value is not None]
    return 0 if 0 in known else max(known)


def _all_of(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return True if values and None not in values else None


def _choice(steps: Stack, sections: Sections) -> _Choice:
    """Ask pwquality or cracklib where no password gets round them, else what pam_unix asks by itself."""
    found = list(pam.rules(steps))
    checkers = [rule for rule in found if rule.module in _CHECKERS]
    if any(rule.module == "pam_passwdqc.so" for rule in found) or len(checkers) > 1:
        raise Unclear
    if not checkers:
        lengths = [integer(rule.value("minlen")) or _UNIX_MINIMUM for rule in found if rule.module == "pam_unix.so"]
        return _Choice(min(lengths), 0, dictionary=False)
    if any("weak" in state.marks for state in pam.ends(steps, _weak_password)):
        raise Unclear
    return (_pwquality if checkers[0].module == "pam_pwquality.so" else _cracklib)(checkers[0], sections)


def _weak_password(rule: Rule, state: State) -> Marked:
    """The check refuses a password; is it stored all the same? Not by a module that takes only what was checked."""
    if rule.module in _CHECKERS:
        yield "fail", state.marks | {"refused"}
    elif rule.module == "pam_unix.so":
        kept_out = "refused" in state.marks and state.impression == "bad" and "use_authtok" in rule.arguments
        yield ("fail", state.marks) if kept_out else ("success", state.marks | {"weak"})
    else:
        yield from ((answer, state.marks) for answer in _usual(rule))


def _usual(rule: Rule) -> tuple[str, ...]:
    if rule.module == "pam_deny.so":
        return ("fail",)
    return ("success",) if rule.module in _LOCAL else pam.ANY


def _pwquality(rule: Rule, sections: Sections) -> _Choice:
    """Files in order, then the module's own arguments, which win. Only credits above zero shorten what is asked."""
    files = [
        *sections.files("/etc/security/pwquality.conf.d/*.conf"),
        ("", sections.file("/etc/security/pwquality.conf")),
    ]
    if not all(section.looked for _, section in files):
        return _Choice(None, None, None)
    said = {key: value for _, section in files for key, value in pairs(section.text)}
    said |= dict(word.partition("=")[::2] for word in rule.arguments)
    if integer(said.get("enforcing", "1")) == 0:
        return _Choice(_UNIX_MINIMUM, 0, dictionary=False)
    numbers = {name: integer(said.get(name)) for name in ("minlen", "minclass", "dictcheck", *_CREDITS)}
    checked = numbers["dictcheck"] != 0
    return _asked(numbers, default_length=8, default_credit=0, dictionary=_dictionary(sections) if checked else False)


def _cracklib(rule: Rule, sections: Sections) -> _Choice:
    """Every class of character is worth one character of length, unless told otherwise."""
    numbers = {name: integer(rule.value(name)) for name in ("minlen", "minclass", *_CREDITS)}
    return _asked(numbers, default_length=9, default_credit=1, dictionary=_dictionary(sections))


def _asked(
    numbers: dict[str, int | None], *, default_length: int, default_credit: int, dictionary: bool | None
) -> _Choice:
    credits_ = [default_credit if numbers[name] is None else numbers[name] or 0 for name in _CREDITS]
    length = default_length if numbers["minlen"] is None else numbers["minlen"]
    shortened = length - sum(worth for worth in credits_ if worth > 0)
    classes = max(numbers["minclass"] or 0, sum(worth < 0 for worth in credits_))
    return _Choice(max(shortened, _UNIX_MINIMUM), min(classes, 4), dictionary)


def _dictionary(sections: Sections) -> bool | None:
    """The check needs a dictionary to check against."""
    looked = [sections.names(pattern) for pattern in _DICTIONARIES]
    if any(section.ok for section in looked):
        return True
    return False if all(section.looked for section in looked) else None


def _lockout(steps: Stack, sections: Sections) -> int | None:
    """Attempts allowed: faillock locks only if it checks (preauth) and counts (authfail); tally2 needs ``deny``."""
    found = list(pam.rules(steps))
    tally = [rule for rule in found if rule.module in {"pam_tally2.so", "pam_tally.so"}]
    if tally:
        return integer(tally[0].value("deny")) or 0 if tally[0].control in {"required", "requisite"} else None
    faillock = [rule for rule in found if rule.module == "pam_faillock.so"]
    words = {word for rule in faillock for word in rule.arguments}
    if not {"preauth", "authfail"} <= words:
        return 0
    if any("missed" in state.marks for state in pam.ends(steps, _wrong_password)):
        return None
    if any(state.enters for state in pam.ends(steps, _locked_account)):
        return None
    return _attempts([rule for rule in faillock if {"preauth", "authfail"} & set(rule.arguments)], sections)


def _wrong_password(rule: Rule, state: State) -> Marked:
    """Is every wrong password counted? ``missed`` from the moment it was tried until then."""
    if rule.module == "pam_unix.so":
        yield "fail", state.marks | {"missed"}
    elif rule.module == "pam_faillock.so" and "authfail" in rule.arguments:
        yield "fail", state.marks - {"missed"} if rule.actions("fail") <= {"bad", "die"} else state.marks
    else:
        yield from ((answer, state.marks) for answer in (("fail",) if rule.module in pam.REFUSE else _usual(rule)))


def _locked_account(rule: Rule, state: State) -> Marked:
    """The right password comes, and the account is locked: it must not open."""
    if rule.module == "pam_faillock.so":
        yield "fail" if "preauth" in rule.arguments else "success", state.marks
    elif rule.module == "pam_unix.so":
        yield "success", state.marks
    else:
        yield from ((answer, state.marks) for answer in (("fail",) if rule.module in pam.REFUSE else _usual(rule)))


def _attempts(faillock: list[Rule], sections: Sections) -> int | None:
    """The loosest of the calls: its own words, then the file's, then the default."""
    conf = sections.file("/etc/security/faillock.conf")
    if not conf.looked or any(rule.value("conf") for rule in faillock):
        return None
    said = dict(pairs(conf.text))
    found = [integer(rule.value("deny") or said.get("deny", "3")) for rule in faillock]
    locks = [integer(rule.value("unlock_time") or _seconds(said.get("unlock_time", "600"))) for rule in faillock]
    if any(lock is None or 0 < lock < _SHORTEST_LOCK for lock in locks):
        return None
    attempts = [None if one is None else max(one, 0) for one in found]
    return _loosest(attempts)


def _seconds(word: str) -> str:
    return "0" if word == "never" else word


def _lets_empty(steps: Stack) -> bool:
    return any(
        rule.module == "pam_unix.so" and {"nullok", "nullok_secure"} & set(rule.arguments) for rule in pam.rules(steps)
    )


def _max_days(sections: Sections) -> tuple[int | None, dict[str, str]]:
    section = sections.file("/etc/login.defs")
    if not section.looked:
        return None, {"max_days": sections.why(section)}
    days = integer(dict(pairs(section.text)).get("PASS_MAX_DAYS", "-1"))
    if days is None:
        return None, {"max_days": NOT_DECIDABLE}
    return (_NEVER if days < 0 else days), {}
