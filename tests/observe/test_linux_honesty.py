"""Sticks, sessions, logs, packages: what is not recognised for certain is a doubt, never a green light."""

from collections.abc import Mapping
from typing import Any

import pytest

from negatoscope.model.accounts import SessionPolicy
from negatoscope.model.hardening import LogPolicy, RemovableMedia
from negatoscope.model.verdict import Verdict
from negatoscope.observe.linux.probes import DPKG, PROCESSES
from tests.judge.memory import judged, of
from tests.judge.planted.computers import declared
from tests.observe.captures import Section, gaps, items, one, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
Changes = Mapping[Any, str | Section | None]


def verdict(changes: Changes, control: str) -> Verdict:
    return judged(of(declared(items(changes))), control).verdict


OPEN: dict[Any, str | Section | None] = {"file:/etc/modprobe.d/usb-storage.conf": ""}
WITHDRAWN = 'ACTION=="add", SUBSYSTEM=="usb", ATTR{bInterfaceClass}=="08", ATTR{authorized}="0"\n'


@pytest.mark.parametrize(
    ("rule", "blocked"),
    [
        (WITHDRAWN, True),
        (WITHDRAWN.replace("ATTR{auth", 'ATTRS{serial}=="4C53", ATTR{auth'), None),
        ('ATTRS{serial}=="4C53", \\\n' + WITHDRAWN, None),
        (WITHDRAWN + 'SUBSYSTEM=="usb", ATTR{authorized}="1"\n', None),
        ('GOTO="end"\n' + WITHDRAWN + 'LABEL="end"\n', None),
    ],
)
def test_a_udev_rule_blocks_only_if_it_blocks_every_stick(rule: str, blocked: bool | None) -> None:  # noqa: FBT001
    assert one(RemovableMedia, {**OPEN, "file:/etc/udev/rules.d/99-usb.rules": rule}).blocked is blocked


def test_udev_rules_that_could_not_be_read_are_a_doubt() -> None:
    assert one(RemovableMedia, {**OPEN, "glob:/etc/udev/rules.d/*.rules": {"status": "denied"}}).blocked is None


@pytest.mark.parametrize(
    ("rules", "blocked"),
    [
        ("allow id 0781:*\n", None),
        ("allow id 0781:5581\n", None),
        ("allow with-interface none-of { 03:*:* }\n", None),
        ("allow with-interface one-of { 03:01:01 08:06:50 }\n", False),
        ("allow with-interface equals { 03:*:* }\n", True),
    ],
)
@pytest.mark.parametrize("path", ["/etc/usbguard/rules.conf", "/etc/usbguard/rules.d/a.conf"])
def test_usbguard_blocks_only_by_rules_that_are_understood(path: str, rules: str, blocked: bool | None) -> None:  # noqa: FBT001
    changes = {
        **OPEN,
        "file:/etc/usbguard/usbguard-daemon.conf": "ImplicitPolicyTarget=block\nRuleFolder=/etc/usbguard/rules.d/\n",
        f"file:{path}": rules,
        PROCESSES: TEXT[PROCESSES.section] + "    900 usbguard-daemon\n",
    }
    assert one(RemovableMedia, changes).blocked is blocked


@pytest.mark.parametrize(
    ("line", "blocked"),
    [
        ("install usb-storage /bin/true; modprobe --ignore-install usb-storage\n", False),
        ("install usb-storage /bin/false || /usr/local/bin/load\n", None),
        ("install usb-storage /bin/false \\\n", None),
    ],
)
def test_a_module_s_install_line_blocks_only_alone(line: str, blocked: bool | None) -> None:  # noqa: FBT001
    assert one(RemovableMedia, {"file:/etc/modprobe.d/usb-storage.conf": line}).blocked is blocked


def test_a_running_kernel_whose_modules_are_not_there_is_a_doubt() -> None:
    changes = {**OPEN, "file:/proc/sys/kernel/osrelease": "6.9.9-other\n"}
    assert one(RemovableMedia, changes).blocked is None
    assert gaps("RemovableMedia", changes) == {"blocked": "not_decidable"}


GETTY = "file:/etc/systemd/system/getty@tty1.service.d/a.conf"


