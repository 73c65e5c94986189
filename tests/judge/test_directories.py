"""Controls of directories: what is undecided stays unproven, what looks like a flaw and is none passes."""

import pytest

from negatoscope.judge.lifecycle import system
from negatoscope.judge.profiles import profiles
from negatoscope.model.directory import Directory, DirectoryKind
from negatoscope.model.evidence import Sweep
from negatoscope.model.passwords import PasswordChoice, Profile
from negatoscope.model.verdict import Verdict
from tests.judge.cases.directory import HOLDING, UNDECIDED
from tests.judge.cases.healthy.directory import HERE
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World, judged

UNSETTLED = [
    pytest.param(control, world, id=f"{control}-{n}")
    for control in UNDECIDED
    for n, world in enumerate(UNDECIDED[control])
]
SOUND = [
    pytest.param(control, world, id=f"{control}-{n}") for control in HOLDING for n, world in enumerate(HOLDING[control])
]


@pytest.mark.parametrize(("control", "world"), UNSETTLED)
def test_what_the_facts_do_not_settle_is_unproven(control: str, world: World) -> None:
    assert judged(world, control).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(("control", "world"), SOUND)
def test_what_only_looks_like_a_flaw_accuses_nobody(control: str, world: World) -> None:
    assert judged(world, control).verdict is Verdict.PASSED


def test_a_practice_without_a_directory_has_nothing_to_judge_once_the_list_is_closed() -> None:
    bare = World(sweeps=(Sweep("Directory"),))
    assert judged(bare, "R20.2").verdict is Verdict.NOT_APPLICABLE
    assert judged(World(), "R20.2").verdict is Verdict.UNPROVEN


def test_an_openldap_has_no_domain_and_a_directory_of_unknown_kind_may_have_one() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if type(fact).__name__ != "DirectoryDomain" and fact is not HERE)
    other = HEALTHY.but(facts=(*facts, Directory(HERE.realm, DirectoryKind.OPENLDAP)))
    unknown = HEALTHY.but(facts=(*facts, Directory(HERE.realm)))
    assert judged(other, "R20.8").verdict is Verdict.NOT_APPLICABLE
    assert judged(unknown, "R20.8").verdict is Verdict.UNPROVEN


def test_without_a_choice_the_text_of_2013_stands() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, PasswordChoice))
    assert judged(HEALTHY.but(facts=facts), "R9.5").verdict is Verdict.PASSED
    assert profiles()[Profile.SEED_2013].renewal_days == 180
    assert profiles()[Profile.ANSSI_2021].renewal_days is None


def test_a_system_is_known_by_its_name() -> None:
    seven, other = system("Windows® 7 Professionnel"), system("Windows 10 Enterprise LTSC")
    assert (f"{seven.ends}" if seven else None) == "2020-01-14"
    assert other is not None
    assert other.ends is None
    assert system("Debian GNU/Linux") is None
