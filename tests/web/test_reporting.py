"""Reporting without an account, and handling what was reported."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from negatoscope.config import Config
from negatoscope.flows import tipping
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.continuity import Call
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.model.tip import Door
from negatoscope.store import tips as rows
from negatoscope.store.models import TipRow, TipWordRow
from negatoscope.store.queries import incidents
from negatoscope.web import desk
from negatoscope.web.pages import reporting
from tests.web.test_incidents import shown, text

WHERE = "/signaler/"
PHOTO = b"\xff\xd8\xff" + b"photo" * 9
EVIL = "\"'><script>alert(1)</script>"


def anybody() -> Client:
    return Client(REMOTE_ADDR="10.0.0.9")


def told(client: Client, status: int = 302, **said: object) -> str:
    answer: Any = client.post(WHERE, {"look": "ransom", "cle": "une", **said})
    assert answer.status_code == status, answer.content.decode()
    return str(answer.url) if status == 302 else answer.content.decode()


def reach(console: Console) -> None:
    """Anne answers, on this number."""
    person = Person("alebrun", "Anne Lebrun")
    declare(console, Said("user:anna"), [person, Call(person.ref, 1, "06 00 00 00 01")])


def test_anybody_reports_and_is_told_what_to_do_and_whom_to_call(fresh: Console) -> None:
    reach(fresh)
    client = anybody()
    page = text(client, WHERE)
    assert "Je ne sais pas" in page
    assert "capture" not in page
    photo = SimpleUploadedFile(f"{EVIL}.jpg", PHOTO)
    where = told(client, text=EVIL, where="poste 3", joined=photo, cle=shown(page, "cle"))
    page = text(client, where)
    for said in ("laissez-la allumée", "n’éteignez pas", "Sa sécurité d’abord", "Anne Lebrun", "tel:0600000001"):
        assert said in page, said
    assert "<script>alert" not in page
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    english = anybody()
    english.cookies["language"] = "en"
    assert "Is a patient on a machine?" in text(english, where)
    assert "Thank you. It is recorded." in text(english, where)


def test_who_is_away_by_the_console_s_clock_is_not_to_be_called(
    fresh: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(fresh)
    later = fresh.clock() + timedelta(days=5)
    away = Absence("person/alebrun", (later - timedelta(days=2)).date(), (later + timedelta(days=2)).date())
    declare(fresh, Said("user:anna"), [away])
    where = told(anybody())
    assert "tel:0600000001" in text(anybody(), where)
    monkeypatch.setattr(desk, "utc_now", lambda: later)
    assert "tel:0600000001" not in text(anybody(), where)


def test_one_answer_is_enough_and_none_is_asked_again(fresh: Console) -> None:
    page = told(anybody(), 422, look="")
    assert "Je ne sais pas" in page
    assert told(anybody(), look="unknown").startswith("/signaler/recu/")
    assert told(anybody(), look="unknown") == told(anybody(), look="slow")
    assert TipRow.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("photo.jpg", b"<html><script>alert(1)</script>", "ni une photo ni un courriel"),
        ("virus.exe", b"MZ\x90", "ni une photo ni un courriel"),
        ("vide.jpg", b"", "vide"),
    ],
)
def test_a_hostile_file_is_refused_and_the_words_stay(fresh: Console, name: str, data: bytes, why: str) -> None:
    page = told(anybody(), 422, text="mes mots", joined=SimpleUploadedFile(name, data))
    assert why in page
    assert "mes mots" in page
    assert not TipRow.objects.exists()


def test_several_files_come_at_once_and_four_do_not(fresh: Console) -> None:
    two = [SimpleUploadedFile("a.jpg", PHOTO), SimpleUploadedFile("b.eml", b"From: a\nTo: b\nSubject: c\n\nx")]
    told(anybody(), joined=two)
    assert TipWordRow.objects.exclude(digest="").count() == 2
    told(anybody(), 422, cle="deux", joined=[SimpleUploadedFile(f"{n}.jpg", PHOTO) for n in range(4)])


def test_over_the_limit_it_is_said_plainly_with_a_number_to_call(
    fresh: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(fresh)
    monkeypatch.setattr(tipping, "MOST_OF_ONE", 1)
    where = told(anybody())
    page = told(anybody(), 429, cle="deux", text="mes mots")
    for said in ("PAS enregistré", "Anne Lebrun", "mes mots"):
        assert said in page
    answer = anybody().post(where, {"text": "encore", "cle": "trois"})
    assert answer.status_code == 429
    assert "PAS enregistré" in answer.content.decode()
    assert TipRow.objects.count() == TipWordRow.objects.count() == 1


def test_a_form_too_large_is_not_read(fresh: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_POSTED", 100)
    page = told(anybody(), 413, text="x" * 200)
    assert "PAS enregistré" in page
    assert anybody().post(WHERE, {}, CONTENT_LENGTH="beaucoup").status_code == 413


def test_a_full_disk_is_said_plainly(fresh: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "begin", full)
    assert "n’a plus de place" in told(anybody(), 507)
    assert not TipRow.objects.exists()


def test_from_elsewhere_the_page_is_shut_and_says_so(fresh: Console, marie: Client) -> None:
    far = Client(REMOTE_ADDR="203.0.113.9")
    answer = far.get(WHERE)
    assert answer.status_code == 403
    assert "On ne peut pas signaler d’ici" in answer.content.decode()
    assert told(far, 403)
    assert marie.post("/signalements/acces/", {"door": "listed", "networks": ""}).status_code == 422
    assert marie.post("/signalements/acces/", {"door": "listed", "networks": "le cabinet"}).status_code == 422
    assert marie.post("/signalements/acces/", {"door": "listed", "networks": "203.0.113.0/24"}).status_code == 302
    assert "203.0.113.0/24" in text(marie, "/signalements/")
    assert far.get(WHERE).status_code == 200
    assert anybody().get(WHERE).status_code == 403
    tipping.open_door(fresh, Door.CLOSED, "", Handler("user:anna", "Anna"))
    assert anybody().get(WHERE).status_code == 403
    assert marie.get(WHERE).status_code == 200


def test_a_form_from_another_site_is_refused(fresh: Console) -> None:
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="10.0.0.9")
    assert client.post(WHERE, {"look": "ransom"}).status_code == 403
    page = text(client, WHERE)
    told(client, csrfmiddlewaretoken=shown(page, "csrfmiddlewaretoken"))
    assert client.post(f"{WHERE}recu/AAAA-AAAA-AAAA/", {"text": "x"}).status_code == 403


def test_the_receipt_brings_back_and_takes_more_words(fresh: Console, jean: Client) -> None:
    client = anybody()
    where = told(client, text="écran rouge")
    code = where.rstrip("/").rpartition("/")[2]
    answer: Any = client.post(WHERE, {"act": "find", "code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer.url) == (302, where)
    for wrong in ("", "AAAA-AAAA-AAAA"):
        assert client.post(WHERE, {"act": "find", "code": wrong}).status_code == 422
    assert client.get(f"{WHERE}recu/AAAA-AAAA-AAAA/").status_code == 404
    assert client.post(where, {"text": "deux postes", "cle": "b"}).status_code == 302
    assert client.post(where, {"text": " ", "cle": "c"}).status_code == 422
    assert "deux postes" in text(client, where)
    number = TipRow.objects.get().pk
    act(jean, number, "answer", text="On arrive.")
    act(jean, number, "harmless", text="Une mise à jour.")
    page = text(client, where)
    for said in ("On arrive.", "Une mise à jour.", "sans gravité"):
        assert said in page
    assert "laissez-la allumée" not in page


def act(client: Client, number: int, what: str, status: int = 302, **said: str) -> str:
    answer: Any = client.post(f"/signalements/{number}/", {"act": what, **said})
    assert answer.status_code == status, answer.content.decode()
    return str(answer.url) if status == 302 else answer.content.decode()


def test_reports_are_listed_sorted_filtered_exported_and_due(fresh: Console, jean: Client) -> None:
    assert "Aucun signalement" in text(jean, "/signalements/")
    told(anybody(), text=EVIL, where=EVIL)
    number = TipRow.objects.get().pk
    assert "Signalement" in text(jean, "/")
    assert text(jean, "/signalements/?format=csv").count("\n") == 2
    assert text(jean, "/signalements/?etat=open&tri=-where&format=csv").count("\n") == 2
    assert text(jean, "/signalements/?etat=handled&format=csv").count("\n") == 1
    page = text(jean, f"/signalements/{number}/")
    assert "<script>alert" not in page
    assert "10.0.0.9" in page
    for n in range(4):
        told(anybody(), cle=str(n))
    assert "5 signalements attendent" in text(jean, "/")


def test_a_report_becomes_an_incident_joins_one_or_is_harmless(fresh: Console, jean: Client) -> None:
    told(anybody(), text="écran rouge", joined=SimpleUploadedFile("a.jpg", PHOTO))
    first = TipRow.objects.get().pk
    act(jean, first, "open", 422, title="")
    where = act(jean, first, "open", title="Rançon")
    assert "écran rouge" in text(jean, where)
    assert "vient de traiter" in act(jean, first, "harmless", 409, text="rien")
    assert act(jean, first, "bogus", 400)
    answer: Any = jean.get(f"/signalements/{first}/fichiers/2/")
    assert answer.content == PHOTO
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert jean.get(f"/signalements/{first}/fichiers/1/").status_code == 404
    told(anybody(), cle="deux", text="le mien aussi")
    second = TipRow.objects.exclude(pk=first).get().pk
    (one,) = incidents.standing(fresh.practice)
    act(jean, second, "join", 422, incident="99")
    act(jean, second, "join", incident=str(one.number))
    assert "le mien aussi" in text(jean, where)
    told(anybody(), cle="trois")
    third = TipRow.objects.exclude(pk__in=(first, second)).get().pk
    act(jean, third, "harmless", text="rien")
    act(jean, third, "again")
    assert "à traiter" in text(jean, f"/signalements/{third}/")
    assert jean.get("/signalements/99/").status_code == 404


def test_a_file_that_was_tampered_with_is_not_handed_out(fresh: Console, jean: Client) -> None:
    told(anybody(), joined=SimpleUploadedFile("a.jpg", PHOTO))
    for kept in fresh.config.vault.rglob("*.zst"):
        kept.write_bytes(b"autre chose")
    assert jean.get(f"/signalements/{TipRow.objects.get().pk}/fichiers/2/").status_code == 409


def test_the_poster_bears_the_address_and_warns_of_loopback(fresh: Console, jean: Client, settings: Settings) -> None:
    page = text(jean, "/signalements/affiche/")
    assert "http://testserver/signaler/" in page
    assert "<svg" in page
    assert "Dites-le." in page
    assert "Say so." in page
    assert "n’est joignable que depuis son ordinateur" in page
    settings.CONFIG = Config(data=settings.CONFIG.data, host="10.0.0.2")
    assert "n’est joignable que depuis son ordinateur" not in text(jean, "/signalements/affiche/")