@pytest.mark.parametrize(
    ("command", "autologin"),
    [
        ("-/sbin/agetty \\\n  --autologin radio %I", True),
        ("-/sbin/agetty -n -o '-f radio' %I", True),
        ("/bin/login -f radio", True),
        ("-/sbin/agetty -n -l /usr/local/bin/open %I", None),
        ("/usr/bin/cage -- firefox", None),
        ("-/sbin/agetty -o '-p -- \\\\u' --noclear - $TERM", False),
    ],
)
def test_a_terminal_that_asks_nobody_is_seen(command: str, autologin: bool | None) -> None:  # noqa: FBT001
    assert one(SessionPolicy, {GETTY: f"[Service]\nExecStart=\nExecStart={command}\n"}).autologin is autologin


def test_a_lock_screen_that_is_disabled_never_locks() -> None:
    name = "file:/etc/dconf/db/local.d/00-session"
    more = "\n[org/gnome/desktop/lockdown]\ndisable-lock-screen=true\n"
    assert one(SessionPolicy, {name: TEXT[name] + more}).lock_seconds == 0


def test_a_lock_bound_in_another_section_binds_nothing() -> None:
    changes = {
        "glob:/usr/share/xsessions/*.desktop": "/usr/share/xsessions/plasma.desktop",
        "glob:/usr/share/wayland-sessions/*.desktop": None,
        "file:/etc/xdg/kscreenlockerrc": "[Greeter][$i]\nTheme=a\n[Daemon]\nAutolock=true\nTimeout=10\n",
    }
    assert one(SessionPolicy, changes).lock_seconds is None


RSYSLOG, NG = "file:/etc/rsyslog.d/90-collecte.conf", "file:/etc/syslog-ng/syslog-ng.conf"
NG_RUNS = TEXT[PROCESSES.section].replace("rsyslogd", "syslog-ng")
NG_ALL = (
    'source s_src { system(); internal(); };\ndestination d_net { network("10.77.0.20" port(6514)); };\n'
    "log { source(s_src); destination(d_net); };\n"
)


@pytest.mark.parametrize(
    ("text", "remote"),
    [
        ("*.* @@10.77.0.20:514\n", True),
        ("*.* @127.0.0.1\n", None),
        ("*.* @poste-accueil\n", None),
        ('action(type="omfwd" target="localhost" port="514")\n', None),
        ("local7.debug @10.77.0.20\n", None),
        ('if $programname == "x" then { action(type="omfwd" target="10.77.0.20") }\n', None),
        (':msg, contains, "a" stop\n*.* @10.77.0.20\n', None),
        ("", False),
    ],
)
def test_logs_leave_only_if_all_of_them_go_to_another_host(text: str, remote: bool | None) -> None:  # noqa: FBT001
    assert one(LogPolicy, {RSYSLOG: text}).remote is remote


@pytest.mark.parametrize(
    ("text", "remote"),
    [
        (NG_ALL, True),
        ('source s_net { network(ip("10.77.0.5") port(514)); };\n', False),
        (NG_ALL.replace("10.77.0.20", "127.0.0.1"), None),
        (NG_ALL.replace("log { source(s_src);", "log { source(s_src); filter(f_debug);"), None),
    ],
)
def test_syslog_ng_sends_only_by_a_path_from_the_system_elsewhere(text: str, remote: bool | None) -> None:  # noqa: FBT001
    assert one(LogPolicy, {RSYSLOG: "", NG: text, PROCESSES: NG_RUNS}).remote is remote


@pytest.mark.parametrize(
    ("mount", "persistent"),
    [("tmpfs /var/log tmpfs", False), ("/dev/zram1 /var/log ext4", False), ("overlay /var overlay", None)],
)
def test_logs_kept_in_memory_are_not_kept(mount: str, persistent: bool | None) -> None:  # noqa: FBT001
    changes = {"file:/proc/mounts": f"{TEXT['file:/proc/mounts']}{mount} rw 0 0\n"}
    assert one(LogPolicy, changes).persistent is persistent


def test_a_list_of_one_package_is_not_a_whole_one() -> None:
    changes = {DPKG: "bash\t5.2\tDebian <x@invalid>\tii \n"}
    assert gaps("Software", changes) == {"packages": "not_decidable"}
    assert verdict(changes, "R1.2") is verdict(changes, "R18.2") is Verdict.UNPROVEN
