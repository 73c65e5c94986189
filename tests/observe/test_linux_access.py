"""Accounts, privileges, password rules, sessions and SSH: each fault planted in a healthy workstation is seen."""

from collections.abc import Mapping
from typing import Any

import pytest

from negatoscope.model.accounts import Account, AccountKind, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.hardening import SshServer
from negatoscope.observe.linux.lent import sudoers
from negatoscope.observe.linux.probes import PASSWORD_STATES, SSHD, scrub
from negatoscope.observe.linux.sudoers import Grant, parse
from tests.observe.captures import Section, facts, gaps, one, sections

Changes = Mapping[Any, str | Section | None]
TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
SUDOERS = "file:/etc/sudoers"
SSH_HERE: dict[Any, str | Section | None] = {"glob:/usr/sbin/sshd": "/usr/sbin/sshd", SSHD: {"status": "failed"}}


def held(changes: Changes) -> set[tuple[str, str, bool | None]]:
    return {(one.account, one.via, one.password_asked) for one in facts(Privilege, changes)}


def account(name: str, changes: Changes) -> Account:
    return next(one for one in facts(Account, changes) if one.name == name)


def test_an_account_without_password_is_seen() -> None:
    found = account("mdurand", {PASSWORD_STATES: TEXT[PASSWORD_STATES.section].replace("mdurand P", "mdurand NP")})
    assert (found.password, found.enabled) == (PasswordState.EMPTY, True)


def test_an_empty_field_in_passwd_is_a_password_left_empty_even_without_root() -> None:
    passwd = TEXT["file:/etc/passwd"].replace("mdurand:x:", "mdurand::")
    found = account("mdurand", {"file:/etc/passwd": passwd, PASSWORD_STATES: {"status": "denied"}})
    assert found.password is PasswordState.EMPTY


def test_a_locked_password_beside_an_ssh_key_is_an_open_account() -> None:
    keys = {"glob:/root/.ssh/authorized_keys*": "/root/.ssh/authorized_keys"}
    usual: Changes = {**SSH_HERE, SSHD_CONFIG: ""}
    assert account("root", {**usual, **keys}).enabled is True
    assert account("root", usual).enabled is False
    assert account("root", {**usual, "glob:/root/.ssh/authorized_keys*": {"status": "denied"}}).enabled is None


def test_a_second_account_of_user_id_zero_is_administrator() -> None:
    passwd = TEXT["file:/etc/passwd"] + "toor:x:0:0::/root:/bin/bash\n"
    assert ("toor", "uid0", None) in held({"file:/etc/passwd": passwd})
    assert account("toor", {"file:/etc/passwd": passwd}).kind is None


def test_kinds_follow_the_user_id_and_the_shell() -> None:
    passwd = TEXT["file:/etc/passwd"] + "svc:x:1500:1500::/srv:/usr/sbin/nologin\n"
    assert account("svc", {"file:/etc/passwd": passwd}).kind is AccountKind.SERVICE
    assert account("mdurand", {}).kind is AccountKind.PERSON
    assert account("daemon", {}).kind is AccountKind.SYSTEM


@pytest.mark.parametrize(
    ("changed", "via"),
    [
        (sudoers("sonde"), "look"),
        (sudoers("sonde") + "sonde ALL=(root) NOPASSWD: ALL\n", "sudoers"),
        (sudoers("sonde").replace("/usr/bin/cat /etc/sudoers,", "/usr/bin/cat,"), "sudoers"),
        (sudoers("sonde").replace("(root)", "(ALL)"), "sudoers"),
    ],
)
def test_the_rule_that_lets_a_console_read_is_told_from_any_other(changed: str, via: str) -> None:
    name = "/etc/sudoers.d/negatoscope"
    ways = held({"glob:/etc/sudoers.d/*": name, f"file:{name}": scrub(f"file:{name}", changed)})
    assert {way for who, way, _asked in ways if who == "sonde"} == {via}


@pytest.mark.parametrize(
    ("group", "asked"), [("sudo", True), ("wheel", True), ("docker", False), ("lxd", False), ("disk", False)]
)
def test_membership_of_a_privileged_group_is_seen(group: str, asked: bool) -> None:  # noqa: FBT001
    groups = "\n".join(line for line in TEXT["file:/etc/group"].splitlines() if not line.startswith(f"{group}:"))
    assert ("mdurand", f"group:{group}", asked) in held({"file:/etc/group": f"{groups}\n{group}:x:2222:mdurand\n"})


