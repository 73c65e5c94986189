"""What several controls ask alike, written once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Person

AHEAD = timedelta(hours=26)
"""A date further ahead than any time zone explains comes from a wrong clock, and proves nothing."""
SIGN_WITHIN = timedelta(days=30)
"""How long somebody has to read or sign a new text, or after arriving."""
TRAINING_STANDS = timedelta(days=365)

Said = Iterator[Finding | Doubt]


def unread(subject: Ref, what: str) -> Doubt:
    """Doubt a setting that the look did not bring back; ``what`` is named in ``texts.toml``."""
    return Doubt(subject, "unread", {"what": what})


def all_hold(settings: Iterable[tuple[Ref, bool | None]], what: str, reason: str) -> Said:
    """Ask each subject for a setting that must be on."""
    for subject, holds in settings:
        if holds is None:
            yield unread(subject, what)
        elif not holds:
            yield Finding(subject, reason)


def none_hold(settings: Iterable[tuple[Ref, bool | None]], what: str, reason: str) -> Said:
    """Ask each subject for a setting that must be off."""
    for subject, holds in settings:
        if holds is None:
            yield unread(subject, what)
        elif holds:
            yield Finding(subject, reason)


def day_ahead(subject: Ref, what: str, day: date, today: date) -> Iterator[Doubt]:
    """Doubt a day that has not come yet."""
    if day > today:
        yield Doubt(subject, "date_ahead", {"what": what, "on": f"{day:%Y-%m-%d}"})


def not_ahead(subject: Ref, what: str, at: datetime, now: datetime) -> Iterator[Doubt]:
    """Doubt a date that has not come yet."""
    if at > now + AHEAD:
        yield Doubt(subject, "date_ahead", {"what": what, "on": f"{at:%Y-%m-%d}"})


def everyone_signed(
    kind: PaperKind, staff: Sequence[Person], signatures: Iterable[Signature], papers: Iterable[Paper], now: datetime
) -> Said:
    """Ask everyone present for a signature of the text in force; a training needs none of a text, but of the year."""
    text = next((paper for paper in papers if paper.kind is kind), None)
    if not staff:
        yield Doubt("practice", "nobody_present")
    if text is None and kind is not PaperKind.TRAINING:
        yield Doubt(f"paper/{kind.value}", f"{kind.value}_missing")
        return
    signed = {one.person: one for one in signatures if one.kind is kind}
    if text is None and not signed:
        yield Doubt("practice", "training_missing")
        return
    for person in staff:
        yield from _signed(person, signed.get(person.ref), text, kind, now)


def _signed(person: Person, signature: Signature | None, text: Paper | None, kind: PaperKind, now: datetime) -> Said:
    paper = {"paper": kind.value}
    if signature is None:
        since = max((at for at in (text.signed_at.date() if text else None, person.arrived_on) if at), default=None)
        if since is not None and now.date() - since <= SIGN_WITHIN:
            yield Doubt(person.ref, "not_signed_yet", {**paper, "on": f"{since + SIGN_WITHIN:%Y-%m-%d}"})
        else:
            yield Finding(person.ref, "not_signed", paper)
    elif signature.signed_on is None or (text is not None and signature.version is None):
        yield Doubt(person.ref, "signature_undated", paper)
    elif text is not None and signature.version != text.version:
        late = now - text.signed_at > SIGN_WITHIN
        yield (Finding if late else Doubt)(person.ref, "older_version", {**paper, "version": text.version})
    elif text is None and now.date() - signature.signed_on > TRAINING_STANDS:
        yield Finding(person.ref, "signed_long_ago", {**paper, "on": f"{signature.signed_on:%Y-%m-%d}"})
    elif signature.signed_on > now.date() + timedelta(days=1):
        yield Doubt(person.ref, "date_ahead", {"what": "signed_on", "on": f"{signature.signed_on:%Y-%m-%d}"})
