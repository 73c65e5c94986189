"""One machine can turn a film red, never green: declaring its address alone closes nothing."""

import pytest

from negatoscope.judge.borders import undeclared
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.networks import Network
from tests.judge.memory import World

MAC = "aa:00:00:00:00:01"
DESK = Host("host/poste", macs=(MAC,), addresses=("10.77.0.5",))


def found(*networks: str, addresses: tuple[str, ...] | None = ("10.77.0.5/24",), mac: str | None = MAC) -> list[str]:
    facts = [DESK, Interface("host/poste", "eth0", mac, addresses), *(Network(cidr) for cidr in networks)]
    return [network for _, network in undeclared(World(tuple(facts)))]


def test_the_network_that_a_card_stands_in_must_be_declared() -> None:
    assert found() == ["10.77.0.0/24"]
    assert found("10.77.0.5/32") == ["10.77.0.0/24"]
    assert found("10.77.0.0/24") == []
    assert found("10.0.0.0/8") == []


@pytest.mark.parametrize("addresses", [None, (), ("fe80::1/64",), ("not an address",)])
def test_what_is_no_ipv4_address_leads_nowhere(addresses: tuple[str, ...] | None) -> None:
    assert found(addresses=addresses) == []


def test_virtual_cards_lead_nowhere_else() -> None:
    assert found(mac="02:42:00:00:00:01") == []


def test_a_declared_network_that_cannot_be_read_contains_nothing() -> None:
    assert found("somewhere") == ["10.77.0.0/24"]


def test_two_hosts_of_one_network_are_both_named() -> None:
    other = Host("host/b", macs=("bb:00:00:00:00:02",))
    cards = [
        Interface("host/poste", "eth0", MAC, ("10.77.0.5/24",)),
        Interface("host/b", "eth0", "bb:00:00:00:00:02", ("10.77.0.6/24",)),
    ]
    assert list(undeclared(World((DESK, other, *cards)))) == [
        ("host/poste", "10.77.0.0/24"),
        ("host/b", "10.77.0.0/24"),
    ]
