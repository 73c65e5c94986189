from collections.abc import Iterator
from random import Random

import pytest

from negatoscope.judge.segmentation.evaluate import Gate, Packet
from negatoscope.model.gateways import RuleBase
from negatoscope.observe.firewall import iptables, nftables
from tests.needs import needs_program
from tests.observe.firewall.kernel import LEGS, ROUTES, Router, router
from tests.observe.firewall.random_rules import Author
from tests.observe.firewall.random_tables import TableAuthor

pytestmark = [pytest.mark.root, pytest.mark.server]
PACKETS = 200


@pytest.fixture(scope="module")
def kernel() -> Iterator[Router]:
    with router() as made:
        yield made


def agree(kernel: Router, seed: int) -> int:
    author = Author(Random(seed))
    rules = author.rules()
    chains, turns = nftables.read(kernel.load(rules))
    gate = Gate(RuleBase("host/router", "nftables", chains, turns, LEGS, ROUTES))
    return compared(kernel, gate, author.packets(PACKETS), f"seed {seed}\n{rules}")


def tables_agree(kernel: Router, seed: int) -> int:
    author = TableAuthor(Random(seed))
    rules = author.rules()
    chains, turns = iptables.read(kernel.load_tables(rules), 4)
    gate = Gate(RuleBase("host/router", "iptables", chains, turns, LEGS, ROUTES, (4,)))
    return compared(kernel, gate, author.packets(PACKETS // 2), f"seed {seed}\n{rules}")


def compared(kernel: Router, gate: Gate, packets: list[Packet], said: str) -> int:
    answers = [gate.answer(packet) for packet in packets]
    passed = kernel.passed(packets, {at for at, answer in enumerate(answers) if answer})
    for at, packet in enumerate(packets):
        assert answers[at] is (at in passed), f"{packet} {at in passed} {said}"
    return len(passed)


def test_what_we_say_passes_is_what_the_kernel_lets_pass(kernel: Router) -> None:
    passed = [agree(kernel, seed) for seed in range(40)]
    assert PACKETS * 4 < sum(passed) < PACKETS * 36


def test_the_same_holds_for_iptables(kernel: Router) -> None:
    needs_program("iptables-restore", "iptables")
    passed = [tables_agree(kernel, seed) for seed in range(12)]
    assert PACKETS < sum(passed) < PACKETS * 5


@pytest.mark.torture
@pytest.mark.parametrize("hundred", range(10))
def test_it_holds_for_many_more_of_iptables(kernel: Router, hundred: int) -> None:
    needs_program("iptables-restore", "iptables")
    for seed in range(100 + 100 * hundred, 200 + 100 * hundred):
        tables_agree(kernel, seed)


@pytest.mark.torture
@pytest.mark.parametrize("hundred", range(20))
def test_it_holds_for_many_more(kernel: Router, hundred: int) -> None:
    for seed in range(100 + 100 * hundred, 200 + 100 * hundred):
        agree(kernel, seed)
