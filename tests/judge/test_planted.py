"""Every measured control, on recorded captures through the real readers: its flaw is found, its healthy twin passes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from negatoscope.judge import texts
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.verdict import Verdict
from negatoscope.observe.collector import Item
from tests.judge.memory import BY_ID, MEASURED, World, judged, of
from tests.judge.planted import PLANTS
from tests.judge.planted.computers import LOCAL, PLANTED, SCANNED, SOCKETS, TWIN, Edits, declared, local, scanned

APART = 12
"""Sections damaged at once stand so far apart."""


def second(items: list[Any]) -> list[Item]:
    """The same host once more, under another name."""
    return [
        replace(item, ref="host/autre") if isinstance(item, Host) else replace(item, host="host/autre")
        for item in items
        if hasattr(item, "host") or isinstance(item, Host)
    ]  # fmt: skip


def practice(edits: Edits) -> World:
    """Two workstations: one healthy, one edited."""
    return of([*declared(local(edits)), *second(declared(local(())))])


def test_every_measured_control_has_a_plant() -> None:
    assert sorted({*PLANTED, *SCANNED, *PLANTS}) == MEASURED


@pytest.mark.parametrize("control", PLANTED)
def test_the_healthy_twin_passes(control: str) -> None:
    result = judged(of(declared(local(TWIN.get(control, ())))), control)
    assert (result.verdict, result.findings, result.doubts) == (Verdict.PASSED, (), ())


@pytest.mark.parametrize("control", PLANTED)
def test_the_planted_flaw_is_found(control: str) -> None:
    planted = (*TWIN.get(control, ()), *PLANTED[control])
    result = judged(practice(planted) if control == "R14.5" else of(declared(local(planted))), control)
    assert result.verdict is Verdict.FAILED
    for finding in result.findings:
        assert texts.sentence(finding, BY_ID[control][0].id, "fr")


@pytest.mark.parametrize("control", sorted(PLANTED.keys() - {"R14.5"}))
def test_hiding_what_was_planted_lights_nothing(control: str) -> None:
    """Each section that tells of the flaw is denied in turn; sockets have a second witness, the kernel's own tables."""
    planted = (*TWIN.get(control, ()), *PLANTED[control])
    for section in {name for name, _, _ in PLANTED[control]} - {SOCKETS}:
        world = of(declared(local((*planted, (section, "!", "")))))
        assert judged(world, control).verdict in {Verdict.FAILED, Verdict.UNPROVEN}, section


@pytest.mark.parametrize("control", SCANNED)
def test_the_healthy_network_passes(control: str) -> None:
    result = judged(scanned(None), control)
    assert (result.verdict, result.findings, result.doubts) == (Verdict.PASSED, (), ())


@pytest.mark.parametrize("control", SCANNED)
def test_a_flaw_planted_in_the_network_is_found(control: str) -> None:
    assert judged(scanned(SCANNED[control]), control).verdict is Verdict.FAILED


def test_two_healthy_hosts_are_alike() -> None:
    assert judged(practice(()), "R14.5").verdict is Verdict.PASSED


def test_a_host_that_lets_nothing_be_read_lights_nothing() -> None:
    """As a run without root sees it: every section that needs root is denied."""
    items = local(())
    blind = [
        Gap(item.kind, "needs_root", item.host) if isinstance(item, Sweep) and item.host else item for item in items
    ]
    world = of([*blind, Sweep("Host"), Sweep("Person")])
    told = dict.fromkeys(("R1.5", "R4.1", "R5.1"), Verdict.FAILED)  # ways out, and cards nearby, are known all the same
    for control in MEASURED:
        empty = dict.fromkeys(("R1.3", "R7.5", "R12.1", "R12.2", "R12.3", "R12.5", "R19.1"), Verdict.NOT_APPLICABLE)
        expected = {"R1.1": Verdict.PASSED, **empty, **told}.get(control, Verdict.UNPROVEN)
        assert judged(world, control).verdict is expected, control


def test_every_field_that_a_reader_leaves_dark_has_a_name() -> None:
    names = [json.loads(line)["section"] for line in LOCAL[1:-1]]
    several = [tuple((name, what, "") for name in names[n::APART]) for n in range(APART) for what in ("*", "!")]
    gaps = [gap for edits in several for gap in local(edits) if isinstance(gap, Gap)]
    commands = {name[4:].split()[0] for name in names if name.startswith("cmd:")}
    for gap in gaps:
        dark = {field for field in str(gap.values["fields"]).split(", ") if not field.startswith("/")}
        assert dark <= set(texts.shared().words["what"]) | commands, gap
        assert gap.why in texts.shared().gaps


@pytest.mark.parametrize("control", PLANTS)
def test_a_healthy_capture_passes(control: str) -> None:
    result = judged(PLANTS[control].healthy(), control)
    assert (result.verdict, result.findings, result.doubts) == (Verdict.PASSED, (), ())


@pytest.mark.parametrize("control", PLANTS)
def test_a_flawed_capture_fails(control: str) -> None:
    result = judged(PLANTS[control].flawed(), control)
    assert result.verdict is Verdict.FAILED
    for finding in result.findings:
        assert texts.sentence(finding, BY_ID[control][0].id, "fr")
