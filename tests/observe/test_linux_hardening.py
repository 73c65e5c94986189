"""Disks, USB, packet filter, clock, logs, sockets, packages: each fault planted in a healthy workstation is seen."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, TimeSync
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.networks import Service
from negatoscope.model.software import Software, Updates
from negatoscope.observe.linux.probes import (
    APT_CONFIG,
    APT_UPGRADE,
    CHRONY,
    DNF_SECURITY,
    DNF_UPDATES,
    DPKG,
    IP6TABLES,
    IPTABLES,
    NFT,
    NTPQ,
    PROCESSES,
    RPM,
    SNAP,
    SOCKETS,
    TIMEDATECTL,
    UNIT_FILES,
)
from tests.observe.captures import AS_ROOT, Section, facts, gaps, one, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
Changes = Mapping[Any, str | Section | None]
NO_NFT: dict[Any, str | Section | None] = {NFT: None}


MODPROBE = "file:/etc/modprobe.d/usb-storage.conf"
EVERY_MODULE = [path.rpartition("/")[2].removesuffix(".ko") for path in TEXT[
    "glob:/lib/modules/*/kernel/drivers/usb/storage/*"].splitlines()]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("install usb-storage /bin/false\n", True),
        ("install usb_storage /bin/true\n", True),
        ("install usb-storage /sbin/modprobe --ignore-install usb-storage\n", False),
        ("blacklist usb-storage\n", False),
        ("blacklist usb-storage\nblacklist uas\n", False),
        ("".join(f"blacklist {module}\n" for module in EVERY_MODULE), True),
        ("# install usb-storage /bin/false\n", False),
        ("", False),
    ],
)
def test_a_module_is_blocked_only_by_what_stops_every_load(text: str, blocked: bool) -> None:  # noqa: FBT001
    found = one(RemovableMedia, {MODPROBE: text})
    assert (found.blocked, found.means) == (blocked, "module" if blocked else None)


def test_a_module_already_loaded_is_not_blocked() -> None:
    assert one(RemovableMedia, {"file:/proc/modules": "usb_storage 81920 0 - Live 0x0\n"}).blocked is False
    built_in = TEXT["glob:/sys/bus/usb/drivers/*"] + "\n/sys/bus/usb/drivers/usb-storage"
    assert one(RemovableMedia, {"glob:/sys/bus/usb/drivers/*": built_in}).blocked is False


@pytest.mark.parametrize(
    ("rules", "blocked"),
    [
        ('allow id 046d:c31c serial "" name "Clavier" with-interface 03:01:01\n', True),
        ("allow with-interface one-of { 03:00:01 03:01:01 }\n", True),
        ('allow id 0781:5581 serial "4C53" hash "x=" with-interface 08:06:50\n', True),
        ("allow with-interface equals { 08:*:* }\n", False),
        ("allow\n", False),
    ],
)
def test_usbguard_blocks_unless_a_rule_lets_any_stick_in(rules: str, blocked: bool) -> None:  # noqa: FBT001
    changes = {
        MODPROBE: "",
        "file:/etc/usbguard/usbguard-daemon.conf": "ImplicitPolicyTarget=block\n",
        "file:/etc/usbguard/rules.conf": rules,
        PROCESSES: TEXT[PROCESSES.section] + "    900 usbguard-daemon\n",
    }
    assert one(RemovableMedia, changes).means == ("usbguard" if blocked else None)


def test_usb_devices_that_nothing_authorises_are_blocked() -> None:
    changes: Changes = {
        MODPROBE: "",
        **{f"file:/sys/bus/usb/devices/usb{one}/authorized_default": "0\n" for one in (1, 2)},
    }
    assert one(RemovableMedia, changes) == RemovableMedia("host/@", blocked=True, means="udev", autorun=False)


def test_a_kernel_without_the_driver_is_said() -> None:
    assert one(RemovableMedia, path=AS_ROOT).means == "kernel"


def nft(*rules: list[dict[str, Any]], policy: str = "accept", family: str = "inet") -> str:
    where = {"family": family, "table": "filter", "chain": "input"}
    chain = {"family": family, "table": "filter", "name": "input", "type": "filter", "hook": "input", "policy": policy}
    return json.dumps({"nftables": [{"chain": chain}, *({"rule": {**where, "expr": rule}} for rule in rules)]})


LOOPBACK: list[dict[str, Any]] = [
    {"match": {"op": "==", "left": {"meta": {"key": "iif"}}, "right": "lo"}},
    {"accept": None},
]


@pytest.mark.parametrize(
    ("ruleset", "active", "deny"),
    [
        (nft(LOOPBACK, policy="drop"), True, True),
        (nft(LOOPBACK), False, False),
        (nft(LOOPBACK, [{"counter": {"packets": 1}}, {"reject": {"type": "icmpx"}}]), True, True),
        (nft(LOOPBACK, [{"accept": None}], policy="drop"), False, False),
        (nft(LOOPBACK, policy="drop", family="ip"), True, False),
        ('{"nftables": []}', False, False),
    ],
)
def test_a_packet_filter_denies_only_what_reaches_its_end(ruleset: str, active: bool, deny: bool) -> None:  # noqa: FBT001
    six = TEXT["file:/proc/net/if_inet6"]
    changes = {NFT: ruleset, "file:/proc/net/if_inet6": six}
    assert one(Firewall, changes) == Firewall("host/@", active=active, default_deny=deny)


def test_a_host_without_ipv6_needs_no_filter_for_it() -> None:
    changes = {NFT: nft(policy="drop", family="ip"), "file:/proc/net/if_inet6": None}
    assert one(Firewall, changes).default_deny is True


def test_a_jump_is_followed_and_a_loop_ends() -> None:
    ruleset = json.loads(nft([{"jump": {"target": "a"}}]))
    for chain, target in (("a", "b"), ("b", "a")):
        rule = {"family": "inet", "table": "filter", "chain": chain, "expr": [{"jump": {"target": target}}]}
        ruleset["nftables"].append({"rule": rule})
    assert one(Firewall, {NFT: json.dumps(ruleset)}).default_deny is False
    ruleset["nftables"].append({"rule": {**rule, "expr": [{"drop": None}]}})
    assert one(Firewall, {NFT: json.dumps(ruleset)}).default_deny is True


UFW = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:ufw-before-input - [0:0]
-A INPUT -j ufw-before-input
-A ufw-before-input -i lo -j ACCEPT
COMMIT
"""


