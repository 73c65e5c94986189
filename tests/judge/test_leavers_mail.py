"""The mail of those who left: what is theirs for certain, what may be, and what nobody can tell (R3.8)."""

from dataclasses import replace

import pytest

from negatoscope.model.mail import MailForward
from negatoscope.model.people import Person
from tests.judge.cases.healthy.people import LUC
from tests.judge.cases.stations import OF_LUC
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World, judged


def told(world: World) -> tuple[list[str], list[str]]:
    result = judged(world, "R3.8")
    return [one.reason for one in result.findings], [one.reason for one in result.doubts]


@pytest.mark.parametrize(
    ("forward", "expected"),
    [
        (OF_LUC, (["leaver_sent_on"], [])),
        (replace(OF_LUC, enabled=None), ([], ["leaver_perhaps_sent_on"])),
        (replace(OF_LUC, enabled=False), ([], [])),
        (replace(OF_LUC, domain="cabinet.example"), ([], [])),
        (replace(OF_LUC, mailbox="lroy"), ([], ["leaver_perhaps_sent_on"])),
        (replace(OF_LUC, mailbox="anna.petit@cabinet.example"), ([], [])),
    ],
)
def test_what_is_sent_on_is_laid_to_the_leaver_whose_box_it_is(
    forward: MailForward, expected: tuple[list[str], list[str]]
) -> None:
    assert told(HEALTHY.with_(forward)) == expected


def test_a_leaver_without_a_known_address_is_a_doubt() -> None:
    unknown: Person = replace(LUC, email=None)
    assert told(HEALTHY.with_(unknown)) == ([], ["leaver_address_unknown"])
    assert told(HEALTHY.with_(unknown, OF_LUC)) == ([], ["leaver_address_unknown", "leaver_perhaps_sent_on"])
