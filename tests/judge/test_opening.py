"""Ports that a gateway opened because a device inside asked (R25.2)."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from negatoscope.model.gateways import AutoOpening, PortMapping
from negatoscope.model.hosts import Host
from negatoscope.model.verdict import Verdict
from negatoscope.observe.upnp.read import read
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.gateways import GATEWAY, SHUT
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import judged
from tests.judge.planted.zones import practice

CAPTURE = Path(__file__).parents[1] / "captures" / "upnp" / "miniupnpd.jsonl"
RDP = PortMapping(GATEWAY, "tcp", 33890, "10.77.0.6", 3389, enabled=True)


def told(*facts: object) -> set[str]:
    result = judged(HEALTHY.with_(*facts), "R25.2")
    return {one.reason for one in result.findings} | {one.reason for one in result.doubts}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (RDP, {"mapped_to_administration"}),
        (replace(RDP, enabled=None, internal=None), {"mapped_to_administration"}),
        (replace(RDP, internal_port=None, external_port=22), {"mapped_to_administration"}),
        (replace(RDP, internal_port=None), {"mapped_unknown"}),
        (replace(RDP, enabled=False), set()),
        (replace(RDP, internal="10.79.0.2", internal_port=443), {"mapped_to_page"}),
        (replace(RDP, internal_port=443), {"mapped_unknown"}),
        (replace(RDP, protocol="udp", internal_port=51413), {"mapped_unknown"}),
        (replace(SHUT, upnp=True), {"opens_by_itself"}),
        (replace(SHUT, nat_pmp=True), {"opens_by_itself"}),
        (replace(SHUT, upnp=None, nat_pmp=None), set()),
    ],
)
def test_an_opening_is_weighed_by_what_it_leads_to(fact: AutoOpening | PortMapping, expected: set[str]) -> None:
    assert told(fact) == expected


def test_what_a_real_gateway_opened_is_found() -> None:
    """Its capture, said of the gateway whose rules were read."""
    items = [item for item in read(BytesIO(CAPTURE.read_bytes())) if not isinstance(item, Host)]
    result = judged(practice(more=tuple(items)), "R25.2")
    assert result.verdict is Verdict.FAILED
    assert [one.reason for one in result.findings] == ["mapped_to_administration"]
    assert DESK not in {one.subject for one in result.findings}


def test_an_opening_for_one_alone_is_another_than_that_for_all() -> None:
    assert replace(RDP, remote="203.0.113.9").ref == f"{RDP.ref}/203.0.113.9"
