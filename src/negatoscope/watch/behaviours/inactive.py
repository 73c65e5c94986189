"""Rule 26, fourth situation: an attempt on an inactive account; getting in is worse than failing.

Closed, expired, of a person who left, never used, long unused: by the register's word, or by the system's own refusal.
A person who is away logs on under the first situation; attempts that fail during an absence are told here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from negatoscope.model.accounts import AccountKind
from negatoscope.model.event import Action, Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.behaviours.growing import Cases, Matter, trim
from negatoscope.watch.calendar import instant, local, subject, unlisted
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import DORMANT, NEVER_USED, Known, Standing

CODE = "inactive"
ACTIONS = frozenset({Action.LOGON, Action.MAILBOX_OPENED, Action.DOOR})
REFUSED = {
    "disabled": "disabled", "account_disabled": "disabled", "expired": "expired", "account_expired": "expired",
}  # fmt: skip
"""What systems answer themselves of an account that is closed."""
ACCOUNTS_AT_MOST = 10_000
LEVELS = {
    **dict.fromkeys(("left_in", "disabled_in", "expired_in"), Level.CRITICAL),
    **dict.fromkeys(("left", "disabled", "expired", "never_used_in", "dormant_in"), Level.MEDIUM),
}
"""What is not here is low."""
Found = tuple[str, Values]
"""Why an account is inactive, and since when."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned."""

    dormant_days: int = DORMANT.days
    """Days without a log-on after which an account sleeps."""
    never_days: int = NEVER_USED.days
    """Days after its creation from which an account that nobody used is not a newcomer's."""
    absent: int = 5
    """Failures of one absence before they are told: a telephone left switched on fails now and then."""
    quiet_days: int = 7
    """Silence after which what begins again is another case."""
    ignored: frozenset[str] = frozenset()
    """Protocols that try by themselves for months, such as a leaver's telephone on ``imap``."""


class State(msgspec.Struct):
    """What the behaviour remembers. ``used``: when each account was last seen to get in."""

    used: dict[str, datetime] = {}
    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


def look(events: Iterable[Told], state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    """Tell each attempt on an inactive account, once an account and reason, again as it grows or gets in."""
    for told in events:
        if told.event.action not in ACTIONS or told.event.protocol in settings.ignored:
            continue
        found = _why(told, state, known, settings)
        if told.account and told.event.ok:
            state.used.pop(told.account, None)
            state.used[told.account] = instant(told)
            trim(state.used, ACCOUNTS_AT_MOST)
        if found is not None:
            yield from _tell(told, found, (state, known), settings)


def _tell(told: Told, found: Found, asked: tuple[State, Known], settings: Settings) -> Iterator[Detection]:
    (state, known), (reason, usual), at = asked, found, instant(told)
    ref = told.account or told.person or unlisted(told)
    case = state.cases.take(f"{ref}/{reason}", told, at, timedelta(days=settings.quiet_days))
    inside = f"{reason}_in"
    outcome = inside if told.event.ok is not False or inside in case.reasons else reason
    if (reason != "absent" or case.count >= settings.absent) and case.grown(outcome):
        yield case.say(CODE, Matter(ref, outcome, _level(outcome, ref, known), usual, _seen(told, case.count)))


def _why(told: Told, state: State, known: Known, settings: Settings) -> Found | None:
    standing = known.account.get(told.account or "")
    holder = told.person or (standing.holder if standing else None)
    day, _, _ = local(instant(told))
    left = known.left_on(holder)
    if left is not None and left < day:
        return "left", {"left": f"{left}", "holder": holder}
    refused = REFUSED.get(told.event.why or "")
    if refused is not None:
        return refused, {"holder": holder}
    found = _asleep(standing, state.used.get(standing.ref), instant(told), settings) if standing else None
    if found is not None:
        return found
    away = known.absence(holder, day)
    if away is not None and told.event.ok is False and told.event.action is not Action.DOOR:
        return "absent", {"from": f"{away.begins_on}", "to": f"{away.ends_on}", "holder": holder}
    return None


def _asleep(standing: Standing, used: datetime | None, at: datetime, settings: Settings) -> Found | None:
    if standing.closed:
        return "disabled", {"holder": standing.holder}
    if standing.expires_at is not None and standing.expires_at < at:
        return "expired", {"on": f"{standing.expires_at:%Y-%m-%d}", "holder": standing.holder}
    if standing.kind is AccountKind.SYSTEM:
        return None
    made = standing.created_at
    if standing.never and used is None and made is not None and at - made > timedelta(days=settings.never_days):
        return "never_used", {"on": f"{made:%Y-%m-%d}", "holder": standing.holder}
    last = max((one for one in (standing.last_logon_at, used) if one is not None), default=None)
    if last is not None and at - last > timedelta(days=settings.dormant_days):
        return "dormant", {"on": f"{last:%Y-%m-%d}", "holder": standing.holder}
    return None


def _level(outcome: str, ref: Ref, known: Known) -> Level:
    standing = known.account.get(ref)
    level = LEVELS.get(outcome, Level.LOW)
    if standing is None or not standing.privileged:
        return level
    return tuple(Level)[min(level.rank + 1, Level.CRITICAL.rank)]


def _seen(told: Told, count: int) -> Values:
    event = told.event
    return {
        "attempts": count,
        "from": told.source or (event.source and subject(None, "address", event.source)),
        "on": told.host or (event.host and subject(None, "host", event.host)),
        "protocol": event.protocol,
        "why": event.why,
    }
