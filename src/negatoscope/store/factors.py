"""Second factors and sessions of users, in allauth's and Django's tables."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from negatoscope.store.models import PracticeRow, User
from negatoscope.store.roles import Role, grants

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_ORDER = tuple(Role)


def exist() -> bool:
    """Whether any seed was sealed."""
    return bool(Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).exists())


def held(user: int, *, but: int | None = None) -> bool:
    """Whether a user has a second factor, one of them left out."""
    return bool(
        Authenticator.objects.filter(user_id=user, type__in=STRONG).exclude(pk=-1 if but is None else but).exists()
    )


def asked(user: User) -> bool:
    """Whether the user's widest role asks for a second factor."""
    least = PracticeRow.objects.filter(pk=user.practice_id or 0).values_list("second_factor", flat=True).first()
    mine = grants(user.pk, user.practice_id)
    roles = [role for role in (mine.whole, *mine.sites.values()) if role]
    return least in set(Role) and any(_ORDER.index(role) >= _ORDER.index(Role(least)) for role in roles)


def ask_of(practice: int, least: Role | None) -> None:
    """Keep from which role on a second factor is asked."""
    PracticeRow.objects.filter(pk=practice).update(second_factor=least.value if least else "")


def set_due(user: User, at: datetime | None) -> None:
    """Keep until when the user may still act without a second factor; ``None``: they have one, or need none."""
    if user.second_factor_by != at:
        user.second_factor_by = at
        user.save(update_fields=["second_factor_by"])


def remove_all(user: int) -> int:
    """Take every second factor of a user away; returns how many there were."""
    many: int = Authenticator.objects.filter(user_id=user).delete()[0]
    return many


@dataclass(frozen=True)
class Place:
    """Somewhere a user is logged in."""

    number: int
    browser: str
    address: str
    since: datetime
    here: bool


def places(user: User, present: str | None) -> list[Place]:
    """Where a user is logged in, the newest first. ``present``: the key of the session that asks."""
    rows = UserSession.objects.purge_and_list(user)
    found = [Place(one.pk, one.user_agent, one.ip, one.created_at, one.session_key == present) for one in rows]
    return sorted(found, key=lambda one: one.since, reverse=True)


def end_place(user: User, number: int) -> bool:
    """End one session of a user; ``False``: there is none of that number."""
    row = UserSession.objects.filter(user=user, pk=number).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    return True


def end_places(user: User, *, but: str | None = None) -> int:
    """End every session of a user, listed or not, except the one that asks. Returns how many."""
    ended = 0
    for session in Session.objects.exclude(session_key=but).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    UserSession.objects.filter(user=user).exclude(session_key=but).delete()
    return ended
