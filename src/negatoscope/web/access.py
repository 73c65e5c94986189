"""Who may open which page: each page says what it needs, one middleware decides, and what says nothing is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from negatoscope.kit.clock import utc_now
from negatoscope.store import roles
from negatoscope.store.queries import practice as practices
from negatoscope.store.roles import Grants, Role
from negatoscope.store.users import User

Page = Callable[..., HttpResponseBase]
P = TypeVar("P", bound=Page)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Needs:
    """The role that a page asks of whoever looks at it, and of whoever sends its form."""

    look: Role
    act: Role

    def role(self, method: str) -> Role:
        """What this method asks."""
        return self.look if method in SAFE else self.act


def needs(look: Role, *, act: Role | None = None) -> Callable[[P], P]:
    """Declare what a page needs: ``@needs(Role.READER, act=Role.OPERATOR)``; without ``act``, both ask the same."""

    def declare(page: P) -> P:
        page.needs = Needs(look, act or look)  # type: ignore[attr-defined]  # read by Doorkeeper
        return page

    return declare


def guarded(page: Page, look: Role, *, act: Role | None = None) -> Page:
    """Somebody else's page (allauth's), behind our door."""

    @wraps(page)
    def behind(request: HttpRequest, *told: Any, **named: Any) -> HttpResponseBase:  # noqa: ANN401 -- the page's own
        return page(request, *told, **named)

    return needs(look, act=act)(behind)


def held(request: HttpRequest) -> Grants:
    """The visitor's roles in their practice; asked once a request."""
    user = request.user
    if not user.is_authenticated:
        return Grants()
    known: Grants | None = getattr(request, "_grants", None)
    if known is None:
        known = _standing(user, roles.grants(user.pk, user.practice_id))
        request._grants = known  # type: ignore[attr-defined]  # noqa: SLF001 -- kept for this request
    return known


def _standing(user: User, given: Grants) -> Grants:
    """What a user may do now: the wider roles wait once the time to add a second factor is over."""
    if user.second_factor_by is None or user.second_factor_by > utc_now() or user.practice is None:
        return given
    least = user.practice.second_factor
    return given.capped(Role(least)) if least else given


def may(request: HttpRequest, role: Role) -> bool:
    """Whether the visitor may act as this role, on the site where they work. The only place that decides."""
    practice = getattr(request.user, "practice_id", None)
    if practice is None:
        return False
    mine = held(request)
    return mine.may(role, practices.site(practice) if mine.sites else 0)


def require(request: HttpRequest, role: Role) -> None:
    """Turn away whoever may not act as this role. Raises PermissionDenied."""
    if not may(request, role):
        raise PermissionDenied


class Doorkeeper:
    """Middleware: a page that says nothing of who may open it stays closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as usual."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, page: Page, *_told: object) -> None:
        """Let through who may; pages for those who have not come in say so themselves."""
        if not getattr(page, "login_required", True):
            return
        asked: Needs | None = getattr(page, "needs", None)
        if asked is None:
            raise PermissionDenied
        require(request, asked.role(request.method or "POST"))
