"""Rule 26, third situation: successive or repeated attempts to log on.

A person who mistypes gets in a moment later: a success settles the failures on its account from its source. What is
left is counted by who tries (one account fast, many accounts, or slowly) and by what is tried (one account, from many
sources). One attack is one case: its source's, or its account's where several sources try the same one.
Protocols do not matter: SSH, RDP, LDAP, VPN, mail, RIS, DICOM associations and doors count alike.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from negatoscope.model.event import Action, Told
from negatoscope.model.evidence import Ref
from negatoscope.watch.behaviours.growing import FIRST_KEYS, Case, Cases, Matter, times, touched
from negatoscope.watch.calendar import bare, instant, seat, subject
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.entry import ENDS, number
from negatoscope.watch.known import Known

CODE = "attempts"
ACTIONS = frozenset({Action.LOGON, Action.ASSOCIATION, Action.DOOR})
ENDS_AT_MOST = 3_000
"""Sources kept, and accounts kept: with ``APART_AT_MOST`` of each, some 100 MB at the very worst."""
APART_AT_MOST = 24
"""Accounts kept of one source, and sources of one account: a case is open long before."""
PROTOCOLS_AT_MOST = 5
KEYS = 4
SEVERAL = 3
"""Sources at least that make slow attempts on one account more than its owner's."""
SUCCESS = "success_after"
WORSE = ("slow", "slow_distributed", "brute_force", "spraying", "distributed", SUCCESS)
"""What a case was told as, it stays, unless it becomes worse."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned."""

    fast: int = 10
    """Failures on one account from one source within ``fast_minutes``: people give up, or are locked, at five."""
    fast_minutes: int = 10
    accounts: int = 5
    """Accounts that one source fails on within ``wide_minutes`` without getting in."""
    sources: int = 5
    """Sources that fail on one account within ``wide_minutes`` without getting in."""
    wide_minutes: int = 60
    slow: int = 20
    """Failures within ``slow_days`` of one source, or on one account from several, without getting in."""
    slow_days: int = 7
    after: int = 8
    """Failures in a row after which a success from where nobody had it before is not a person's good memory."""
    share: float = 0.3
    """Of the accounts that got in from the same source: a shared server is no attacker while few fail on it."""
    quiet_hours: int = 48
    """Silence after which what begins again is another attack."""


class Streak(msgspec.Struct):
    """Failures of one account from one source since the last success."""

    first: datetime
    came: datetime
    last: datetime
    count: int = 0
    keys: list[str] = []
    lately: list[int] = []
    """Seconds since 1970 of the newest ones."""
    port: int | None = None
    """From which the newest one came, where it is told."""

    def fail(self, one: "Try", settings: Settings) -> None:
        """Note a failure; what is older than ``slow_days`` weighs half."""
        long = timedelta(days=settings.slow_days)
        if one.at - self.last > long:
            self.first, self.came, self.count, self.keys = one.at, one.told.came, 0, []
        elif one.at - self.first > long:
            self.first, self.count = one.at - long / 2, self.count // 2
        again = times(one.told)
        self.count += again
        self.last = max(self.last, one.at)
        self.port = one.port
        self.lately = [*self.lately, *[int(one.at.timestamp())] * min(again, settings.fast)][-settings.fast :]
        if len(self.keys) < KEYS:
            self.keys.append(one.told.key)


class End(msgspec.Struct):
    """One end of attempts: a source with the accounts it fails on, or an account with the sources that fail on it."""

    failing: dict[str, Streak] = {}
    within: dict[str, bool] = {}
    """Those with which it got in."""
    protocols: list[str] = []
    case: str | None = None
    """Slot of the case that its failures belong to."""

    def lately(self, at: datetime, span: timedelta) -> int:
        """How many others failures of this span concern."""
        return sum(at - one.last <= span for one in self.failing.values())

    def failures(self, at: datetime, span: timedelta) -> int:
        """How many failures, of streaks that went on within this span."""
        return sum(one.count for one in self.failing.values() if at - one.last <= span)


