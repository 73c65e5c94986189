"""The messages on pages: what would leave next, and what each user wants to be told."""

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from negatoscope.flows import lettering
from negatoscope.flows.console import Console
from negatoscope.flows.lettering import where
from negatoscope.store import notices
from negatoscope.store.models import LedgerRow
from negatoscope.store.users import User


def test_the_page_says_what_leaves_next_to_whom_and_who_is_not_reached(full: Console, marie: Client) -> None:
    notices.set_mail(full.practice, {"host": "localhost", "sender": "c@cabinet.example", "to": "chef@cabinet.example"})
    page = marie.get("/messages/").content.decode()
    assert "Prochains messages" in page
    assert "chef@cabinet.example" in page
    assert re.search("n’a pas d’adresse|personne de ce nom", page)


def test_each_user_says_where_and_of_what_they_are_told_and_work_cannot_be_turned_off(
    full: Console, marie: Client, jean: Client
) -> None:
    page = jean.get("/moi/").content.decode()
    assert "Relevés qui échouent" in page
    assert "Règles passées au rouge" not in page, "an operator is not told that"
    told = {"email": "jean@cabinet.example", "wanted": ["proof"]}
    assert jean.post("/moi/", told).status_code == 302
    user = User.objects.get(username="jpetit")
    assert (user.email, user.muted) == ("jean@cabinet.example", ["failing"])
    assert LedgerRow.objects.latest("sequence").kind == "user_listens"
    assert jean.post("/moi/", {"email": "pas une adresse"}).status_code == 422
    assert jean.post("/moi/", {**told, "wanted": ["work"]}).status_code == 422
    jean.post("/moi/choix/", {"language": "en"})
    assert User.objects.get(username="jpetit").language == "en"


@pytest.mark.parametrize("code", sorted(lettering._book()["page"]))  # noqa: SLF001 -- every page that a mail names
def test_a_mail_leads_to_a_page_that_exists(code: str) -> None:
    values = {"subject": "host/srv 1", "control": "R10.1", "ident": "7", "what": code}
    address = where(code, values)
    try:
        resolve(address.partition("?")[0])
    except Resolver404:
        pytest.fail(address)
