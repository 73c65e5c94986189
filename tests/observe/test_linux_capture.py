"""The capture of a Linux host: whole or refused, closed kind by kind, and never an exception of another sort."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.accounts import Account, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hardening import (
    Firewall,
    LogPolicy,
    RemovableMedia,
    SshServer,
    TimeSync,
    Volume,
)
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.kinds import KINDS
from negatoscope.model.networks import Service
from negatoscope.model.software import Software, Updates
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.linux.probes import PROBES, File
from negatoscope.observe.linux.read import GIVES, read
from tests.observe.captures import AS_ROOT, AS_USER, HEALTHY, altered, closing, facts, items, one, sections

KINDS_OF_A_HOST = GIVES[1:]
STATUSES = ("absent", "denied", "timeout", "failed")


def test_a_healthy_workstation_is_wholly_seen() -> None:
    found = items()
    assert {item.kind for item in found if isinstance(item, Sweep)} == set(KINDS_OF_A_HOST)
    assert not [item for item in found if isinstance(item, Gap)]


def test_a_healthy_workstation_reads_as_healthy() -> None:
    host = one(Host)
    assert (host.hostname, host.host_class, host.os_name) == (
        "poste-accueil",
        HostClass.WORKSTATION,
        "Debian GNU/Linux",
    )
    assert (host.addresses, host.macs, host.serial) == (("10.77.0.5",), ("8c:04:ba:4d:10:05",), "H77Z0K3")
    assert (one(Interface).addresses or ())[0] == "10.77.0.5/24"
    assert one(PasswordPolicy) == PasswordPolicy("host/@", 14, 3, True, 180, 5, False)  # noqa: FBT003
    assert one(SessionPolicy) == SessionPolicy("host/@", True, False, None, True, 600)  # noqa: FBT003
    assert one(SshServer).present is False
    assert one(RemovableMedia) == RemovableMedia("host/@", blocked=True, means="module", autorun=False)
    assert one(Firewall) == Firewall("host/@", active=True, default_deny=True)
    assert one(TimeSync).synchronised is True
    assert one(LogPolicy) == LogPolicy("host/@", persistent=True, remote=True, retention_days=392)
    updates = one(Updates)
    assert (updates.pending, updates.pending_security, updates.automatic, updates.unverified_sources) == (
        0,
        0,
        True,
        (),
    )
    assert {volume.mount: volume.encrypted for volume in facts(Volume)}["/"] is True
    assert [privilege.account for privilege in facts(Privilege)] == ["root"]
    assert {s.port: (s.reachable, s.encrypted) for s in facts(Service) if s.protocol == "tcp"} == {
        631: (False, None),
        2762: (True, None),
    }
    assert len(facts(Software)) > 500
    accounts = {account.name: account for account in facts(Account)}
    assert (accounts["root"].password, accounts["root"].enabled) == (PasswordState.LOCKED, False)
    assert (accounts["mdurand"].password, accounts["mdurand"].enabled) == (PasswordState.SET, True)


def test_the_healthy_capture_answers_every_probe() -> None:
    known = {line.get("section") for line in sections()}
    assert [probe.section for probe in PROBES if probe.section not in known] == []


def test_without_root_what_is_hidden_is_said_and_nothing_is_healthier() -> None:
    dark = closing(items(path=AS_USER))
    for kind in ("Account", "Firewall"):
        assert all(isinstance(item, Gap) and item.why == "needs_root" for item in dark[kind])
    assert all(account.password is None and account.enabled is None for account in facts(Account, path=AS_USER))
    assert one(Firewall, path=AS_USER) == Firewall("host/@")
    assert {a.name for a in facts(Account, path=AS_USER)} == {a.name for a in facts(Account, path=AS_ROOT)}


def test_with_root_a_bare_server_shows_its_faults() -> None:
    assert one(Firewall, path=AS_ROOT) == Firewall("host/@", active=False, default_deny=False)
    assert one(PasswordPolicy, path=AS_ROOT).empty_allowed is True
    assert one(SshServer, path=AS_ROOT).password_authentication is True
    assert (one(Updates, path=AS_ROOT).pending_security or 0) > 0


@pytest.mark.parametrize("path", [HEALTHY, AS_ROOT, AS_USER], ids=lambda path: path.stem)
@given(data=st.data())
def test_each_kind_is_closed_by_a_sweep_or_a_gap_whatever_is_hidden(path: Path, data: st.DataObject) -> None:
    names = [line["section"] for line in sections(path)[1:-1]]
    hidden = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from(STATUSES), max_size=40))
    found = items({name: {"status": status} for name, status in hidden.items()}, path)
    assert isinstance(found[0], Host)
    closed = closing(found)
    for kind in KINDS_OF_A_HOST:
        assert len({type(item) for item in closed[kind]}) == 1, kind
    assert set(closed) == set(KINDS_OF_A_HOST)


FAILED = STATUSES[1:]
SHARES = [
    pytest.param(status, share, id=f"{status}-{share}", marks=[] if share == mine else [pytest.mark.torture])
    for mine, status in enumerate(FAILED)
    for share in range(len(FAILED))
]


@pytest.mark.parametrize(("status", "share"), SHARES)
def test_a_probe_that_could_not_run_never_makes_the_host_look_better(status: str, share: int) -> None:
    """Section by section: a good fact of the bare server must not appear because something was hidden.

    Each way of failing hides its share of the sections; all hide all in the long runs.
    """
    good: dict[str, Callable[[Any], bool]] = {
        "Firewall": lambda fact: fact.default_deny is True,
        "SshServer": lambda fact: fact.present is False or fact.password_authentication is False,
        "TimeSync": lambda fact: fact.synchronised is True,
        "LogPolicy": lambda fact: fact.persistent is True or fact.remote is True,
        "PasswordPolicy": lambda fact: fact.empty_allowed is False or (fact.lockout_attempts or 0) > 0,
        "Updates": lambda fact: fact.pending == 0 or fact.automatic is True,
    }
    for line in sections(AS_ROOT)[1:-1][share :: len(FAILED)]:
        for item in items({line["section"]: {"status": status}}, AS_ROOT):
            check = good.get(type(item).__name__)
            assert check is None or not check(item), line["section"]


def test_every_fact_is_of_a_known_kind() -> None:
    known = {*KINDS.values(), Sweep, Gap}
    assert {type(item) for path in (HEALTHY, AS_ROOT, AS_USER) for item in items(path=path)} <= known
    assert set(GIVES) <= set(KINDS)


def test_a_truncated_capture_is_refused_with_its_line() -> None:
    whole = HEALTHY.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 20, whole.rstrip().rfind(b"\n") + 1):
        with pytest.raises(Unreadable) as refused:
            list(read(io.BytesIO(whole[:cut])))
        assert refused.value.position.startswith("line ")


@pytest.mark.parametrize(
    ("bytes_", "why"),
    [
        (b"", "not_a_linux_capture"),
        (b"<nmaprun/>\n", "not_a_linux_capture"),
        (b'{"format":"negatoscope-linux/2","root":true,"hostname":"a"}\n', "unknown_format"),
        (HEALTHY.read_bytes().decode().encode("utf-16"), "not_a_linux_capture"),
        (HEALTHY.read_bytes() + b'{"section":"more","status":"ok"}\n', "too_long"),
        (HEALTHY.read_bytes().replace(b'"status":"ok"', b'"status":"fine"', 1), "malformed"),
        (b'{"format":"negatoscope-linux/1","root":true,"hostname":"a"}\n' + b"[" * 100_000 + b"\n", "malformed"),
        (
            b'{"format":"negatoscope-linux/1","root":true,"hostname":"a"}\n{"section":"a","status":"ok","base64":"%"}\n',
            "malformed",
        ),
    ],
)
def test_what_is_not_a_capture_is_refused(bytes_: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        list(read(io.BytesIO(bytes_)))
    assert refused.value.why == why


def test_a_line_of_seventeen_megabytes_is_refused() -> None:
    header = HEALTHY.read_bytes().splitlines(keepends=True)[0]
    with pytest.raises(Unreadable, match="line_too_long at line 2"):
        list(read(io.BytesIO(header + b" " * 17_000_000 + b"\n")))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    with suppress(Unreadable):
        list(read(io.BytesIO(noise)))


@given(data=st.data())
def test_a_capture_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([HEALTHY, AS_ROOT])).read_bytes())
    for _ in range(data.draw(st.integers(1, 30))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        list(read(io.BytesIO(bytes(whole))))


_PIECES = st.sampled_from(
    ["\0", ":", "::::::", "[", "]", "{", "}", "=", "ALL=(ALL", "(", ")", "%", "#0", "\\\n", "\ud7ff", "9" * 21, "-1",
     "@include", "Match", "Include", "*filter\n:INPUT", "COMMIT", "-A INPUT -g INPUT\n", "User_Alias A=A\nA ALL=ALL\n"]
)  # fmt: skip


@given(data=st.data())
def test_any_text_in_any_section_gives_items(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(sections()[1:-1]))
    text = line.get("text", "")
    at = data.draw(st.integers(0, len(text)))
    noise = data.draw(st.text(max_size=30) | st.lists(_PIECES, max_size=6).map("".join))
    kept = data.draw(st.integers(0, len(text)))
    found = list(read(altered({line["section"]: text[:at] + noise + text[max(at, kept) :]})))
    assert set(closing(found)) == set(KINDS_OF_A_HOST)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_a_section_of_bytes_that_are_not_utf8_is_read(text: str) -> None:
    import base64  # noqa: PLC0415

    raw = base64.b64encode(text.encode("utf-16")).decode()
    assert items({"file:/etc/sudoers": {"base64": raw}})


def test_no_probe_reads_a_secret() -> None:
    words = ("shadow", "private", "environ", "cmdline", "cloud", "_key", ".pem", ".key", "psk", "credential")
    for probe in PROBES:
        if not isinstance(probe, File):
            continue
        assert not any(word in probe.pattern for word in words), probe.pattern
    assert "args" not in json.dumps([probe.section for probe in PROBES])