def test_a_primary_group_counts_as_membership() -> None:
    passwd = TEXT["file:/etc/passwd"].replace("mdurand:x:1001:1001:", "mdurand:x:1001:27:")
    assert ("mdurand", "group:sudo", True) in held({"file:/etc/passwd": passwd})


def test_nopasswd_in_an_included_file_is_seen() -> None:
    changes = {
        "glob:/etc/sudoers.d/*": "/etc/sudoers.d/90-it",
        "file:/etc/sudoers.d/90-it": "mdurand ALL=(ALL) NOPASSWD: ALL\n",
    }
    assert ("mdurand", "sudoers", False) in held(changes)


def test_an_included_file_that_was_not_captured_is_a_gap() -> None:
    changes = {SUDOERS: TEXT[SUDOERS] + "@include /opt/it/sudoers\n"}
    assert gaps("Privilege", changes) == {"sudoers_included": "not_decidable"}


def test_groups_of_a_directory_cannot_be_seen_from_here() -> None:
    changes = {"file:/etc/nsswitch.conf": "passwd: files sss\ngroup: files sss\n"}
    assert gaps("Privilege", changes) == {"directory_groups": "not_decidable"}


def test_doas_is_read_too() -> None:
    assert ("mdurand", "doas", False) in held({"file:/etc/doas.conf": "permit nopass keepenv mdurand as root\n"})


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("mdurand ALL=(ALL:ALL) ALL", [Grant("mdurand", password_asked=True)]),
        ("mdurand ALL = NOPASSWD: /usr/bin/apt, PASSWD: /bin/sh", [Grant("mdurand", password_asked=False)]),
        ("mdurand ALL=(www-data) /usr/bin/php", []),
        ("mdurand ALL=(www-data) /a, (root) /b", [Grant("mdurand", password_asked=True)]),
        ("mdurand ALL=(:adm) /usr/bin/less", []),
        ("#1001 ALL=(ALL) ALL", [Grant("#1001", password_asked=True)]),
        ('"%domain admins" ALL=(ALL) ALL', [Grant("%domain admins", password_asked=True)]),
        ("%domain\\ admins ALL=ALL", [Grant("%domain admins", password_asked=True)]),
        ("User_Alias IT = a, b : X = c\nIT,X ALL=(ALL) ALL", [Grant(who, password_asked=True) for who in "abc"]),
        ("User_Alias IT = IT\nIT ALL=ALL", []),
        ("Runas_Alias R = root\na ALL=(R) NOPASSWD:EXEC: ALL", [Grant("a", password_asked=False)]),
        ("Defaults !authenticate\na ALL=ALL", [Grant("a", password_asked=False)]),
        ("a ALL=(ALL) \\\n  NOPASSWD: ALL # why", [Grant("a", password_asked=False)]),
        ("a h1=(www-data) X : h2=(root) NOPASSWD: Y", [Grant("a", password_asked=False)]),
        ("a ALL=!/bin/sh", []),
        ("# a ALL=ALL\nDefaults env_reset", []),
    ],
)
def test_sudoers_says_who_may_act_as_root(text: str, grants: list[Grant]) -> None:
    assert parse([text]).grants == grants


PASSWORD, AUTH = "file:/etc/pam.d/common-password", "file:/etc/pam.d/common-auth"
QUALITY, FAILLOCK = "file:/etc/security/pwquality.conf", "file:/etc/security/faillock.conf"


def test_empty_passwords_let_in_by_pam_are_seen() -> None:
    auth = TEXT[AUTH].replace("pam_unix.so\n", "pam_unix.so nullok\n", 1)
    assert one(PasswordPolicy, {AUTH: auth}).empty_allowed is True


@pytest.mark.parametrize(
    ("text", "length", "classes", "dictionary"),
    [
        ("", 8, 0, True),
        ("minlen = 12\n", 12, 0, True),
        ("minlen=12\ndcredit=-1\nucredit=-1\nlcredit = -1\n", 12, 3, True),
        ("minlen = 12\ndcredit = 2\nocredit = 2\n", 8, 0, True),
        ("minlen = 12\ndictcheck = 0\n", 12, 0, False),
        ("minlen = 16\nminclass = 4\nenforcing = 0\n", 6, 0, False),
        ("minlen = 2\n", 6, 0, True),
    ],
)
def test_pwquality_is_read_as_the_library_reads_it(
    text: str,
    length: int,
    classes: int,
    dictionary: bool,  # noqa: FBT001
) -> None:
    found = one(PasswordPolicy, {QUALITY: text})
    assert (found.min_length, found.min_classes, found.dictionary_check) == (length, classes, dictionary)


