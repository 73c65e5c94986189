"""Who may log in, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.store import factors
from negatoscope.store.models import Role, User
from negatoscope.store.queries.paging import Ask, Found, Reach, pick
from negatoscope.store.roles import grants_of


@dataclass(frozen=True, slots=True)
class Member:
    """One user of the console."""

    username: str
    name: str
    role: Role | None
    """On the whole practice."""
    sites: tuple[tuple[int, Role], ...]
    """More, on some sites."""
    factor: bool
    """Whether they have a second factor."""
    active: bool
    joined: datetime
    last_login: datetime | None


REACH = Reach(
    searched=("username", "first_name"),
    sorted={
        "username": "username",
        "name": "first_name",
        "active": "is_active",
        "last_login": "last_login",
    },
)


def members(practice: int, ask: Ask) -> Found[Member]:
    """A page of the users."""
    return pick(
        User.objects.filter(practice_id=practice).prefetch_related("grants", "authenticator_set"), ask, REACH, _member
    )


def member(practice: int, username: str) -> Member | None:
    """One user."""
    row = User.objects.filter(practice_id=practice, username=username).first()
    return _member(row) if row else None


@dataclass(frozen=True, slots=True)
class Reachable:
    """A user as somebody who may be told things."""

    username: str
    name: str
    email: str
    language: str
    muted: frozenset[str]
    roles: frozenset[str]
    """What they may act as at this site."""
    active: bool


def reachable(practice: int, site: int) -> list[Reachable]:
    """Every user, and what they want to be told."""
    rows = User.objects.filter(practice_id=practice).prefetch_related("grants").order_by("username")
    return [
        Reachable(
            row.username,
            row.first_name or row.username,
            row.email,
            row.language,
            frozenset(row.muted),
            frozenset(role.value for role in Role if grants_of(row).may(role, site)),
            row.is_active,
        )
        for row in rows
    ]


def names(practice: int) -> dict[str, str]:
    """The full name behind each log-in name."""
    rows = User.objects.filter(practice_id=practice).values_list("username", "first_name")
    return {username: name or username for username, name in rows}


def _member(row: User) -> Member:
    held = grants_of(row)
    sites = tuple(sorted(held.sites.items(), key=str))
    name = row.first_name or row.username
    factor = any(one.type in factors.STRONG for one in row.authenticator_set.all())  # type: ignore[attr-defined]
    return Member(row.username, name, held.whole, sites, factor, row.is_active, row.date_joined, row.last_login)
