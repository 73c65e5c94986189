"""What is known in part, or cannot be true yet, settles nothing; what is closed needs nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryPrivilege
from negatoscope.model.media import MediumState
from negatoscope.model.networks import Service
from negatoscope.model.papers import PaperKind, PolicyReview
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.directory import COPY, FORMER, WAY
from tests.judge.cases.healthy.imaging import NODE
from tests.judge.cases.healthy.lists import OLD_DISK
from tests.judge.cases.healthy.people import TODAY, signature
from tests.judge.memory import AT, World, judged

TOMORROW = TODAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("control", "world"),
    [
        ("R0.3", HEALTHY.with_(replace(next(iter(HEALTHY.seen(PolicyReview).facts)), on=TOMORROW))),
        ("R12.5", HEALTHY.with_(replace(NODE, any_calling=None))),
        ("R23.6", HEALTHY.with_(Service(NODE.host, "tcp", 104, "dicom", encrypted=True, reachable=True))),
        ("R23.6", HEALTHY.with_(Service(NODE.host, "tcp", 11112, None, encrypted=None, reachable=True))),
        ("R35.4", HEALTHY.with_(replace(OLD_DISK, state=MediumState.STORED, kept_at=None))),
        ("R35.4", HEALTHY.with_(replace(OLD_DISK, ended_on=TOMORROW))),
        ("R39.8", HEALTHY.with_(replace(signature(PaperKind.TRAINING, None), signed_on=TOMORROW))),
    ],
)
def test_what_is_half_known_or_not_yet_true_is_doubted(control: str, world: World) -> None:
    result = judged(world, control)
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())


@pytest.mark.parametrize("control", ["R2.2", "R13.4"])
def test_a_closed_administrator_needs_neither_holder_nor_card(control: str) -> None:
    closed: DirectoryPrivilege = replace(WAY, account=FORMER.name)
    assert judged(HEALTHY.with_(closed), control).verdict is Verdict.PASSED


def test_an_account_of_the_directory_itself_is_nobody_s() -> None:
    system = replace(COPY, kind=AccountKind.SYSTEM, holder=None, purpose=None)
    assert judged(HEALTHY.with_(system), "R3.5").verdict is Verdict.PASSED


def test_what_imaging_answered_long_ago_says_nothing_of_today() -> None:
    result = judged(HEALTHY.but(seen_at=AT - timedelta(days=32)), "R12.5")
    assert "asked_long_ago" in {doubt.reason for doubt in result.doubts}


def test_images_in_clear_are_another_control_s_than_certificates() -> None:
    clear = HEALTHY.with_(
        replace(NODE, encrypted=False, tls_version=None, certificate_until=None),
        Service(NODE.host, "tcp", NODE.port, "dicom", encrypted=False, reachable=True),
    )
    assert judged(clear, "R23.6").verdict is Verdict.PASSED
    assert judged(clear, "R23.2").verdict is Verdict.FAILED
