"""What each password profile asks, as dated data, and how settings are weighed by it."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.judge.shapes import Said, unread
from negatoscope.kit.bilingual import Said as Text
from negatoscope.model.accounts import PasswordPolicy
from negatoscope.model.directory import DirectoryPolicy
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.judgement import Finding
from negatoscope.model.passwords import PasswordChoice, Profile

DEFAULT = Profile.SEED_2013
"""While nobody has chosen: the text that the forty rules are."""
FILE = Path(__file__).parent / "profiles.toml"
MOST_CLASSES = 4


class Enough(Struct, frozen=True, forbid_unknown_fields=True):
    """A length and the sorts of characters that suffice with it."""

    length: int
    classes: int


class Terms(Struct, frozen=True, forbid_unknown_fields=True):
    """One profile. ``renewal_days``: ``None`` asks for no renewal."""

    dated: date
    title: Text
    source: Text
    attempts: int
    """Failures at most before an account is locked."""
    enough: tuple[Enough, ...]
    enough_when_locked: tuple[Enough, ...] = ()
    """Suffice besides, where an account is locked after a few failures."""
    renewal_days: int | None = None
    privileged_renewal_days: int | None = None

    @property
    def shortest(self) -> int:
        """Characters at least, whatever they are."""
        return min(one.length for one in self.enough)

    def renewal(self, *, privileged: bool) -> timedelta | None:
        """How old a password may become; ``None``: without limit."""
        days = self.privileged_renewal_days if privileged else self.renewal_days
        return None if days is None else timedelta(days=days)


@cache
def profiles() -> dict[Profile, Terms]:
    """Read ``profiles.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode(FILE.read_bytes(), type=dict[Profile, Terms])


def chosen(choice: Seen[PasswordChoice]) -> Profile:
    """The profile that the practice is judged by."""
    return choice.facts[0].profile if choice.facts else DEFAULT


def long_enough(subject: Ref, length: int | None, profile: Profile) -> Said:
    """Refuse passwords that are short whatever they are made of."""
    wanted = profiles()[profile].shortest
    if length is None:
        yield unread(subject, "min_length")
    elif length < wanted:
        yield Finding(subject, "too_short", {"length": length, "wanted": wanted, "profile": profile})


class Asked(Struct, frozen=True):
    """What a policy asks of a password; ``attempts``: failures before locking, 0 for never."""

    length: int | None
    classes: int | None
    attempts: int | None


def mixed_enough(subject: Ref, asked: Asked, profile: Profile) -> Said:
    """Refuse passwords of too few sorts of characters for their length."""
    terms = profiles()[profile]
    sure = _wanted(asked.length, terms.enough)
    locked = min(sure, _wanted(asked.length, terms.enough_when_locked))
    best = min(one.classes for one in (*terms.enough, *terms.enough_when_locked))
    if asked.classes is None:
        yield unread(subject, "min_classes")
    elif asked.classes >= sure:
        return
    elif asked.length is None and asked.classes >= best:
        yield unread(subject, "min_length")
    elif asked.length is not None and asked.classes >= locked:
        if asked.attempts is None:
            yield unread(subject, "lockout_attempts")
        elif not 0 < asked.attempts <= terms.attempts:
            yield Finding(subject, "few_classes", _values(asked, sure, profile))
    else:
        yield Finding(subject, "few_classes", _values(asked, best if asked.length is None else sure, profile))


def _wanted(length: int | None, enough: tuple[Enough, ...]) -> int:
    """Sorts of characters that a length wants; a length too short for all of these is another finding's matter."""
    return min((one.classes for one in enough if length is not None and length >= one.length), default=MOST_CLASSES)


def _values(asked: Asked, wanted: int, profile: Profile) -> dict[str, int | str | None]:
    return {"classes": asked.classes, "wanted": wanted, "profile": profile}


def locking(policies: Iterable[PasswordPolicy | DirectoryPolicy], profile: Profile) -> Said:
    """Lock an account after a few failures."""
    most = profiles()[profile].attempts
    for policy in policies:
        attempts = policy.lockout_attempts
        if attempts is None:
            yield unread(policy.ref, "lockout_attempts")
        elif not 0 < attempts <= most:
            yield Finding(policy.ref, "guessing_allowed", {"attempts": attempts, "wanted": most, "profile": profile})
