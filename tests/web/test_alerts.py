"""The pages of alerts: what is due, one explained, taken on, handed on, closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.test import Client

from negatoscope.flows import alerting
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.kit.clock import utc_now
from negatoscope.model.alert import AlertOutcome, AlertState
from negatoscope.store.models import AlertRow
from negatoscope.store.queries import alerts
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.web.templatetags.room import until


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_is_to_be_handled_before_when(full: Console, marie: Client) -> None:
    page = text(marie, "/alertes/")
    assert "Tentatives de connexion répétées" in page
    assert "avant demain" in page or "avant aujourd’hui" in page
    assert "Connexion à une heure" not in page.split('id="live"')[1].split("<table")[1]
    closed = text(marie, "/alertes/?etat=closed")
    assert "Connexion à une heure inhabituelle" in closed
    assert text(marie, "/alertes/?format=csv").count("\n") == 2
    assert text(marie, "/alertes/?etat=all&format=csv").count("\n") == 3
    alone = text(marie, "/alertes/", hx_request="true", hx_target="live")
    assert alone.lstrip().startswith('<div id="live"')
    assert "Tentatives de connexion" in text(marie, "/")


def test_one_alert_is_explained_and_handled(full: Console, jean: Client) -> None:
    (standing,) = alerts.standing(full.practice)
    number, address = standing.number, f"/alertes/{standing.number}/"
    page = text(jean, address)
    for said in ("192.0.2.7", "10.77.0.9:1", "Que faire maintenant", "10\N{NO-BREAK SPACE}min"):
        assert said in page
    assert jean.post(address, {"act": "take"}).status_code == 302
    assert jean.post(address, {"act": "close", "outcome": "true"}).status_code == 422
    assert jean.post(address, {"act": "hand", "to": "personne"}).status_code == 422
    jean.post(address, {"act": "hand", "to": "Marie Durand (mdurand)"})
    jean.post(address, {"act": "comment", "text": "poste vu"})
    jean.post(address, {"act": "close", "outcome": "true", "conclusion": "poste remplacé"})
    one = alerts.alert(full.practice, number)
    assert one is not None
    assert (one.state, one.outcome, one.owner) == (AlertState.CLOSED, AlertOutcome.TRUE, "Marie Durand (mdurand)")
    again = jean.post(address, {"act": "take"}, follow=True).content.decode()
    assert "déjà close" in again
    assert "poste remplacé" in again
    assert "poste vu" in again
    assert jean.get("/alertes/99999999/").status_code == 404


def test_a_late_alert_is_said_in_words(full: Console, marie: Client) -> None:
    (standing,) = alerts.standing(full.practice)
    address = f"/alertes/{standing.number}/"
    AlertRow.objects.filter(pk=standing.number).update(due=utc_now() - timedelta(days=1))
    assert "en retard depuis" in text(marie, address)
    assert "en retard depuis le" in until(utc_now() - timedelta(days=9))


def test_a_new_console_says_where_alerts_come_from(fresh: Console, marie: Client) -> None:
    page = text(marie, "/alertes/")
    assert "Aucune alerte encore" in page
    assert "aucun serveur d’envoi" in page


def test_asking_again_keeps_the_page_the_order_and_the_filter(fresh: Console, marie: Client) -> None:
    at = utc_now()
    alerting.raise_from(
        fresh,
        [
            Detection(
                Kind.BEHAVIOUR, "attempts", f"host/poste-{number:02}", at, at, (f"s:{number}",), Level.MEDIUM,
                f"attempts/{number}", "brute_force", 2, {}, {},
            )
            for number in range(53)
        ],
    )  # fmt: skip
    page = text(marie, "/alertes/?page=2&tri=-count&priorite=medium")
    assert 'hx-include="#filters, #page-shown"' in page
    again = text(marie, "/alertes/?page=2&tri=-count&priorite=medium&q=", hx_request="true", hx_target="live")
    assert 'name="page" id="page-shown" value="2"' in again
    assert "51 à 53 sur 53" in again


def seen(number: int, subject: str) -> Detection:
    at = utc_now()
    return Detection(
        Kind.BEHAVIOUR, "attempts", subject, at, at, (f"s:{number}",), Level.MEDIUM, f"essai/{number}",
        "brute_force", 2, {}, {},
    )  # fmt: skip


def test_alike_alerts_are_closed_together_and_reopened(fresh: Console, jean: Client) -> None:
    alerting.raise_from(fresh, [seen(number, f"host/poste-{number}") for number in range(4)])
    first, *others = (one.number for one in alerts.standing(fresh.practice))
    page = f"/alertes/{first}/semblables/"
    assert "3 autres alertes" in text(jean, f"/alertes/{first}/")
    assert text(jean, page).count('name="alerte"') == 4
    said = {"outcome": "false", "conclusion": "un inventaire", "alerte": [first, *others[:2]]}
    assert jean.post(page, {**said, "conclusion": ""}).status_code == 422
    assert jean.post(page, said).status_code == 302
    assert [one.number for one in alerts.standing(fresh.practice)] == others[2:]
    closed = text(jean, f"/alertes/{first}/")
    assert "3 en tout" in closed
    assert "déjà close" in text(jean, page)
    alerting.raise_from(fresh, [replace(seen(0, "host/poste-0"), case="attempts/neuf")])
    answer: Any = jean.post(f"/alertes/{first}/", {"act": "reopen_all"}, follow=True)
    assert "reste clos" in answer.content.decode()
    assert "C’est rouvert" in answer.content.decode()
    assert len(alerts.standing(fresh.practice)) == 4
    again = alerts.alert(fresh.practice, others[0])
    assert again is not None
    assert (again.open, again.outcome, again.conclusion) == (True, None, "")
    assert "rouverte" in text(jean, f"/alertes/{others[0]}/")
    assert jean.post(f"/alertes/{first}/", {"act": "reopen"}).status_code == 302
    alerting.close(fresh, others[0], AlertOutcome.TRUE, "vu", Handler("user:x", "X"))
    taken = {**said, "alerte": [others[1], others[0]]}
    assert jean.post(f"/alertes/{others[1]}/semblables/", taken).status_code == 302
    assert not (alerts.alert(fresh.practice, others[1]) or again).open


def test_a_stranger_is_named_and_its_logs_are_read(full: Console, jean: Client) -> None:
    alerting.raise_from(full, [seen(1, "address/192.0.2.9"), seen(2, "host/inconnu"), seen(3, "practice")])
    by_subject = {one.subject: one.number for one in alerts.standing(full.practice)}
    stranger = text(jean, f"/alertes/{by_subject['address/192.0.2.9']}/")
    assert "/equipements/ajouter/?adresse=192.0.2.9" in stranger
    assert "/evenements/?machine=192.0.2.9&amp;du=" in stranger
    assert "/equipements/ajouter/?" in text(jean, f"/alertes/{by_subject['host/inconnu']}/")
    known = text(jean, f"/alertes/{by_subject['host/srv-essai']}/")
    assert "/equipements/ajouter/" not in known.split("<main")[1]
    assert "/evenements/?machine=srv-essai" in known
    assert "/evenements/?" not in text(jean, f"/alertes/{by_subject['practice']}/").split("<main")[1]
