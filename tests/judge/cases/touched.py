"""For each measured control of services looked at from afar: facts that fail it, in a practice otherwise healthy."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.datagrams import ClearAnswer
from tests.judge.cases.healthy.touched import ANSWER, COPIER_LOGIN, NAS_LOGIN, SWITCH_LOGIN, WEB
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

FAILING: dict[str, tuple[World, ...]] = {
    "R23.4": (
        HEALTHY.with_(replace(WEB, versions=("TLSv1", "TLSv1.2"))),
        HEALTHY.with_(replace(WEB, weak=("DES-CBC3-SHA",))),
        HEALTHY.with_(replace(WEB, certificate_until=AT - timedelta(days=1))),
        HEALTHY.with_(replace(WEB, certificate_from=AT + timedelta(days=1))),
        HEALTHY.with_(replace(WEB, key_bits=1024)),
        HEALTHY.with_(replace(WEB, signature="sha1")),
    ),
    "R12.1": (
        HEALTHY.with_(replace(SWITCH_LOGIN, works=True)),
        HEALTHY.with_(ClearAnswer("host/sw1", 161, "snmp", answers=True, published=True)),
    ),
    "R12.2": (HEALTHY.with_(replace(NAS_LOGIN, works=True)),),
    "R12.3": (HEALTHY.with_(replace(COPIER_LOGIN, works=True)),),
    "R25.1": (HEALTHY.with_(replace(ANSWER, administers=True)),),
}
