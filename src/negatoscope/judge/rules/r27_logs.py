"""R27: how logs are analysed is written down, and done."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.weeks import reread, told_of
from negatoscope.model.event import Action
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.watching import LogsKept, SourceHealth
from negatoscope.model.weekly import WeekReview

RULE = Rule("R27", fresh=timedelta(days=7))
PROVES = timedelta(days=7)
"""How many days must be kept until that proves anything."""
USES = frozenset({Action.LOGON, Action.FILE_OPENED, Action.STUDY_OPENED})

RULE.attested("R27.1")


@RULE.measured("R27.2")
def mailboxes_are_examined(reviews: Seen[WeekReview], sources: Seen[SourceHealth], now: datetime) -> Said:
    """Read each week who opened the mailboxes of key persons."""
    yield from told_of(sources, {Action.MAILBOX_OPENED}, Action.MAILBOX_OPENED)
    yield from reread(reviews, now)


@RULE.measured("R27.3")
def sensitive_hosts_are_examined(reviews: Seen[WeekReview], sources: Seen[SourceHealth], now: datetime) -> Said:
    """Read each week who used the sensitive hosts and resources."""
    yield from told_of(sources, USES, Action.LOGON)
    yield from reread(reviews, now)


RULE.attested("R27.4", lasts=timedelta(days=8))


@RULE.measured("R27.5")
def logs_are_kept(kept: Seen[LogsKept], now: datetime) -> Said:
    """Keep each day's logs for the time chosen, and no longer; beyond a year, say why each year."""
    if not kept.facts:
        yield Doubt("practice", "no_logs_kept")
    for one in kept.facts:
        for what in ("since", "days_lost", "days_over", "unjustified"):
            if getattr(one, what) is None:
                yield unread(one.ref, f"logs_{what}")
        if one.since and now.date() - one.since < PROVES:
            yield Doubt("practice", "kept_a_few_days", {"on": f"{one.since:%Y-%m-%d}"})
        yield from _not_as_chosen(one)


def _not_as_chosen(kept: LogsKept) -> Iterator[Finding]:
    for day in kept.days_lost or ():
        yield Finding(f"logday/{day}", "day_not_kept", {"on": f"{day:%Y-%m-%d}"})
    if kept.days_over:
        yield Finding("practice", "kept_too_long", {"days": kept.days_over})
    for kind in kept.unjustified or ():
        yield Finding(f"logkeeping/{kind}", "kept_long_unexplained")
