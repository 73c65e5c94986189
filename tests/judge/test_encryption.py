"""What a TLS service leaves unsaid is a doubt; who signed its certificate can be settled, or not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.encryption import TlsService
from negatoscope.model.networks import Service
from negatoscope.model.verdict import Verdict
from tests.judge.cases.healthy.computers import LAPTOP
from tests.judge.cases.healthy.touched import WEB
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World, judged


def doubts(world: World) -> list[str]:
    result = judged(world, "R23.4")
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    return [doubt.reason for doubt in result.doubts]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"self_signed": True, "trusted": False}, "self_signed"),
        ({"trusted": False}, "signer_unknown"),
        ({"trusted": None}, "signer_unknown"),
        ({"versions": ()}, "unread"),
        ({"every_version": None}, "unread"),
        ({"versions": None}, "unread"),
        ({"weak": None}, "unread"),
        ({"certificate_until": None}, "unread"),
        ({"key_bits": None}, "unread"),
        ({"signature": None}, "unread"),
    ],
)
def test_what_is_not_known_of_a_certificate_is_a_doubt(fields: dict[str, object], code: str) -> None:
    assert doubts(HEALTHY.with_(replace(WEB, **fields))) == [code]  # type: ignore[arg-type]


def test_a_service_that_nobody_asked_is_a_doubt() -> None:
    asked = tuple(fact for fact in HEALTHY.facts if fact != WEB)
    assert doubts(HEALTHY.but(facts=asked)) == ["tls_never_asked"]


def test_a_port_of_unknown_encryption_is_settled_by_asking_it() -> None:
    web = Service(LAPTOP, "tcp", 8000, "http", reachable=True)
    assert doubts(HEALTHY.with_(web)) == ["tls_never_asked"]
    clear = TlsService(LAPTOP, 8000, versions=(), every_version=True)
    assert judged(HEALTHY.with_(web, clear), "R23.4").verdict is Verdict.PASSED


def test_an_old_answer_proves_nothing() -> None:
    old = AT - timedelta(days=40)
    world = HEALTHY.but(seen_at=old, swept_at=dict.fromkeys(HEALTHY.sweeps, AT - timedelta(hours=1)))
    assert "tls_asked_long_ago" in doubts(world)


def test_ports_that_print_show_images_or_encrypt_their_own_way_are_not_asked() -> None:
    world = HEALTHY.with_(
        Service(LAPTOP, "tcp", 9100, None, reachable=True),
        Service(LAPTOP, "tcp", 104, None, reachable=True),
        Service(LAPTOP, "tcp", 22, "ssh", encrypted=True, reachable=True),
        Service(LAPTOP, "udp", 161, "snmp", reachable=True),
    )
    assert judged(world, "R23.4").verdict is Verdict.PASSED