def test_arguments_of_the_module_win_over_the_file() -> None:
    text = TEXT[PASSWORD].replace("pam_pwquality.so retry=3", "pam_pwquality.so retry=3 minlen=7")
    assert one(PasswordPolicy, {PASSWORD: text}).min_length == 7


def test_a_check_without_its_dictionary_checks_nothing() -> None:
    assert one(PasswordPolicy, {"glob:/var/cache/cracklib/cracklib_dict.pwd*": None}).dictionary_check is False


def test_cracklib_counts_a_credit_for_each_class() -> None:
    text = TEXT[PASSWORD].replace("pam_pwquality.so retry=3", "pam_cracklib.so minlen=12")
    assert one(PasswordPolicy, {PASSWORD: text}).min_length == 8


def test_passwdqc_is_not_decided() -> None:
    text = TEXT[PASSWORD].replace("pam_pwquality.so retry=3", "pam_passwdqc.so min=disabled,24,11,8,7")
    assert gaps("PasswordPolicy", {PASSWORD: text})["min_length"] == "not_decidable"


def test_the_weakest_pam_file_decides() -> None:
    changes = {"file:/etc/pam.d/custom": "password required pam_unix.so\nauth required pam_unix.so\n"}
    found = one(PasswordPolicy, changes)
    assert (found.min_length, found.lockout_attempts) == (6, 0)


def test_faillock_that_only_counts_never_locks() -> None:
    auth = "\n".join(line for line in TEXT[AUTH].splitlines() if "preauth" not in line)
    assert one(PasswordPolicy, {AUTH: auth}).lockout_attempts == 0
    assert one(PasswordPolicy, {FAILLOCK: "# deny = 3\n"}).lockout_attempts == 3
    assert one(PasswordPolicy, {FAILLOCK: "deny = 0\n"}).lockout_attempts == 0


def test_passwords_that_never_expire_are_seen() -> None:
    assert one(PasswordPolicy, {"file:/etc/login.defs": "UID_MIN 1000\n"}).max_days == 99_999


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable=True\nAutomaticLogin=mdurand\n"),
        ("/etc/gdm3/daemon.conf", "[daemon]\nTimedLoginEnable = true\nTimedLogin = mdurand\nTimedLoginDelay=1\n"),
        ("/etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=mdurand\n"),
        ("/etc/lightdm/lightdm.conf.d/50-a.conf", "[SeatDefaults]\nautologin-user = mdurand\n"),
        ("/etc/sddm.conf.d/autologin.conf", "[Autologin]\nUser=mdurand\nSession=plasma\n"),
        ("/etc/lxdm/lxdm.conf", "[base]\nautologin=mdurand\n"),
        ("/etc/greetd/config.toml", '[initial_session]\ncommand = "sway"\nuser = "mdurand"\n'),
        (
            "/etc/systemd/system/getty@tty1.service.d/autologin.conf",
            "[Service]\nExecStart=-/sbin/agetty -o '-p -f -- \\\\u' --noclear --autologin mdurand %I\n",
        ),
        ("/etc/inittab", "1:2345:respawn:/sbin/getty --autologin mdurand 38400 tty1\n"),
    ],
)
def test_a_session_that_opens_by_itself_is_seen(path: str, text: str) -> None:
    found = one(SessionPolicy, {f"file:{path}": text})
    assert (found.autologin, found.autologin_account) == (True, "mdurand")


def test_an_unknown_display_manager_is_not_taken_for_a_safe_one() -> None:
    changes = {
        "link:/etc/systemd/system/display-manager.service": "/lib/systemd/system/slim.service",
        "file:/etc/X11/default-display-manager": "/usr/bin/slim\n",
    }
    assert one(SessionPolicy, changes).autologin is None
    assert gaps("SessionPolicy", changes) == {"autologin": "not_decidable"}


DCONF, LOCKS = "file:/etc/dconf/db/local.d/00-session", "file:/etc/dconf/db/local.d/locks/session"


def test_a_screen_lock_that_users_may_change_proves_nothing() -> None:
    assert one(SessionPolicy, {LOCKS: ""}).lock_seconds is None
    assert gaps("SessionPolicy", {LOCKS: ""}) == {"lock_seconds": "not_decidable"}


