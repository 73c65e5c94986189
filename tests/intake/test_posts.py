"""What comes in by the wire: inflated within limits, understood or refused by a code, kept without its secrets."""

import gzip
import json
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.intake import jobs, keeping
from negatoscope.intake.body import Packing, inflate, pack
from negatoscope.intake.message import parse
from negatoscope.intake.refusal import Refused

CAPTURES = Path(__file__).parents[1] / "captures" / "agent"
LINUX = (CAPTURES / "srv-sauvegarde.inventory.xml").read_bytes()


@pytest.mark.parametrize("packing", list(Packing))
def test_whatever_was_packed_comes_out_alike(packing: Packing) -> None:
    assert inflate(pack(b"<REQUEST/>", packing)) == (b"<REQUEST/>", packing)


@pytest.mark.parametrize("bomb", [zlib.compress(bytes(9_000_000)), gzip.compress(bytes(9_000_000)), bytes(9_000_000)])
def test_a_bomb_is_refused_before_it_unfolds(bomb: bytes) -> None:
    with pytest.raises(Refused) as refused:
        inflate(bomb, 1_000_000)
    assert (refused.value.code, refused.value.status) == ("too_large", 413)


@pytest.mark.parametrize(
    "post",
    [
        b"<REQUEST><CONTENT>" + b"<a/>" * 700_000,
        b"<REQUEST " + b" ".join(b'a%d=""' % n for n in range(700_000)) + b">",
        b'{"content":[' + b"[]," * 700_000,
    ],
    ids=["tags", "attributes", "rows"],
)
def test_many_small_pieces_that_would_unfold_into_much_memory_are_refused_unread(post: bytes) -> None:
    with pytest.raises(Refused, match="too_large"):
        parse(post)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty"), (zlib.compress(b"x" * 999)[:-4], "not_inflatable"), (b"\x1f\x8b\x08garbage", "not_inflatable")],
)
def test_a_body_that_cannot_be_inflated_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        inflate(body)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><REQUEST><DEVICEID>&b;</DEVICEID>
<QUERY>PROLOG</QUERY></REQUEST>"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "not_understood"),
        (b"<REQUEST><DEVICEID>a</DEVICEID>", "not_understood"),
        (b'<?xml version="1.0" encoding="x-nowhere"?><REQUEST/>', "not_understood"),
        ("<REQUEST><DEVICEID>é</DEVICEID></REQUEST>".encode("utf-16-be"), "query_unknown"),
        (b"[" * 200_000, "not_understood"),
        (b'{"a":' * 5000, "not_understood"),
        (b'{"deviceid": "a b", "action": "inventory"}', "device_unnamed"),
        (b'{"deviceid": "../../etc", "action": "inventory"}', "device_unnamed"),
        (b'{"deviceid": "a", "action": "deploy"}', "query_unknown"),
        (b'{"deviceid": "a", "action": "inventory", "content": []}', "not_understood"),
        (b"<REQUEST><DEVICEID>a</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>", "not_understood"),
    ],
)
def test_what_is_not_an_agent_is_refused_by_name(text: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        parse(text)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_door(body: bytes) -> None:
    with suppress(Refused):
        keeping.capture(parse(inflate(body)[0]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id", "type"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(keeping.KEPT)) | st.text(max_size=8), JSON, min_size=1))
def test_no_content_breaks_what_is_kept(content: dict[str, object]) -> None:
    text = json.dumps({"action": "inventory", "deviceid": "a", "content": content}).encode()
    kept, _dropped = keeping.capture(parse(text))
    assert json.loads(kept)["format"] == keeping.FORMAT


def test_xml_and_json_name_one_thing_alike() -> None:
    message = parse(LINUX)
    assert (message.query, message.device, message.json) == (
        "inventory",
        "srv-sauvegarde-2026-02-10-09-00-00",
        False,
    )
    assert message.content["local_groups"] == [{"id": "27", "member": "kmoreau", "name": "sudo"}]
    assert message.content["firewalls"] == [{"status": "off"}]


def test_an_environment_never_reaches_the_vault() -> None:
    kept, dropped = keeping.capture(parse(LINUX))
    assert b"RESTIC" not in kept
    assert b"motdepasse" not in kept
    assert dropped["envs"] == 1


@pytest.mark.parametrize(
    "value",
    ["outil --password=abc", "pwd: 12", "Mot de passe : x", "https://jean:secret@depot.invalid/", "API_KEY=1"],
)
def test_a_field_that_looks_like_a_password_is_masked(value: str) -> None:
    text = {"action": "inventory", "deviceid": "a", "content": {"softwares": [{"name": value, "version": "1"}]}}
    kept, dropped = keeping.capture(parse(json.dumps(text).encode()))
    assert json.loads(kept)["content"]["softwares"] == [{"name": None, "version": "1"}]
    assert dropped["masked"] == 1


def test_remote_control_numbers_serials_of_licences_and_keys_are_not_kept() -> None:
    content = {
        "remote_mgmt": [{"type": "teamviewer", "id": "123456789"}],
        "hardware": {"name": "pc", "winprodkey": "AAAAA-BBBBB"},
        "operatingsystem": {"name": "Debian", "ssh_key": "ssh-rsa AAAA"},
        "licenseinfos": [{"key": "CCCCC"}],
        "users": [{"login": "marie"}],
    }
    text = json.dumps({"action": "inventory", "deviceid": "a", "content": content}).encode()
    kept, _dropped = keeping.capture(parse(text))
    for secret in (b"123456789", b"AAAAA", b"ssh-rsa", b"CCCCC", b"marie"):
        assert secret not in kept


def test_a_job_bears_the_device_and_keeps_only_what_was_asked() -> None:
    asked = jobs.jobs("pc-1", "v")["jobs"]
    assert {jobs.named(job["uuid"]) for job in asked} == {(name, "v", "pc-1") for name in jobs.JOBS}
    assert jobs.kept("autologon", {"AutoAdminLogon": "1", "DefaultPassword": "x", "uuid": "y"}) == {
        "AutoAdminLogon": "1"
    }
    with pytest.raises(Refused, match="job_unknown"):
        jobs.named("deploy@pc-1")
    with pytest.raises(Refused, match="device_unnamed"):
        jobs.named("build@")


def test_nothing_asked_on_windows_can_hold_a_password() -> None:
    paths = " ".join(jobs.REGISTRY.values()).lower()
    assert "*" not in paths
    assert "password" not in paths


def test_a_job_is_whole_by_its_own_count_or_by_the_word_of_the_agent() -> None:
    rows = [
        jobs.line("users", {"Name": name, "LocalAccount": "1", "_cpt": left}) for name, left in (("a", "2"), ("b", "1"))
    ]
    assert jobs.answered(rows) == {"users": [{"Name": "a", "LocalAccount": "1"}, {"Name": "b", "LocalAccount": "1"}]}
    assert jobs.answered(rows[:1]) == jobs.answered(rows[1:] + rows[1:]) == {}
    assert jobs.answered([jobs.line("laps", {"_cpt": "0"})]) == {"laps": []}
    silent = jobs.line("uac", {"EnableLUA": "1"})
    assert jobs.answered([silent]) == {}
    assert jobs.answered([silent, {"done": "uac"}]) == {"uac": [{"EnableLUA": "1"}]}


def test_users_of_the_domain_are_counted_and_not_kept() -> None:
    rows = [
        jobs.line("users", {"Name": "roger", "LocalAccount": "0", "_cpt": "2"}),
        jobs.line("users", {"Name": "adm", "LocalAccount": "1", "_cpt": "1"}),
    ]
    assert jobs.answered(rows) == {"users": [{"Name": "adm", "LocalAccount": "1"}]}
