"""The practice's texts: drafted from the register, frozen when signed, read by each version, reviewed yearly."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.conftest import TickingClock

from negatoscope.flows import adopting
from negatoscope.flows.adopting import Signer
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.kit.bilingual import Lang
from negatoscope.model.evidence import Sweep
from negatoscope.model.judgement import RuleResult
from negatoscope.model.papers import PaperKind, PolicyReview
from negatoscope.model.people import Person
from negatoscope.model.verdict import Verdict

WHO = Signer("user:apetit", "Anna Petit")
STAFF = (Person("anna.petit", "Anna Petit"), Person("luc.roy", "Luc Roy"))


def text_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())


def preamble(console: Console) -> RuleResult:
    judgement = judge_now(console, "user:apetit")
    assert judgement.preamble is not None
    assert len(judgement.rules) == 40
    return judgement.preamble


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_draft_says_the_forty_rules_in_the_reader_s_language(console: Console, lang: Lang) -> None:
    declare(console, Said("user:apetit"), STAFF)
    told = text_of(adopting.draft(console, PaperKind.POLICY, lang))
    for chapter in texts.chapters(lang):
        assert chapter in told
    assert ("2 personnes" if lang == "fr" else "2 people") in told


def test_a_charter_is_one_or_two_pages(console: Console) -> None:
    assert len(PdfReader(BytesIO(adopting.draft(console, PaperKind.CHARTER, "fr"))).pages) <= 2


def test_a_signed_text_is_in_the_vault_and_a_training_has_none(console: Console) -> None:
    first = adopting.adopt(console, PaperKind.CHARTER, "fr", WHO)
    second = adopting.adopt(console, PaperKind.CHARTER, "fr", WHO)
    assert (first.version, second.version) == (1, 2)
    with console.vault.open(second.document_digest) as stream:
        assert "version 2" in text_of(stream.read())
    with pytest.raises(ValueError, match="training"):
        adopting.adopt(console, PaperKind.TRAINING, "fr", WHO)


def test_the_policy_is_judged_apart_from_unproven_to_passed(console: Console, clock: TickingClock) -> None:
    assert preamble(console).verdict is Verdict.UNPROVEN
    declare(console, Said("user:apetit"), STAFF)
    adopting.adopt(console, PaperKind.POLICY, "fr", WHO)
    today = console.clock().date()
    adopting.review(console, PolicyReview(today, "Anna Petit", "rien à changer"), WHO)
    verdicts = {one.id: one.verdict for one in preamble(console).controls}
    assert verdicts == {"R0.1": Verdict.PASSED, "R0.2": Verdict.UNPROVEN, "R0.3": Verdict.PASSED}
    assert adopting.record(console, PaperKind.POLICY, STAFF, today, WHO) == 2
    assert [doubt.reason for doubt in preamble(console).controls[1].doubts] == ["list_open"]
    clock.advance(timedelta(days=366))
    verdicts = {one.id: one.verdict for one in preamble(console).controls}
    assert (verdicts["R0.1"], verdicts["R0.3"]) == (Verdict.FAILED, Verdict.FAILED)


def test_nothing_is_recorded_of_a_text_that_nobody_signed(console: Console) -> None:
    declare(console, Said("user:apetit"), STAFF)
    today = console.clock().date()
    assert adopting.record(console, PaperKind.CHARTER, STAFF, today, WHO) == 0
    assert adopting.record(console, PaperKind.TRAINING, STAFF, today, WHO) == 2
    assert adopting.record(console, PaperKind.TRAINING, (), today, WHO) == 0


def test_a_sweep_is_never_declared_by_a_signature(console: Console) -> None:
    """Signing says nothing of the list of persons: only a list declared complete closes it."""
    assert Sweep("Person") not in [one.sweep for one in StoredRegister(console.practice).seen(Person).sweeps]