def test_iptables_is_read_where_nftables_is_missing() -> None:
    changes = {**NO_NFT, IPTABLES: UFW, IP6TABLES: UFW}
    assert one(Firewall, changes) == Firewall("host/@", active=True, default_deny=True)
    open_ = UFW.replace(":INPUT DROP", ":INPUT ACCEPT")
    assert one(Firewall, {**NO_NFT, IPTABLES: UFW, IP6TABLES: open_}).default_deny is False
    final = open_.replace("COMMIT", "-A INPUT -j REJECT --reject-with icmp-host-prohibited\nCOMMIT")
    assert one(Firewall, {**NO_NFT, IPTABLES: final, IP6TABLES: final}).default_deny is True


def test_no_tool_to_list_the_filter_is_a_gap() -> None:
    changes = {NFT: None, IPTABLES: None, IP6TABLES: None}
    assert one(Firewall, changes) == Firewall("host/@")
    assert gaps("Firewall", changes) == {"active": "command_missing", "default_deny": "command_missing"}


CLOCK = "file:/sys/devices/system/clocksource/clocksource0/current_clocksource"


@pytest.mark.parametrize(
    ("changes", "synchronised"),
    [
        ({TIMEDATECTL: "NTP=no\nNTPSynchronized=no\n", CHRONY: None}, False),
        ({TIMEDATECTL: "NTP=yes\nNTPSynchronized=yes\n", CHRONY: None}, True),
        ({TIMEDATECTL: None, CHRONY: None, NTPQ: "*10.77.0.254  .GPS. 1 u 1 64 377 0.1 0.0 0.1\n"}, True),
        ({TIMEDATECTL: None, CHRONY: "Reference ID    : 00000000 ()\nLeap status     : Not synchronised\n"}, None),
        ({TIMEDATECTL: None, CHRONY: None, PROCESSES: "      1 init\n"}, False),
        ({TIMEDATECTL: None, CHRONY: None, PROCESSES: "    500 sh\n"}, None),
        ({TIMEDATECTL: None, CHRONY: None, PROCESSES: "      1 sh\n", "glob:/.dockerenv": "/.dockerenv"}, None),
        ({TIMEDATECTL: None, CHRONY: None, PROCESSES: "      1 init\n", CLOCK: "kvm-clock\n"}, None),
        ({TIMEDATECTL: "NTPSynchronized=no\n", CHRONY: None, CLOCK: "kvm-clock\n"}, False),
    ],
)
def test_the_clock_is_followed_or_not_or_unknown(changes: Changes, synchronised: bool | None) -> None:  # noqa: FBT001
    assert one(TimeSync, changes).synchronised is synchronised


