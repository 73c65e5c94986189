"""The pages of Sigma rules: how they are had, which run and why not, one of them turned off and on."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client

from negatoscope.flows import alerting, hunting, ruling
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.event import Event, Told
from negatoscope.store.queries import alerts
from negatoscope.watch.detection import Detection, Kind, Level
from tests.web.furnished import RULE_ID

LIST, ONE = "/regles-de-detection/", f"/regles-de-detection/{RULE_ID}/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def heard(console: Console) -> None:
    """A line of sshd came a moment ago."""
    at = console.clock() - timedelta(minutes=1)
    hunting.store(console).keep([Told("a:1", "a", at, Event(at, "linux", "sshd"))])
    cache.clear()


def test_without_rules_the_page_says_how_to_get_them(fresh: Console, marie: Client) -> None:
    page = text(marie, LIST)
    assert "github.com/SigmaHQ/sigma/releases" in page
    assert "<table" not in page


def test_each_rule_says_how_it_stands_and_why(full: Console, marie: Client) -> None:
    page = text(marie, LIST)
    assert "en attente d’une source" in page
    assert "parle d’une source que la console ne sait pas encore lire" in page
    heard(full)
    assert text(marie, LIST + "?etat=runs&format=csv").count("Root sought") == 1
    assert text(marie, LIST + "?etat=cannot&format=csv").count("\n") == 2
    assert text(marie, LIST + "?q=T1110&format=csv").count("\n") == 2
    assert text(marie, LIST + "?produit=linux&gravite=high&format=csv").count("\n") == 2


def test_one_rule_says_what_it_seeks_what_it_needs_and_what_its_alerts_were(full: Console, marie: Client) -> None:
    page = text(marie, ONE)
    for said in ("tries the password of root", "mistypes", "T1110.001", "Rien de tel n’est arrivé", "condition: key"):
        assert said in page
    assert "L’événement contient, où que ce soit, « failed password for root »" in page
    at, who = full.clock(), Handler("user:jpetit", "Jean Petit (jpetit)")
    seen = Detection(Kind.SIGMA, RULE_ID, "host/srv-essai", at, at, ("a:1",), Level.HIGH, "one")
    alerting.raise_from(full, [seen])
    (number,) = [one.number for one in alerts.standing(full.practice) if one.code == RULE_ID]
    alerting.close(full, number, AlertOutcome.FALSE, "le serveur de sauvegarde", who)
    heard(full)
    page = text(marie, ONE)
    assert "le serveur de sauvegarde" in page
    assert "Rien de tel n’est arrivé" not in page
    assert marie.get("/regles-de-detection/inconnue/").status_code == 404


def test_a_rule_is_turned_off_with_a_reason_and_on_again(full: Console, marie: Client) -> None:
    assert marie.post(ONE, {"act": "off", "reason": " "}).status_code == 422
    page = marie.post(ONE, {"act": "off", "reason": "notre <b>scanner</b>"}, follow=True).content.decode()
    assert "notre &lt;b&gt;scanner&lt;/b&gt;" in page
    assert "Marie Durand" in page
    assert "notre &lt;b&gt;" in text(marie, LIST + "?etat=off")
    assert not ruling.in_force(full).running
    assert "a changé entre-temps" in marie.post(ONE, {"act": "off", "reason": "x"}, follow=True).content.decode()
    marie.post(ONE, {"act": "on"})
    assert [one.id for one in ruling.in_force(full).running] == [RULE_ID]


def test_a_title_is_never_a_tag(full: Console, marie: Client) -> None:
    evil = b"title: <script>alert(1)</script>\nlogsource: {product: linux}\ndetection: {a: [x], condition: a}\n"
    ruling.take(full, "user:mdurand", "evil.yml", evil)
    assert "<script>alert" not in text(marie, LIST)
