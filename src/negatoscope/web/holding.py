"""A password typed for a test that failed: sealed into the page that asks again, for a quarter of an hour."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import QueryDict
from django.views.decorators.debug import sensitive_variables

from negatoscope.kit import sealing
from negatoscope.kit.clock import utc_now
from negatoscope.web.desk import Visit

HOLDS = timedelta(minutes=15)
FIELD = "kept"
"""The hidden field that bears it."""


def _key() -> bytes:
    return hashlib.sha256(f"typed for a test {settings.SECRET_KEY}".encode()).digest()


@sensitive_variables()
def sealed(request: Visit, password: str) -> str:
    """Seal a password for its typist's next try; empty for none."""
    if not password:
        return ""
    told = f"{(utc_now() + HOLDS).timestamp():.0f} {password}".encode()
    return base64.urlsafe_b64encode(sealing.seal(_key(), told, str(request.user.pk).encode())).decode()


@sensitive_variables()
def typed(request: Visit) -> QueryDict | None:
    """What was posted, the password of the try before in its place if none was typed; ``None``: nothing was posted."""
    if request.method != "POST":
        return None
    told = request.POST.copy()
    if told.get(FIELD) and not told.get("password"):
        told["password"] = _opened(request, str(told[FIELD]))
    return told


@sensitive_variables()
def _opened(request: Visit, text: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(text.encode())
        told = sealing.unseal((_key(),), raw, str(request.user.pk).encode()).decode()
    except (ValueError, sealing.Unsealable):
        return ""
    until, _space, password = told.partition(" ")
    return password if datetime.fromtimestamp(int(until), UTC) > utc_now() else ""