JOURNAL, RSYSLOG = "file:/etc/systemd/journald.conf", "file:/etc/rsyslog.d/90-collecte.conf"


def test_logs_that_stay_on_the_host_are_seen() -> None:
    assert one(LogPolicy, {RSYSLOG: "# *.* @@10.77.0.20\n"}).remote is False
    assert one(LogPolicy, {RSYSLOG: "*.* @@10.77.0.20:514\n"}).remote is True
    assert one(LogPolicy, {PROCESSES: TEXT[PROCESSES.section].replace("rsyslogd", "sh")}).remote is False


def test_logs_in_memory_are_seen() -> None:
    processes = TEXT[PROCESSES.section].replace("rsyslogd", "sh")
    assert one(LogPolicy, {PROCESSES: processes, JOURNAL: "[Journal]\nStorage=volatile\n"}).persistent is False
    automatic = {PROCESSES: processes, JOURNAL: "[Journal]\n"}
    assert one(LogPolicy, {**automatic, "glob:/var/log/journal": None}).persistent is False
    assert one(LogPolicy, {**automatic, "glob:/var/log/journal": "/var/log/journal"}).persistent is True


@pytest.mark.parametrize(
    ("journal", "rotation", "days"),
    [
        ("MaxRetentionSec=1month", "/var/log/syslog {\n rotate 52\n weekly\n}\n", 30),
        ("SystemMaxUse=1G", "/var/log/syslog {\n rotate 7\n daily\n}\n", 7),
        ("MaxRetentionSec=0", "/var/log/syslog {\n rotate 9\n size 10M\n}\n", None),
        ("MaxRetentionSec=2week 3day", "", 17),
        ("SystemMaxUse=1G", "/var/log/messages {\n missingok\n}\n", 28),
    ],
)
def test_retention_is_the_shortest_stated_limit(journal: str, rotation: str, days: int | None) -> None:
    changes = {JOURNAL: f"[Journal]\n{journal}\n", "file:/etc/logrotate.d/rsyslog": rotation}
    assert one(LogPolicy, changes).retention_days == days


def listening(changes: Changes) -> dict[tuple[str, int], tuple[str | None, bool | None, bool | None]]:
    return {(s.protocol, s.port): (s.name, s.reachable, s.encrypted) for s in facts(Service, changes)}


