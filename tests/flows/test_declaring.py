"""What a person states: with a time zone, and with a document that is really kept."""

from datetime import UTC, datetime, timedelta

import pytest

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import DocumentMissing, Said, declare, keep_document
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.evidence import Fact
from negatoscope.model.networks import Consent
from negatoscope.model.people import Attestation, Waiver
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.declared import declaration

AMELIE = Said("amelie", "attestation")
NAIVE = datetime(2026, 11, 2, 9)  # noqa: DTZ001 -- what must be refused
SIGNED = datetime(2026, 11, 2, 9, tzinfo=UTC)


def stated(signed_at: datetime = SIGNED, document: str | None = None) -> Attestation:
    until = signed_at + timedelta(days=30)
    return Attestation("R4.3", True, "vu", "Dr Petit", signed_at, until, "plan.pdf", document)  # noqa: FBT003 -- holds


def test_a_document_that_the_vault_does_not_hold_is_not_cited(console: Console) -> None:
    with pytest.raises(DocumentMissing, match="a" * 64):
        declare(console, AMELIE, [stated(document="a" * 64)])
    assert StoredRegister(console.practice).seen(Attestation).facts == ()
    kept = stated(document=keep_document(console, b"%PDF"))
    declare(console, AMELIE, [kept])
    assert StoredRegister(console.practice).seen(Attestation).facts == (kept,)


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (stated(NAIVE), "Attestation.signed_at"),
        (Consent("host/irm", "Dr Petit", NAIVE), "Consent.until"),
        (Waiver("R4.3", "practice", "Dr Petit", "tri manuel", NAIVE), "Waiver.until"),
    ],
)
def test_an_instant_without_a_time_zone_is_refused_and_not_kept(console: Console, fact: Fact, field: str) -> None:
    with pytest.raises(Unreadable, match=f"naive_datetime at {field}"):
        declare(console, AMELIE, [fact])
    assert StoredRegister(console.practice).seen(type(fact)).facts == ()


def test_an_instant_without_a_time_zone_already_kept_stops_no_judgement(console: Console) -> None:
    deliver(console, Delivery("declared", "register", "amelie", "attestation", declaration([stated(NAIVE)])))
    assert StoredRegister(console.practice).seen(Attestation).facts == ()
    assert judge_now(console, "amelie").rules
