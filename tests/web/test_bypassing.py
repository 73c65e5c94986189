"""Ways around the door: the pages before the factor, a code used twice, a session from before, somebody else's code."""

from pathlib import Path
from typing import NoReturn

import pytest
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.multipartparser import MultiPartParser
from django.test import Client
from django.urls import reverse

from negatoscope.flows.console import Console
from negatoscope.settings import CACHES
from negatoscope.web.bounds import MOST
from tests.web.conftest import enter
from tests.web.furnished import PASSWORD
from tests.web.routes import ENTRANCES, addresses
from tests.web.test_factors import totp, with_totp

WITHOUT_ACCOUNT = ("/signaler", "/repondre/")
"""Pages for whoever reports something, or is called, without an account."""
HALF = {"login": "mdurand", "password": PASSWORD}


def half_in(client: Client) -> None:
    """The password was right; the factor is still asked."""
    client.post("/deconnexion/")
    assert client.post("/connexion/", HALF).headers["Location"] == "/connexion/facteur/"


def test_between_password_and_factor_no_page_opens(full: Console, client: Client) -> None:
    with_totp(client)
    half_in(client)
    entrances = {reverse(name) for name in ENTRANCES if name not in {"first", "first_demonstration"}}
    for address in addresses(full):
        if address not in entrances and not address.startswith(WITHOUT_ACCOUNT):
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code in {302, 405}, address
                assert answer.status_code == 405 or answer.headers["Location"].startswith("/connexion/"), address
    for name in ("mfa_deactivate_totp", "mfa_activate_totp", "mfa_generate_recovery_codes", "account_reauthenticate"):
        answer = client.post(reverse(name), {"password": PASSWORD, "code": "000000"})
        assert answer.headers["Location"].startswith("/connexion/"), name


def test_a_code_that_opened_once_opens_no_more(fresh: Console, client: Client) -> None:
    secret = with_totp(client)
    half_in(client)
    code = totp(secret)
    assert client.post("/connexion/facteur/", {"code": code}).status_code == 302
    half_in(client)
    assert client.post("/connexion/facteur/", {"code": code}).status_code == 200
    assert client.get("/moi/").status_code == 302


def test_somebody_else_s_code_does_not_finish_a_log_in(fresh: Console, client: Client) -> None:
    mine = with_totp(client, "jpetit")
    client.post("/deconnexion/")
    with_totp(client)
    half_in(client)
    assert client.post("/connexion/facteur/", {"code": totp(mine)}).status_code == 200
    assert client.get("/moi/").status_code == 302


def test_codes_cannot_be_guessed_one_after_the_other(fresh: Console, client: Client) -> None:
    secret = with_totp(client)
    half_in(client)
    for number in range(12):
        client.post("/connexion/facteur/", {"code": f"{number:06}"})
    assert client.post("/connexion/facteur/", {"code": totp(secret)}).status_code != 302
    assert client.get("/moi/").status_code == 302


def test_a_session_from_before_the_log_in_is_worth_nothing_after(fresh: Console, client: Client) -> None:
    client.get("/connexion/")
    name = next(iter(client.cookies), None)
    planted = client.session.session_key
    enter(client)
    assert client.session.session_key != planted
    thief = Client()
    if name and planted:
        thief.cookies[name] = planted
    assert thief.get("/moi/").status_code == 302


def test_a_new_password_ends_sessions_elsewhere(fresh: Console, client: Client) -> None:
    other = enter(Client())
    enter(client)
    new = "une autre phrase bien longue 42"
    client.post("/moi/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/moi/").status_code == 200
    assert other.get("/moi/").status_code == 302


def test_a_log_in_leads_nowhere_else(fresh: Console, client: Client) -> None:
    for where in ("https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:x"):
        answer = client.post("/connexion/", {**HALF, "next": where})
        assert answer.headers["Location"] == "/", where
        client.post("/deconnexion/")


def test_counters_of_refused_log_ins_are_not_pushed_out_by_a_few_hundred_others(tmp_path: Path) -> None:
    kept = FileBasedCache(str(tmp_path), {"OPTIONS": CACHES["default"]["OPTIONS"]})
    kept.set("counter", 5)
    for number in range(400):
        kept.set(f"other-{number}", 1)
    assert kept.get("counter") == 5


def test_of_who_has_not_come_in_no_file_is_read(fresh: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def unread(*_args: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(MultiPartParser, "parse", unread)
    strict = Client(enforce_csrf_checks=True)
    strict.get("/connexion/")
    for address in ("/connexion/", reverse("choose"), reverse("imports")):
        answer = strict.post(address, {"file": SimpleUploadedFile("a", b"x" * MOST)})
        assert answer.status_code == 413, address
        assert "Rien n’a été lu" in answer.content.decode()
    assert strict.post("/connexion/", {}, CONTENT_LENGTH="beaucoup").status_code == 413
