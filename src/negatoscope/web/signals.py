"""Log-ins, failed ones and log-outs are ledger entries; an entry that cannot be written makes the log-in fail."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver

from negatoscope.flows import securing
from negatoscope.flows.admitting import note_passage
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.store import factors
from negatoscope.store.queries import practice as practices

UNKNOWN = "?"


def _console() -> Console:
    practice = practices.first()
    return Console(settings.CONFIG, practice, practices.site(practice), utc_now)


@receiver(user_logged_in)
def came_in(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who came in."""
    console = _console()
    note_passage(console, "login", user.get_username())
    securing.look_after(console, user)


@receiver(user_login_failed)
def turned_away(credentials: dict[str, Any], **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who was turned away, under the name that was typed."""
    note_passage(_console(), "login_failed", str(credentials.get("username") or UNKNOWN)[:150])


@receiver(user_logged_out)
def went_out(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who left; a session that had already ended has nobody."""
    if user is not None:
        note_passage(_console(), "logout", user.get_username())


@receiver(post_save, sender=Authenticator)
def gained_factor(instance: Any, *, created: bool, **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note a new second factor, in the very transaction that keeps it; allauth's own signal comes after it."""
    if created and instance.type in factors.STRONG:
        _factor("factor_added", instance.user, instance)


@receiver(authenticator_removed)
def lost_factor(user: Any, authenticator: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note a second factor taken away by its owner."""
    _factor("factor_removed", user, authenticator)


@receiver(authenticator_reset)
def renewed_codes(user: Any, authenticator: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note new recovery codes."""
    _factor("recovery_codes_made", user, authenticator)


@receiver(authenticator_used)
def used_factor(user: Any, authenticator: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note a recovery code that was used: it may be the sign of a stolen paper."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _factor("recovery_code_used", user, authenticator)


@receiver(authentication_failed)
def wrong_factor(user: Any, authenticator: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note a wrong code: somebody knew the password."""
    _factor("factor_failed", user, authenticator)


def _factor(kind: str, user: Any, authenticator: Any) -> None:  # noqa: ANN401 -- allauth's
    console = _console()
    securing.note(console, kind, user.get_username(), str(authenticator.type))
    securing.look_after(console, user)


@receiver(password_changed)
def changed_password(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note who changed their own password."""
    note_passage(_console(), "password_changed", user.get_username())
