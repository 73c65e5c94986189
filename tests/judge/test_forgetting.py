"""Forgetting never helps: less evidence never makes a rule greener; and all that is said then has its sentence."""

import types
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.coverage import CHOICES, swept_as
from negatoscope.judge.judge import judge
from negatoscope.model.directory import Directory
from negatoscope.model.evidence import Gap
from negatoscope.model.gateways import RemoteAccess
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.verdict import Verdict
from tests.judge.cases import FAILING, HEALTHY
from tests.judge.memory import AT, BY_ID, EVERY_KIND, MEASURED, World, judged

NOT_GREEN = {Verdict.FAILED, Verdict.UNPROVEN}
CASES = [
    pytest.param(control, world, id=f"{control}-{n}") for control in FAILING for n, world in enumerate(FAILING[control])
]


def nullable(kind: type[Any]) -> list[str]:
    hints = get_type_hints(kind)
    return [
        field.name
        for field in fields(kind)
        if get_origin(hints[field.name]) in {Union, types.UnionType} and type(None) in get_args(hints[field.name])
    ]


NULLABLE = {kind: nullable(kind) for kind in EVERY_KIND}


def kinds_of(control: str) -> set[type[Any]]:
    kinds = BY_ID[control][1].kinds
    return {*kinds, *([Host] if any(kind.SCOPE == "host" for kind in kinds) else [])}


def forgotten(world: World, control: str) -> Iterator[tuple[str, World]]:
    """The world less one field of one fact, for every fact that the control may read."""
    for fact in world.facts:
        if type(fact) in kinds_of(control):
            rest = tuple(other for other in world.facts if other is not fact)
            for name in NULLABLE[type(fact)]:
                if getattr(fact, name) is not None:
                    yield f"{fact.ref} {name}", world.but(facts=(*rest, replace(fact, **{name: None})))


def unswept(world: World, control: str) -> Iterator[tuple[str, World]]:
    """The world less one look: never made, or made in vain."""
    for sweep in world.sweeps:
        if sweep.kind in {swept_as(kind) for kind in kinds_of(control) - CHOICES}:
            fewer = world.but(sweeps=tuple(other for other in world.sweeps if other is not sweep))
            yield f"no look at {sweep}", fewer
            yield f"a look in vain at {sweep}", fewer.but(gaps=(Gap(sweep.kind, "timed_out", sweep.host),))


def verdict(world: World, control: str) -> Verdict:
    """What a control comes to, once each of its findings and doubts was seen to have a sentence for all its values."""
    result = judged(world, control)
    own, shared = texts.rule(BY_ID[control][0].id).reasons, texts.shared()
    told: tuple[Finding | Doubt, ...] = (*result.findings, *result.doubts)
    for item in told:
        said = own.get(item.reason) or shared.reasons[item.reason]
        assert texts.placeholders(said.fr) <= {*item.values, "subject", "gap"}, item
        assert item.values.get("what", "model") in shared.words["what"], item
    return result.verdict


def test_every_measured_control_has_a_failing_case() -> None:
    assert sorted(FAILING) == MEASURED


@pytest.mark.parametrize("control", MEASURED)
def test_a_healthy_fleet_passes(control: str) -> None:
    result = judged(HEALTHY, control)
    assert (result.verdict, result.findings, result.doubts) == (Verdict.PASSED, (), ())
    assert result.evidence
    assert result.checked


@pytest.mark.parametrize(("control", "world"), CASES)
def test_a_flaw_is_found(control: str, world: World) -> None:
    assert verdict(world, control) is Verdict.FAILED
    assert judged(world, control).evidence


@pytest.mark.parametrize(("control", "world"), CASES)
def test_a_field_forgotten_never_turns_a_failure_green(control: str, world: World) -> None:
    for what, less in forgotten(world, control):
        assert verdict(less, control) in NOT_GREEN, what


@pytest.mark.parametrize(("control", "world"), CASES)
def test_a_look_forgotten_never_turns_a_failure_green(control: str, world: World) -> None:
    for what, less in unswept(world, control):
        assert verdict(less, control) in NOT_GREEN, what


@pytest.mark.parametrize("control", MEASURED)
def test_a_look_forgotten_takes_the_green_away(control: str) -> None:
    _, declared = BY_ID[control]
    concerned = {fact.ref for fact in HEALTHY.seen(Host).facts if fact.host_class in declared.on} | {None}
    concerned |= {fact.ref for fact in HEALTHY.seen(Directory).facts}
    for what, less in unswept(HEALTHY, control):
        lost = set(HEALTHY.sweeps) - set(less.sweeps)
        expected = Verdict.UNPROVEN if {sweep.host for sweep in lost} <= concerned else Verdict.PASSED
        assert verdict(less, control) is expected, what


@pytest.mark.parametrize("control", MEASURED)
def test_a_field_forgotten_accuses_nobody(control: str) -> None:
    for what, less in forgotten(HEALTHY, control):
        assert verdict(less, control) in {Verdict.PASSED, Verdict.UNPROVEN}, what


@pytest.mark.parametrize("control", MEASURED)
def test_facts_forgotten_take_the_green_away(control: str) -> None:
    """A look that brought back nothing of a kind that every computer has has seen nothing."""
    _, declared = BY_ID[control]
    population = declared.kinds[0]
    result = judged(HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if type(fact) is not population)), control)
    # A list that somebody declared complete may well be empty, as may what a look found none of: that proves nothing.
    if population.SCOPE == "practice" or population is RemoteAccess:
        assert result.verdict is not Verdict.PASSED
    else:
        assert result.verdict is Verdict.UNPROVEN


def test_no_rule_is_green_on_an_empty_register() -> None:
    judgement = judge(World(), RULES, AT)
    assert {result.verdict for result in judgement.rules} == {Verdict.UNPROVEN}
    assert {control.verdict for result in judgement.rules for control in result.controls} == {Verdict.UNPROVEN}


def test_a_host_of_unknown_class_is_left_out_of_nothing() -> None:
    unknown = HEALTHY.with_(*(replace(host, host_class=None) for host in HEALTHY.seen(Host).facts))
    for control, worlds in FAILING.items():
        flawed = worlds[0].with_(*(replace(host, host_class=None) for host in worlds[0].seen(Host).facts))
        assert verdict(flawed, control) in NOT_GREEN, control
        assert judged(unknown, control).checked >= judged(HEALTHY, control).checked, control