def test_a_telnet_server_is_seen_and_loopback_is_told_apart() -> None:
    ss = (
        "tcp   LISTEN 0 64  *:23    *:*\n"
        "tcp   LISTEN 0 64  [::ffff:127.0.0.1]:8005 *:*\n"
        "tcp   LISTEN 0 64  127.0.0.1:80 0.0.0.0:*\ntcp LISTEN 0 64 10.77.0.5:80 0.0.0.0:*\n"
        'tcp   LISTEN 0 64  0.0.0.0:2222 0.0.0.0:* users:(("sshd",pid=9,fd=3))\n'
        "udp   UNCONN 0 0   127.0.0.53%lo:53 0.0.0.0:*\n"
    )
    alone: Changes = {f"file:/proc/net/{name}": None for name in ("tcp", "tcp6", "udp", "udp6")}
    assert listening({SOCKETS: ss, **alone}) == {
        ("tcp", 23): ("telnet", True, None),
        ("tcp", 80): ("http", True, None),
        ("tcp", 2222): ("ssh", True, True),
        ("tcp", 8005): (None, False, None),
        ("udp", 53): ("domain", False, None),
    }


def test_the_kernel_s_tables_say_the_same_as_ss() -> None:
    from_ss = listening({})
    assert listening({SOCKETS: None}) == from_ss


def test_updates_that_wait_are_counted() -> None:
    said = (
        "Inst libssl3 [3.0.16-1~deb12u1] (3.0.17-1~deb12u2 Debian-Security:12/oldstable-security [amd64])\n"
        "Inst tzdata [2025b-0] (2025b-0+deb12u2 Debian:12.12/oldstable [all])\nConf tzdata (2025b)\n"
        "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
    )
    found = one(Updates, {APT_UPGRADE: said})
    assert (found.pending, found.pending_security) == (2, 1)


def test_updates_are_automatic_only_with_everything_in_place() -> None:
    config = TEXT[APT_CONFIG.section]
    units = TEXT[UNIT_FILES.section]
    for changes in (
        {APT_CONFIG: config.replace('Unattended-Upgrade "1"', 'Unattended-Upgrade "0"')},
        {APT_CONFIG: "\n".join(line for line in config.splitlines() if "Origins" not in line)},
        {DPKG: TEXT[DPKG.section].replace("unattended-upgrades\t", "other\t")},
        {
            UNIT_FILES: units.replace(
                "apt-daily-upgrade.timer                enabled ", "apt-daily-upgrade.timer masked "
            )
        },
    ):
        assert one(Updates, changes).automatic is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("file:/etc/apt/sources.list.d/a.list", "deb [arch=amd64 trusted=yes] http://10.0.0.1/ ./\n"),
        ("file:/etc/apt/sources.list.d/a.sources", "Types: deb\nURIs: http://10.0.0.1/\nTrusted: yes\n"),
        ("file:/etc/apt/sources.list", "deb [allow-insecure=yes] http://10.0.0.1/ ./\n"),
        (APT_CONFIG.section, 'Acquire::AllowInsecureRepositories "1";\n'),
        (APT_CONFIG.section, 'APT::Get::AllowUnauthenticated "true";\n'),
    ],
)
def test_sources_whose_signature_is_not_checked_are_named(name: str, text: str) -> None:
    assert len(one(Updates, {name: text}).unverified_sources or ()) == 1


DNF: Changes = {
    DPKG: None,
    RPM: "openssl\t3.0.7-27.el9\tRed Hat, Inc.\n",
    DNF_UPDATES: {
        "code": 100,
        "text": "\nopenssl.x86_64   1:3.0.7-28.el9  baseos\nvim-minimal.x86_64 2:8.2-1 baseos\n",
    },
    DNF_SECURITY: {"code": 100, "text": "\nopenssl.x86_64   1:3.0.7-28.el9  baseos\n"},
    "file:/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\n",
    "file:/etc/yum.repos.d/a.repo": "[good]\nenabled=1\n[bad]\ngpgcheck=0\n[off]\ngpgcheck=0\nenabled=0\n",
    "file:/etc/dnf/automatic.conf": "[commands]\napply_updates = yes\n",
    UNIT_FILES: "dnf-automatic.timer enabled disabled\n",
}


