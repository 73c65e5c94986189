"""Events spared by their fields, at the page: picked from an alert, tried before they are kept, shown, taken back."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from negatoscope.flows import alerting, hunting, ruling, sparing
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.event import Event, Told
from negatoscope.model.tuning import AlertExemption
from negatoscope.store.queries import alerts
from negatoscope.store.queries.register import declared
from negatoscope.watch import matching
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.matching import Hidden
from tests.web.furnished import RULE_ID, RULES

THERE, RULE = f"/regles-de-detection/{RULE_ID}/epargner/", f"/regles-de-detection/{RULE_ID}/"


@pytest.fixture
def ruled(fresh: Console) -> Console:
    """A rule, two events that it matches, and the alert of the first, closed as false."""
    ruling.take(fresh, "user:marie", "cabinet.yml", RULES)
    at = fresh.clock()
    told = []
    for number, sought in enumerate(("10.77.0.5", "203.0.113.9")):
        said = {"message": "Failed password for root", "rhost": sought, "big": "x\ny", "ports": ["22", None, 2222]}
        event = Event(at, "linux", "sshd", host="srv-essai", fields=said | {"ok": False})
        told.append(Told(f"k/{number}", "10.0.0.9", at, event))
    hunting.store(fresh).keep(told)
    found = Detection(
        Kind.SIGMA, RULE_ID, "host/srv-essai", at, at, ("k/0", "k/1"), Level.HIGH, "r/1", seen={"title": "Root"}
    )
    alerting.raise_from(fresh, [found])
    (one,) = alerts.standing(fresh.practice)
    alerting.close(fresh, one.number, AlertOutcome.FALSE, "notre automate", Handler("user:marie", "Marie"))
    return fresh


def lines(*told: tuple[str, str, str], given: bool = False) -> dict[str, str]:
    """A form of so many lines."""
    sent = {"champ-TOTAL_FORMS": str(len(told)), "champ-INITIAL_FORMS": "0"}
    for number, (name, how, values) in enumerate(told):
        sent |= {f"champ-{number}-field": name, f"champ-{number}-how": how, f"champ-{number}-values": values}
        sent |= {f"champ-{number}-given": "True"} if given else {}
    return sent


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page).replace("\xa0", " ")


def tried(page: str) -> str:
    found = re.search(r'name="tried"\s+value="(\w+)"', page)
    assert found
    return found[1]


def test_fields_of_an_alert_are_picked_tried_kept_shown_and_taken_back(ruled: Console, marie: Client) -> None:
    (one,) = alerts.since(ruled.practice, ruled.clock() - timedelta(days=1))
    link = f"{THERE}?alerte={one.number}"
    assert link in marie.get(f"/alertes/{one.number}/").content.decode()
    page = marie.get(link).content.decode()
    shown = dict(re.findall(r'name="champ-(\d+)-field"\s+value="(\w*)"', page))
    assert list(shown.values()) == ["message", "rhost", "ports", "ok", "", "", ""]
    assert re.search(r"<textarea[^>]*champ-2-values[^>]*>\s*22\n2222</textarea>", page)
    asked = lines(("message", "is", "Failed password for root"), ("rhost", "is", "10.77.0.5"), given=True)
    nothing = marie.post(link, asked | {"act": "try"})
    assert nothing.status_code == 422
    assert "Choisissez au moins un champ" in nothing.content.decode()
    asked |= {"champ-1-use": "on"}
    page = marie.post(link, asked | {"act": "try"}).content.decode()
    said = "la règle a reconnu 2 événements"
    assert said in " ".join(plain(page).split())
    assert "Resteraient signalés" in page
    assert not declared(ruled.practice, AlertExemption)
    until = (ruled.clock() + timedelta(days=30)).date().isoformat()
    sure = asked | {"act": "keep", "until": until, "reason": "notre automate"}
    unseen = marie.post(link, sure | {"tried": "another"})
    assert unseen.status_code == 200
    assert not declared(ruled.practice, AlertExemption)
    kept = marie.post(link, sure | {"tried": tried(page)}, follow=True).content.decode()
    assert "Ces événements sont épargnés" in kept
    (fact,) = declared(ruled.practice, AlertExemption)
    assert (fact.clauses, fact.alert, fact.reason) == ({"rhost": ("10.77.0.5",)}, one.number, "notre automate")
    assert "N’a encore rien fait taire" in kept
    sparing.write(ruled, matching.State(hidden={fact.ref: Hidden(17, ruled.clock())}))
    for address in (RULE, "/situations/"):
        there = " ".join(plain(marie.get(address).content.decode()).split())
        assert "Root sought over SSH, pour certains événements" in there
        assert "rhost est 10.77.0.5" in there
        assert "A fait taire 17 événements" in there
    assert "retirée" in marie.post("/situations/dispenses/retirer/", {"ref": fact.ref}, follow=True).content.decode()
    assert not declared(ruled.practice, AlertExemption)


def test_a_filter_that_hides_everything_asks_to_be_sure_with_the_figure(ruled: Console, marie: Client) -> None:
    asked = lines(("message", "contains", "root"), ("", "is", ""))
    page = marie.post(THERE, asked | {"act": "try"}).content.decode()
    assert "elle n’aurait plus rien signalé du tout" in page
    assert "pour ces 2 événements, tous ceux des 30 derniers jours" in page
    until = (ruled.clock() + timedelta(days=30)).date().isoformat()
    sure = asked | {"act": "keep", "until": until, "reason": "essai", "tried": tried(page)}
    asks = marie.post(THERE, sure)
    assert asks.status_code == 422
    assert "Cochez cette case" in asks.content.decode()
    assert marie.post(THERE, sure | {"until": "2099-01-01"}).status_code == 422
    assert not declared(ruled.practice, AlertExemption)
    marie.post(THERE, sure | {"sure": "on"})
    assert len(declared(ruled.practice, AlertExemption)) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("", "is", "x"), "n’a pas de nom"),
        (("rhost", "is", ""), "Dites ce que ce champ"),
        (("rhost", "cidr", "<b>"), "rhost\xa0: Cette valeur ne se lit pas"),
        (("rhost", "re", "a(b"), "rhost\xa0: Cette valeur ne se lit pas"),
        (("rhost", "is", "x" * 70_000), "C’est trop"),
    ],
)
def test_a_wrong_line_is_explained(ruled: Console, marie: Client, line: tuple[str, str, str], said: str) -> None:
    answer = marie.post(THERE, lines(line) | {"act": "try"})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_filter_of_nothing_that_came_is_tried_and_proves_nothing(ruled: Console, marie: Client) -> None:
    page = marie.post(THERE, lines(("rhost", "is", "8.8.8.8")) | {"act": "try"}).content.decode()
    assert "Aucun n’aurait été épargné" in page
    for one in hunting.store(ruled).files():
        one.path.unlink()
    page = marie.post(THERE, lines(("rhost", "is", "8.8.8.8")) | {"act": "try"}).content.decode()
    assert "l’essai ne prouve rien" in page


def test_what_may_never_be_spared_is_not_offered(ruled: Console, marie: Client) -> None:
    assert marie.get("/regles-de-detection/none/epargner/").status_code == 404
    assert THERE in marie.get(RULE).content.decode()
    ruling.take(ruled, "user:marie", "cabinet.yml", RULES.replace(b"level: high", b"level: critical"))
    assert "gravité critique" in marie.get(THERE, follow=True).content.decode()
    assert THERE not in marie.get(RULE).content.decode()
