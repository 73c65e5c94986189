"""Before what could open the practice to somebody, whoever is at the keyboard shows again that it is them."""

import time
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import resolve, reverse

from negatoscope.web.access import SAFE, Needs, Page, require

P = TypeVar("P", bound=Page)


def confirmed(request: HttpRequest) -> bool:
    """Whether the visitor showed a password or a factor within the last minutes; who has neither cannot be asked."""
    if not get_adapter().get_reauthentication_methods(request.user):
        return True
    told = get_authentication_records(request, request.user)
    return bool(told) and time.time() - told[-1]["at"] < REAUTHENTICATION_TIMEOUT


def ask(request: HttpRequest) -> HttpResponseRedirect:
    """Send the visitor to the page that asks, and back; what they sent is kept nowhere."""
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


def confirm_act(page: P) -> P:
    """Ask before a form is acted upon, then act: for forms without any secret, that end on another page.

    The role is asked once more when the form, kept in the session meanwhile, is taken up again.
    """

    @wraps(page)
    def sure(request: HttpRequest, *told: Any, **named: Any) -> HttpResponseBase:  # noqa: ANN401 -- the page's own
        method = request.method or "POST"
        if method not in SAFE and not confirmed(request):
            raise ReauthenticationRequired
        asked: Needs = resolve(request.path_info).func.needs  # type: ignore[attr-defined]  # set by @needs
        require(request, asked.role(method))
        return page(request, *told, **named)

    return sure  # type: ignore[return-value]  # wraps keeps its shape


def confirm_first(page: P) -> P:
    """Ask before a page is shown: for pages whose form takes a secret, which is never kept in a session."""

    @wraps(page)
    def sure(request: HttpRequest, *told: Any, **named: Any) -> HttpResponseBase:  # noqa: ANN401 -- the page's own
        return page(request, *told, **named) if confirmed(request) else ask(request)

    return sure  # type: ignore[return-value]
