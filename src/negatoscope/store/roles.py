"""Who may do what, in its table: a role on the whole practice, and more on some of its sites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from negatoscope.store.models import GrantRow, Role, User

__all__ = ["Grants", "Role", "administrators", "give", "grants", "grants_of", "take"]

_ORDER = tuple(Role)


@dataclass(frozen=True)
class Grants:
    """The roles of one user in one practice. The only place that compares roles."""

    whole: Role | None = None
    sites: Mapping[int, Role] = field(default_factory=dict)

    def may(self, role: Role, site: int) -> bool:
        """Whether they may act as this role at this site.

        Who sees something of a practice sees it whole: what is known of it is not split by site. An administrator's
        acts concern the whole practice, so that such a role on one site makes nobody one.
        """
        if role is Role.READER:
            return self.whole is not None or bool(self.sites)
        if role is Role.ADMINISTRATOR:
            return self.whole is Role.ADMINISTRATOR
        held = (self.whole, self.sites.get(site))
        return any(one is not None and _ORDER.index(one) >= _ORDER.index(role) for one in held)

    def capped(self, least: Role) -> "Grants":
        """What is left of these roles while those from ``least`` on are suspended."""
        under = _ORDER[max(0, _ORDER.index(least) - 1)]

        def lowered(role: Role) -> Role:
            return role if _ORDER.index(role) < _ORDER.index(least) else under

        return Grants(self.whole and lowered(self.whole), {site: lowered(role) for site, role in self.sites.items()})


def grants(user: int, practice: int | None) -> Grants:
    """A user's roles in a practice."""
    return _held(GrantRow.objects.filter(user_id=user, practice_id=practice))


def grants_of(user: User) -> Grants:
    """A user's roles in their own practice, where they were read with the user."""
    return _held(grant for grant in user.grants.all() if grant.practice_id == user.practice_id)


def _held(rows: Iterable[GrantRow]) -> Grants:
    held: dict[int | None, Role] = {row.site_id: Role(row.role) for row in rows}
    return Grants(held.get(None), {site: role for site, role in held.items() if site is not None})


def give(user: User, role: Role, site: int | None = None) -> None:
    """Give a role on the practice, or on one site of it; it replaces the one held there."""
    GrantRow.objects.update_or_create(
        user=user, practice_id=user.practice_id, site_id=site, defaults={"role": role.value}
    )


def take(user: User, site: int | None = None) -> None:
    """Take the role away, on the practice or on one site of it."""
    GrantRow.objects.filter(user=user, practice_id=user.practice_id, site_id=site).delete()


def administrators(practice: int) -> int:
    """How many administrators of the practice may log in."""
    return GrantRow.objects.filter(
        practice_id=practice, site=None, role=Role.ADMINISTRATOR, user__is_active=True, user__practice_id=practice
    ).count()
