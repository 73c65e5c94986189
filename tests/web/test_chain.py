"""The page of the alert chain: who is called today, what leads on where nobody is, and two papers."""

from datetime import timedelta

from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.kit.clock import PARIS, utc_now
from negatoscope.model.continuity import Call
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.store.models import LedgerRow

WHERE = "/chaine-d-alerte/"


def test_an_empty_chain_says_what_to_do_and_who_helps_all_the_same(fresh: Console, marie: Client) -> None:
    page = marie.get(WHERE).content.decode()
    assert "/registre/calls/ajouter/" in page
    assert "CERT Santé" in page
    assert "douteux, à vérifier" in page
    assert "Breizh Cyber" in marie.get(f"{WHERE}?whose=public&q=breizh").content.decode()


def test_the_chain_shows_who_is_called_and_where_nobody_answers(fresh: Console, marie: Client) -> None:
    today = utc_now().astimezone(PARIS).date()
    anna, marc = Person("anna", "Anna Petit"), Person("marc", "Marc Durand", left_on=today - timedelta(days=9))
    facts = (
        anna, marc, Call(anna.ref, 1, "06 11 22 33 44", marc.ref, other_phone="05 11 22 33 44"), Call(marc.ref, 2),
        Absence(anna.ref, today - timedelta(days=1), today + timedelta(days=3)),
    )  # fmt: skip
    declare(fresh, Said("user:mdurand"), facts)
    page = marie.get(WHERE).content.decode()
    assert 'href="tel:0611223344"' in page
    assert 'href="tel:0511223344"' in page
    assert page.count("Personne ne répond aujourd’hui sur cette ligne.") == 2
    assert "A quitté le cabinet." in page
    assert "Aucun numéro." in page
    assert "Pas de suppléant." in page


def test_both_papers_are_handed_out_and_the_ledger_knows(fresh: Console, marie: Client) -> None:
    for kind in ("carte", "arbre"):
        answer = marie.get(f"{WHERE}{kind}.pdf")
        assert answer.content.startswith(b"%PDF-")
        assert f"alerte-{kind}.pdf" in answer.headers["Content-Disposition"]
    assert LedgerRow.objects.filter(kind="export").count() == 2
    assert marie.get(f"{WHERE}autre.pdf").status_code == 404
