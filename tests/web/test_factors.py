"""Second factors and sessions, as allauth keeps them and a real browser uses them."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from negatoscope.flows import securing
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.store import factors
from negatoscope.store.models import LedgerRow, PracticeRow, User
from negatoscope.store.roles import Role
from negatoscope.web.templatetags.room import is_address
from tests.web.conftest import enter
from tests.web.furnished import PASSWORD


def kinds() -> list[str]:
    return list(LedgerRow.objects.order_by("sequence").values_list("kind", flat=True))


def totp(secret: str) -> str:
    """The code that an application shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def confirm(client: Client, address: str) -> None:
    """Open a page that asks who is there, and say it."""
    answer = client.get(address)
    assert answer.headers["Location"].startswith("/moi/confirmer/"), answer.headers
    client.post(answer.headers["Location"], {"password": PASSWORD})


def with_totp(client: Client, username: str = "mdurand") -> str:
    """Log in and register an application; returns its secret."""
    enter(client, username)
    confirm(client, "/moi/facteurs/application/")
    page = client.get("/moi/facteurs/application/")
    secret: str = page.context["form"].secret
    answer = client.post("/moi/facteurs/application/", {"code": totp(secret)})
    assert answer.headers["Location"] == "/moi/facteurs/codes/", answer.content.decode()
    return str(secret)


def test_an_application_is_registered_sealed_and_then_asked_for(fresh: Console, client: Client) -> None:
    secret = with_totp(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert "factor_added" in kinds()
    client.post("/deconnexion/")
    answer = client.post("/connexion/", {"login": "mdurand", "password": PASSWORD})
    assert answer.headers["Location"] == "/connexion/facteur/"
    assert client.get("/moi/").status_code == 302
    refused = client.post("/connexion/facteur/", {"code": "000000"})
    assert refused.status_code == 200
    assert kinds()[-1] == "factor_failed"
    time.sleep(0.1)
    assert client.post("/connexion/facteur/", {"code": totp(secret)}).status_code == 302
    assert client.get("/moi/").status_code == 200


def test_a_recovery_code_opens_once_and_is_written_down(fresh: Console, client: Client) -> None:
    with_totp(client)
    page = client.get("/moi/facteurs/codes/").content.decode()
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert code in page
    client.post("/deconnexion/")
    client.post("/connexion/", {"login": "mdurand", "password": PASSWORD})
    assert client.post("/connexion/facteur/", {"code": code}).status_code == 302
    assert "recovery_code_used" in kinds()
    client.post("/deconnexion/")
    client.post("/connexion/", {"login": "mdurand", "password": PASSWORD})
    assert client.post("/connexion/facteur/", {"code": code}).status_code == 200


def test_the_qr_code_stands_in_the_page_without_a_style_of_its_own(fresh: Console, client: Client) -> None:
    enter(client)
    confirm(client, "/moi/facteurs/application/")
    page = client.get("/moi/facteurs/application/").content.decode()
    assert "<svg viewBox" in page
    assert "style=" not in page
    assert "data:image" not in page


def test_an_approver_has_seven_days_then_only_operates(fresh: Console, client: Client) -> None:
    enter(client)
    user = User.objects.get(username="mdurand")
    assert user.second_factor_by is not None
    assert timedelta(days=6) < user.second_factor_by - utc_now() <= timedelta(days=7)
    assert "Votre rôle demande un second facteur" in client.get("/").content.decode()
    assert client.get("/utilisateurs/").status_code == 200
    User.objects.update(second_factor_by=utc_now() - timedelta(hours=1))
    assert client.get("/utilisateurs/").status_code == 403
    assert client.post("/regle/39/R39.1/attester/", {}).status_code == 403
    assert client.post("/juger/").status_code == 302
    assert "/moi/facteurs/" in client.get("/").content.decode()
    with_totp(client)
    assert client.get("/utilisateurs/").status_code == 200
    assert "Votre rôle demande" not in client.get("/").content.decode()


def test_nothing_is_asked_of_an_operator_unless_the_practice_says_so(fresh: Console, client: Client) -> None:
    enter(client, "jpetit")
    assert User.objects.get(username="jpetit").second_factor_by is None
    securing.ask_of(fresh, "user:mdurand", Role.READER)
    client.post("/deconnexion/")
    enter(client, "jpetit")
    assert User.objects.get(username="jpetit").second_factor_by is not None


def test_an_administrator_says_of_whom_it_is_asked(fresh: Console, marie: Client) -> None:
    marie.post("/utilisateurs/facteur/", {"least": ""})
    assert PracticeRow.objects.get(pk=1).second_factor == ""
    assert not factors.asked(User.objects.get(username="mdurand"))
    marie.post("/utilisateurs/facteur/", {"least": "administrator"})
    assert PracticeRow.objects.get(pk=1).second_factor == "administrator"
    assert kinds()[-1] == "configuration"


def test_the_last_factor_stays_where_the_role_asks_for_one(fresh: Console, client: Client) -> None:
    with_totp(client)
    page = client.get("/moi/facteurs/application/retirer/").content.decode()
    assert "ajoutez-en d’abord un autre" in page
    client.post("/moi/facteurs/application/retirer/", {})
    assert Authenticator.objects.filter(type="totp").exists()
    securing.ask_of(fresh, "user:mdurand", None)
    client.post("/moi/facteurs/application/retirer/", {})
    assert not Authenticator.objects.exists()
    assert "factor_removed" in kinds()


def test_a_lost_factor_is_taken_away_by_an_administrator_and_sessions_end(fresh: Console, client: Client) -> None:
    other = Client()
    with_totp(other, "jpetit")
    enter(client)
    assert "Un second facteur est enregistré" in client.get("/utilisateurs/jpetit/").content.decode()
    client.post("/utilisateurs/jpetit/facteurs/")
    assert not Authenticator.objects.filter(user__username="jpetit").exists()
    assert kinds()[-1] == "factors_reset"
    assert other.get("/moi/").status_code == 302
    assert client.get("/moi/").status_code == 200


def test_sessions_are_listed_and_ended(fresh: Console, client: Client) -> None:
    other, third = Client(), Client()
    for one in (client, other, third):
        enter(one)
    page = client.get("/moi/sessions/")
    assert [one.here for one in page.context["sessions"]].count(True) == 1
    number = next(one.number for one in page.context["sessions"] if not one.here)
    client.post("/moi/sessions/", {"session": str(number)})
    assert sorted(one.get("/moi/").status_code for one in (other, third)) == [200, 302]
    client.post("/moi/sessions/", {})
    assert {one.get("/moi/").status_code for one in (other, third)} == {302}
    assert client.get("/moi/").status_code == 200
    assert kinds().count("session_ended") == 2


def test_nobody_ends_somebody_else_s_session_but_an_administrator(fresh: Console, client: Client) -> None:
    other = Client()
    enter(other, "jpetit")
    enter(client)
    theirs = other.get("/moi/sessions/").context["sessions"][0].number
    client.post("/moi/sessions/", {"session": str(theirs)})
    assert other.get("/moi/").status_code == 200
    client.post("/utilisateurs/jpetit/sessions/")
    assert other.get("/moi/").status_code == 302


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost:8000", False),
        ("127.0.0.1:8000", True),
        ("192.168.1.9", True),
        ("[::1]:8000", True),
        ("console", False),
    ],
)
def test_an_address_is_told_from_a_name(host: str, *, address: bool) -> None:
    assert is_address(host) is address


