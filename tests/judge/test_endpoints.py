"""Corners of the controls that inventory agents feed."""

from dataclasses import replace

import pytest

from negatoscope.model.accounts import AccountKind, Privilege, SessionPolicy
from negatoscope.model.endpoints import AgentContact, WindowsSecurity
from negatoscope.model.hardening import Firewall, Volume
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.agents import MARIE
from tests.judge.cases.healthy.computers import DESK, LAPTOP, READING
from tests.judge.cases.healthy.touched import NAS
from tests.judge.memory import World, judged

ADMINISTERED = HEALTHY.with_(Privilege(DESK, "CABINET\\mdurand", "group:Administrateurs", password_asked=True))


def without(*kinds: type) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if not isinstance(fact, kinds)))


def test_a_host_without_windows_needs_no_antivirus_of_windows() -> None:
    linux = HEALTHY.with_(*(WindowsSecurity(ref, present=False) for ref in (DESK, LAPTOP, READING)))
    assert judged(linux, "R14.6").verdict is Verdict.PASSED


def test_a_windows_that_knows_no_antivirus_fails() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if not fact.ref.startswith("antivirus/accueil"))
    (finding,) = judged(HEALTHY.but(facts=facts), "R14.6").findings
    assert (finding.subject, finding.values["names"]) == (DESK, "–")


def test_a_server_whose_antivirus_nobody_could_see_is_a_doubt() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if not fact.ref.startswith("antivirus/accueil"))
    sweeps = tuple(sweep for sweep in HEALTHY.sweeps if (sweep.kind, sweep.host) != ("Antivirus", DESK))
    assert judged(HEALTHY.but(facts=facts, sweeps=sweeps), "R14.6").verdict is Verdict.UNPROVEN


def test_nobody_is_accused_of_being_unmanaged_where_no_agent_reaches_us() -> None:
    result = judged(without(AgentContact), "R16.3")
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())


def test_a_practice_without_laptops_has_none_to_compare() -> None:
    fixed = HEALTHY.with_(replace(HEALTHY.seen(Host).facts[0], host_class=HostClass.WORKSTATION))
    assert judged(fixed, "R17.1").verdict is Verdict.NOT_APPLICABLE


def test_a_laptop_owes_nothing_that_no_fixed_computer_does() -> None:
    lax = HEALTHY.with_(*(Firewall(ref, active=False) for ref in (DESK, READING, NAS)), Firewall(LAPTOP, active=False))
    assert judged(lax, "R17.1").verdict is Verdict.PASSED
    assert judged(lax.with_(Firewall(DESK)), "R17.1").verdict is Verdict.UNPROVEN


def test_a_laptop_whose_screen_nobody_sees_is_locked() -> None:
    blind = HEALTHY.with_(SessionPolicy(LAPTOP, graphical=False, autologin=False))
    assert judged(blind, "R17.1").verdict is Verdict.PASSED


def test_a_laptop_with_one_disk_in_clear_is_laxer() -> None:
    for state, verdict in ((False, Verdict.FAILED), (None, Verdict.UNPROVEN)):
        world = HEALTHY.with_(Volume(LAPTOP, "D:", encrypted=state, removable=False))
        assert judged(world, "R17.1").verdict is verdict


def test_where_the_key_of_an_encrypted_disk_is_must_be_known() -> None:
    linux = HEALTHY.with_(WindowsSecurity(DESK, present=False))
    assert judged(linux, "R19.6").verdict is Verdict.UNPROVEN
    facts = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, WindowsSecurity))
    assert judged(HEALTHY.but(facts=facts), "R19.6").verdict is Verdict.UNPROVEN
    clear = HEALTHY.with_(Volume(DESK, "/", encrypted=False, removable=False), WindowsSecurity(DESK, present=True))
    assert judged(clear, "R19.6").verdict is Verdict.PASSED


def test_who_administers_a_computer_is_looked_up_in_the_directory() -> None:
    assert judged(ADMINISTERED, "R30.3").verdict is Verdict.FAILED
    for harmless in ({"enabled": False}, {"privileged": True}, {"kind": AccountKind.SYSTEM}):
        told = ADMINISTERED.with_(replace(MARIE, **harmless))
        assert judged(told, "R30.3").verdict is Verdict.PASSED
    service = ADMINISTERED.with_(replace(MARIE, kind=AccountKind.SERVICE))
    assert judged(service, "R30.3").verdict is Verdict.PASSED
    stranger = HEALTHY.with_(Privilege(DESK, "CABINET\\inconnu", "group:Administrateurs", password_asked=True))
    assert [doubt.reason for doubt in judged(stranger, "R30.3").doubts] == ["principal_unknown"]


def test_a_host_called_other_is_left_out_only_where_it_is_told_what_it_is() -> None:
    scale = Host("host/balance", "balance", HostClass.OTHER)
    vague = HEALTHY.with_(scale)
    assert judged(vague, "R14.1").verdict is Verdict.UNPROVEN
    assert judged(HEALTHY.with_(replace(scale, model="Balance connectée")), "R14.1").verdict is Verdict.PASSED


@pytest.mark.parametrize("control", ["R2.1", "R30.1"])
def test_a_group_of_the_directory_is_not_sought_among_the_accounts_of_the_host(control: str) -> None:
    """R30.3 asks who is behind it; that no local account bears its name is no doubt."""
    assert judged(ADMINISTERED, control).verdict is Verdict.PASSED
    assert judged(ADMINISTERED, "R30.3").verdict is not Verdict.PASSED
