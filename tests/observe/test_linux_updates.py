"""Nothing waits, the lists are fresh, updates install themselves: only where all of it is proven."""

from datetime import UTC, datetime

import pytest

from negatoscope.model.software import Updates
from negatoscope.model.verdict import Verdict
from negatoscope.observe.linux.probes import (
    APT_CONFIG,
    APT_LISTS,
    APT_STAMPS,
    APT_UPGRADE,
    DNF_SECURITY,
    DNF_STAMPS,
    DNF_UPDATES,
    DPKG,
    RPM,
)
from tests.judge.memory import judged, of
from tests.observe.captures import Section, gaps, items, one, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
SOURCES, LIST = "file:/etc/apt/sources.list.d/debian.sources", "file:/etc/apt/sources.list"
NONE_LEFT = "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded."
Changes = dict[object, str | Section | None]


def waiting(text: str) -> tuple[int | None, int | None]:
    found = one(Updates, {APT_UPGRADE: text})
    return found.pending, found.pending_security


def test_a_package_kept_back_waits_too() -> None:
    held = TEXT[APT_UPGRADE.section].replace("0 not upgraded", "3 not upgraded")
    assert waiting(held) == (3, None)
    assert gaps("Updates", {APT_UPGRADE: held}) == {"pending_security": "not_decidable"}


@pytest.mark.parametrize(
    ("origin", "security"),
    [
        ("Debian:12.12/oldstable", 0),
        ("Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security", 1),
        ("Debian-Security:12/oldstable-security", 1),
        ("Google LLC:1.0/stable", None),
        ("Debian:12.12/oldstable, Google LLC:1.0/stable", None),
    ],
)
def test_an_update_of_an_unknown_origin_may_be_for_security(origin: str, security: int | None) -> None:
    said = f"Inst x [1] (2 {origin} [amd64])\n" + NONE_LEFT.replace("0 upgraded", "1 upgraded")
    assert waiting(said) == (1, security)


def test_an_answer_without_its_summary_was_not_understood() -> None:
    assert waiting("Reading package lists...\n") == (None, None)


def test_without_a_source_of_security_updates_none_waiting_means_nothing() -> None:
    main_only = TEXT[SOURCES].partition("\n\n")[0]
    assert one(Updates, {SOURCES: main_only}).pending_security is None
    old_style = "deb http://deb.debian.org/debian-security bookworm-security main\n"
    assert one(Updates, {SOURCES: main_only, LIST: old_style}).pending_security == 0
    assert one(Updates, {SOURCES: main_only, LIST: f"# {old_style}"}).pending_security is None
    assert one(Updates, {SOURCES: main_only, LIST: old_style.replace("deb ", "deb-src ")}).pending_security is None


def test_without_any_source_nothing_is_claimed() -> None:
    found = one(Updates, {"glob:/etc/apt/sources.list.d/*.sources": None, SOURCES: None})
    assert (found.pending_security, found.refreshed_at, found.unverified_sources) == (None, None, None)


@pytest.mark.parametrize("hidden", ["glob:/etc/apt/sources.list.d/*.list", "glob:/etc/apt/sources.list.d/*.sources"])
def test_a_list_of_sources_that_was_denied_is_not_empty(hidden: str) -> None:
    assert one(Updates, {hidden: {"status": "denied"}}).unverified_sources is None


def test_a_source_that_was_listed_and_not_brought_back_is_not_verified() -> None:
    listed: Changes = {"glob:/etc/apt/sources.list.d/*.list": "/etc/apt/sources.list.d/x.list"}
    assert one(Updates, listed).unverified_sources is None


@pytest.mark.parametrize("value", ["with", "enable", "2", "-1", "on"])
def test_apt_has_many_words_for_yes(value: str) -> None:
    said = f'Acquire::AllowInsecureRepositories "{value}";\nacquire::allowweakrepositories "{value}";\n'
    assert len(one(Updates, {APT_CONFIG: said}).unverified_sources or ()) == 2


def test_the_folder_of_the_lists_is_no_proof_of_freshness() -> None:
    folder = "1795237200:/var/lib/apt/lists\n"
    old = folder + "1763700000:/var/lib/apt/periodic/update-success-stamp\n"
    assert one(Updates, {APT_STAMPS: old}).refreshed_at == datetime.fromtimestamp(1763700000, UTC)
    assert one(Updates, {APT_STAMPS: folder, APT_LISTS: None}).refreshed_at is None
    assert one(Updates, {APT_STAMPS: {"status": "denied"}}).refreshed_at is None


