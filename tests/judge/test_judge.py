"""What the judge adds by itself: never observed, stale, gap, open population, crash."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from negatoscope.judge.judge import judge
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold
from negatoscope.model.accounts import Account, AccountKind, PasswordPolicy, Privilege
from negatoscope.model.evidence import Gap, Seen, Sweep
from negatoscope.model.hardening import Firewall, SshServer, Volume
from negatoscope.model.hosts import COMPUTERS, PORTABLE, Host, HostClass
from negatoscope.model.judgement import ControlResult, Doubt, Finding
from negatoscope.model.networks import Consent, Network, Service
from negatoscope.model.people import Attestation, Person, Waiver
from negatoscope.model.software import Software, SoftwareCensus, Updates
from negatoscope.model.verdict import Proof, Verdict
from tests.judge.cases import FAILING, HEALTHY
from tests.judge.cases.healthy.computers import ANNA, DESK
from tests.judge.memory import AT, SEEN_AT, World, judged, swept

HOST = Host("host/a", host_class=HostClass.WORKSTATION)
NET = Network("10.0.0.0/24")
FIREWALL = Firewall("host/a", active=True)
DAY = timedelta(days=1)
OF_HOST = Sweep("Firewall", "host/a")
OF_NET = Sweep("Host", network=NET.cidr)
CLOSED = World((HOST, NET, FIREWALL), (OF_HOST, OF_NET))


ONE_FIELD = Rule("R98", fresh=timedelta(days=7))


@ONE_FIELD.measured("R98.1", on=COMPUTERS)
def reads_one_field(firewalls: Seen[Firewall]) -> Said:
    yield from all_hold(((one.ref, one.active) for one in firewalls.facts), "firewall", "firewall_off")


def firewall(world: World) -> ControlResult:
    return judge(world, [ONE_FIELD], AT).by_rule["R98"].controls[0]


def codes(result: ControlResult) -> set[str]:
    return {doubt.reason for doubt in result.doubts}


def test_a_swept_network_closes_the_population() -> None:
    assert firewall(CLOSED).verdict is Verdict.PASSED


def test_a_whole_list_of_hosts_closes_the_population() -> None:
    assert firewall(World((HOST, FIREWALL), (OF_HOST, Sweep("Host")))).verdict is Verdict.PASSED


def test_an_old_whole_list_no_longer_closes_it() -> None:
    whole = Sweep("Host")
    world = World((HOST, FIREWALL), (OF_HOST, whole), swept_at={whole: AT - 40 * DAY})
    assert codes(firewall(world)) == {"population_open"}


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (CLOSED.but(facts=(HOST, FIREWALL)), "no_network_declared"),
        (CLOSED.but(sweeps=(OF_HOST,)), "network_never_swept"),
        (CLOSED.but(swept_at={OF_NET: AT - 30 * DAY}), "network_swept_long_ago"),
    ],
)
def test_an_open_population_is_unproven_and_says_why(world: World, why: str) -> None:
    result = firewall(world)
    assert result.verdict is Verdict.UNPROVEN
    assert [doubt.values["why"] for doubt in result.doubts] == [why]


def test_one_host_turns_a_rule_red_while_the_population_is_open() -> None:
    assert firewall(World((HOST, Firewall("host/a", active=False)), (OF_HOST,))).verdict is Verdict.FAILED


def test_a_practice_without_any_host_was_not_looked_at() -> None:
    world = CLOSED.but(facts=(NET,))
    assert [doubt.values for doubt in firewall(world).doubts] == [{"why": "no_host"}]


def test_a_host_never_looked_at_is_named() -> None:
    world = CLOSED.but(facts=(*CLOSED.facts, Host("host/b")))
    assert firewall(world).doubts == (Doubt("host/b", "not_observed", {"kind": "Firewall"}),)


def test_a_host_in_the_register_is_found_wanting_even_if_swept_without_facts() -> None:
    assert codes(firewall(CLOSED.but(facts=(HOST, NET)))) == {"not_observed"}


def test_a_stale_look_is_a_doubt() -> None:
    world = CLOSED.but(swept_at={OF_HOST: AT - 8 * DAY})
    assert firewall(world).doubts == (Doubt("host/a", "stale", {"kind": "Firewall", "on": "2026-11-13"}),)


def test_a_look_of_the_future_is_no_look() -> None:
    assert codes(firewall(CLOSED.but(swept_at={OF_HOST: AT + DAY}))) == {"not_observed"}


def test_a_gap_is_a_doubt_with_its_reason() -> None:
    world = CLOSED.but(gaps=(Gap("Firewall", "needs_root", "host/a", {"command": "nft"}),))
    said = {"kind": "Firewall", "why": "needs_root", "command": "nft"}
    assert firewall(world).doubts == (Doubt("host/a", "gap", said),)


def test_a_later_look_fills_a_gap() -> None:
    world = CLOSED.but(
        gaps=(Gap("Firewall", "needs_root", "host/a"),),
        seen_at=AT - 2 * DAY,
        swept_at={OF_HOST: SEEN_AT, OF_NET: SEEN_AT},
    )
    assert firewall(world).verdict is Verdict.PASSED


def test_a_gap_undoes_no_other_collector_s_look() -> None:
    world = CLOSED.but(gaps=(Gap("Firewall", "host_timeout", "host/a"),), gaps_by="nmap")
    assert firewall(world).verdict is Verdict.PASSED


DARK = Gap("Firewall", "needs_root", "host/a", {"fields": "default_deny"})
UNLIT = CLOSED.but(sweeps=(OF_NET,), gaps=(DARK,))


def test_a_field_left_dark_matters_only_to_those_who_read_it() -> None:
    result = firewall(UNLIT)
    assert (result.verdict, result.doubts, result.oldest) == (Verdict.PASSED, (), SEEN_AT)


def test_a_field_left_dark_says_why_to_those_who_read_it() -> None:
    world = UNLIT.with_(Firewall("host/a")).but(gaps=(replace(DARK, values={"fields": "active, default_deny"}),))
    assert [doubt.reason for doubt in firewall(world).doubts] == ["unread", "gap"]


def test_a_gap_that_names_a_field_which_a_fact_states_hides_something_else() -> None:
    world = UNLIT.but(gaps=(replace(DARK, values={"fields": "active"}),))
    assert codes(firewall(world)) == {"gap"}


def test_a_look_at_no_host_in_particular_is_a_look_at_none() -> None:
    world = CLOSED.but(sweeps=(OF_NET, Sweep("Firewall")), gaps=(Gap("Firewall", "time_limit"),))
    assert codes(firewall(world)) == {"not_observed"}


def test_one_precise_gap_does_not_excuse_another() -> None:
    world = UNLIT.but(gaps=(DARK, replace(DARK, why="timed_out", values={})))
    assert codes(firewall(world)) == {"gap"}


def test_a_dark_field_of_another_class_explains_nothing_here() -> None:
    other = Host("host/b", host_class=HostClass.PRINTER)
    world = UNLIT.but(
        facts=(HOST, NET, other, Firewall("host/a"), Firewall("host/b")),
        gaps=(replace(DARK, host="host/b"), replace(DARK, values={"fields": "active"})),
    )
    assert [doubt.subject for doubt in firewall(world).doubts if doubt.reason == "gap"] == ["host/a"]


def test_a_gap_about_the_identity_of_a_host_is_a_doubt() -> None:
    world = CLOSED.but(gaps=(Gap("Host", "identity_conflict", "host/a"), Gap("Host", "time_limit")))
    assert [doubt.values["why"] for doubt in firewall(world).doubts] == ["identity_conflict"]


def test_an_older_sweep_of_two_counts_for_nothing() -> None:
    world = CLOSED.but(sweeps=(OF_HOST, OF_NET, Sweep("Firewall", "host/a", "10.0.0.0/24")))
    world = world.but(swept_at={OF_HOST: AT - 9 * DAY})
    assert firewall(world).verdict is Verdict.PASSED


def test_a_failure_stands_though_stale() -> None:
    world = CLOSED.with_(Firewall("host/a", active=False)).but(swept_at={OF_HOST: AT - 90 * DAY, OF_NET: AT - 90 * DAY})
    result = firewall(world)
    assert result.verdict is Verdict.FAILED
    assert codes(result) == {"stale", "population_open"}


def test_no_host_of_the_class_at_all_is_not_applicable() -> None:
    result = judged(CLOSED, "R19.1")
    assert (result.verdict, result.oldest) == (Verdict.NOT_APPLICABLE, SEEN_AT)
    assert result.evidence == ("sha256:2026112111",)


def test_hosts_of_other_classes_are_left_out() -> None:
    world = CLOSED.with_(Volume("host/a", "/", encrypted=False))
    assert judged(world, "R19.1").verdict is Verdict.NOT_APPLICABLE


def test_a_fact_about_a_host_that_nobody_listed_counts() -> None:
    world = CLOSED.with_(Volume("host/elsewhere", "/", encrypted=False))
    assert judged(world, "R19.2").verdict is Verdict.FAILED


def test_a_list_nobody_declared_complete_is_open() -> None:
    world = HEALTHY.but(sweeps=tuple(sweep for sweep in HEALTHY.sweeps if sweep.kind != "Person"))
    assert codes(judged(world, "R8.1")) == {"list_open"}


def test_a_list_declared_long_ago_is_stale() -> None:
    assert codes(judged(HEALTHY.but(swept_at={Sweep("Person"): AT - 32 * DAY}), "R8.1")) == {"stale"}


def test_a_list_that_a_later_look_could_not_read_is_a_doubt() -> None:
    world = HEALTHY.but(gaps=(Gap("Person", "unreadable"),))
    assert codes(judged(world, "R8.1")) == {"gap"}
    assert judged(world.but(swept_at={Sweep("Person"): AT}), "R8.1").verdict is Verdict.PASSED


def test_a_holder_is_a_stranger_only_to_a_list_that_somebody_closed() -> None:
    stranger = FAILING["R8.1"][0]
    opened = stranger.but(sweeps=tuple(sweep for sweep in stranger.sweeps if sweep.kind != "Person"))
    assert judged(opened, "R8.1").verdict is Verdict.UNPROVEN


def test_a_waiver_changes_nothing() -> None:
    for control, worlds in FAILING.items():
        flawed = judged(worlds[0], control)
        waived = worlds[0].with_(*(Waiver(control, f.subject, "Dr Petit", "isolé", AT + DAY) for f in flawed.findings))
        assert judged(waived, control) == flawed


@pytest.mark.parametrize(
    ("control", "fact", "code"),
    [
        ("R1.2", SoftwareCensus(DESK, 0, 0), "no_software"),
        ("R18.2", SoftwareCensus(DESK, 0, 0), "no_software"),
        ("R6.1", Updates(DESK, 0, 0, AT - 30 * DAY), "nothing_listed"),
        ("R6.2", Updates(DESK, 0, 0, AT + 3 * DAY), "date_ahead"),
        ("R10.3", SshServer(DESK, present=True), "unread"),
        ("R9.4", PasswordPolicy(DESK, min_classes=3), "unread"),
        ("R19.3", Volume(DESK, "/media/cle", removable=True), "unread"),
        ("R18.1", Service(DESK, "tcp", 3389, "ms-wbt-server"), "unread"),
        ("R18.1", Service(DESK, "tcp", 3333, "unknown", reachable=True), "service_unknown"),
        ("R23.1", Service(DESK, "tcp", 80, "http", encrypted=False), "unread"),
        ("R23.1", Service(DESK, "tcp", 80, "http", reachable=True), "unread"),
        ("R23.2", Service(DESK, "tcp", 80, "tcpwrapped", reachable=True), "service_unknown"),
        ("R30.1", Privilege(DESK, "inconnu", "sudoers"), "account_unknown"),
        ("R2.1", Privilege(DESK, "inconnu", "sudoers"), "account_unknown"),
    ],
)
def test_what_cannot_be_settled_is_a_doubt(control: str, fact: object, code: str) -> None:
    result = judged(HEALTHY.with_(fact), control)
    assert (result.verdict, codes(result)) == (Verdict.UNPROVEN, {code})


def test_a_computer_whose_only_disk_starts_it_was_not_seen_whole() -> None:
    bare = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if getattr(fact, "mount", "") != "/"))
    assert codes(judged(bare, "R19.1")) == {"no_volume"}


def test_a_root_that_nobody_logs_on_with_is_not_a_user() -> None:
    answered = replace(next(a for a in HEALTHY.seen(Account) if a.name == "root"), password=None)
    assert codes(judged(HEALTHY.with_(answered), "R2.1")) == {"unread"}
    assert codes(judged(HEALTHY.with_(answered), "R8.1")) == {"unread"}


def test_a_service_account_says_what_it_is_for() -> None:
    service = Account(DESK, "imagerie", kind=AccountKind.SERVICE, enabled=True, interactive=True)
    assert codes(judged(HEALTHY.with_(service), "R8.1")) == {"purpose_unknown"}


@pytest.mark.parametrize("name", ["jmartin", "anne.bureau", "1234", "test-martin"])
def test_somebody_s_name_is_not_generic(name: str) -> None:
    named = replace(next(a for a in HEALTHY.seen(Account) if a.name == "apetit"), name=name)
    assert judged(HEALTHY.with_(named), "R8.2").verdict is Verdict.PASSED


RULE = Rule("R99")


@RULE.measured("R99.1")
def crashes(firewalls: Seen[Firewall], now: datetime) -> Iterator[Finding | Doubt]:
    for one in firewalls.facts:
        if one.active is False:
            yield Finding(one.ref, "off")
    raise ZeroDivisionError(f"at {now:%H}")


@RULE.measured("R99.2", on=PORTABLE)
def examines_laptops(hosts: Seen[Host], consents: Seen[Consent]) -> Iterator[Finding | Doubt]:
    yield from ()


@RULE.measured("R99.3")
def counts_people(people: Seen[Person]) -> Iterator[Finding | Doubt]:
    yield from ()


def test_a_control_about_people_needs_no_list_of_hosts() -> None:
    result = judge(swept([ANNA], Person), [RULE], AT).by_rule["R99"].controls[2]
    assert (result.verdict, result.checked) == (Verdict.PASSED, 1)


def test_a_crash_is_a_doubt() -> None:
    result = judge(CLOSED, [RULE], AT).by_rule["R99"].controls[0]
    assert result.verdict is Verdict.UNPROVEN
    assert result.doubts[0].values == {"error": "ZeroDivisionError: at 12"}


def test_what_was_found_before_a_crash_stands() -> None:
    result = judge(CLOSED.with_(Firewall("host/a", active=False)), [RULE], AT).by_rule["R99"].controls[0]
    assert result.verdict is Verdict.FAILED
    assert codes(result) == {"control_crashed"}


def test_evidence_names_the_looks_even_where_nothing_was_found() -> None:
    result = judge(swept([NET, HOST]), [RULE], AT).by_rule["R99"].controls[1]
    assert (result.verdict, result.checked) == (Verdict.NOT_APPLICABLE, 0)
    assert result.evidence == ("sha256:2026112111",)


def test_a_control_declares_what_it_reads() -> None:
    control = RULE.controls["R99.1"]
    assert control.kinds == (Firewall,)
    with pytest.raises(TypeError, match="parameters are"):
        RULE.measured("R99.4")(iter)
    with pytest.raises(ValueError, match=r"R99\.1 cannot"):
        RULE.attested("R99.1")
    with pytest.raises(ValueError, match=r"R9\.1 cannot"):
        RULE.attested("R9.1")


def judged_rule(*verdicts: str) -> tuple[Verdict, Proof | None]:
    """A rule whose controls come out as asked: m for measured, a for attested; + passes, - fails, ? is in doubt."""
    rule = Rule("R98")
    facts: list[object] = [NET]
    for number, (proof, sign) in enumerate(map(tuple, verdicts)):
        ident = f"R98.{number}"
        if proof == "a":
            rule.attested(ident)
            facts += _stated(ident, sign)
        else:
            _measured(rule, ident, sign)
    result = judge(swept([*facts, HOST, FIREWALL]), [rule], AT).by_rule["R98"]
    assert result.settled == sum(not asked.endswith("?") for asked in verdicts)
    return result.verdict, result.proof


def _stated(ident: str, sign: str) -> list[object]:
    return [] if sign == "?" else [Attestation(ident, sign == "+", "dit", "Dr Petit", AT - DAY, AT + DAY)]


def _measured(rule: Rule, ident: str, sign: str) -> None:
    @rule.measured(ident)
    def answers(firewalls: Seen[Firewall]) -> Iterator[Finding | Doubt]:
        for one in firewalls.facts:
            if sign != "+":
                yield Finding(one.ref, "off") if sign == "-" else Doubt(one.ref, "unsure")


@pytest.mark.parametrize(
    ("controls", "verdict", "proof"),
    [
        (("m+", "m+"), Verdict.PASSED, Proof.MEASURED),
        (("m+", "a+"), Verdict.PASSED, Proof.ATTESTED),
        (("m-", "a-"), Verdict.FAILED, Proof.MEASURED),
        (("m+", "a-"), Verdict.FAILED, Proof.ATTESTED),
        (("m-", "a+"), Verdict.FAILED, Proof.MEASURED),
        (("m?", "a+"), Verdict.UNPROVEN, None),
        (("a?", "m+"), Verdict.UNPROVEN, None),
        (("m-", "m?", "a?"), Verdict.FAILED, Proof.MEASURED),
    ],
)
def test_a_rule_is_worth_its_worst_control_and_says_on_what_proof(
    controls: tuple[str, ...], verdict: Verdict, proof: Proof | None
) -> None:
    assert judged_rule(*controls) == (verdict, proof)


def test_judging_twice_says_the_same() -> None:
    worlds = [worlds[0] for worlds in FAILING.values()]
    assert all(judged(world, "R8.1") == judged(world.but(), "R8.1") for world in worlds)
    assert ANNA in HEALTHY.seen(Person).facts
    assert Software("host/a", "acl").ref == "software/a/acl"
