"""Settings of the five situations, and exemptions from their alerts: said with a reason, taken up without a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.weighing import weighty
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.premises import Site
from negatoscope.model.tuning import AlertExemption, Setting, Tuning
from negatoscope.model.watching import DetectorRun
from negatoscope.store.queries import alerts
from negatoscope.watch import tuning
from negatoscope.watch.behaviours import five
from negatoscope.watch.detection import Kind, Level
from negatoscope.watch.sparing import RULE, Spared, sparable, too_long

ACT = "configuration"


class NotTuned(Exception):  # noqa: N818 -- what it is
    """Not taken.

    ``code``: ``unknown``, ``unexplained``, ``out_of_bounds``, ``same``, ``too_long``, ``never_spared``, ``together``.

    ``what``: the setting that it is about.
    """

    def __init__(self, code: str, what: str = "") -> None:
        """Keep the code, and the setting."""
        super().__init__(code)
        self.code, self.what = code, what


@dataclass(frozen=True)
class Tuner:
    """Whoever tunes: as the ledger names them, and as others call them."""

    operator: str
    name: str


@dataclass(frozen=True)
class Wish:
    """How somebody wants a situation to be tuned. ``site``: by its name; ``None``: the whole practice."""

    behaviour: str
    site: str | None = None
    on: bool = True
    changed: Mapping[str, Setting] = field(default_factory=dict)


def held(console: Console, behaviour: str, site: str | None = None) -> Tuning | None:
    """What was said of a situation in the whole practice, or at one site; ``None``: nothing."""
    told = StoredRegister(console.practice).seen(Tuning).facts
    return next((one for one in told if (one.behaviour, one.site) == (behaviour, site)), None)


def checked(console: Console, wish: Wish) -> Wish:
    """The same wish, less what is as it would be without it. Raises NotTuned."""
    if wish.behaviour not in five.CODES or (wish.site is not None and wish.site not in sites(console)):
        raise NotTuned("unknown")
    for name, value in wish.changed.items():
        if not tuning.fits(wish.behaviour, name, value):
            raise NotTuned("out_of_bounds", name)
    other = {name: value for name, value in wish.changed.items() if value != tuning.default(wish.behaviour, name)}
    return Wish(wish.behaviour, wish.site, wish.on, other)


def save(console: Console, wish: Wish, reason: str, who: Tuner) -> Tuning:
    """Tune a situation; what held before is kept to go back to. Raises NotTuned, DiskFull."""
    if not reason.strip():
        raise NotTuned("unexplained")
    wish, before = checked(console, wish), held(console, wish.behaviour, wish.site)
    was = (before.on, before.changed) if before else (True, {})
    if was == (wish.on, wish.changed) and (before or wish.site is None):
        raise NotTuned("same")
    one = Tuning(
        wish.behaviour, reason.strip(), who.name, console.clock(), wish.site, wish.on, dict(wish.changed), *was
    )
    declare(console, Said(who.operator, ACT), [one])
    return one


def go_back(console: Console, one: Tuning, reason: str, who: Tuner) -> Tuning:
    """Tune a situation as it was before its last change. Raises NotTuned, DiskFull."""
    return save(console, Wish(one.behaviour, one.site, one.formerly_on, one.former), reason, who)


def follow_practice(console: Console, behaviour: str, site: str, who: Tuner) -> None:
    """Let a site be watched as the rest of the practice is. Raises NotTuned, DiskFull."""
    one = held(console, behaviour, site)
    if one is None:
        raise NotTuned("unknown")
    declare(console, Said(who.operator, ACT), [], [Retraction(Tuning.__name__, one.ref)])


def sites(console: Console) -> tuple[str, ...]:
    """Names of the sites that may be tuned apart."""
    return tuple(sorted(one.name for one in StoredRegister(console.practice).seen(Site).facts))


def exempt(console: Console, number: int, until: date, reason: str, who: Tuner) -> tuple[AlertExemption, ...]:
    """Raise no alert like this one any more, until a day. Returns what is exempt. Raises NotTuned, DiskFull."""
    if not reason.strip():
        raise NotTuned("unexplained")
    one, now = alerts.alert(console.practice, number), console.clock()
    if one is None:
        raise NotTuned("unknown")
    if too_long(now.astimezone(PARIS).date(), until):
        raise NotTuned("too_long")
    facts = tuple(
        AlertExemption(one.code, situation, one.subject, reason.strip(), who.name, now, until, number)
        for situation in sparables(console, number)
    )
    if not facts:
        raise NotTuned("never_spared")
    declare(console, Said(who.operator, ACT), facts)
    return facts


def sparables(console: Console, number: int) -> tuple[str, ...]:
    """Which situations of an alert may be exempt for its subject; of a rule, ``RULE``, unless it is critical."""
    one = alerts.alert(console.practice, number)
    if one is None:
        return ()
    if one.kind == Kind.SIGMA:
        return () if one.level == Level.CRITICAL else (RULE,)
    key_people = weighty(StoredRegister(console.practice)).key_people
    told = sorted({part.reason for part in alerts.parts(number)})
    return tuple(situation for situation in told if sparable(one.code, situation, one.subject, key_people))


def withdraw(console: Console, ref: Ref, who: Tuner) -> None:
    """Raise such alerts again from now on. Raises NotTuned, DiskFull."""
    if ref not in {one.ref for one in StoredRegister(console.practice).seen(AlertExemption).facts}:
        raise NotTuned("unknown")
    declare(console, Said(who.operator, ACT), [], [Retraction(AlertExemption.__name__, ref)])


def settings(register: StoredRegister) -> five.Settings:
    """What the watch goes by."""
    return tuning.made(register.seen(Tuning).facts)


def spared(register: StoredRegister) -> Spared:
    """Which of its detections raise no alert."""
    exemptions = register.seen(AlertExemption).facts
    return Spared(exemptions, weighty(register).key_people if exemptions else frozenset())


def runs(register: StoredRegister, since: datetime, until: datetime, admins: int) -> list[DetectorRun]:
    """What the judge is told of each of the five: how far it looked, what was made of it, how many admins it knows."""
    told = register.seen(Tuning).facts
    return [
        DetectorRun(
            code,
            since,
            until,
            off=any(not one.on and one.site is None for one in told if one.behaviour == code),
            off_at=tuple(sorted(one.site for one in told if one.site and one.behaviour == code and not one.on)),
            loosened=tuple(
                name + (f"@{one.site}" if one.site else "")
                for one in sorted(told, key=lambda one: one.ref)
                if one.behaviour == code
                for name in tuning.loosened(code, one.changed)
            ),
            admins=admins,
        )
        for code in five.CODES
    ]
