"""An account is closed, and nobody administers, only where every other door is known to be shut."""

from typing import Any

import pytest

from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.hardening import SshServer
from negatoscope.model.verdict import Verdict
from negatoscope.observe.linux.probes import PASSWORD_STATES, SSHD
from negatoscope.observe.linux.sudoers import Grant, parse
from tests.judge.memory import judged, of
from tests.observe.captures import Section, facts, gaps, items, one, sections

Changes = dict[Any, str | Section | None]
TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
PASSWD, GROUP, SUDOERS, NSSWITCH = "file:/etc/passwd", "file:/etc/group", "file:/etc/sudoers", "file:/etc/nsswitch.conf"
GDM, AUTH, SSHD_CONFIG = "file:/etc/gdm3/daemon.conf", "file:/etc/pam.d/common-auth", "file:/etc/ssh/sshd_config"
SERVER: Changes = {"glob:/usr/sbin/sshd": "/usr/sbin/sshd", SSHD: {"status": "failed"}, SSHD_CONFIG: ""}
LOCKED: Changes = {PASSWORD_STATES: TEXT[PASSWORD_STATES.section].replace("mdurand P", "mdurand L")}


def enabled(changes: Changes) -> bool | None:
    return next(account.enabled for account in facts(Account, LOCKED | changes) if account.name == "mdurand")


def held(changes: Changes) -> set[tuple[str, str, bool | None]]:
    return {(found.account, found.via, found.password_asked) for found in facts(Privilege, changes)}


def test_a_locked_account_without_any_other_door_is_closed() -> None:
    assert enabled({}) is False
    assert enabled(SERVER) is False


@pytest.mark.parametrize(
    "setting",
    [
        "AuthorizedKeysFile /etc/ssh/keys/%u",
        "AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys",
        "TrustedUserCAKeys /etc/ssh/ca.pub",
        "HostbasedAuthentication yes",
        "Match User mdurand\nAuthorizedKeysFile /etc/ssh/keys/%u",
    ],
)
def test_keys_kept_elsewhere_may_open_a_locked_account(setting: str) -> None:
    assert enabled(SERVER | {SSHD_CONFIG: f"{setting}\n"}) is None
    effective = TEXT.get(SSHD.section, "") + f"{setting.rpartition('Match User mdurand')[2].strip().lower()}\n"
    assert enabled(SERVER | {SSHD: effective}) is None


def test_the_usual_place_of_keys_said_aloud_is_no_other_door() -> None:
    effective = "authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2\nauthorizedkeyscommand none\n"
    assert enabled(SERVER | {SSHD: effective + "trustedusercakeys none\n"}) is False


def test_a_session_opened_by_itself_opens_a_locked_account() -> None:
    said = "[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin={}\n"
    assert enabled({GDM: said.format("mdurand")}) is True
    assert enabled({GDM: said.format("other")}) is False
    assert enabled({GDM: {"status": "denied"}}) is None


@pytest.mark.parametrize("module", ["pam_u2f.so", "pam_sss.so", "pam_permit.so", "pam_succeed_if.so user ingroup x"])
def test_another_module_may_open_a_locked_account(module: str) -> None:
    assert enabled({AUTH: f"auth sufficient {module}\n" + TEXT[AUTH]}) is None


def test_modules_that_were_not_read_may_open_a_locked_account() -> None:
    assert enabled({AUTH: {"status": "denied"}}) is None


@pytest.mark.parametrize(
    "lines",
    ["sudo:x:27:\nsudo:x:27:mdurand\n", "sudo:x:27:\noperators:x:27:mdurand\n", "sudo:x:27:\nsudo:x:99:mdurand\n"],
)
def test_lines_of_one_group_are_one_group(lines: str) -> None:
    others = "\n".join(line for line in TEXT[GROUP].splitlines() if not line.startswith("sudo:"))
    assert ("mdurand", "group:sudo", True) in held({GROUP: f"{others}\n{lines}"})


def test_a_group_known_by_its_number_alone_is_seen() -> None:
    passwd = TEXT[PASSWD].replace("mdurand:x:1001:1001:", "mdurand:x:1001:4242:")
    assert ("mdurand", "sudoers", True) in held({PASSWD: passwd, SUDOERS: TEXT[SUDOERS] + "\n%#4242 ALL=(ALL) ALL\n"})


def test_where_names_come_from_must_be_known() -> None:
    assert gaps("Privilege", {NSSWITCH: {"status": "denied"}}) == {"directory_groups": "unreadable"}


@pytest.mark.parametrize(
    ("path", "control"), [(PASSWD, "R10.3"), (PASSWD, "R8.2"), (PASSWD, "R30.1"), (GROUP, "R30.1")]
)
def test_names_taken_in_from_a_directory_cannot_be_seen_from_here(path: str, control: str) -> None:
    said = f"{TEXT[path].rstrip()}\n+::::::\n"
    assert judged(of(items({path: said})), control).verdict is Verdict.UNPROVEN
    assert "not_decidable" in gaps("Privilege", {path: said}).values()


def test_a_group_that_sudo_never_asks_is_seen() -> None:
    groups = TEXT[GROUP].replace("sudo:x:27:", "sudo:x:27:mdurand")
    exempt: Changes = {GROUP: groups, SUDOERS: "Defaults env_reset, exempt_group=sudo\n" + TEXT[SUDOERS]}
    assert ("mdurand", "group:sudo", False) in held(exempt)
    assert ("mdurand", "group:sudo", True) in held({GROUP: groups})


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("Defaults ! authenticate\na ALL=ALL", [Grant("a", password_asked=False)]),
        ("a ALL=(ALL) NOPASSWD: /bin/x --opt=y", [Grant("a", password_asked=False)]),
        ("Runas_Alias R = #00\na ALL=(R) ALL", [Grant("a", password_asked=True)]),
        ("a ALL=(ALL) NOPASSWD : SETENV: ALL", [Grant("a", password_asked=False)]),
    ],
)
def test_a_rule_is_seen_however_it_is_written(text: str, grants: list[Grant]) -> None:
    assert parse([text]).grants == grants


def test_a_line_of_sudoers_that_was_not_understood_is_a_gap() -> None:
    assert gaps("Privilege", {SUDOERS: TEXT[SUDOERS] + '\n%"a b" c ALL=(ALL) ALL\n'}) == {"sudoers": "not_decidable"}


@pytest.mark.parametrize("path", ['"/etc/sudoers of it"', "/etc/sudoers\\ of\\ it", "/etc/sudoers.%h"])
def test_an_included_file_whose_name_is_not_plain_is_a_gap(path: str) -> None:
    wrong: Changes = {f"file:{one}": None for one in ("/etc/sudoers", "/etc/sudoers\\", "/etc/sudoers.%h")}
    said = f"{TEXT[SUDOERS]}\n@include {path}\n"
    assert gaps("Privilege", wrong | {SUDOERS: said}) == {"sudoers_included": "not_decidable"}


@pytest.mark.parametrize("value", ["yes # for the old console", "'yes'", '"yes"', "YES"])
def test_an_empty_password_let_in_by_ssh_is_seen_however_it_is_written(value: str) -> None:
    hardened = "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitEmptyPasswords no # never\n"
    assert one(SshServer, SERVER | {SSHD_CONFIG: hardened}).empty_passwords is False
    matched = f"{hardened}Match User x\n PermitEmptyPasswords {value}\n"
    assert one(SshServer, SERVER | {SSHD_CONFIG: matched}).empty_passwords is True
