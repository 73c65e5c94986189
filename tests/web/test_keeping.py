"""How long logs are kept, on its page: what the law asks, what a shorter time will erase, and how it is undone."""

from datetime import timedelta

from django.test import Client

from negatoscope.flows import retaining
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.tuning import Tuner
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.retention import EventClass

PAGE = "/sources/conservation/"
TRAFFIC = f"{PAGE}traffic/"


def test_a_shorter_time_says_what_it_erases_asks_and_is_undone(fresh: Console, marie: Client) -> None:
    page = marie.get(PAGE).content.decode()
    assert "Gardés 365 jours" in page
    assert "délibération 2021-122" in page
    assert "21 nov" in page
    came = fresh.clock() - timedelta(days=250)
    store(fresh).keep([Told("a", "10.77.0.2", came, Event(came, "squid", action=Action.CONNECTION))])
    assert marie.post(TRAFFIC, {"days": "90", "reason": "disque"}).status_code == 422
    assert marie.post(TRAFFIC, {"days": "200", "reason": ""}).status_code == 422
    asked = marie.post(TRAFFIC, {"days": "200", "reason": "disque <plein>"}).content.decode()
    assert "1 ligne gardée aujourd’hui sera effacée" in asked
    assert "disque &lt;plein&gt;" in asked
    assert retaining.settings(fresh) == ()
    told = {"days": "200", "reason": "disque plein", "sure": "1"}
    noted = marie.post(TRAFFIC, told, follow=True).content.decode()
    assert "Rien n’est effacé avant sept jours" in noted
    assert "200 jours seulement à partir du" in noted
    assert "Rien ne change" in marie.post(TRAFFIC, told, follow=True).content.decode()
    undone = marie.post(f"{TRAFFIC}annuler/", follow=True).content.decode()
    assert "rien ne sera effacé de plus" in undone
    assert "Annuler cette réduction" not in undone
    assert "plus rien à annuler" in marie.post(f"{TRAFFIC}annuler/", follow=True).content.decode()
    assert retaining.loss(fresh, EventClass.TRAFFIC, 365) is None


def test_a_longer_time_is_taken_at_once(fresh: Console, marie: Client) -> None:
    saved = marie.post(TRAFFIC, {"days": "730", "reason": "enquête en cours"}, follow=True).content.decode()
    assert "Gardés 730 jours" in saved
    assert "enquête en cours" in saved
    assert marie.get(f"{PAGE}autre/").status_code == 404


def test_a_reason_of_more_than_a_year_ago_is_asked_again(fresh: Console, marie: Client) -> None:
    then = Console(fresh.config, fresh.practice, fresh.site, lambda: fresh.clock() - timedelta(days=400))
    retaining.choose(then, EventClass.CARE, 700, "contrôle interne", Tuner("user:apetit", "Anna Petit"))
    assert "la raison n’a pas été redite" in marie.get(PAGE).content.decode()
