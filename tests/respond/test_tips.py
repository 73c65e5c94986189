"""Who may report, what may be joined, and that what is said at once are the words of the reflex sheets."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.tip import Door, Look
from negatoscope.respond import tips
from negatoscope.respond.reflex import shared, sheets
from negatoscope.respond.tips import HEAD, admits, advice, guidance, kind_of, networks_of, plain_address, shown, spelt

MAIL = b"Received: from a\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n y\r\n\r\nHello: \0\r\n"
MSG = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "__nameid_version1.0".encode("utf-16-le")


def test_everything_that_may_be_seen_has_its_guidance_in_order() -> None:
    assert tuple(guidance()) == tuple(Look)
    assert list(guidance())[-1] is Look.UNKNOWN


@pytest.mark.parametrize("look", Look)
def test_what_is_said_at_once_are_words_of_the_sheets(look: Look) -> None:
    every = {step.id for sheet in sheets() for step in (*sheet.do, *sheet.dont)}
    first, do, dont = advice(look)
    assert {step.id for step in (*do, *dont)} <= every | {shared().power.id}
    machine = guidance()[look].machine
    assert (shared().power in dont) == machine
    assert [step.id for step in first] == (["patient", "modality", "warn"] if machine else ["warn"])
    assert first[-1] in shared().first


def test_ransom_leads_to_its_own_sheet_and_a_doubt_to_none() -> None:
    sheet = tips.sheet_of(Look.RANSOM)
    assert sheet is not None
    assert sheet.id == "ransomware"
    assert advice(Look.RANSOM)[1] == sheet.do
    assert tips.sheet_of(Look.UNKNOWN) is None


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.2.3", True), ("172.16.0.1", True), ("172.32.0.1", False), ("192.168.1.1", True), ("127.0.0.1", True),
        ("169.254.1.1", True), ("8.8.8.8", False), ("192.0.2.1", False), ("::1", True), ("fd00::1", True),
        ("fe80::1%eth0", True), ("2001:db8::1", False), ("::ffff:10.0.0.1", True), ("::ffff:8.8.8.8", False),
        ("100.64.0.1", False), ("", False), ("abc", False), ("10.1.2", False),
    ],
)  # fmt: skip
def test_private_addresses_alone_come_in(address: str, inside: bool) -> None:  # noqa: FBT001 -- a case
    assert admits(Door.PRIVATE, address, (), ()) is inside
    assert not admits(Door.CLOSED, address, tips.PRIVATE, tips.PRIVATE)


def test_declared_networks_come_in_and_a_list_stands_alone() -> None:
    public = networks_of("203.0.113.0/24")
    assert admits(Door.PRIVATE, "203.0.113.9", (), public)
    assert admits(Door.LISTED, "203.0.113.9", public, ())
    assert not admits(Door.LISTED, "10.0.0.1", public, networks_of("10.0.0.0/8"))
    assert not admits(Door.LISTED, "2001:db8::1", public, ())


def test_networks_are_read_as_people_write_them() -> None:
    assert networks_of("10.0.0.7/24, 10.1.0.0/16;fd00::/8\n") == (
        ip_network("10.0.0.0/24"), ip_network("10.1.0.0/16"), ip_network("fd00::/8"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="network"):
        networks_of("le cabinet")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (MSG, "msg"),
        (MAIL, "eml"),
        (b"\xef\xbb\xbf" + MAIL, "eml"),
        (b"From a@b.example Mon Nov 23\n" + MAIL, "eml"),
        (MSG[:520], None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"\0\0\0\x18ftypmp42", None),
        (b"<html><script>alert(1)</script>", None),
        (b"MZ\x90\0", None),
        (b"PK\x03\x04", None),
        (b"%PDF-1.7", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"From: a\r\nTo: b\r\n\r\nx", None),
        (b"From: a\r\nTo: b\r\nSubject: c\0\r\n\r\n", None),
        (b"<html>\r\nFrom: a\r\nTo: b\r\nSubject: c\r\n\r\n", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, kind: str | None) -> None:
    assert kind_of(head) == kind


@given(st.binary(max_size=HEAD // 64))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert kind_of(data) in {None, "jpg", "png", "webp", "heic", "msg", "eml"}


@given(st.text(tips.ALPHABET, min_size=tips.LETTERS, max_size=tips.LETTERS))
def test_a_receipt_is_found_however_it_is_typed(code: str) -> None:
    assert spelt(shown(code)) == spelt(f" {shown(code).lower()} ".replace("-", " ")) == code


@pytest.mark.parametrize("typed", ["", "abc", "0000-0000-0000", "É" * 12, "A" * 13])
def test_what_is_no_receipt_is_none(typed: str) -> None:
    assert not spelt(typed)


def test_an_address_has_one_form() -> None:
    assert plain_address("::ffff:10.0.0.1") == ip_address("10.0.0.1")
