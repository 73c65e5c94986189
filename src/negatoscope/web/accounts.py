"""How people come in: no sign-up, only accounts that an administrator made; log-ins are in the ledger."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter, without the sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        """Nobody signs up by themselves."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 -- allauth's signature
        """Back to my account."""
        return reverse("me")

    def add_message(self, request: HttpRequest, _level: int, *told: Any, **named: Any) -> None:  # noqa: ANN401 -- allauth's
        """Say what pages do not show by themselves: that a password was changed."""
        if "password_changed" in f"{told} {named.get('message_template', '')}":
            messages.success(request, _("Votre mot de passe est changé."))
