"""A dropped mail is read in bounds, whatever it is, and nothing of it is opened."""

import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.respond import mailed

PLAIN = (
    b"From: Anna <anna@cabinet.example>\r\nTo: x@y\r\nSubject: =?utf-8?q?Facture_=C3=A9trange?=\r\nDate: hier\r\n\r\n"
    b"J'ai cliqu\xe9.\r\n"
)


def forwarded() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@cabinet.example>", "signaler@cabinet.example", "Étrange"
    mail.set_content("Voyez la pièce.")
    mail.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="facture.pdf.exe")
    mail.add_attachment(b"PK", maintype="application", subtype="zip", filename="bombe.zip")
    return mail.as_bytes()


def test_a_mail_says_who_what_and_which_attachments() -> None:
    told = mailed.read(forwarded())
    assert (told.sender, told.subject, told.text) == ("Anna <anna@cabinet.example>", "Étrange", "Voyez la pièce.")
    assert told.files == ("facture.pdf.exe", "bombe.zip")
    assert told.whole
    assert told.words == "Étrange\n\nVoyez la pièce.\n\n📎 facture.pdf.exe\n📎 bombe.zip"


def test_encoded_words_and_a_wrong_alphabet_are_read_as_far_as_they_go() -> None:
    told = mailed.read(PLAIN)
    assert (told.subject, told.date) == ("Facture étrange", "hier")
    assert told.text == "J'ai cliqu\ufffd."
    latin = PLAIN.replace(b"Date: hier", b"Content-Type: text/plain; charset=ISO-8859-1")
    assert mailed.read(latin).text == "J'ai cliqué."
    for alphabet in (b"idna", b"punycode", b"zip", b"martien"):
        assert mailed.read(latin.replace(b"ISO-8859-1", alphabet)).text == "J'ai cliqu\ufffd."


def test_a_broken_encoded_word_stays_as_it_is_written() -> None:
    assert mailed.read(PLAIN.replace(b"?q?Facture_=C3=A9trange?=", b"?b?a?=")).subject == "=?utf-8?b?a?="


def test_signs_that_command_are_left_out() -> None:
    assert mailed.read(b"From: a\x1b[31m\x00b\r\nSubject: \xe2\x80\xaeexe\r\nTo: c\r\n\r\n").sender == "a[31mb"


def nested() -> bytes:
    return b"From: a\r\nTo: b\r\nSubject: poupees\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 100_000


def parts() -> bytes:
    opening = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return b"From: a\r\nTo: b\r\nSubject: parts\r\n" + b"".join(opening % (n, n) for n in range(50_000))


BOMBS = {
    "mails within mails": nested(),
    "parts within parts": parts(),
    "one endless header": b"From: a\r\nTo: b\r\nSubject: " + b"=?utf-8?q?a?= " * 700_000,
    "a million headers": b"From: a\r\nTo: b\r\nSubject: x\r\n" + b"X: y\r\n" * 1_000_000,
    "empty lines": b"From: a\r\nTo: b\r\nSubject: x\r\n\r\n" + b"\n" * 10_000_000,
    "carriage returns": b"From: a\r\nTo: b\r\nSubject: x\r\n\r\n" + b"\r" * 10_000_000,
    "base64": b"From: a\r\nTo: b\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * 2_500_000,
    "names without end": b'From: a\r\nTo: b\r\nContent-Type: x/y; name="' + b"a" * 10_000_000,
    "no mail": b"\xff" * 10_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_mails_cost_little(name: str) -> None:
    data = BOMBS[name]
    tracemalloc.start()
    told = mailed.read(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(told.words) < 10_000
    assert peak < 160 << 20


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_anything_is_read(head: bytes, body: bytes) -> None:
    for data in (head, b"Content-Type: multipart/mixed; boundary=x\r\nSubject: " + head + b"\r\n\r\n--x\r\n" + body):
        told = mailed.read(data)
        assert told.words.isprintable() or "\n" in told.words