def test_on_an_address_a_passkey_is_not_offered_and_the_page_says_why(fresh: Console, marie: Client) -> None:
    page = marie.get("/moi/facteurs/", headers={"host": "127.0.0.1"}).content.decode()
    assert "les navigateurs n’acceptent de clé d’accès que sous un nom" in page
    assert "/moi/facteurs/cles/ajouter/" not in page
    assert "/moi/facteurs/cles/ajouter/" in marie.get("/moi/facteurs/", headers={"host": "localhost"}).content.decode()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    one = made.new_page()
    session = made.new_cdp_session(one)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip
    yield one
    made.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_asked_for_and_opens_alone(fresh: Console, page: Page, live_server: LiveServer) -> None:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    base = live_server.url
    assert base.startswith("http://localhost")
    log_in(page, base)
    page.wait_for_url(f"{base}/")
    page.goto(f"{base}/moi/facteurs/cles/ajouter/")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("[name=name]", "Téléphone de Marie")
    page.check("[name=passwordless]")
    page.click("#passkey_add")
    page.wait_for_url(f"{base}/moi/facteurs/codes/")
    page.goto(f"{base}/moi/facteurs/cles/")
    assert "Téléphone de Marie" in page.inner_text("main")
    log_out(page, base)
    log_in(page, base)
    page.wait_for_url(f"{base}/connexion/facteur/")
    page.click("#passkey_use")
    page.wait_for_url(f"{base}/")
    log_out(page, base)
    page.click("#passkey_login")
    page.wait_for_url(f"{base}/")
    assert "factor_added" in kinds()
    assert kinds().count("login") == 3
    assert faults == []


def log_in(page: Page, base: str) -> None:
    page.goto(f"{base}/connexion/")
    page.fill("[name=login]", "mdurand")
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=password]) button")


def log_out(page: Page, base: str) -> None:
    page.goto(f"{base}/deconnexion/")
    page.click("main form button")
    page.wait_for_url(f"{base}/connexion/**")
