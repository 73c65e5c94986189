"""Log-ins, failed ones and log-outs are ledger entries; an entry that cannot be written makes the log-in fail."""

from typing import Any

from allauth.account.signals import password_changed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from negatoscope.flows.admitting import note_passage
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import practice as practices

UNKNOWN = "?"


def _console() -> Console:
    practice = practices.first()
    return Console(settings.CONFIG, practice, practices.site(practice), utc_now)


@receiver(user_logged_in)
def came_in(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who came in."""
    note_passage(_console(), "login", user.get_username())


@receiver(user_login_failed)
def turned_away(credentials: dict[str, Any], **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who was turned away, under the name that was typed."""
    note_passage(_console(), "login_failed", str(credentials.get("username") or UNKNOWN)[:150])


@receiver(user_logged_out)
def went_out(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what Django sends
    """Note who left; a session that had already ended has nobody."""
    if user is not None:
        note_passage(_console(), "logout", user.get_username())


@receiver(password_changed)
def changed_password(user: Any, **_told: Any) -> None:  # noqa: ANN401 -- what allauth sends
    """Note who changed their own password."""
    note_passage(_console(), "password_changed", user.get_username())
