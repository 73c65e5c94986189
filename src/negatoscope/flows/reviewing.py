"""Review campaigns: a list is frozen, each line has its reviewer, the signed whole becomes an attestation.

A list to review is one function of the register in ``LISTS``; the rest is the same for every list.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

from negatoscope.flows import notifying
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.directories import Staff
from negatoscope.kit.canonical import canonical
from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.campaigns import Campaign, CampaignLine, Decision
from negatoscope.model.directory import DirectoryAccount, DirectoryPrivilege
from negatoscope.model.evidence import Ref
from negatoscope.model.people import Attestation, Person

LASTS = timedelta(days=365)
RISKY = ("=", "+", "-", "@", "\t", "\r")


class NotReviewed(Exception):  # noqa: N818 -- what it is
    """A campaign cannot be made or closed. ``code``: ``nothing_to_review``, ``unanswered``; ``count``: of lines."""

    def __init__(self, code: str, count: int = 0) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.count = code, count


@dataclass(frozen=True)
class Reviewer:
    """Whoever acts: as the ledger names them, and as they sign."""

    operator: str
    name: str


@dataclass(frozen=True)
class Listed:
    """One line of a list to review."""

    subject: Ref
    why: str
    holder: Ref | None


def privileged(known: StoredRegister) -> Iterator[Listed]:
    """Every open account that administers a host or a directory, with the ways in which it does."""
    ways: dict[Ref, list[str]] = {}
    for right in known.seen(Privilege).facts:
        ways.setdefault(right.account_ref, []).append(right.via)
    for entry in known.seen(DirectoryPrivilege).facts:
        ways.setdefault(entry.account_ref, []).append(entry.group)
    accounts: dict[Ref, Any] = {fact.ref: fact for fact in known.seen(Account).facts}
    accounts |= {fact.ref: fact for fact in known.seen(DirectoryAccount).facts}
    staff = Staff(known.seen(Person))
    for ref, why in sorted(ways.items()):
        account = accounts.get(ref)
        if account is None or account.enabled is not False:
            holder = staff.holder(account) if isinstance(account, DirectoryAccount) else account and account.holder
            yield Listed(ref, ", ".join(dict.fromkeys(why)), holder)


def of_applications(known: StoredRegister) -> Iterator[Listed]:
    """Every account of an application that a list declares: no instrument sees what it may do."""
    for account in sorted(known.seen(Account).facts, key=lambda one: one.ref):
        if account.host is None and account.enabled is not False:
            yield Listed(account.ref, account.purpose or "", account.holder)


LISTS: dict[str, Callable[[StoredRegister], Iterator[Listed]]] = {"R2.5": privileged, "R2.4": of_applications}
"""What is reviewed for each attested control."""


def start(console: Console, control: str, due_on: date, who: Reviewer) -> Campaign:
    """Freeze a list and ask for its review before a day. Raises NotReviewed where the list is empty."""
    now = console.clock()
    listed = tuple(LISTS[control](StoredRegister(console.practice)))
    if not listed:
        raise NotReviewed("nothing_to_review")
    digest = keep_document(console, canonical([[one.subject, one.why, one.holder] for one in listed]))
    ident = f"{control}-{now:%Y%m%d%H%M%S}"
    campaign = Campaign(ident, control, now, who.name, due_on, digest, len(listed))
    lines = [
        CampaignLine(campaign.ref, number, one.subject, one.why, one.holder)
        for number, one in enumerate(listed, start=1)
    ]
    declare(console, Said(who.operator), (campaign, *lines))
    return campaign


def lines_of(console: Console, campaign: Campaign) -> tuple[CampaignLine, ...]:
    """The lines of a campaign, in order."""
    known = StoredRegister(console.practice).seen(CampaignLine).facts
    return tuple(sorted((line for line in known if line.campaign == campaign.ref), key=lambda line: line.number))


def decide(console: Console, answers: dict[CampaignLine, tuple[Decision, str | None]], who: Reviewer) -> None:
    """Sign what was decided of these lines; a later answer replaces an earlier one, which the journal keeps."""
    now = console.clock()
    signed = [
        replace(line, decision=decision, note=note, signed_by=who.name, signed_at=now)
        for line, (decision, note) in answers.items()
    ]
    declare(console, Said(who.operator), signed)


def assign(console: Console, lines: Iterable[CampaignLine], reviewer: Ref, who: Reviewer) -> None:
    """Ask somebody to review these lines."""
    declare(console, Said(who.operator), tuple(replace(line, reviewer=reviewer) for line in lines))


def remind(console: Console, campaign: Campaign) -> int:
    """Write a message, once a day, for whoever has lines to answer, or for those who stand in. Returns how many."""
    known, today = StoredRegister(console.practice), f"{console.clock():%Y-%m-%d}"
    return notifying.tell(console, notifying.reminders(known, campaign, today))


def close(console: Console, campaign: Campaign, statement: str, who: Reviewer) -> None:
    """Close a campaign whose every line is answered: the signed list proves its control for a year.

    Raises NotReviewed. A line answered « remove » keeps its account in the findings until a look sees it closed.
    """
    lines = lines_of(console, campaign)
    left = sum(not line.answered for line in lines)
    if left:
        raise NotReviewed("unanswered", left)
    now = console.clock()
    lasts = next(rule.controls[campaign.control].lasts for rule in RULES if campaign.control in rule.controls)
    attestation = Attestation(
        control=campaign.control,
        holds=True,
        statement=statement,
        signed_by=who.name,
        signed_at=now,
        expires_at=now + (lasts or LASTS),
        document_name=f"revue-{campaign.ident}.csv",
        document_digest=keep_document(console, _signed_list(lines)),
    )
    declare(
        console,
        Said(who.operator, "attestation"),
        (replace(campaign, closed_at=now, closed_by=who.name), attestation),
    )


def _signed_list(lines: tuple[CampaignLine, ...]) -> bytes:
    """The answers as a list that a spreadsheet opens, and that can run nothing there."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["subject", "why", "reviewer", "decision", "note", "signed_by", "signed_at"])
    for line in lines:
        told = (line.subject, line.why, line.reviewer, line.decision, line.note, line.signed_by, line.signed_at)
        texts = ["" if one is None else str(one) for one in told]
        writer.writerow([f"'{text}" if text.startswith(RISKY) else text for text in texts])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
