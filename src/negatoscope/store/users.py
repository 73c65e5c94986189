"""The console's users and the one-time link, in their tables."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password

from negatoscope.store import roles
from negatoscope.store.models import FirstLink, User
from negatoscope.store.passwords import check_length
from negatoscope.store.roles import Role

__all__ = [
    "User",
    "add",
    "enable",
    "exist",
    "keep_link",
    "listens",
    "named",
    "open_link",
    "set_password",
    "speaks",
    "taken",
    "unsaved",
    "use_link",
]


def exist(practice: int) -> bool:
    """Whether the practice has an administrator who may still log in."""
    return roles.administrators(practice) > 0


def keep_link(practice: int, token_hash: str, at: datetime) -> None:
    """Keep the hash of a fresh one-time link; it replaces the one before."""
    fields = {"token_hash": token_hash, "created_at": at, "used_at": None}
    FirstLink.objects.update_or_create(practice_id=practice, defaults=fields)


def open_link(practice: int, token_hash: str, made_after: datetime) -> bool:
    """Whether this is the practice's link, unused and young enough."""
    return FirstLink.objects.filter(
        practice_id=practice, token_hash=token_hash, used_at=None, created_at__gt=made_after
    ).exists()


def use_link(practice: int, at: datetime) -> None:
    """Close the link for good."""
    FirstLink.objects.filter(practice_id=practice).update(used_at=at)


def taken(username: str) -> bool:
    """Whether somebody, enabled or not, already has this log-in name (case apart)."""
    return User.objects.filter(username__iexact=username).exists()


def add(user: User, password: str, role: Role) -> User:
    """Write a new user who will hold a role. Raises django's ValidationError for a bad name or a weak password."""
    validate_password(password, user)
    check_length(password, role)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


def unsaved(practice: int, name: str, username: str) -> User:
    """Make a user that ``add`` can write."""
    return User(practice_id=practice, first_name=name, username=username)


def named(practice: int, username: str) -> User | None:
    """One user of the practice."""
    return User.objects.filter(practice_id=practice, username=username).first()


def enable(user: User, active: bool) -> None:  # noqa: FBT001 -- the column's own value
    """Open or close a user's log-in; their sessions end with the password check that Django makes."""
    user.is_active = active
    user.save(update_fields=["is_active"])


def set_password(user: User, password: str) -> None:
    """Replace a password. Raises django's ValidationError for a weak one."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def listens(user: User, email: str, muted: Iterable[str]) -> None:
    """Keep where somebody is told things, and what they turned off."""
    user.email, user.muted = email, sorted(muted)
    user.save(update_fields=["email", "muted"])


def speaks(user: User, language: str) -> None:
    """Keep the language in which somebody is told things."""
    user.language = language
    user.save(update_fields=["language"])
