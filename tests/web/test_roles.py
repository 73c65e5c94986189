"""The role matrix: every route, both methods, each role, nobody, and somebody of another practice."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from negatoscope.flows.admitting import Newcomer, NotAdmitted, add_user, give_role, take_role
from negatoscope.flows.console import Console
from negatoscope.store import roles
from negatoscope.store.models import GrantRow, PracticeRow, SiteRow, User
from negatoscope.store.roles import Grants, Role
from negatoscope.web.access import Needs
from tests.web.conftest import show_again
from tests.web.furnished import PASSWORD
from tests.web.matrix import MATRIX
from tests.web.routes import addresses

ORDER = list(Role)
SAMPLES = {"int": 1, "str": "rien", "path": "rien"}


def patterns() -> Iterator[URLPattern]:
    yield from (one for one in get_resolver().url_patterns if isinstance(one, URLPattern))


def asked(name: str, method: str) -> str:
    look, act = MATRIX[name].split()
    return look if method == "GET" else act


def address(pattern: URLPattern) -> str:
    converters = pattern.pattern.converters
    told = {name: 1 if type(one).__name__ == "IntConverter" else "rien" for name, one in converters.items()}
    return reverse(str(pattern.name), kwargs=told)


def test_each_route_has_one_line_in_the_matrix_and_each_line_a_route() -> None:
    named = {str(one.name) for one in patterns()}
    assert named - set(MATRIX) == set(), "say in tests/web/matrix.py who may look and act (docs/roles.md)"
    assert set(MATRIX) - named == set()


def test_each_page_declares_what_the_matrix_says() -> None:
    wrong = []
    for one in patterns():
        needs: Needs | None = getattr(one.callback, "needs", None)
        public = not getattr(one.callback, "login_required", True)
        for method in ("GET", "POST"):
            wanted = asked(str(one.name), method)
            if wanted == "public":
                wrong += [] if public else [f"{one.name}: not @login_not_required"]
            elif wanted != "-" and (needs is None or public or needs.role(method) != wanted):
                wrong.append(f"{one.name} {method}: {wanted} in the matrix, {needs} on the page")
    assert wrong == []


def send(client: Client, method: str, where: str) -> tuple[int, str]:
    answer = client.get(where) if method == "GET" else client.post(where, {})
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize("role", ORDER)
def test_a_role_opens_and_sends_what_the_matrix_allows_it_and_nothing_else(
    fresh: Console, client: Client, role: Role
) -> None:
    add_user(fresh, "console", Newcomer("Essai", "essai", PASSWORD, role))
    client.force_login(User.objects.get(username="essai"))
    client.raise_request_exception = False
    wrong = []
    for one in patterns():
        for method in ("GET", "POST"):
            wanted = asked(str(one.name), method)
            if wanted == "public" or (wanted == "-" and method == "GET"):
                continue
            status, _where = send(client, method, address(one))
            allowed = wanted != "-" and ORDER.index(role) >= ORDER.index(Role(wanted))
            if wanted == "-":
                wrong += [] if status in {403, 404, 405} else [f"{method} {one.name}: {status}"]
            elif allowed == (status == 403) or status >= 500:
                wrong.append(f"{method} {one.name}: {status}, {wanted} asked")
    assert wrong == []


def test_nobody_opens_nothing(fresh: Console, client: Client) -> None:
    for one in patterns():
        for method in ("GET", "POST"):
            if asked(str(one.name), method) not in {"public", "-"}:
                status, where = send(client, method, address(one))
                assert (status, where.startswith("/connexion/")) == (302, True), one.name


def test_a_user_without_any_role_opens_nothing(fresh: Console, marie: Client) -> None:
    GrantRow.objects.all().delete()
    assert {marie.get(where).status_code for where in ("/", "/moi/", "/equipements/", "/journal/")} == {403}


def test_a_page_that_says_nothing_of_who_may_open_it_is_closed(
    fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = next(one.callback for one in patterns() if one.name == "coverage")
    assert marie.get("/couverture/").status_code == 200
    monkeypatch.delattr(page, "needs")
    assert marie.get("/couverture/").status_code == 403


@pytest.fixture
def elsewhere(full: Console, client: Client) -> Client:
    """The administrator of another practice on the same console."""
    other = PracticeRow.objects.create(name="Cabinet voisin")
    SiteRow.objects.create(practice=other, name="")
    user = User.objects.create(username="voisin", practice=other)
    GrantRow.objects.create(user=user, practice=other, role=Role.ADMINISTRATOR)
    client.force_login(user)
    return show_again(client)


def test_another_practice_s_administrator_sees_nothing_of_this_one(full: Console, elsewhere: Client) -> None:
    for where in addresses(full):
        answer = elsewhere.get(where)
        page = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code in {200, 404}, where
        for said in ("srv-essai", "scanner-1", "Marie Durand", "10.77.0", "Tilleuls"):
            assert said not in page.decode(errors="replace") or said in where, (where, said)


def test_a_role_in_another_practice_is_none_here(fresh: Console, jean: Client) -> None:
    other = PracticeRow.objects.create(name="Cabinet voisin")
    GrantRow.objects.create(user=User.objects.get(username="jpetit"), practice=other, role=Role.ADMINISTRATOR)
    assert jean.get("/utilisateurs/").status_code == 403


@pytest.mark.parametrize(
    ("held", "role", "site", "allowed"),
    [
        (Grants(), Role.READER, 1, False),
        (Grants(Role.READER), Role.READER, 1, True),
        (Grants(Role.READER), Role.OPERATOR, 1, False),
        (Grants(None, {1: Role.OPERATOR}), Role.READER, 2, True),
        (Grants(None, {1: Role.OPERATOR}), Role.OPERATOR, 1, True),
        (Grants(None, {1: Role.OPERATOR}), Role.OPERATOR, 2, False),
        (Grants(Role.OPERATOR, {1: Role.READER}), Role.OPERATOR, 1, True),
        (Grants(Role.READER, {1: Role.APPROVER}), Role.APPROVER, 1, True),
        (Grants(Role.READER, {1: Role.ADMINISTRATOR}), Role.APPROVER, 1, True),
        (Grants(Role.READER, {1: Role.ADMINISTRATOR}), Role.ADMINISTRATOR, 1, False),
        (Grants(Role.ADMINISTRATOR), Role.APPROVER, 7, True),
    ],
)
def test_roles_hold_where_they_were_given(held: Grants, role: Role, site: int, *, allowed: bool) -> None:
    assert held.may(role, site) is allowed


def test_a_role_on_one_site_is_given_and_taken(fresh: Console, client: Client) -> None:
    add_user(fresh, "console", Newcomer("Essai", "essai", PASSWORD))
    user = User.objects.get(username="essai")
    client.force_login(user)
    give_role(fresh, "console", "essai", Role.OPERATOR, fresh.site)
    assert roles.grants(user.pk, fresh.practice) == Grants(Role.READER, {fresh.site: Role.OPERATOR})
    assert client.post("/juger/").status_code == 302
    take_role(fresh, "console", "essai", fresh.site)
    assert client.post("/juger/").status_code == 403


def test_an_administrator_changes_roles_but_the_last_one_stays(fresh: Console, marie: Client) -> None:
    marie.post("/utilisateurs/jpetit/", {"role": "approver"})
    jean = User.objects.get(username="jpetit")
    assert roles.grants(jean.pk, fresh.practice).whole is Role.APPROVER
    with pytest.raises(NotAdmitted, match="last_administrator"):
        give_role(fresh, "console", "mdurand", Role.APPROVER)
    assert (
        "dernier administrateur"
        in marie.post("/utilisateurs/mdurand/", {"role": "reader"}, follow=True).content.decode()
    )


def test_a_page_says_which_role_its_form_takes_and_hides_it(fresh: Console, jean: Client) -> None:
    page = jean.get("/regle/39/R39.1/attester/").content.decode()
    assert 'class="narrow looks"' in page
    assert "il faut le rôle : approbateur" in page.replace("\xa0", " ")