@pytest.mark.parametrize(
    ("old", "new", "seconds"),
    [
        ("uint32 600", "uint32 0", 0),
        ("lock-enabled=true", "lock-enabled=false", 0),
        ("lock-delay=uint32 0", "lock-delay=uint32 30", 630),
    ],
)
def test_the_screen_lock_is_the_sum_of_its_delays(old: str, new: str, seconds: int) -> None:
    assert one(SessionPolicy, {DCONF: TEXT[DCONF].replace(old, new)}).lock_seconds == seconds


def test_a_second_desktop_without_bound_lock_leaves_the_question_open() -> None:
    sessions = TEXT["glob:/usr/share/xsessions/*.desktop"] + "\n/usr/share/xsessions/xfce.desktop"
    assert one(SessionPolicy, {"glob:/usr/share/xsessions/*.desktop": sessions}).lock_seconds is None


def test_kde_binds_its_lock_in_minutes() -> None:
    changes = {
        "glob:/usr/share/xsessions/*.desktop": "/usr/share/xsessions/plasma.desktop",
        "glob:/usr/share/wayland-sessions/*.desktop": None,
        "file:/etc/xdg/kscreenlockerrc": "[Daemon][$i]\nAutolock=true\nTimeout=10\n",
    }
    assert one(SessionPolicy, changes).lock_seconds == 600


def test_a_boot_loader_without_password_is_seen() -> None:
    assert one(SessionPolicy, {"file:/boot/grub/grub.cfg": ""}).boot_password is False
    assert one(SessionPolicy, {"file:/boot/grub/grub.cfg": {"status": "denied"}}).boot_password is None


SSHD_CONFIG = "file:/etc/ssh/sshd_config"
HARDENED = "PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM yes\n"


@pytest.mark.parametrize(
    ("text", "root_login", "passwords", "empty"),
    [
        (HARDENED, "no", False, False),
        ("", "prohibit-password", True, False),
        ("PermitRootLogin without-password\nPasswordAuthentication no\n", "prohibit-password", False, False),
        ("PermitRootLogin yes\n" + HARDENED, "yes", False, False),
        ("PasswordAuthentication no\nUsePAM yes\n", "prohibit-password", True, False),
        (HARDENED + "PermitEmptyPasswords=yes\n", "no", False, True),
        (HARDENED + "Match User admin\n  PasswordAuthentication yes\n", "no", True, False),
        (
            HARDENED + "Match Address 10.0.0.0/8\nPermitRootLogin yes\nMatch all\nX11Forwarding no\n",
            "yes",
            False,
            False,
        ),
    ],
)
def test_ssh_is_read_from_its_files_when_the_server_cannot_say(
    text: str,
    root_login: str,
    passwords: bool,  # noqa: FBT001
    empty: bool,  # noqa: FBT001
) -> None:
    found = one(SshServer, {**SSH_HERE, SSHD_CONFIG: text})
    assert (found.root_login, found.password_authentication, found.empty_passwords) == (root_login, passwords, empty)


def test_an_included_file_comes_first_where_it_stands() -> None:
    changes = {
        **SSH_HERE,
        SSHD_CONFIG: "Include /etc/ssh/sshd_config.d/*.conf\n" + HARDENED,
        "glob:/etc/ssh/sshd_config.d/*.conf": "/etc/ssh/sshd_config.d/50-cloud.conf",
        "file:/etc/ssh/sshd_config.d/50-cloud.conf": "PasswordAuthentication yes\n",
    }
    assert one(SshServer, changes).password_authentication is True


def test_the_server_s_own_word_wins_and_match_blocks_still_count() -> None:
    effective = HARDENED.lower() + "permitemptypasswords no\n"
    changes = {**SSH_HERE, SSHD: effective, SSHD_CONFIG: "PermitRootLogin yes\n"}
    assert one(SshServer, changes) == SshServer("host/@", True, "no", False, False)  # noqa: FBT003
    changes[SSHD_CONFIG] = "Match User root\nPermitRootLogin yes\n"
    assert one(SshServer, changes).root_login == "yes"


def test_an_unreadable_configuration_is_a_gap_not_a_default() -> None:
    changes = {**SSH_HERE, SSHD_CONFIG: {"status": "denied"}}
    assert one(SshServer, changes) == SshServer("host/@", present=True)
    assert set(gaps("SshServer", changes)) == {"root_login", "password_authentication"}


def test_another_ssh_server_is_present_and_not_decided() -> None:
    assert one(SshServer, {"glob:/usr/sbin/dropbear": "/usr/sbin/dropbear"}) == SshServer("host/@", present=True)
