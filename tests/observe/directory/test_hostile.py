"""Servers that stall or talk nonsense, captures cut short or forged: a gap or a refusal, never an empty answer."""

import base64
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from socket import create_server, socket

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.directory import DirectoryAccount, GuardedObject
from negatoscope.model.evidence import Gap
from negatoscope.observe.collector import Item, Login, Look, Unreachable, Unreadable
from negatoscope.observe.directory.capture import answered, the_very_domain
from negatoscope.observe.directory.descriptor import descriptor, sid
from negatoscope.observe.directory.frames import Header, write_end, write_entry, write_header
from negatoscope.observe.directory.read import read
from tests.observe.directory.look import looked

CAPTURE = (Path(__file__).parents[2] / "captures" / "directory" / "flawed.jsonl").read_bytes()
LOGIN = Login("lecteur", "secret")


def answering(server: socket, word: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            if word:
                client.sendall(word)
                client.close()


@pytest.mark.parametrize(
    ("word", "whys"), [(b"", {"timed_out", "tls_refused"}), (b"HTTP/1.0 200 OK\r\n\r\n", {"tls_refused"})]
)
def test_a_server_that_stalls_or_talks_nonsense_is_a_gap(word: bytes, whys: set[str]) -> None:
    with create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answering, args=(server, word), daemon=True).start()
        said = {
            "servers": ["127.0.0.1"], "credential": "x", "port": server.getsockname()[1], "patience": 1,
            "declared": ["127.0.0.0/8"],
        }  # fmt: skip
        brought = looked(said, LOGIN)
    assert brought.data == b""
    assert brought.why in whys


