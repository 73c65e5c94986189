"""FortiGate: IPv6 beside IPv4, in the old lists and the new, and several virtual domains in one file."""

import pytest

from negatoscope.judge.segmentation.evaluate import Gate, Packet
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.gateways import RuleBase
from negatoscope.observe.collector import Item
from negatoscope.observe.firewall.fortigate import read
from negatoscope.observe.handed import HANDLE

LEGS = """#config-version=FGT60F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin
config system interface
    edit "wan"
        set ip 198.51.100.2 255.255.255.248
        config ipv6
            set ip6-address 2001:db8:9::2/64
            set ip6-allowaccess ping
        end
    next
    edit "lan"
        set ip 10.77.0.1 255.255.255.0
        set allowaccess https
        config ipv6
            set ip6-address 2001:db8:77::1/64
            set ip6-allowaccess ssh
        end
    next
end
config router static6
    edit 1
        set device "wan"
    next
end
config firewall address6
    edit "postes6"
        set ip6 2001:db8:77::/64
    next
    edit "secretariat6"
        set ip6 2001:db8:77::9/128
    next
end
config firewall addrgrp6
    edit "tous6"
        set member "postes6"
    next
end
"""
JOINT = """config firewall policy
    edit 1
        set srcintf "lan"
        set dstintf "wan"
        set srcaddr6 "tous6"
        set dstaddr6 "all"
        set action accept
        set schedule "always"
        set service "HTTPS"
    next
end
"""
APART = """config firewall policy
    edit 1
        set srcintf "lan"
        set dstintf "wan"
        set srcaddr "all"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "DNS"
    next
end
config firewall policy6
    edit 4
        set srcintf "lan"
        set dstintf "wan"
        set srcaddr "postes6"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "HTTPS"
    next
end
"""


def items(text: str) -> list[Item]:
    return list(read(text.encode(), HANDLE))


def base(text: str) -> RuleBase:
    (told,) = [one for one in items(text) if isinstance(one, RuleBase)]
    return told


def passes(text: str, source: str, target: str, port: int) -> bool | None:
    return Gate(base(text)).answer(Packet(source, target, "tcp", 40000, port))


@pytest.mark.parametrize("policies", [JOINT, APART])
def test_ipv6_passes_as_its_own_lines_say(policies: str) -> None:
    text = LEGS + policies
    assert base(text).families == (4, 6)
    assert passes(text, "2001:db8:77::5", "2606:4700::1", 443) is True
    assert passes(text, "2001:db8:77::5", "2606:4700::1", 22) is False
    assert passes(text, "2606:4700::1", "2001:db8:77::5", 443) is False
    assert passes(text, "10.77.0.5", "93.184.216.34", 443) is False


def test_an_end_that_the_file_does_not_settle_is_not_certain() -> None:
    unknown = LEGS + JOINT.replace('"tous6"', '"ailleurs6"')
    assert passes(unknown, "2001:db8:77::5", "2606:4700::1", 443) is None


def test_an_end_said_the_other_way_round_is_read() -> None:
    others = JOINT.replace('"tous6"', '"secretariat6"').replace(
        "set action", "set srcaddr6-negate enable\n        set action"
    )
    assert passes(LEGS + others, "2001:db8:77::5", "2606:4700::1", 443) is True
    assert passes(LEGS + others, "2001:db8:77::9", "2606:4700::1", 443) is False


def test_what_the_gateway_itself_answers_is_told_by_family() -> None:
    text = LEGS + JOINT
    assert passes(text, "2001:db8:77::5", "2001:db8:77::1", 22) is True
    assert passes(text, "10.77.0.5", "10.77.0.1", 22) is False
    assert passes(text, "10.77.0.5", "10.77.0.1", 443) is True
    assert passes(text, "2001:db8:77::5", "2001:db8:77::1", 443) is False


@pytest.mark.parametrize("block", ["vip6", "policy64", "policy46"])
def test_where_ipv6_is_rewritten_nothing_is_said_of_it(block: str) -> None:
    rewritten = f'config firewall {block}\n    edit "1"\n        set status enable\n    next\nend\n'
    assert base(LEGS + JOINT + rewritten).families == (4,)
    assert base(LEGS + JOINT + f"config firewall {block}\nend\n").families == (4, 6)


def test_several_domains_in_one_file_are_a_gap_and_never_one_rule_base() -> None:
    domains = "".join(f"config vdom\nedit {name}\n{JOINT}end\n" for name in ("root", "invites"))
    told = items(LEGS + domains)
    assert Gap("RuleBase", "several_domains", HANDLE, {"count": 2}) in told
    assert not [one for one in told if isinstance(one, RuleBase)]
    assert Sweep("RuleBase", host=HANDLE) not in told


def test_one_domain_that_filters_beside_empty_ones_is_read() -> None:
    one = f"config vdom\nedit root\n{JOINT}end\nconfig vdom\nedit vide\nconfig firewall policy\nend\nend\n"
    assert len(base(LEGS + one).chains or ()) == 2
