"""One look at a running server by the real collector."""

from io import BytesIO
from typing import Any, NamedTuple

import msgspec

from negatoscope.observe.collector import Login, Look, Unreachable
from negatoscope.observe.directory.capture import capture
from negatoscope.observe.directory.settings import Settings
from tests.observe.directory.domain import ADMINISTRATOR, PASSWORD, REALM, Domain


class Brought(NamedTuple):
    """What a look brought back, or why not."""

    data: bytes
    why: str | None


def look_at(server: Domain, username: str = ADMINISTRATOR, password: str = PASSWORD, **settings: Any) -> Brought:  # noqa: ANN401 -- any setting
    """Look at a domain from inside its network."""
    said = {"servers": ["127.0.0.1"], "credential": "lecture", "ca": server.authority, "declared": ["127.0.0.0/8"]}
    return server.inside(lambda: looked(said | settings, Login(username, password)))


def looked(settings: dict[str, Any], login: Login, realm: str = REALM) -> Brought:
    """Capture with these settings."""
    out = BytesIO()
    try:
        capture(msgspec.convert(settings, Settings), realm, Look(out, login=lambda _name: login))
    except Unreachable as error:
        return Brought(b"", error.why)
    return Brought(out.getvalue(), None)
