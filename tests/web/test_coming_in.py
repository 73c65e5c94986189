"""Who comes in: one link, once; named people; every passage in the ledger."""

from datetime import timedelta
from typing import NoReturn

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import resolve, reverse

from negatoscope.flows import admitting
from negatoscope.flows.admitting import (
    Newcomer,
    NotAdmitted,
    add_user,
    admit_first,
    disable_user,
    first_link,
    link_opens,
)
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.store import roles
from negatoscope.store.models import FirstLink, LedgerRow, User
from negatoscope.store.roles import Role
from tests.web.conftest import enter
from tests.web.furnished import PASSWORD

FIRST = {"name": "Marie Durand", "username": "mdurand", "password": PASSWORD, "again": PASSWORD}


def kinds() -> list[str]:
    return list(LedgerRow.objects.order_by("sequence").values_list("kind", flat=True))


def test_the_first_link_makes_one_named_administrator_and_closes(empty: Console, client: Client) -> None:
    token = first_link(empty)
    assert token
    assert len(token) >= 43
    assert token not in str(FirstLink.objects.values())
    answer = client.post(reverse("first", args=[token]), FIRST)
    assert answer.status_code == 302
    user = User.objects.get()
    assert (roles.grants(user.pk, 1).whole, user.get_full_name(), user.practice_id) == (
        Role.ADMINISTRATOR,
        "Marie Durand",
        empty.practice,
    )
    assert user.password.startswith("argon2$argon2id$")
    assert client.get("/moi/").status_code == 200
    assert Client().post(reverse("first", args=[token]), FIRST | {"username": "second"}).status_code == 410
    assert first_link(empty) is None
    assert kinds() == ["first_link", "user_added", "login"]


def test_a_link_a_day_old_is_closed(empty: Console) -> None:
    token = first_link(empty)
    assert token
    later = Console(empty.config, empty.practice, empty.site, lambda: utc_now() + timedelta(hours=24, seconds=1))
    assert link_opens(empty, token)
    assert not link_opens(later, token)
    with pytest.raises(NotAdmitted, match="link_closed"):
        admit_first(later, token, "Marie", "mdurand", PASSWORD)
    assert not User.objects.exists()


def test_a_new_link_closes_the_old_one(empty: Console) -> None:
    old, new = first_link(empty), first_link(empty)
    assert old
    assert new
    assert (link_opens(empty, old), link_opens(empty, new)) == (False, True)


@pytest.mark.parametrize("weak", ["court", "motdepasse", "marie.durand.1", "password1234"])
def test_a_weak_password_is_refused_and_says_why(empty: Console, client: Client, weak: str) -> None:
    token = first_link(empty)
    assert token
    answer = client.post(reverse("first", args=[token]), FIRST | {"password": weak, "again": weak})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not User.objects.exists()
    assert link_opens(empty, token)


def test_everything_but_the_entrance_asks_to_log_in(full: Console, client: Client) -> None:
    from tests.web.routes import addresses  # noqa: PLC0415 -- asks the database

    for address in addresses(full):
        if not getattr(resolve(address.partition("?")[0]).func, "login_required", True):
            continue
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/connexion/"), address
    assert client.get("/sante/").content == b"ok\n"
    assert client.get("/connexion/").status_code == 200


def test_log_in_refused_log_in_and_log_out_are_in_the_ledger(fresh: Console, client: Client) -> None:
    before = len(kinds())
    client.post("/connexion/", {"login": "mdurand", "password": "faux"})
    enter(client)
    client.post("/deconnexion/")
    assert kinds()[before:] == ["login_failed", "login", "logout"]


def test_a_log_in_whose_entry_cannot_be_written_fails(
    fresh: Console, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitting, "enter", _full_disk)
    client.raise_request_exception = False
    assert client.post("/connexion/", {"login": "mdurand", "password": PASSWORD}).status_code == 500
    assert client.get("/moi/").status_code == 302


