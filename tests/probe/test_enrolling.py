from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from hypothesis import given, settings
from hypothesis import strategies as st

from negatoscope.kit.clock import utc_now
from negatoscope.probe import code, link, messages
from negatoscope.probe.enrolling import enrol, enrol_by_file
from negatoscope.probe.home import Home, Trouble
from negatoscope.probe.link import NoLink
from negatoscope.probe.messages import Authority, Handed
from tests.probe.door import Console, Door, Signer, door
from tests.probe.working import words


@pytest.fixture
def fresh(tmp_path: Path) -> Home:
    return Home.make(tmp_path / "fresh")


def test_a_code_enrols_a_probe_once(console: Console, fresh: Home, tmp_path: Path) -> None:
    typed = console.new_code()
    identity = enrol(fresh, console.address, typed.lower(), utc_now)
    assert (identity.id, identity.recipients) == (console.id, (str(console.identity.to_public()),))
    assert fresh.identity() == identity
    assert {stat.S_IMODE(path.stat().st_mode) for path in (fresh.folder, fresh.key_file)} == {0o700, 0o600}
    with pytest.raises(Trouble, match="already_enrolled"):
        enrol(fresh, console.address, typed, utc_now)
    with pytest.raises(Trouble, match="code_refused"):
        enrol(Home.make(tmp_path / "second"), console.address, typed, utc_now)


def test_the_key_of_a_probe_never_leaves_it(console: Console, fresh: Home) -> None:
    bodies: list[bytes] = []

    def bend(door: Door) -> bool:
        if door.command == "POST":
            bodies.append(door.rfile.peek())  # type: ignore[attr-defined]  # a buffered reader
        return False

    console.bend = bend
    enrol(fresh, console.address, console.new_code(), utc_now)
    private = fresh.key().private_numbers().private_value.to_bytes(32, "big")
    assert bodies
    assert all(private.hex() not in body.hex() and b"PRIVATE" not in body for body in bodies)


def test_somebody_between_who_shows_another_authority_learns_nothing(
    console: Console, fresh: Home, tmp_path: Path
) -> None:
    typed = console.new_code()
    folder = tmp_path / "other"
    folder.mkdir()
    with door(folder) as impostor, pytest.raises(Trouble, match="other_authority"):
        enrol(fresh, impostor.address, typed, utc_now)
    assert [one[1] for one in impostor.seen] == [messages.AUTHORITY_PATH]
    assert not fresh.enrolled


def test_somebody_between_who_shows_the_right_authority_without_its_key_is_refused(
    console: Console, fresh: Home, tmp_path: Path
) -> None:
    """It copies the authority, which is public; its own server certificate is signed by another."""
    typed = console.new_code()
    folder = tmp_path / "other"
    folder.mkdir()
    copy = Console(signer=console.signer, code=console.code)
    with door(folder, copy, Signer()) as impostor, pytest.raises(NoLink, match="certificate_refused"):
        enrol(fresh, impostor.address, typed, utc_now)
    assert [one[1] for one in copy.seen] == [messages.AUTHORITY_PATH]


def test_a_certificate_of_a_probe_does_not_serve_as_the_consoles(console: Console, home: Home, tmp_path: Path) -> None:
    """Every probe holds a certificate of the authority: none can stand as the console for the others."""
    context = link.pinned(console.signer.pem)
    assert (context.check_hostname, context.verify_mode.name, context.minimum_version.name) == (
        True, "CERT_REQUIRED", "TLSv1_2",
    )  # fmt: skip
    folder = tmp_path / "other"
    folder.mkdir()

    class Probes(Signer):
        def signs(self, key: CertificatePublicKeyTypes, name: str, address: str = "") -> str:
            return console.signer.signs(key, name)

    with door(folder, Console(signer=console.signer), Probes()) as impostor:
        line = link.Link(impostor.address, context, utc_now)
        with pytest.raises(NoLink, match="certificate_refused"):
            line.ask(link.Ask("GET", messages.AUTHORITY_PATH))
        line.close()


@settings(max_examples=20)
@given(wrong=st.text(max_size=60))
def test_what_is_no_code_reaches_nobody(wrong: str) -> None:
    with pytest.raises(code.NotACode):
        code.typed(wrong + "!")


@pytest.mark.parametrize(
    "said",
    [
        {"id": "../../etc/cron", "recipients": ["age1x"]},
        {"id": "00ff00ff00ff00ff", "recipients": []},
        {"id": "00ff00ff00ff00ff", "recipients": ["age1notakey"]},
        {"id": "00ff00ff00ff00ff"},
        [],
        "x" * 1000,
    ],
)
def test_an_enrolment_that_makes_no_sense_enrols_nobody(console: Console, fresh: Home, said: object) -> None:
    def bend(door: Door) -> bool:
        if door.path != messages.ENROL_PATH:
            return False
        door.body()
        body = said
        if isinstance(said, dict):
            other = ec.generate_private_key(ec.SECP256R1()).public_key()
            body = {**said, "certificate": console.signer.signs(other, "x"), "authority": console.signer.pem}
        door.say(201, body)
        return True

    typed = console.new_code()
    console.bend = bend
    with pytest.raises((Trouble, NoLink)):
        enrol(fresh, console.address, typed, utc_now)
    assert not fresh.enrolled


