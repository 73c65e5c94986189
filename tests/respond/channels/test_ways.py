"""Guided choices make addresses; what would run, read or wander elsewhere is refused."""

import pytest

from negatoscope.respond.channels import ways
from negatoscope.respond.channels.ways import WayRefused

BASE = "https://prod-1.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke"


@pytest.mark.parametrize(
    ("service", "told", "made", "shown"),
    [
        ("mail", {"to": "garde@cabinet.example"}, "mailto:garde@cabinet.example", "garde@cabinet.example"),
        ("ntfy", {"server": "https://n.example/", "topic": "a b"}, "ntfys://n.example/a%20b?mode=private", "n.example"),
        (
            "ntfy",
            {"server": "http://10.0.0.2:80", "topic": "x", "token": "tk_1"},
            "ntfy://tk_1@10.0.0.2:80/x?mode=private&auth=token",
            "10.0.0.2",
        ),
        ("gotify", {"server": "https://g.example/sous", "token": "A/b"}, "gotifys://g.example/sous/A%2Fb", "g.example"),
        (
            "matrix",
            {"server": "https://m.example", "room": "!r:m.example", "token": "s"},
            "matrixs://s@m.example/%21r%3Am.example",
            "m.example",
        ),
        ("teams", {"address": f"{BASE}?sig=s"}, f"{BASE}?sig=s", "prod-1.westeurope.logic.azure.com"),
        ("webhook", {"address": "http://[::1]:9/x"}, "json://[::1]:9/x/", "::1"),
        (
            "webhook",
            {"address": "https://h.example/x?a=1", "token": "t"},
            "jsons://h.example/x/?-a=1&%2BAuthorization=Bearer%20t",
            "h.example",
        ),
        ("other", {"address": "slack://T/B/C/#garde"}, "slack://T/B/C/#garde", "slack"),
    ],
)
def test_what_is_filled_in_makes_an_address(service: str, told: dict[str, str], made: str, shown: str) -> None:
    assert ways.address(service, told) == made
    assert ways.shown(service, told) == shown


@pytest.mark.parametrize(
    ("service", "told", "code"),
    [
        ("webhook", {"address": "file:///etc/passwd"}, "address"),
        ("webhook", {"address": "https://user:pass@h.example/"}, "address"),
        ("webhook", {"address": "https://h.example:x/"}, "address"),
        ("webhook", {"address": "https://"}, "address"),
        ("webhook", {"address": "https://h.example/" + "a" * 2000}, "too_long"),
        ("ntfy", {"server": "https://n.example/x", "topic": "t"}, "address"),
        ("gotify", {"server": "https://n.example/?x=1", "token": "t"}, "address"),
        ("matrix", {"server": "https://n.example/?x=1", "token": "t", "room": "r"}, "address"),
        ("teams", {"address": "https://h.example/x"}, "address"),
        ("teams", {"address": "http://h.example/workflows/x"}, "address"),
        ("teams", {"address": f"{BASE}?sig=s&template=/etc/passwd"}, "parameter"),
        ("other", {"address": "file:///tmp/x"}, "service"),
        ("other", {"address": "dbus://"}, "service"),
        ("other", {"address": "syslog://"}, "service"),
        ("other", {"address": "json://h.example/"}, "service"),
        ("other", {"address": "mailto://user:pass@h.example"}, "service"),
        ("other", {"address": "slack://[T/B/C"}, "address"),
        ("other", {"address": "slack://T/B/C?verify=no"}, "parameter"),
        ("other", {"address": "slack://T/B/C?template=/etc/passwd"}, "parameter"),
        ("other", {"address": "slack://T/B/C?template"}, "parameter"),
    ],
)
def test_what_is_no_way_is_refused(service: str, told: dict[str, str], code: str) -> None:
    with pytest.raises(WayRefused) as refused:
        ways.address(service, told)
    assert refused.value.code == code
