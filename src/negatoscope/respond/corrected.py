"""Duties as they stand in a practice: what is shipped, with what an administrator said since in its place."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from negatoscope.kit.bilingual import Said
from negatoscope.kit.clock import PARIS
from negatoscope.model.incident import Incident, Owes, Sent
from negatoscope.model.lawdata import DutyCorrection
from negatoscope.respond.duty import Duty, duties
from negatoscope.respond.wall import Clock

OLD = timedelta(days=366)
"""After so long whoever relies on it reads the source again."""
LONGEST_HOURS, LONGEST_DAYS = 24 * 366, 260
HOURS = Said("{n} heures, nuits et jours fériés compris", "{n} hours, nights and holidays included")
DAYS = Said("{n} jours ouvrés", "{n} working days")
NONE = Said("sans délai chiffré", "no figure given")


def standing(told: Iterable[DutyCorrection]) -> tuple[Duty, ...]:
    """Every duty, corrected where somebody did; what is corrected and no longer shipped is left out."""
    said = {one.duty: one for one in told}
    return tuple(_corrected(duty, said[duty.id]) if duty.id in said else duty for duty in duties())


def _corrected(duty: Duty, one: DutyCorrection) -> Duty:
    text, n = (HOURS, one.hours) if one.hours is not None else (DAYS, one.working_days)
    text = NONE if n is None else text
    return replace(
        duty,
        hours=one.hours,
        working_days=one.working_days,
        said=duty.said if _same(duty, one) else Said(text.fr.format(n=n), text.en.format(n=n)),
        channel=Said(one.channel, one.channel),
        source=one.source,
        as_of=one.as_of,
        confidence=one.confidence.value,
        awaits_law=not one.in_force,
    )


def _same(duty: Duty, one: DutyCorrection) -> bool:
    return (duty.hours, duty.working_days) == (one.hours, one.working_days)


def wrong(one: DutyCorrection, today: date) -> str | None:
    """Why this cannot be said of a duty, as a code; ``None``: it can."""
    if one.duty not in {duty.id for duty in duties()}:
        return "unknown"
    if one.hours is not None and one.working_days is not None:
        return "two_delays"
    hours, days = (1 if told is None else told for told in (one.hours, one.working_days))
    if not (1 <= hours <= LONGEST_HOURS and 1 <= days <= LONGEST_DAYS):
        return "delay"
    if one.as_of > today:
        return "ahead"
    texts = (one.channel, one.source, one.reason)
    return None if all(text.strip() for text in texts) else "wordless"


def old(as_of: date, today: date) -> bool:
    """Whether it was read too long ago to rely on."""
    return today - as_of > OLD


def kept(one: Incident, debts: tuple[Owes, ...]) -> tuple[Owes, ...]:
    """Debts reckoned anew, but for those that somebody was told of: their clock stands as it was then."""
    told = {entry.word.duty for entry in one.sent if isinstance(entry.word, Sent)}
    before = {owes.duty: owes for owes in one.debts if owes.since is not None and owes.duty in told}
    return tuple(
        Owes(owes.duty, owes.owed, before[owes.duty].since, before[owes.duty].due) if owes.duty in before else owes
        for owes in debts
    )


def by_earlier_rule(clock: Clock) -> bool:
    """Whether its last instant follows from a delay that is not the one of today."""
    return clock.due != clock.duty.due(clock.since.astimezone(PARIS))