def test_a_capture_cut_anywhere_is_refused() -> None:
    lines = CAPTURE.splitlines(keepends=True)
    for kept in (0, 1, 5, len(lines) // 2, len(lines) - 1):
        with pytest.raises(Unreadable):
            list(read(BytesIO(b"".join(lines[:kept]))))


def test_an_entry_taken_out_is_noticed() -> None:
    lines = CAPTURE.splitlines(keepends=True)
    users = [number for number, line in enumerate(lines) if line.startswith(b'{"of":"users","dn"')]
    with pytest.raises(Unreadable):
        list(read(BytesIO(b"".join(lines[: users[0]] + lines[users[0] + 1 :]))))


@given(st.binary(max_size=300))
def test_no_descriptor_breaks_the_reader(data: bytes) -> None:
    with suppress(Unreadable):
        descriptor(data)
    with suppress(Unreadable):
        sid(data)


def test_a_part_of_a_domain_is_not_the_domain() -> None:
    head = "DC=cabinet,DC=lan"
    the_very_domain(head.lower(), head, "cabinet.lan")
    for base, realm, why in (
        ("OU=Test,DC=cabinet,DC=lan", "cabinet.lan", "base_partial"),
        (head, "autre.lan", "realm_of_another"),
    ):
        with pytest.raises(Unreachable, match=why):
            the_very_domain(base, head, realm)


@pytest.mark.parametrize(
    ("code", "entries", "status"),
    [(0, 0, "ok"), (1, 0, "ok"), (50, 0, "ok"), (51, 0, "answer_broken"), (52, 0, "answer_broken"), (0, 1, "ok"),
     (10, 0, "answer_broken")],
)  # fmt: skip
def test_a_server_too_busy_to_answer_has_not_said_no(code: int, entries: int, status: str) -> None:
    assert answered(code, entries) == status


LDAP = Header("directory/1", "127.0.0.1", "cabinet.lan", "openldap", "dc=cabinet,dc=lan", ("admins",))
DEFAULT_POLICY = "cn=defaut,dc=cabinet,dc=lan"


def openldap(*, locked: str = "", policies: str = "ok", shown: str = DEFAULT_POLICY) -> list[Item]:
    """A look at an OpenLDAP, written line by line."""
    out = BytesIO()
    look = Look(out)
    write_header(look, LDAP)
    told: dict[str, list[tuple[str, dict[str, list[bytes]]]]] = {
        "users": [
            (
                "uid=a,dc=cabinet,dc=lan",
                {"uid": [b"a"]} | ({"pwdAccountLockedTime": [locked.encode()]} if locked else {}),
            )
        ],
        "groups": [("cn=admins,dc=cabinet,dc=lan", {"cn": [b"admins"]})],
        "policies": [(shown, {"cn": [b"defaut"]})],
        "overlays": [("olcOverlay=ppolicy", {"olcPPolicyDefault": [DEFAULT_POLICY.encode()]})],
        "databases": [("olcDatabase=mdb", {"olcSuffix": [LDAP.base.encode()]})],
    }
    for of, entries in told.items():
        for dn, has in entries:
            write_entry(look, of, dn, has)
        write_end(look, of, policies if of == "policies" else "ok", len(entries))
    write_end(look, "*", "ok", 0)
    return list(read(BytesIO(out.getvalue())))


@pytest.mark.parametrize(("locked", "enabled"), [("", True), ("20261122010000Z", True), ("000001010000Z", False)])
def test_wrong_passwords_close_no_account(locked: str, enabled: bool) -> None:  # noqa: FBT001 -- a case
    (account,) = [one for one in openldap(locked=locked) if isinstance(one, DirectoryAccount)]
    assert account.enabled is enabled


def test_policies_cut_short_or_hidden_are_a_gap() -> None:
    def whys(items: list[Item]) -> list[str]:
        return [one.why for one in items if isinstance(one, Gap) and one.what == "DirectoryPolicy"]

    assert whys(openldap()) == []
    assert whys(openldap(policies="size_limit")) == ["size_limit"]
    assert whys(openldap(shown="cn=autre,dc=cabinet,dc=lan")) == ["nothing_shown"]


def bytes_of(identifier: str) -> bytes:
    """A security identifier as directories store it (MS-DTYP 2.4.2.2)."""
    _, _, authority, *parts = identifier.split("-")
    return (
        bytes([1, len(parts)]) + int(authority).to_bytes(6) + b"".join(int(one).to_bytes(4, "little") for one in parts)
    )


def giving_all_to(identifier: str) -> str:
    """A descriptor that gives one principal every right on its object, in base64 (MS-DTYP 2.4.6)."""
    to = bytes_of(identifier)
    ace = b"\0\0" + (8 + len(to)).to_bytes(2, "little") + (0xF01FF).to_bytes(4, "little") + to
    acl = b"\4\0" + (8 + len(ace)).to_bytes(2, "little") + b"\1\0\0\0" + ace
    head = b"\1\0\4\x80" + b"".join(place.to_bytes(4, "little") for place in (0, 0, 0, 20))
    return base64.b64encode(head + acl).decode()


def granted(identifier: str, *edits: tuple[bytes, bytes]) -> set[str]:
    """Rights told on the head of the recorded domain, whose descriptor now names this identifier alone."""
    lines = CAPTURE.splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if line.startswith(b'{"of":"head","dn"')]
    entry = msgspec.json.decode(lines[heads[0]])
    entry["has"]["nTSecurityDescriptor"] = [{"b64": giving_all_to(identifier)}]
    lines[heads[0]] = msgspec.json.encode(entry) + b"\n"
    data = b"".join(lines)
    for old, new in edits:
        assert old in data
        data = data.replace(old, new)
    told = (one for one in read(BytesIO(data)) if isinstance(one, GuardedObject) and one.about == "domain")
    return {grant.right for one in told for grant in one.grants or ()}


def own_sid() -> str:
    (line,) = (line for line in CAPTURE.splitlines() if line.startswith(b'{"of":"domain","dn"'))
    return sid(base64.b64decode(msgspec.json.decode(line)["has"]["objectSid"][0]["b64"]))


OTHER = "S-1-5-21-7-8-9"
TRUST = (b'{"of":"trusts","status":"ok","entries":0}', b"".join((
    msgspec.json.encode({"of": "trusts", "dn": "CN=racine.lan", "has": {
        "trustPartner": ["racine.lan"], "trustAttributes": ["32"],
        "securityIdentifier": [{"b64": base64.b64encode(bytes_of(OTHER)).decode()}],
    }}), b'\n{"of":"trusts","status":"ok","entries":1}',
)))  # fmt: skip
CHILD = (b'"rootDomainNamingContext":["DC=cabinet,DC=lan"]', b'"rootDomainNamingContext":["DC=racine,DC=lan"]')


def test_administrators_of_another_domain_are_not_ours() -> None:
    assert granted(f"{own_sid()}-512") == set()
    for relative in ("512", "519"):
        assert granted(f"{OTHER}-{relative}") == {"full_control"}


def test_administrators_of_the_forest_are_those_of_its_first_domain() -> None:
    assert granted(f"{OTHER}-519", CHILD) == {"full_control"}
    assert granted(f"{OTHER}-519", CHILD, TRUST) == set()
    assert granted(f"{OTHER}-512", CHILD, TRUST) == {"full_control"}
    assert granted("S-1-5-21-1-1-1-519", CHILD, TRUST) == {"full_control"}