class State(msgspec.Struct):
    """What the behaviour remembers."""

    sources: dict[str, End] = {}
    accounts: dict[str, End] = {}
    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


class Try(msgspec.Struct, frozen=True):
    """One attempt, and its two ends."""

    told: Told
    at: datetime
    source: Ref
    account: Ref

    @property
    def port(self) -> int | None:
        """From which port it came."""
        return number(self.told.event.fields.get("src_port"))

    def again(self, streak: Streak | None) -> bool:
        """Whether it is but the end of a connection in which the newest failure was told already."""
        ends = ENDS in self.told.event.fields and self.port is not None
        return ends and streak is not None and streak.port == self.port


def look(events: Iterable[Told], state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    """Tell each attack when it is known for one, again as it grows, and when it succeeds."""
    for told in events:
        if told.event.action not in ACTIONS or told.event.ok is None:
            continue
        one = Try(told, instant(told), seat(told), _account(told))
        found = _succeed(one, state, settings) if told.event.ok else _fail(one, state, settings)
        if found is not None:
            case, reason, slot = found
            reason = max(*case.reasons, reason, reason, key=WORSE.index)
            if case.grown(reason):
                yield case.say(CODE, _matter(one, state, (case, reason, slot), (known, settings)))


def _account(told: Told) -> Ref:
    event = told.event
    if told.account or told.person:
        return told.account or told.person or ""
    if event.user:
        return f"account/?/{bare(event.user)}"
    return subject(told.host, "host", event.host or told.sender)


def _fail(one: Try, state: State, settings: Settings) -> tuple[Case, str, str] | None:
    source = touched(state.sources, one.source, End, ENDS_AT_MOST)
    if one.again(source.failing.get(one.account)):
        return None
    account = touched(state.accounts, one.account, End, ENDS_AT_MOST)
    for end, other in ((source, one.account), (account, one.source)):
        touched(end.failing, other, lambda: Streak(one.at, one.told.came, one.at), APART_AT_MOST).fail(one, settings)
    protocol = one.told.event.protocol
    if protocol and protocol not in source.protocols and len(source.protocols) < PROTOCOLS_AT_MOST:
        source.protocols.append(protocol)
    slot = _running(one, state, (source, account), settings)
    by_account = None if slot == one.source else _of_account(one, account, settings)
    reason = by_account or _of_source(one, source, settings)
    if slot is None and reason is None:
        return None
    slot = slot or (one.account if by_account else one.source)
    case = state.cases.take(slot, one.told, one.at, timedelta(hours=settings.quiet_hours))
    if len(case.keys) == 1:
        _remember(case, (account if slot == one.account else source).failing.values(), one, settings)
    source.case = slot
    if slot == one.account or (len(source.failing) == 1 and account.case not in state.cases.open):
        account.case = slot
    return case, reason or WORSE[0], slot


def _of_source(one: Try, source: End, settings: Settings) -> str | None:
    """What one source does on its own."""
    within = len(source.within)
    if source.lately(one.at, timedelta(minutes=settings.wide_minutes)) >= max(
        settings.accounts, settings.share * within
    ):
        return "spraying"
    newest = source.failing[one.account].lately
    if len(newest) >= settings.fast and newest[-1] - newest[0] <= settings.fast_minutes * 60:
        return "brute_force"
    if source.failures(one.at, timedelta(days=settings.slow_days)) >= settings.slow + within:
        return "slow"
    return None


def _of_account(one: Try, account: End, settings: Settings) -> str | None:
    """What several sources do to one account."""
    if account.lately(one.at, timedelta(minutes=settings.wide_minutes)) >= settings.sources:
        return "distributed"
    long = timedelta(days=settings.slow_days)
    if account.lately(one.at, long) >= SEVERAL and account.failures(one.at, long) >= settings.slow:
        return "slow_distributed"
    return None


def _running(one: Try, state: State, ends: tuple[End, End], settings: Settings) -> str | None:
    """The slot of the case that a failure belongs to, if one goes on: its source's, or its account's."""
    source, account = ends
    alone = len(source.failing) <= 1
    slots = (source.case if alone or source.case == one.source else None, account.case if alone else None)
    quiet = timedelta(hours=settings.quiet_hours)
    for slot in slots:
        case = state.cases.open.get(slot or "")
        if case is not None and one.at - case.last <= quiet:
            return slot
    return None


def _remember(case: Case, failing: Iterable[Streak], one: Try, settings: Settings) -> None:
    """What led to a case is of it: its events, its beginning, and when the first of them came."""
    lately = [streak for streak in failing if one.at - streak.last <= timedelta(days=settings.slow_days)]
    case.at, case.came = min([(case.at, case.came), *((streak.first, streak.came) for streak in lately)])
    keys = [key for streak in lately for key in streak.keys]
    case.keys = list(dict.fromkeys((*keys, one.told.key)))[:FIRST_KEYS]
    case.count = case.measure = max(case.count, sum(streak.count for streak in lately))


def _succeed(one: Try, state: State, settings: Settings) -> tuple[Case, str, str] | None:
    source = touched(state.sources, one.source, End, ENDS_AT_MOST)
    account = state.accounts.get(one.account)
    streak = source.failing.pop(one.account, None)
    if account is not None:
        account.failing.pop(one.source, None)
    before = one.account in source.within
    touched(source.within, one.account, lambda: True, APART_AT_MOST)
    slot = _hit(one, state, (source, account, streak), settings, before=before)
    if slot is None:
        return None
    case = state.cases.take(slot, one.told, one.at, timedelta(hours=settings.quiet_hours))
    if streak is not None and len(case.keys) == 1:
        _remember(case, [streak], one, settings)
        case.count = case.measure = case.count + 1
    return case, SUCCESS, slot


def _hit(
    one: Try, state: State, met: tuple[End, End | None, Streak | None], settings: Settings, *, before: bool
) -> str | None:
    """The slot of the attack that a success ends, if it is one.

    ``before``: this account had got in from here already. It then counts only where it was itself under attack.
    """
    source, account, streak = met
    slot = _running(one, state, (source, account or End()), settings)
    if slot is not None and (streak is not None or not before):
        return slot
    if account is not None and streak is not None and not before:
        slot = _running(one, state, (account, account), settings)
        if slot is not None:
            return slot
    return one.source if streak is not None and streak.count >= settings.after and not before else None


def _matter(one: Try, state: State, found: tuple[Case, str, str], asked: tuple[Known, Settings]) -> Matter:
    case, reason, slot = found
    known, settings = asked
    source, account = state.sources.get(one.source, End()), state.accounts.get(one.account, End())
    standing = known.account.get(one.account)
    mighty = standing is not None and standing.privileged
    by_account = slot == one.account
    worst = Level.CRITICAL if reason == SUCCESS else Level.HIGH if mighty or slot.startswith("host/") else Level.MEDIUM
    return Matter(
        slot, reason, worst,
        {"limit": _limit(reason, settings), "minutes": _minutes(reason, settings)},
        {
            "failures": case.count - (reason == SUCCESS),
            "accounts": 1 if by_account else len(source.failing) + (reason == SUCCESS),
            "sources": max(len(account.failing), 1) if by_account else 1,
            "account": one.account,
            "source": one.source,
            "on": one.told.host or one.told.event.host,
            "protocols": ", ".join(source.protocols),
            "since": f"{case.at:%Y-%m-%dT%H:%M:%SZ}",
            "until": f"{case.last:%Y-%m-%dT%H:%M:%SZ}",
        },
    )  # fmt: skip


def _limit(reason: str, settings: Settings) -> int:
    return {
        "brute_force": settings.fast,
        "spraying": settings.accounts,
        "distributed": settings.sources,
        SUCCESS: settings.after,
    }.get(reason, settings.slow)


def _minutes(reason: str, settings: Settings) -> int:
    if reason == "brute_force":
        return settings.fast_minutes
    return settings.wide_minutes if reason in {"spraying", "distributed"} else settings.slow_days * 24 * 60
