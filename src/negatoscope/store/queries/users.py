"""Who may log in, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.store import factors
from negatoscope.store.models import Role, User
from negatoscope.store.queries.paging import Ask, Found, Reach, pick


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


def names(practice: int) -> dict[str, str]:
    """The full name behind each log-in name."""
    rows = User.objects.filter(practice_id=practice).values_list("username", "first_name")
    return {username: name or username for username, name in rows}


def _member(row: User) -> Member:
    held = {grant.site_id: Role(grant.role) for grant in row.grants.all() if grant.practice_id == row.practice_id}
    sites = tuple((site, role) for site, role in sorted(held.items(), key=str) if site is not None)
    name = row.first_name or row.username
    factor = any(one.type in factors.STRONG for one in row.authenticator_set.all())  # type: ignore[attr-defined]
    whole = held.get(None)
    return Member(row.username, name, whole, sites, factor, row.is_active, row.date_joined, row.last_login)