def test_a_certificate_for_another_key_enrols_nobody(console: Console, fresh: Home) -> None:
    def bend(door: Door) -> bool:
        if door.path != messages.ENROL_PATH:
            return False
        door.body()
        other = ec.generate_private_key(ec.SECP256R1()).public_key()
        recipients = (str(console.identity.to_public()),)
        signed = console.signer.signs(other, console.id)
        door.say(201, messages.Enrolled(console.id, signed, console.signer.pem, recipients))
        return True

    typed = console.new_code()
    console.bend = bend
    with pytest.raises(Trouble, match="not_a_certificate"):
        enrol(fresh, console.address, typed, utc_now)


def test_another_protocol_is_said(console: Console, fresh: Home) -> None:
    def bend(door: Door) -> bool:
        door.say(200, Authority(console.signer.pem, 2))
        return True

    console.bend = bend
    with pytest.raises(Trouble, match="protocol_unknown"):
        enrol(fresh, console.address, console.new_code(), utc_now)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1", "127.0.0.1:1", "https://", "https://u:p@h:1", "https://h:1/x", "https://h:99999999"],
)
def test_what_is_no_address_is_said(fresh: Home, console: Console, address: str) -> None:
    with pytest.raises(Trouble, match="not_an_address"):
        enrol(fresh, address, console.new_code(), utc_now)


def test_a_file_enrols_without_network(tmp_path: Path, fresh: Home, console: Console) -> None:
    file = tmp_path / "probe.json"
    recipients = (str(console.identity.to_public()),)
    file.write_bytes(msgspec.json.encode(Handed(console.id, console.signer.pem, recipients, "00112233445566778899")))
    identity = enrol_by_file(fresh, file)
    assert (identity.id, identity.console, identity.certificate) == (console.id, "", "")
    with pytest.raises(Trouble, match="already_enrolled"):
        enrol_by_file(fresh, file)


@pytest.mark.parametrize(
    "change", [{"protocol": 3}, {"secret": "zz"}, {"id": "/etc"}, {"authority": "x"}, {"recipients": ()}, {"id": 7}]
)
def test_a_file_that_makes_no_sense_enrols_nobody(
    tmp_path: Path, fresh: Home, console: Console, change: dict[str, object]
) -> None:
    file = tmp_path / "probe.json"
    recipients = (str(console.identity.to_public()),)
    said = Handed(console.id, console.signer.pem, recipients, "00112233445566778899")
    file.write_bytes(msgspec.json.encode({**msgspec.structs.asdict(said), **change}))
    with pytest.raises(Trouble):
        enrol_by_file(fresh, file)
    assert not fresh.enrolled
    file.write_bytes(os.urandom(100))
    with pytest.raises(Trouble):
        enrol_by_file(fresh, file)


@pytest.mark.parametrize("what", ["folder", "key_file", "identity_file"])
def test_a_probe_whose_key_others_may_read_does_not_start(home: Home, what: str) -> None:
    path: Path = getattr(home, what)
    for mode in (0o40, 0o4):
        path.chmod(path.stat().st_mode | mode)
        with pytest.raises(Trouble, match="folder_open"):
            Home(home.folder)
        path.chmod(path.stat().st_mode & ~mode)
    Home(home.folder)
    moved = home.folder.with_name("moved")
    home.folder.rename(moved)
    home.folder.symlink_to(moved)
    with pytest.raises(Trouble, match="folder_open"):
        Home(home.folder)


def test_a_probe_that_forgets_leaves_nothing(home: Home) -> None:
    home.spool.mkdir()
    (home.spool / "00000001.age").write_bytes(b"x")
    home.forget()
    assert words(home.folder) == b""
    with pytest.raises(Trouble, match="not_enrolled"):
        home.identity()


def test_a_damaged_folder_is_said(home: Home) -> None:
    home.key_file.write_bytes(b"x")
    with pytest.raises(Trouble, match="folder_damaged"):
        home.key()
    home.identity_file.write_bytes(b"x")
    with pytest.raises(Trouble, match="folder_damaged"):
        home.identity()
    (home.folder / "state.json").write_bytes(b"x")
    assert home.state().contact is None


def test_one_process_works_in_a_folder(home: Home) -> None:
    with home.alone(), pytest.raises(Trouble, match="already_running"), home.alone():
        pass


def test_what_says_who_it_is_tells_no_secret(console: Console) -> None:
    asked = messages.Enrolment("c0ffee", "csr")
    assert "c0ffee" not in repr(asked) + repr(Handed("id", "a", (), "c0ffee"))
