"""By what a host is taken over from afar, and whether somebody agreed to the time."""

from datetime import date, datetime, timedelta

from negatoscope.kit.clock import PARIS
from negatoscope.model.presence import Span, spans
from negatoscope.model.providers import WEEK, RemoteWindow

BY_PORT = {
    22: "SSH", 23: "Telnet", 512: "rexec", 513: "rlogin", 514: "rsh", 3389: "RDP", 4899: "Radmin",
    5938: "TeamViewer", 5985: "WinRM", 5986: "WinRM", 7070: "AnyDesk",
    **dict.fromkeys(range(5800, 5810), "VNC"), **dict.fromkeys(range(5900, 5910), "VNC"),
    **dict.fromkeys(range(6000, 6064), "X11"),
}  # fmt: skip
"""TCP ports by which a host is taken over."""
RELAYS = {5938: "TeamViewer", 6568: "AnyDesk", 7070: "AnyDesk", **dict.fromkeys(range(21115, 21120), "RustDesk")}
"""Ports of the relays, as their makers publish them; all can fall back on 443, which tells nothing."""
DAY = timedelta(days=1)


def hours_of(window: RemoteWindow) -> tuple[Span, ...] | None:
    """Its hours; ``None``: not all of days, hours, beginning and end were said."""
    if window.hours is None or window.days is None or window.starts_on is None or window.until is None:
        return None
    return spans(window.hours)


def _holding(window: RemoteWindow, day: date) -> bool:
    begun = window.starts_on is not None and window.until is not None and window.starts_on <= day <= window.until
    return begun and window.days is not None and day.weekday() in WEEK[window.days]


def turn(window: RemoteWindow, at: datetime) -> datetime | None:
    """When the turn of a window began in which an instant lies; one past midnight began the day before."""
    today = at.astimezone(PARIS).date()
    for day in (today, today - DAY):
        for begins, ends in (hours_of(window) or ()) if _holding(window, day) else ():
            start = datetime.combine(day, begins, PARIS)
            end = datetime.combine(day if begins < ends else day + DAY, ends, PARIS)
            if start <= at <= end:
                return start
    return None
