"""What could open the practice to somebody asks again for a password or a factor."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from negatoscope.flows import tokens
from negatoscope.flows.admitting import Newcomer, NotAdmitted, add_user, change_password, give_role, give_role_there
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.premises import Site
from negatoscope.store import roles
from negatoscope.store.models import CredentialRow, GrantRow, SubjectRow, TokenRow, User
from negatoscope.store.roles import Role
from tests.web.conftest import show_again
from tests.web.furnished import PASSWORD

ASK = "/moi/confirmer/"
LONG_AGO = 3600


@pytest.fixture
def late(client: Client, full: Console) -> Client:
    """The administrator, an hour after they came in."""
    client.force_login(User.objects.get(username="mdurand"))
    return show_again(client, LONG_AGO)


def jean_is() -> Role | None:
    return roles.grants(User.objects.get(username="jpetit").pk, 1).whole


def confirm(client: Client, where: str, password: str = PASSWORD) -> Any:  # noqa: ANN401 -- Django's answer
    return client.post(ASK, {"password": password, "next": where})


def test_a_role_changes_only_once_the_administrator_has_shown_who_they_are(late: Client) -> None:
    where = "/utilisateurs/jpetit/"
    answer: Any = late.post(where, {"role": "approver"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(ASK)
    assert jean_is() is Role.OPERATOR
    assert confirm(late, where, "pas-le-bon-mot-de-passe").status_code == 200
    assert jean_is() is Role.OPERATOR
    assert confirm(late, where).status_code == 302
    assert jean_is() is Role.APPROVER
    late.post(where, {"role": "reader"})
    assert jean_is() is Role.READER, "asked once, not at each act"


def test_a_form_taken_up_again_asks_for_the_role_again(late: Client) -> None:
    where = "/utilisateurs/jpetit/"
    late.post(where, {"role": "approver"})
    GrantRow.objects.filter(user__username="mdurand").update(role=Role.READER)
    assert confirm(late, where).status_code == 403
    assert jean_is() is Role.OPERATOR


def test_a_lost_factor_is_taken_away_and_the_rule_on_factors_changed_after_confirmation(late: Client) -> None:
    for where, told, back in (
        (reverse("reset_factors", args=["jpetit"]), {}, "/utilisateurs/jpetit/"),
        (reverse("second_factor"), {"least": ""}, "/utilisateurs/"),
    ):
        show_again(late, LONG_AGO)
        answer: Any = late.post(where, told)
        assert answer["Location"].startswith(ASK)
        assert confirm(late, where)["Location"] == back


def test_pages_of_credentials_ask_before_they_show_a_form_and_keep_no_secret(late: Client, full: Console) -> None:
    for where in ("/identifiants/", "/identifiants/serveurs/"):
        assert late.get(where)["Location"].startswith(ASK)
    secret = "un-secret-qui-ne-traine-pas"
    told = {"name": "ad", "kind": "password", "username": "lecteur", "password": secret}
    assert late.post("/identifiants/", told)["Location"].startswith(ASK)
    assert all(secret not in str(one.get_decoded()) for one in Session.objects.all())
    assert not CredentialRow.objects.filter(name="ad").exists()
    assert late.post("/identifiants/serveurs/", {"act": "remove"})["Location"].startswith(ASK)
    assert CredentialRow.objects.filter(name="serveurs").exists()
    assert confirm(late, "/identifiants/")["Location"] == "/identifiants/"
    assert late.get("/identifiants/").status_code == 200


def test_a_token_is_made_and_revoked_after_confirmation(late: Client, full: Console) -> None:
    page = late.get("/reception/").content.decode()
    assert "Confirmer que c’est vous" in page
    assert 'name="name"' not in page
    assert late.post("/reception/", {"name": "postes"})["Location"].startswith(ASK)
    assert not TokenRow.objects.filter(name="postes").exists()
    tokens.make(full, "user:mdurand", "agent", "anciens")
    number = TokenRow.objects.get(name="anciens").pk
    where = f"/reception/{number}/revoquer/"
    assert late.post(where)["Location"].startswith(ASK)
    assert TokenRow.objects.get(pk=number).revoked_at is None
    assert confirm(late, where).status_code == 302
    assert TokenRow.objects.get(pk=number).revoked_at is not None


def test_a_host_is_retired_after_confirmation(late: Client) -> None:
    name = SubjectRow.objects.filter(kind="Host").order_by("ref").values_list("ref", flat=True)[0].removeprefix("host/")
    where = f"/equipements/{name}/retirer/"
    assert late.get(where).status_code == 200
    assert late.post(where)["Location"].startswith(ASK)
    assert late.get(f"/equipements/{name}/").status_code == 200
    assert confirm(late, where)["Location"] == "/equipements/"


def test_who_came_in_a_moment_ago_is_not_asked(fresh: Console, client: Client) -> None:
    client.post("/connexion/", {"login": "mdurand", "password": PASSWORD})
    answer: Any = client.post("/utilisateurs/jpetit/", {"role": "approver"})
    assert answer["Location"] == "/utilisateurs/jpetit/", dict(client.session)
    assert jean_is() is Role.APPROVER


def test_a_role_on_one_site_is_given_and_taken_on_the_user_s_page(fresh: Console, marie: Client) -> None:
    declare(fresh, Said("user:mdurand"), (Site("Albi"),))
    add_user(fresh, "console", Newcomer("Essai", "essai", PASSWORD))
    other = Client()
    user = User.objects.get(username="essai")
    other.force_login(user)
    where = "/utilisateurs/essai/"
    assert "Albi" in marie.get(where).content.decode()
    marie.post(where, {"wider": "operator", "where": "Albi"})
    assert (other.get("/").status_code, other.post("/juger/").status_code) == (200, 403), "elsewhere: reads here"
    marie.post(where, {"wider": "operator", "where": ""})
    listed = marie.get("/utilisateurs/").content.decode()
    assert "opérateur (Albi)" in listed
    assert "opérateur (site de cette console)" in listed
    assert other.post("/juger/").status_code == 302, "here: acts here"
    assert "lecture seule" in marie.get(where).content.decode()
    for site in roles.grants(user.pk, fresh.practice).sites:
        marie.post(where, {"leave": site})
    assert roles.grants(user.pk, fresh.practice) == roles.Grants(Role.READER)
    assert other.post("/juger/").status_code == 403
    assert marie.post(where, {"wider": "operator", "where": "Nulle part"}).status_code == 404


def test_nobody_is_the_administrator_of_one_site(fresh: Console, marie: Client) -> None:
    with pytest.raises(NotAdmitted, match="whole_practice"):
        give_role_there(fresh, "console", "jpetit", Role.ADMINISTRATOR, "")
    page: Any = marie.post("/utilisateurs/jpetit/", {"wider": "administrator", "where": ""}, follow=True)
    assert "pour tout le cabinet" in page.content.decode()


FIFTEEN, SIXTEEN = "gare-lune-vert7", "gare-lune-vert-7"


def test_an_administrator_s_password_has_sixteen_signs_and_others_twelve(fresh: Console) -> None:
    assert (len(FIFTEEN), len(SIXTEEN)) == (15, 16)
    with pytest.raises(ValidationError, match="16"):
        add_user(fresh, "console", Newcomer("Chef", "chef", FIFTEEN, Role.ADMINISTRATOR))
    assert not User.objects.filter(username="chef").exists()
    add_user(fresh, "console", Newcomer("Chef", "chef", SIXTEEN, Role.ADMINISTRATOR))
    add_user(fresh, "console", Newcomer("Essai", "essai", FIFTEEN, Role.APPROVER))
    with pytest.raises(ValidationError, match="12"):
        change_password(fresh, "console", "essai", "trop-court7")
    with pytest.raises(ValidationError, match="16"):
        change_password(fresh, "console", "chef", FIFTEEN)
    change_password(fresh, "console", "essai", "gare-lune-77")
    give_role(fresh, "console", "essai", Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="16"):
        change_password(fresh, "console", "essai", FIFTEEN)


def test_the_pages_ask_sixteen_signs_of_an_administrator(fresh: Console, marie: Client) -> None:
    assert "16" in marie.get("/moi/mot-de-passe/").content.decode()
    told = {"oldpassword": PASSWORD, "password1": FIFTEEN, "password2": FIFTEEN}
    assert "au moins 16 signes" in marie.post("/moi/mot-de-passe/", told).content.decode()
