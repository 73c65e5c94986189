"""PAM decides in order: what gets round a check, or in without one, is never read as a check that holds."""

from typing import Any

import pytest

from negatoscope.model.accounts import PasswordPolicy
from negatoscope.model.verdict import Verdict
from tests.judge.memory import judged, of
from tests.observe.captures import AS_ROOT, Section, gaps, items, one, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
PASSWORD, AUTH = "file:/etc/pam.d/common-password", "file:/etc/pam.d/common-auth"
GDM, FAILLOCK = "file:/etc/pam.d/gdm-password", "file:/etc/security/faillock.conf"
UNIX = "password\t[success=1 default=ignore]\tpam_unix.so obscure use_authtok try_first_pass yescrypt\n"
CHECK = "password\trequisite\t\t\tpam_pwquality.so retry=3\n"
Changes = dict[Any, str | Section | None]


def asked(changes: Changes) -> tuple[object, ...]:
    found = one(PasswordPolicy, changes)
    return found.min_length, found.min_classes, found.dictionary_check


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CHECK, UNIX.replace("[success=1 default=ignore]", "sufficient") + CHECK),
        (CHECK, CHECK.replace("requisite", "[default=ignore]")),
        (CHECK, CHECK.replace("requisite", "optional")),
        (CHECK, "password [success=1 default=ignore] pam_succeed_if.so uid >= 1000\n" + CHECK),
        (CHECK, CHECK.replace("requisite", "required") + UNIX.replace("use_authtok", "")),
        (CHECK, "password substack elsewhere\n" + CHECK),
        (CHECK, "password [success=perhaps] pam_x.so\n" + CHECK),
        (CHECK, "password odd pam_x.so\n" + CHECK),
    ],
)
def test_a_check_that_a_password_may_get_round_proves_nothing(old: str, new: str) -> None:
    changes: Changes = {PASSWORD: TEXT[PASSWORD].replace(old, new)}
    assert changes[PASSWORD] != TEXT[PASSWORD]
    assert asked(changes) == (None, None, None)
    assert gaps("PasswordPolicy", changes)["min_length"] == "not_decidable"


AUTHSELECT = """password [default=1 ignore=ignore success=ok] pam_localuser.so
password requisite pam_pwquality.so local_users_only
password sufficient pam_unix.so yescrypt shadow use_authtok
password [success=1 default=ignore] pam_localuser.so
password sufficient pam_sss.so use_authtok
password required pam_deny.so
"""


def test_the_stack_of_the_other_family_is_understood() -> None:
    assert asked({PASSWORD: AUTHSELECT}) == (14, 3, True)
    required = TEXT[PASSWORD].replace(CHECK, CHECK.replace("requisite", "required"))
    assert asked({PASSWORD: required}) == (14, 3, True)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (GDM, "auth sufficient pam_succeed_if.so user ingroup nopasswdlogin\n"),
        (AUTH, "auth sufficient pam_permit.so\n"),
        (AUTH, "auth [success=4 default=ignore] pam_listfile.so item=user file=/etc/free\n"),
        (AUTH, "auth include nowhere\n"),
        (AUTH, "what is this\n"),
    ],
)
def test_a_way_in_without_a_password_leaves_the_question_open(path: str, line: str) -> None:
    changes: Changes = {path: line + TEXT[path]}
    assert one(PasswordPolicy, changes).empty_allowed is None
    assert judged(of(items(changes)), "R10.3").verdict is Verdict.UNPROVEN


def test_a_way_in_before_the_lock_leaves_the_lock_open_too() -> None:
    changes: Changes = {AUTH: "auth sufficient pam_permit.so\n" + TEXT[AUTH]}
    assert one(PasswordPolicy, changes).lockout_attempts is None


def test_a_stack_whose_last_refusal_is_gone_leaves_the_question_open() -> None:
    changes: Changes = {AUTH: "auth sufficient pam_unix.so\nauth required pam_permit.so\n"}
    assert one(PasswordPolicy, changes).empty_allowed is None


def test_an_empty_password_that_nobody_has_lets_nobody_in() -> None:
    changes: Changes = {AUTH: TEXT[AUTH].replace("pam_unix.so", "pam_unix.so nullok")}
    assert one(PasswordPolicy, changes).empty_allowed is True
    assert not judged(of(items(changes)), "R10.3").findings
    assert not judged(of(items(path=AS_ROOT)), "R10.3").findings


@pytest.mark.parametrize(
    "changes",
    [
        {AUTH: TEXT[AUTH].replace("required\t\t\tpam_faillock", "optional pam_faillock")},
        {AUTH: TEXT[AUTH].replace("[default=die]", "[default=ignore]")},
        {AUTH: TEXT[AUTH].replace("authfail", "authfail conf=/etc/other.conf")},
        {FAILLOCK: "deny = 5\nunlock_time = 1\n"},
        {FAILLOCK: "deny = five\n"},
        {AUTH: TEXT[AUTH].replace("[success=2 default=ignore]", "[success=2 default=1]")},
    ],
)
def test_a_lock_that_may_not_hold_is_not_counted_on(changes: Changes) -> None:
    assert list(changes.values()) != [TEXT[name] for name in changes]
    assert one(PasswordPolicy, changes).lockout_attempts is None


def test_a_lock_that_only_an_administrator_opens_holds() -> None:
    assert one(PasswordPolicy, {FAILLOCK: "deny = 4\nunlock_time = 0\n"}).lockout_attempts == 4
    assert one(PasswordPolicy, {FAILLOCK: "deny = 4\nunlock_time = never\n"}).lockout_attempts == 4


VENDOR = "glob:/usr/lib/pam.d/*"


def test_a_weak_stack_of_the_vendor_decides_too() -> None:
    weak = "auth sufficient pam_unix.so nullok\nauth required pam_deny.so\npassword required pam_unix.so\n"
    listed = TEXT[VENDOR] + "\n/usr/lib/pam.d/weak\n"
    found = one(PasswordPolicy, {VENDOR: listed, "file:/usr/lib/pam.d/weak": weak})
    assert (found.min_length, found.lockout_attempts, found.empty_allowed) == (6, 0, True)


def test_the_administrator_s_file_hides_the_vendor_s() -> None:
    listed = TEXT[VENDOR] + "\n/usr/lib/pam.d/passwd\n"
    changes: Changes = {VENDOR: listed, "file:/usr/lib/pam.d/passwd": "password required pam_unix.so\n"}
    assert one(PasswordPolicy, changes).min_length == 14


@pytest.mark.parametrize("hidden", [VENDOR, "file:/usr/lib/pam.d/polkit-1"])
def test_a_stack_that_was_not_read_proves_nothing(hidden: str) -> None:
    changes: Changes = {hidden: {"status": "denied"}}
    assert set(gaps("PasswordPolicy", changes)) == {"pam"}
