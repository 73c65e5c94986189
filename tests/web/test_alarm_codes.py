"""The page of an alarm's code: for who approves, after confirmation; the code on no other page."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from negatoscope.flows import codes
from negatoscope.flows.console import Console
from negatoscope.store.models import LedgerRow
from negatoscope.store.users import User
from tests.web.conftest import show_again
from tests.web.routes import addresses

ALARM = "Alarme du rez-de-chaussée"
REF = f"alarmcode/{ALARM}"
SECRET = "4711-jamais-montré"


@pytest.fixture
def page() -> str:
    return reverse("alarm_code", args=[ALARM])


def shown() -> int:
    return LedgerRow.objects.filter(kind="alarm_code_shown").count()


def test_a_code_is_kept_shown_on_demand_and_forgotten(full: Console, marie: Client, page: str) -> None:
    assert "pas gardé ici" in marie.get(page).content.decode()
    assert marie.post(page, {"act": "keep", "code": SECRET}).status_code == 302
    kept = marie.get(page).content.decode()
    assert SECRET not in kept
    assert "Marie Durand" in kept
    assert shown() == 0
    answer = marie.post(page, {"act": "show"})
    assert SECRET in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert shown() == 1
    assert marie.post(page, {"act": "keep", "code": SECRET, "changed": "on"}).status_code == 422
    assert marie.post(page, {"act": "keep", "code": "8822", "changed": "on"}).status_code == 302
    assert marie.post(page, {"act": "forget"}).status_code == 302
    again: Any = marie.post(page, {"act": "show"})
    assert "pas gardé ici" in again.content.decode()
    assert codes.kept(full, REF) is None


def test_a_code_stands_on_no_other_page_and_in_no_export(full: Console, marie: Client) -> None:
    codes.keep(full, "user:mdurand", REF, SECRET)
    tables = [
        reverse("family", args=[name]) + f"?format={kind}"
        for name in ("alarm-codes", "handovers")
        for kind in ("csv", "xlsx")
    ]
    for address in (*addresses(full), *tables, "/journal/exporter/"):
        assert SECRET not in marie.get(address).content.decode(errors="replace"), address
    item = marie.get(reverse("family_item", args=["alarm-codes", ALARM])).content.decode()
    assert "Le code lui-même" in item


def test_whoever_approves_shows_again_who_they_are_and_no_session_holds_the_code(
    full: Console, client: Client, jean: Client, page: str
) -> None:
    assert jean.get(page).status_code == 403
    assert jean.post(page, {"act": "show"}).status_code == 403
    client.force_login(User.objects.get(username="mdurand"))
    late = show_again(client, 3600)
    for act in ({"act": "keep", "code": SECRET}, {"act": "show"}, {"act": "forget"}):
        answer: Any = late.post(page, act)
        assert answer["Location"].startswith("/moi/confirmer/")
    assert late.get(page)["Location"].startswith("/moi/confirmer/")
    assert all(SECRET not in str(one.get_decoded()) for one in Session.objects.all())
    assert codes.kept(full, REF) is None


def test_a_lost_key_is_said_on_the_page(full: Console, marie: Client, page: str) -> None:
    codes.keep(full, "user:mdurand", REF, SECRET)
    codes.seals(full).file.unlink()
    assert "codes.key" in marie.post(page, {"act": "show"}).content.decode()
    answer = marie.post(page, {"act": "keep", "code": "9"})
    assert (answer.status_code, "codes.key" in answer.content.decode()) == (422, True)