def test_a_host_of_the_other_family_is_read_too() -> None:
    assert one(Software, DNF) == Software("host/@", "openssl", "3.0.7-27.el9", "Red Hat, Inc.")
    found = one(Updates, DNF)
    assert (found.pending, found.pending_security, found.automatic) == (2, 1, True)
    assert found.unverified_sources == ("/etc/yum.repos.d/a.repo: bad",)


def test_snaps_are_software() -> None:
    said = "Name Version Rev Tracking Publisher Notes\nteamviewer 15.1 12 latest/stable someone* -\n"
    assert Software("host/@", "teamviewer", "15.1", "someone") in facts(Software, {SNAP: said})


def test_no_package_manager_is_a_gap() -> None:
    assert gaps("Software", {DPKG: None}) == {"packages": "command_missing"}


CHASSIS, MAKER = "file:/sys/class/dmi/id/chassis_type", "file:/sys/class/dmi/id/sys_vendor"
NO_SCREEN: Changes = {
    "glob:/usr/bin/Xorg": None,
    "glob:/usr/bin/X*": None,
    "glob:/usr/bin/gnome-shell": None,
    PROCESSES: "      1 systemd\n    688 chronyd\n",
}
NO_DESKTOP: Changes = {
    "link:/etc/systemd/system/display-manager.service": None,
    "file:/etc/X11/default-display-manager": None,
    "glob:/usr/share/xsessions/*.desktop": None,
    "glob:/usr/share/wayland-sessions/*.desktop": None,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({CHASSIS: "10\n"}, HostClass.LAPTOP),
        ({"file:/sys/class/power_supply/BAT0/type": "Battery\n"}, HostClass.LAPTOP),
        (
            {
                "file:/sys/class/power_supply/hid-1/type": "Battery\n",
                "file:/sys/class/power_supply/hid-1/scope": "Device\n",
            },
            HostClass.WORKSTATION,
        ),
        ({CHASSIS: "23\n"}, None),
        ({**NO_DESKTOP, **NO_SCREEN, CHASSIS: "23\n"}, HostClass.SERVER),
        ({**NO_DESKTOP, **NO_SCREEN, MAKER: "QEMU\n", CHASSIS: "1\n"}, HostClass.SERVER),
        ({**NO_DESKTOP, **NO_SCREEN, MAKER: "QEMU\n", "glob:/usr/bin/cage": "/usr/bin/cage"}, None),
        ({**NO_DESKTOP, **NO_SCREEN, CHASSIS: "23\n", PROCESSES: "      1 init\n    500 cage\n"}, None),
        ({**NO_DESKTOP, **NO_SCREEN}, None),
        (NO_DESKTOP, None),
    ],
)
def test_the_class_of_a_host_is_known_only_where_it_is_clear(changes: Changes, expected: HostClass | None) -> None:
    assert one(Host, changes).host_class is expected


def test_virtual_interfaces_lend_no_identity() -> None:
    links = json.loads(TEXT["cmd:ip -j -d address show"])
    bridge = {**links[1], "ifname": "docker0", "address": "02:42:aa:bb:cc:dd", "linkinfo": {"info_kind": "bridge"}}
    bridge["addr_info"] = [{"family": "inet", "local": "172.17.0.1", "prefixlen": 16, "scope": "global"}]
    changes = {"cmd:ip -j -d address show": json.dumps([*links, bridge])}
    host = one(Host, changes)
    assert (host.macs, host.addresses) == (("8c:04:ba:4d:10:05",), ("10.77.0.5",))
    assert [interface.name for interface in facts(Interface, changes)] == ["enp0s31f6", "docker0"]


def test_a_case_that_could_not_be_read_leaves_the_class_unknown() -> None:
    assert one(Host, {CHASSIS: {"status": "denied"}}).host_class is None