def test_without_a_stamp_the_lists_of_security_updates_date_the_look() -> None:
    lists = "20:/var/lib/apt/lists/other_InRelease\n10:/var/lib/apt/lists/x_bookworm-security_InRelease\n"
    folder = "1795237200:/var/lib/apt/lists\n"
    changes: Changes = {APT_STAMPS: folder, APT_LISTS: lists}
    assert one(Updates, changes).refreshed_at == datetime.fromtimestamp(10, UTC)


@pytest.mark.parametrize("control", ["R6.1", "R6.2"])
def test_lists_fetched_in_the_future_prove_nothing(control: str) -> None:
    stamp = "4070908800:/var/lib/apt/periodic/update-success-stamp\n"
    result = judged(of(items({APT_STAMPS: stamp})), control)
    assert result.verdict is Verdict.UNPROVEN
    assert "date_ahead" in {doubt.reason for doubt in result.doubts}


@pytest.mark.parametrize(
    ("old", "new", "automatic"),
    [
        ('Unattended-Upgrade "1"', 'Unattended-Upgrade "always"', True),
        ('Unattended-Upgrade "1"', 'Unattended-Upgrade "12h"', True),
        ('Unattended-Upgrade "1"', 'Unattended-Upgrade "365"', False),
        ('Update-Package-Lists "1"', 'Update-Package-Lists "30d"', False),
        ('Unattended-Upgrade "1"', 'Unattended-Upgrade "soon"', None),
        ("", 'APT::Periodic::Enable "0";\n', False),
        ("", 'APT::Periodic::Enable "1";\n', True),
        ("", 'Unattended-Upgrade::Package-Blacklist:: ".";\n', None),
        ("ecurity", "table", None),
    ],
)
def test_updates_install_themselves_every_week_security_included(old: str, new: str, automatic: bool | None) -> None:  # noqa: FBT001
    config = TEXT[APT_CONFIG.section]
    assert old in config
    changed = config.replace(old, new) if old else new + config
    assert one(Updates, {APT_CONFIG: changed}).automatic is automatic


DNF: Changes = {
    DPKG: None,
    RPM: "openssl\t3.0.7-27.el9\tRed Hat, Inc.\n",
    DNF_UPDATES: {"code": 100, "text": "openssl.x86_64 1:3.0.7-28.el9 baseos\nvim.x86_64 2:8.2-1 baseos\n"},
    DNF_SECURITY: {"code": 0, "text": ""},
    "file:/etc/dnf/dnf.conf": "[main]\ngpgcheck=1\n",
    "glob:/etc/yum.repos.d/*.repo": "/etc/yum.repos.d/a.repo",
    "file:/etc/yum.repos.d/a.repo": "[baseos]\nenabled=1\n",
}


def test_repositories_that_mark_no_update_as_security_do_not_make_them_harmless() -> None:
    found = one(Updates, DNF)
    assert (found.pending, found.pending_security) == (2, None)
    nothing = one(Updates, DNF | {DNF_UPDATES: {"code": 0, "text": ""}})
    assert (nothing.pending, nothing.pending_security) == (0, 0)


def test_a_line_of_dnf_carried_over_counts_once() -> None:
    wrapped = "a-very-long-name-of-package.x86_64\n                 1:3.0.7-28.el9    baseos\n"
    assert one(Updates, DNF | {DNF_SECURITY: {"code": 100, "text": wrapped}}).pending_security == 1


def test_lines_of_dnf_that_contradict_its_end_were_not_understood() -> None:
    assert one(Updates, DNF | {DNF_UPDATES: {"code": 100, "text": ""}}).pending is None
    assert (
        one(Updates, DNF | {DNF_UPDATES: {"code": 100, "text": "Security: an update of the kernel\n"}}).pending is None
    )


def test_repositories_of_dnf_must_be_there_and_read() -> None:
    assert one(Updates, DNF).unverified_sources == ()
    hidden: Changes = {"glob:/etc/yum.repos.d/*.repo": {"status": "denied"}}
    assert one(Updates, DNF | hidden).unverified_sources is None
    none: Changes = {"glob:/etc/yum.repos.d/*.repo": None, "file:/etc/yum.repos.d/a.repo": None}
    assert one(Updates, DNF | none).unverified_sources is None


def test_the_cache_of_dnf_is_no_proof_of_freshness() -> None:
    assert one(Updates, DNF | {DNF_STAMPS: "1795237200:/var/cache/libdnf5\n"}).refreshed_at is None
    stamp = "1795237200:/var/cache/dnf/last_makecache\n"
    assert one(Updates, DNF | {DNF_STAMPS: stamp}).refreshed_at == datetime.fromtimestamp(1795237200, UTC)