def _full_disk(*_told: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_guessing_is_throttled(fresh: Console, client: Client) -> None:
    for _attempt in range(5):
        client.post("/connexion/", {"login": "mdurand", "password": "faux"})
    answer = client.post("/connexion/", {"login": "mdurand", "password": PASSWORD})
    assert answer.status_code == 200
    assert client.get("/moi/").status_code == 302


def test_a_disabled_user_cannot_come_in(fresh: Console, client: Client) -> None:
    answer = client.post("/connexion/", {"login": "kmoreau", "password": PASSWORD})
    assert answer.status_code == 200
    assert client.get("/moi/").status_code == 302


def test_a_session_ends_when_its_user_is_disabled(fresh: Console, jean: Client) -> None:
    assert jean.get("/moi/").status_code == 200
    disable_user(fresh, "user:mdurand", "jpetit")
    assert jean.get("/moi/").status_code == 302


def test_the_last_administrator_stays(fresh: Console, marie: Client) -> None:
    with pytest.raises(NotAdmitted, match="last_administrator"):
        disable_user(fresh, "user:mdurand", "mdurand")
    marie.post("/utilisateurs/mdurand/")
    assert User.objects.get(username="mdurand").is_active


def test_a_name_is_taken_whatever_its_case(fresh: Console) -> None:
    with pytest.raises(NotAdmitted, match="name_taken"):
        add_user(fresh, "user:mdurand", Newcomer("Autre", "MDurand", PASSWORD))


@pytest.mark.parametrize("name", ["a b", "", "x" * 151])
def test_a_bad_name_is_refused(fresh: Console, name: str) -> None:
    with pytest.raises(ValidationError):
        add_user(fresh, "user:mdurand", Newcomer("Autre", name, PASSWORD))


def test_only_administrators_see_users(fresh: Console, jean: Client) -> None:
    for address in ("/utilisateurs/", "/utilisateurs/ajouter/", "/utilisateurs/mdurand/"):
        assert jean.get(address).status_code == 403


def test_an_administrator_adds_somebody_with_their_own_password(fresh: Console, marie: Client) -> None:
    told = {"name": "Anne Lebrun", "username": "alebrun", "password": PASSWORD, "again": PASSWORD, "role": "reader"}
    assert marie.post("/utilisateurs/ajouter/", told | {"own_password": "faux"}).status_code == 422
    assert marie.post("/utilisateurs/ajouter/", told | {"own_password": PASSWORD}).status_code == 302
    user = User.objects.get(username="alebrun")
    assert roles.grants(user.pk, fresh.practice).whole is Role.READER
    assert kinds()[-1] == "user_added"
    marie.post("/utilisateurs/alebrun/")
    user.refresh_from_db()
    assert not user.is_active
    marie.post("/utilisateurs/alebrun/")
    user.refresh_from_db()
    assert user.is_active


def test_i_change_my_password(fresh: Console, marie: Client) -> None:
    new = "encore-plus-long-et-neuf-9"
    told = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert marie.post("/moi/mot-de-passe/", told).status_code == 302
    assert User.objects.get(username="mdurand").check_password(new)
    assert kinds()[-1] == "password_changed"
    assert marie.get("/moi/").status_code == 200


def test_language_and_theme_are_kept_and_lead_nowhere_else(fresh: Console, client: Client) -> None:
    answer = client.post("/moi/choix/", {"language": "en", "theme": "dark", "next": "https://ailleurs.example/"})
    assert answer.headers["Location"] == "/"
    page = client.get("/connexion/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    assert "Forgot your password" in page
    client.post("/moi/choix/", {"language": "xx", "theme": "x"})
    assert 'lang="en"' in client.get("/connexion/").content.decode()


def test_french_is_spoken_whatever_the_browser_prefers(fresh: Console, client: Client) -> None:
    assert 'lang="fr"' in client.get("/connexion/", headers={"Accept-Language": "en"}).content.decode()


def test_there_is_no_sign_up_and_no_reset_by_mail(client: Client, db: None) -> None:
    for address in ("/accounts/signup/", "/inscription/", "/password/reset/", "/accounts/login/"):
        assert client.get(address).status_code in {302, 404}
    assert settings.ACCOUNT_EMAIL_VERIFICATION == "none"


def test_pages_answer_a_wrong_address_in_our_look(fresh: Console, marie: Client) -> None:
    page = marie.get("/nulle-part/")
    assert page.status_code == 404
    assert "quarante films" in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert "plus valable" in strict.post("/connexion/", {}).content.decode()


def test_an_error_shows_nothing_of_itself(fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_told: object) -> NoReturn:
        raise RuntimeError("secret")

    monkeypatch.setattr("negatoscope.web.pages.lightbox.judgements.light_box", broken)
    marie.raise_request_exception = False
    page = marie.get("/")
    assert page.status_code == 500
    assert "secret" not in page.content.decode()
    assert "Une erreur est survenue" in page.content.decode()


def test_no_page_is_stored_by_a_browser(full: Console, marie: Client) -> None:
    for address in ("/", "/equipements/srv-essai/", "/comptes/?format=csv", "/connexion/"):
        assert "no-store" in marie.get(address, follow=True).headers["Cache-Control"]
