"""For each measured control of gateways and remote access: facts that fail it, one flaw at a time."""

from dataclasses import replace

from negatoscope.model.gateways import Addresses, Does, FilterRule, Match
from tests.judge.cases.healthy.gateways import ANSWERS, REST, STUDIES, VPN, gateway
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

WIDE = FilterRule("#2 tout", Match(sources=Addresses(("10.77.0.0/24",))), Does.ACCEPT, logged=True, packets=12)
TWICE = replace(STUDIES, label="#9 encore")

FAILING: dict[str, tuple[World, ...]] = {
    "R24.2": (
        HEALTHY.with_(gateway(ANSWERS, STUDIES, policy=Does.ACCEPT)),
        HEALTHY.with_(gateway(ANSWERS, WIDE, REST)),
    ),
    "R24.3": (
        HEALTHY.with_(gateway(ANSWERS, STUDIES, TWICE, REST)),
        HEALTHY.with_(gateway(ANSWERS, replace(STUDIES, logged=False), REST)),
        HEALTHY.with_(gateway(ANSWERS, replace(STUDIES, packets=0), REST)),
        HEALTHY.with_(gateway(ANSWERS, replace(STUDIES, until=AT), REST)),
        HEALTHY.with_(gateway(ANSWERS, STUDIES)),
    ),
    "R31.1": (HEALTHY.with_(replace(VPN, known_devices=False)),),
    "R31.2": (
        HEALTHY.with_(replace(VPN, certificates=False, second_factor=False)),
        HEALTHY.with_(replace(VPN, shared_secret=True)),
    ),
    "R31.3": (HEALTHY.with_(replace(VPN, weak=("bf-cbc",))),),
}
