"""What every page starts from: who asks, for which practice, and the console at hand."""

import re
from typing import NoReturn, TypeVar

from django.conf import settings
from django.core.cache import cache as stored
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django_htmx.middleware import HtmxDetails

from negatoscope.flows.console import Console
from negatoscope.flows.recording import enter
from negatoscope.flows.scheduling import judge_soon
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.canonical import sha256
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import practice as practices
from negatoscope.store.users import User

T = TypeVar("T")
DECAYS = "decays-%s"
"""Where the badge's count is kept for a while, by practice."""


class Visit(HttpRequest):
    """A request of somebody who logged in."""

    user: User
    htmx: HtmxDetails


def console(request: HttpRequest) -> Console:
    """The console of the visitor's practice; tables and folders were made when the program started."""
    practice = getattr(request.user, "practice_id", None) or practices.first()
    return Console(settings.CONFIG, practice, practices.site(practice), utc_now)


def practice(request: Visit) -> int:
    """The visitor's practice. Raises PermissionDenied for a user that belongs to none."""
    if request.user.practice_id is None:
        raise PermissionDenied
    return request.user.practice_id


def operator(request: Visit) -> str:
    """The visitor, as observations and the ledger name them."""
    return f"user:{request.user.username}"


def signature(request: Visit) -> str:
    """The visitor, as an attestation bears their name."""
    return f"{request.user.get_full_name() or request.user.username} ({request.user.username})"


def judge_again(request: Visit) -> None:
    """Judge, after something was said that may change a verdict: now, or as a job where the register is large."""
    judge_soon(console(request), operator(request))
    stored.delete(DECAYS % request.user.practice_id)


def language() -> Lang:
    """The language of this page, as the texts of rules name it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def found(value: T | None) -> T:
    """The thing looked up, or the page « not found »."""
    return missing() if value is None else value


def missing() -> NoReturn:
    """Answer that there is no such page."""
    raise Http404


def download(request: Visit, what: str, data: bytes, name: str, kind: str) -> HttpResponse:
    """Hand out a file; the ledger knows who took what."""
    said = {"what": what, "digest": sha256(data)}
    enter(console(request), utc_now(), "export", operator(request), said)
    return attachment(data, name, kind)


def attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    """Make a file that browsers save and never show."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "fichier"
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{safe}"'})
