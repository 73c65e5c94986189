"""How did it get in: what may have opened the door before the first sign, ranked, each with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Values
from negatoscope.respond.questions.answer import Answer, Read, Why, Window, why

MOST = 200
MANY_FAILED = 5
"""Refused attempts from one place before one that succeeded: somebody guessed."""
DAY, NIGHT = time(7), time(20)
"""Between these, in Paris, from Monday to Friday, somebody is expected."""
SATURDAY = 5
CLOSE = timedelta(hours=24)
"""So close before the first sign, the two are likelier to belong together."""
WEIGHTS = {
    "from_outside": 40, "guessed": 30, "first_time": 20, "exposed": 25, "remote_control": 10,
    "medium": 25, "at_night": 10, "close": 15, "alerted": 30, "upstream": 0, "log_cleared": 20, "rights": 15,
    "account": 15,
}  # fmt: skip
"""What each reason adds. Orders of magnitude, set by hand: they rank, they prove nothing."""
UPSTREAM_COST = 10
"""What each step between the host asked about and the one where it happened takes away."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Events of one kind, on one host, from one place, by one user, before the first sign."""

    host: Ref
    kind: str
    """``logon``, ``connection``, ``medium_plugged``, ``rights_changed``, ``account_changed``, ``log_cleared``,
    ``alert``; ``exposure``: a door that stood open, whoever used it."""
    origin: str | None = None
    """The address or name it came from, or what was plugged in, or the number of the alert."""
    outside: bool = False
    who: str | None = None
    protocol: str | None = None
    done: int = 0
    """How often it succeeded."""
    failed: int = 0
    first: datetime | None = None
    """The first success, or the first event where none says whether it succeeded."""
    last: datetime | None = None
    before: bool | None = None
    """The same was already seen before the window."""
    failed_before: int = 0
    """Refused attempts before the first success."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be the way in."""

    happening: Happening
    score: int
    reasons: tuple[Why, ...]
    steps: int
    """How many hosts lie between where it happened and the host asked about; 0: on it."""


REMOTE = frozenset({"rdp", "ssh", "vnc", "vpn", "winrm", "telnet", "teamviewer", "anydesk"})
BY_KIND = {"medium_plugged": "medium", "rights_changed": "rights", "account_changed": "account",
           "log_cleared": "log_cleared", "alert": "alerted", "exposure": "exposed"}  # fmt: skip
DOORS = frozenset({"logon", "connection"})


def entry(
    window: Window, distances: dict[Ref, int], happened: Iterable[Happening], read: Iterable[Read], blind: Iterable[Why]
) -> Answer[Candidate]:
    """Rank what happened on the host, and on those from which it may have come (``distances``), before the first sign.

    An attempt that only failed opened nothing and is left out; so is a log-in from inside that is usual.
    """
    told = [
        _weighed(one, window, distances[one.host]) for one in happened if one.host in distances and _may(one, window)
    ]
    ranked = sorted((one for one in told if one.score > 0), key=_rank)
    return Answer(tuple(ranked[:MOST]), tuple(read), tuple(blind), max(0, len(ranked) - MOST))


def _rank(one: Candidate) -> tuple[object, ...]:
    last = one.happening.last
    return (-one.score, one.steps, -(last.timestamp() if last else 0.0), one.happening.host, one.happening.origin or "",
            one.happening.who or "", one.happening.kind, one.happening.protocol or "")  # fmt: skip


def _may(one: Happening, window: Window) -> bool:
    before = one.first is None or one.first <= window.sign
    return before and (one.kind not in DOORS or one.done > 0)


def _weighed(one: Happening, window: Window, steps: int) -> Candidate:
    reasons = [*_who(one), *_when(one, window)] if one.kind in DOORS else _of_kind(one, window)
    if one.kind in DOORS and not any(told.code in {"from_outside", "guessed", "first_time"} for told in reasons):
        reasons = []
    if reasons and steps:
        reasons.append(why("upstream", steps=steps))
    score = sum(WEIGHTS[told.code] for told in reasons) - UPSTREAM_COST * steps
    return Candidate(one, score, tuple(sorted(reasons, key=lambda told: -WEIGHTS[told.code])), steps)


def _of_kind(one: Happening, window: Window) -> list[Why]:
    return [why(BY_KIND[one.kind], **_values(one)), *_when(one, window)]


def _values(one: Happening) -> Values:
    return {"origin": one.origin} if one.origin else {}


def _who(one: Happening) -> list[Why]:
    told = []
    if one.outside:
        told.append(why("from_outside", **_values(one)))
    if one.failed_before >= MANY_FAILED:
        told.append(why("guessed", failed=one.failed_before))
    if one.before is False:
        told.append(why("first_time"))
    if one.protocol in REMOTE:
        told.append(why("remote_control", protocol=one.protocol))
    return told


def _when(one: Happening, window: Window) -> list[Why]:
    if one.first is None:
        return []
    told = []
    local = one.first.astimezone(PARIS)
    if local.weekday() >= SATURDAY or not DAY <= local.time() < NIGHT:
        told.append(why("at_night", at=f"{local:%H:%M}"))
    if (one.last or one.first) >= window.sign - CLOSE:
        told.append(why("close"))
    return told
