"""Review campaigns: frozen, answered line by line, reminded once a day, closed into an attestation."""

from datetime import date, timedelta

import pytest
from tests.conftest import TickingClock
from tests.judge.planted.computers import CAPTURES

from negatoscope.flows import reviewing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.reviewing import NotReviewed, Reviewer
from negatoscope.model.accounts import Account
from negatoscope.model.campaigns import Campaign, Decision
from negatoscope.model.people import Attestation, Person
from negatoscope.store.models import NoticeRow

WHO = Reviewer("user:apetit", "Anna Petit")
ANNA = Person("anna.petit", "Anna Petit", email="anna@cabinet.example")
DUE = date(2026, 11, 30)


def applications(console: Console) -> Campaign:
    accounts = [Account(None, name, "RIS", holder=ANNA.ref) for name in ("apetit", "=cmd")]
    declare(console, Said("user:apetit"), (ANNA, *accounts, Account(None, "admin", "PACS")))
    return reviewing.start(console, "R2.4", DUE, WHO)


def test_an_empty_list_makes_no_campaign(console: Console) -> None:
    with pytest.raises(NotReviewed, match="nothing_to_review"):
        reviewing.start(console, "R2.5", DUE, WHO)


def test_the_list_is_frozen_with_those_who_answer_for_each_line(console: Console) -> None:
    campaign = applications(console)
    assert campaign.size == 3
    assert console.vault.holds(campaign.list_digest)
    declare(console, Said("user:apetit"), (Account(None, "nouveau", "RIS"),))
    lines = reviewing.lines_of(console, campaign)
    assert [line.subject for line in lines] == ["account/PACS/admin", "account/RIS/=cmd", "account/RIS/apetit"]
    assert [line.reviewer for line in lines] == [None, ANNA.ref, ANNA.ref]


def test_privileged_accounts_of_hosts_are_listed_with_their_ways(console: Console) -> None:
    """``essai`` administers by a group; root is locked on this server, and asks for no review."""
    data = (CAPTURES / "local" / "server-as-root.jsonl").read_bytes()
    deliver(console, Delivery("local", "local", "user:apetit", "observation", data))
    assert list(reviewing.privileged(StoredRegister(console.practice))) == []
    planted = data.replace(b"sudo:x:27:", b"sudo:x:27:essai,")
    deliver(console, Delivery("local", "local", "user:apetit", "observation", planted))
    (listed,) = reviewing.privileged(StoredRegister(console.practice))
    assert (listed.subject.rpartition("/")[2], listed.why, listed.holder) == ("essai", "group:sudo", None)
    host = f"host/{listed.subject.split('/')[1]}"
    declare(console, Said("user:apetit"), (ANNA, Account(host, "essai", holder=ANNA.ref)))
    (held,) = reviewing.privileged(StoredRegister(console.practice))
    assert held.holder == ANNA.ref
    (line,) = reviewing.lines_of(console, reviewing.start(console, "R2.5", DUE, WHO))
    assert (line.subject, line.reviewer) == (listed.subject, ANNA.ref)


def test_each_reviewer_is_reminded_once_a_day(console: Console, clock: TickingClock) -> None:
    campaign = applications(console)
    assert reviewing.remind(console, campaign) == 1
    assert reviewing.remind(console, campaign) == 0
    clock.advance(timedelta(days=1))
    assert reviewing.remind(console, campaign) == 1
    notice = NoticeRow.objects.order_by("pk")[0]
    assert (notice.code, notice.to, notice.values["n"]) == ("review_due", ANNA.email, 2)


def test_a_campaign_closes_when_every_line_is_answered_and_the_signed_list_is_the_document(console: Console) -> None:
    campaign = applications(console)
    lines = reviewing.lines_of(console, campaign)
    reviewing.decide(console, {lines[0]: (Decision.REMOVE, "ne sert plus"), lines[1]: (Decision.KEEP, None)}, WHO)
    with pytest.raises(NotReviewed, match="unanswered"):
        reviewing.close(console, campaign, "revue", WHO)
    reviewing.assign(console, lines[2:], ANNA.ref, WHO)
    reviewing.decide(console, {lines[2]: (Decision.CHANGE, "à Luc")}, WHO)
    reviewing.close(console, campaign, "trois lignes revues", WHO)
    (attestation,) = StoredRegister(console.practice).seen(Attestation).facts
    assert (attestation.control, attestation.holds, attestation.signed_by) == ("R2.4", True, "Anna Petit")
    assert attestation.document_digest is not None
    with console.vault.open(attestation.document_digest) as stream:
        text = stream.read().decode("utf-8-sig")
    assert "ne sert plus" in text
    assert "Anna Petit" in text
    (closed,) = StoredRegister(console.practice).seen(Campaign).facts
    assert closed.closed_by == "Anna Petit"
