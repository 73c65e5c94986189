"""What the host enforces when a password is chosen, kept and guessed: PAM, pwquality, faillock, login.defs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from negatoscope.model.accounts import PasswordPolicy
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import integer, lines, pairs

_RULE = re.compile(r"^-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$")
_SHARED = ("common-password", "common-auth", "system-auth", "password-auth")
_UNIX_MINIMUM = 6
"""Shortest password that pam_unix (``obscure``) and pwquality take when nothing is said."""
_NEVER = 99_999
_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
_DICTIONARIES = ("/var/cache/cracklib/cracklib_dict.pwd*", "/usr/share/cracklib/pw_dict.pwd*")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of a PAM file."""

    kind: str
    control: str
    module: str
    arguments: tuple[str, ...]

    @property
    def binding(self) -> bool:
        """Its refusal counts."""
        return self.control not in {"optional", "include", "substack"}

    def value(self, name: str) -> str | None:
        """The last ``name=value``."""
        found = [word.partition("=")[2] for word in self.arguments if word.startswith(f"{name}=")]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class _Choice:
    """What one PAM file asks of a new password; ``None``: not decidable."""

    length: int | None
    classes: int | None
    dictionary: bool | None


def password_policy(sections: Sections) -> Iterator[Item]:
    """The weakest of what the PAM files in use ask."""
    files = sections.files("/etc/pam.d/*")
    listed = sections.names("/etc/pam.d/*")
    unread = [section for _, section in files if not section.looked]
    if not listed.ok or unread:
        yield from closed("PasswordPolicy", {"pam": sections.why(listed, *unread)})
        return
    stacks = [rules for _, section in files if (rules := _rules(section))]
    choices = [_choice(rules, sections) for rules in stacks if _has(rules, "password", "pam_unix.so")]
    doors = [rules for rules in stacks if _has(rules, "auth", "pam_unix.so")]
    max_days, days_missing = _max_days(sections)
    fact = PasswordPolicy(
        HOST,
        min_length=_weakest([choice.length for choice in choices]),
        min_classes=_weakest([choice.classes for choice in choices]),
        dictionary_check=_all_of([choice.dictionary for choice in choices]),
        max_days=max_days,
        lockout_attempts=_loosest([_lockout(rules, sections) for rules in doors]),
        empty_allowed=any(_lets_empty(rules) for rules in doors) if doors else None,
    )
    yield fact
    missing = {name: NOT_DECIDABLE for name in _FIELDS if getattr(fact, name) is None}
    yield from closed("PasswordPolicy", missing | days_missing)


_FIELDS = ("min_length", "min_classes", "dictionary_check", "lockout_attempts", "empty_allowed")


def _rules(section: Section) -> list[_Rule]:
    found = []
    for line in lines(section.text):
        said = _RULE.match(line.partition(" #")[0].strip())
        if said:
            found.append(_Rule(said[1], said[2], said[3].rpartition("/")[2], tuple(said[4].split())))
    return found


def _has(rules: Iterable[_Rule], kind: str, module: str) -> bool:
    return any(rule.kind == kind and rule.module == module for rule in rules)


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


def _choice(rules: list[_Rule], sections: Sections) -> _Choice:
    """Ask pwquality or cracklib where they bind, else what pam_unix asks by itself."""
    for rule in (one for one in rules if one.kind == "password"):
        if rule.module == "pam_passwdqc.so":
            return _Choice(None, None, None)
        if rule.module == "pam_pwquality.so" and rule.binding:
            return _pwquality(rule, sections)
        if rule.module == "pam_cracklib.so" and rule.binding:
            return _cracklib(rule, sections)
    unix = next(rule for rule in rules if rule.kind == "password" and rule.module == "pam_unix.so")
    return _Choice(integer(unix.value("minlen")) or _UNIX_MINIMUM, 0, dictionary=False)


def _pwquality(rule: _Rule, sections: Sections) -> _Choice:
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


def _cracklib(rule: _Rule, sections: Sections) -> _Choice:
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


def _lockout(rules: list[_Rule], sections: Sections) -> int | None:
    """Attempts allowed: faillock locks only if it checks (preauth) and counts (authfail); tally2 needs ``deny``."""
    auth = [rule for rule in rules if rule.kind == "auth"]
    tally = next((rule for rule in auth if rule.module in {"pam_tally2.so", "pam_tally.so"}), None)
    if tally is not None:
        return integer(tally.value("deny")) or 0
    faillock = [rule for rule in auth if rule.module == "pam_faillock.so"]
    words = {word for rule in faillock for word in rule.arguments}
    if not {"preauth", "authfail"} <= words:
        return 0
    said = next((rule.value("deny") for rule in faillock if rule.value("deny")), None)
    conf = sections.file("/etc/security/faillock.conf")
    if said is None and not conf.looked:
        return None
    attempts = integer(said if said is not None else dict(pairs(conf.text)).get("deny", "3"))
    return None if attempts is None else max(attempts, 0)


def _lets_empty(rules: list[_Rule]) -> bool:
    return any(
        rule.kind == "auth" and rule.module == "pam_unix.so" and {"nullok", "nullok_secure"} & set(rule.arguments)
        for rule in rules
    )


def _max_days(sections: Sections) -> tuple[int | None, dict[str, str]]:
    section = sections.file("/etc/login.defs")
    if not section.looked:
        return None, {"max_days": sections.why(section)}
    days = integer(dict(pairs(section.text)).get("PASS_MAX_DAYS", "-1"))
    if days is None:
        return None, {"max_days": NOT_DECIDABLE}
    return (_NEVER if days < 0 else days), {}
