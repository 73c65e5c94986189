"""The pages of the weekly review: prepared, annotated, signed."""

from django.test import Client

from negatoscope.flows import overseeing, rereading
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.model.watching import SourceHealth
from negatoscope.model.weekly import WeekReview
from negatoscope.store.queries.register import declared
from tests.web.test_alerts import text


def test_a_week_is_read_noted_and_signed(full: Console, marie: Client) -> None:
    (one,) = declared(full.practice, WeekReview)
    address = f"/relectures/{one.week}/"
    assert address in text(marie, "/relectures/")
    assert "Rien de tel" in text(marie, address)
    assert "Domain Admins" in text(marie, address)
    marie.post(address, {"act": "note", "note-1": "prévu"})
    assert "prévu" in text(marie, address)
    marie.post(address, {"act": "sign"})
    assert "signée" in text(marie, address)
    again = marie.post(address, {"act": "sign"}, follow=True).content.decode()
    assert "déjà signée" in again
    assert marie.get("/relectures/hier/").status_code == 404
    said = marie.post("/relectures/", follow=True).content.decode()
    assert "déjà prête" in said


def test_a_new_console_prepares_its_first_week(fresh: Console, marie: Client) -> None:
    assert "Aucune semaine" in text(marie, "/relectures/")
    week = rereading.last_week(utc_now())
    assert marie.post("/relectures/").headers["Location"] == f"/relectures/{week}/"
    page = text(marie, f"/relectures/{week}/").replace("\xa0", " ")
    assert page.count("Aucune source de journaux ne le dit : ce vide ne prouve rien.") == 4
    overseeing.oversee(fresh, [SourceHealth("m365", ("mailbox_opened", "account_changed"), ())], [])
    page = text(marie, f"/relectures/{week}/").replace("\xa0", " ")
    assert page.count("ce vide ne prouve rien") == 2
