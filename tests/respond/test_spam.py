"""A mail to report: what may leave of it, what stops it, and what the service's answers mean."""

from base64 import b64decode
from email.message import EmailMessage
from urllib.parse import parse_qs

import pytest

from negatoscope.model.spam import Outcome
from negatoscope.respond.spam import guard
from negatoscope.respond.spam.guard import Known
from negatoscope.respond.spam.service import body, fits, service, why_not
from negatoscope.respond.spam.words import words

KNOWN = Known(frozenset({"dr.roux@gmail.com"}), frozenset({"editeur-ris.example"}))
BAIT = "Votre colis attend, payez 1,99 € ici : http://colis.example/"


def mail(text: str = BAIT, sender: str = "Colis <colis@arnaque.example>", **headers: str) -> EmailMessage:
    told = EmailMessage()
    told["From"], told["To"], told["Subject"] = sender, "accueil@cabinet.example", headers.pop("subject", "Votre colis")
    for name, value in headers.items():
        told[name.replace("_", "-")] = value
    told.set_content(text)
    return told


def codes(told: EmailMessage | bytes) -> list[str]:
    data = told if isinstance(told, bytes) else told.as_bytes()
    return [sign.telling.code for sign in guard.look(data, KNOWN)]


def joined(name: str, data: bytes = b"MZ", kind: str = "application/octet-stream") -> EmailMessage:
    told = mail()
    main, _, sub = kind.partition("/")
    told.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return told


def test_a_plain_bait_bears_no_sign() -> None:
    assert codes(mail()) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mme X, 2 69 05 49 588 157 80", "social"),
        ("dossier 1 84 12 2A 451 089 33.", "social"),
        ("184122b45108960", "social"),
        ("IPP : 00123456", "filed"),
        ("Accession number #RX20240112", "filed"),
        ("n° d'examen 445566", "filed"),
        ("1.2.840.113619.2.55.3.604688119.969.1", "uid"),
        ("M. X né le 12/03/1961", "born"),
        ("Née le 02.04.61", "born"),
        ("M. X ne le 12-03-1961", "born"),
        ("resultats", "words"),
        ("2\N{NARROW NO-BREAK SPACE}69 05\N{NO-BREAK SPACE}49 588 157 80", "social"),
        ("> Bonjour docteur", "answer"),
        ("De : Dr Roux <roux@hopital.example>", "answer"),
        ("le compte rendu de votre patiente", "words"),
    ],
)
def test_what_speaks_of_a_patient_is_seen(text: str, code: str) -> None:
    assert code in codes(mail(text))
    page = mail()
    page.set_content(f"<p>{text.replace('é', '&eacute;').replace('<', '&lt;')}</p>", subtype="html")
    if not text.startswith((">", "De")):
        assert code in codes(page)


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "2 69 05 49 588 157 81", "version 1.2.3.4", "le 12/03/2026", "né hier"]
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert codes(mail(text)) == []


def test_what_stops_is_told_apart_from_what_is_to_be_looked_at() -> None:
    signs = guard.look(mail("IPP : 00123456\n> le patient").as_bytes(), KNOWN)
    assert guard.stops(signs)
    assert guard.asked(signs) == {"answer", "words"}
    assert not guard.stops(guard.look(joined("facture.zip").as_bytes(), KNOWN))


def test_files_images_and_mails_within_are_seen() -> None:
    assert codes(joined("facture.zip")) == ["file"]
    assert codes(joined("IM0001.dcm")) == ["dicom", "file"]
    assert codes(joined("IM0001", b"\0" * 128 + b"DICM")) == ["dicom", "file"]
    assert codes(joined("x", kind="application/dicom")) == ["dicom", "file"]
    told = mail()
    told.add_attachment(mail("bonjour"))
    assert codes(told) == ["within"]
    pixel = mail()
    pixel.add_attachment(b"GIF89a", maintype="image", subtype="gif")
    (sign,) = guard.look(pixel.as_bytes(), KNOWN)
    assert (sign.telling.code, sign.values) == ("file", ("image/gif",))
    assert codes(
        b"From: a@b.example\r\nTo: c\r\nDate: d\r\nContent-Type: multipart/encrypted; boundary=x\r\n\r\n--x--"
    ) == ["encrypted", "file"]


def test_a_correspondent_stops_what_they_join_and_is_asked_about_otherwise() -> None:
    assert codes(mail(sender="RIS <support@editeur-ris.example>")) == ["known"]
    assert codes(mail(Reply_To="Dr.Roux@gmail.com")) == ["known"]
    assert codes(mail(sender="autre@gmail.com")) == []
    told = joined("cr.pdf")
    told.replace_header("From", "dr.roux@gmail.com")
    assert codes(told) == ["known_file", "file"]
    assert "answer" in codes(mail(In_Reply_To="<a@b>"))


def test_what_cannot_be_read_stays() -> None:
    assert codes(b"\0" * (service().most + 1)) == ["large"]
    assert codes(b"From: a\r\nTo: b\r\nDate: c\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 1000) == ["unread"]
    assert codes(b"\r\n\r\nrien") == ["unread"]


def test_no_number_of_a_patient_is_shown() -> None:
    for sign in guard.look(mail("2 69 05 49 588 157 80, IPP 00123456, né le 12/03/1961").as_bytes(), KNOWN):
        assert sign.values == ()


def test_the_octets_leave_as_they_are() -> None:
    data = bytes(range(256)) * 9 + b"\r\n\n\r"
    told = parse_qs(body(data).decode(), strict_parsing=True)
    assert b64decode(told["message"][0], validate=True) == data


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        (service().address, True),
        ("http://127.0.0.1:8000/api", True),
        ("http://localhost/x", True),
        ("http://[::1]:80/x", True),
        ("http://signal-spam.fr/api", False),
        ("http://10.0.0.1/api", False),
        ("https://x:y@signal-spam.fr/", False),
        ("https://signal-spam.fr/a b", False),
        ("https://signal-spam.fr:99999/", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_a_password_goes_encrypted_or_nowhere(address: str, fit: bool) -> None:  # noqa: FBT001 -- a table
    assert fits(address) is fit


def test_an_answer_means_one_thing() -> None:
    told = {status: why_not(status) for status in (200, 202, 301, 401, 403, 404, 413, 429, 500, 503)}
    assert told == {
        200: "", 202: "", 301: "not_taken", 401: "account", 403: "account", 404: "not_taken",
        413: "too_large_there", 429: "too_many", 500: "broken_there", 503: "broken_there",
    }  # fmt: skip


def test_the_book_names_each_sign_once() -> None:
    told = [one.code for one in guard.book().signs]
    assert len(told) == len(set(told))
    assert {"file", "answer", "words", "known"} == {one.code for one in guard.book().signs if not one.stops}


def test_each_answer_and_each_end_has_its_words() -> None:
    assert {why_not(status) for status in range(300, 600)} <= set(words().why)
    assert set(words().outcome) == set(Outcome)
