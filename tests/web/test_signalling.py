"""The pages of Signal Spam: what would leave is shown, what stops it is said, the password on none of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from negatoscope.flows import tipping
from negatoscope.flows.console import Console
from negatoscope.model.incident import Attached
from negatoscope.store.queries import incidents
from tests.flows.spamming import ACCOUNT, ANNA, BAIT, Service, serving, told

PAGE = "/signalements/signal-spam/"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as one:
        yield one


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, path: str, status: int, **form: Any) -> str:  # noqa: ANN401 -- the client's
    answer: Any = client.post(path, form, follow=True)
    assert answer.status_code == status
    return str(answer.content.decode())


def account(service: Service, **told: str) -> dict[str, str]:
    mine = {"username": ACCOUNT.username, "password": ACCOUNT.password or "", "address": service.url, "active": "on"}
    return mine | told


def test_an_account_is_given_tried_and_never_shown_again(fresh: Console, marie: Client, service: Service) -> None:
    assert fresh.practice
    assert "coupé" in text(marie, PAGE)
    assert "ni l’un ni l’autre" in said(marie, PAGE, 422, **account(service, password=""))
    assert "ne contient pas" in said(marie, PAGE, 422, **account(service, username="a:b"))
    assert "adresse https" in said(marie, PAGE, 422, **account(service, address="http://signal-spam.fr/"))
    assert "Aucun compte" in said(marie, PAGE, 422, **account(service, username="", password=""))
    assert "Aucun compte" in said(marie, PAGE, 200, act="try")
    assert "enregistré" in said(marie, PAGE, 200, **account(service))
    assert "connaît ce compte" in said(marie, PAGE, 200, act="try")
    page = text(marie, PAGE)
    assert "compte reconnu" in page
    assert (ACCOUNT.password or "") not in page
    service.answers = [401]
    assert "refuse ce compte" in said(marie, PAGE, 200, act="try")
    (fresh.keys.folder / "credentials.key").unlink()
    assert "fichier de clé" in said(marie, PAGE, 422, **account(service))
    assert service.taken == []


def test_a_mail_is_looked_at_then_sent_by_a_click(fresh: Console, marie: Client, service: Service) -> None:
    mail = told(fresh)
    page = f"/signalements/{mail.tip}/fichiers/2/signal-spam/"
    assert page in text(marie, f"/signalements/{mail.tip}/")
    assert "Donner le compte" in text(marie, page)
    assert "est coupé" in said(marie, page, 409)
    said(marie, PAGE, 200, **account(service))
    seen = text(marie, page)
    assert all(one in seen for one in (mail.digest, service.url, "colis@arnaque.example", "Aucun signe reconnu"))
    assert service.taken == []
    assert "Merci" in said(marie, page, 200)
    assert service.taken == [BAIT]
    assert "a déjà pris" in text(marie, page)
    assert marie.get(f"/signalements/{mail.tip}/fichiers/9/signal-spam/").status_code == 404


def test_a_mail_of_an_incident_asks_for_what_must_be_looked_at(fresh: Console, marie: Client, service: Service) -> None:
    said(marie, PAGE, 200, **account(service))
    mail = told(fresh, BAIT + b"\r\n> votre patient")
    number = tipping.open_incident(fresh, mail.tip or 0, "hameçonnage", ANNA)
    log = incidents.entries(fresh.practice, number)
    place = next(one.place for one in log if isinstance(one.word, Attached))
    page = f"/incidents/{number}/documents/{place}/signal-spam/"
    assert page in text(marie, f"/incidents/{number}/")
    assert "À vérifier d’abord" in said(marie, page, 422, words="on")
    assert service.taken == []
    assert "Merci" in said(marie, page, 200, words="on", answer="on")
    assert "HTTP 202" in text(marie, f"/incidents/{number}/dossiers/SPAM/")


def test_a_mail_of_a_patient_has_no_button(fresh: Console, marie: Client, service: Service) -> None:
    said(marie, PAGE, 200, **account(service))
    mail = told(fresh, BAIT + b"IPP : 00123456")
    page = f"/signalements/{mail.tip}/fichiers/2/signal-spam/"
    seen = text(marie, page)
    assert "Bloqué" in seen
    assert "Envoyer ce courriel" not in seen
    assert "il ne part pas" in said(marie, page, 409)
    for kept in fresh.config.vault.rglob("*.zst"):
        kept.write_bytes(b"autre chose")
    assert marie.get(page).status_code == 409
