"""The pages of an exercise: begun, led on, held against what is expected; each page says that nothing is real."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from negatoscope.flows import exercising
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.kit.clock import PARIS, utc_now
from negatoscope.model.incident import Sent
from negatoscope.respond.duty import QUESTIONS
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.scenario import scenarios
from negatoscope.store.queries import incidents as held
from tests.web.routes import OF_INCIDENTS
from tests.web.test_incidents import opened, send, shown, text

ANNA = Handler("user:anna", "Anna Petit (anna)")


def begun(client: Client, scenario: str = "ransomware", rate: int = 60) -> str:
    answer: Any = client.post("/exercices/", {"scenario": scenario, "rate": rate})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def number_of(address: str) -> int:
    return int(address.strip("/").rpartition("/")[2])


def plain(page: str) -> str:
    return page.replace("\xa0", " ").replace("\u202f", " ")


def test_an_exercise_is_chosen_begun_and_listed(fresh: Console, jean: Client) -> None:
    page = plain(text(jean, "/exercices/"))
    for said in ("Rançongiciel à l’accueil, à 3 heures du matin", "Une boîte de courriel prise", "Aucun exercice"):
        assert said in page
    assert jean.post("/exercices/", {"scenario": "fire", "rate": 10}).status_code == 409
    assert jean.post("/exercices/", {"scenario": "mailbox", "rate": "7"}).status_code == 409
    assert held.exercises(fresh.practice) == []
    address = begun(jean)
    page = plain(text(jean, address))
    for said in ("EXERCICE", "la secrétaire de garde", "prochain événement", "0 attendus tenus"):
        assert said in page
    assert "antivirus" not in page
    listing = text(jean, "/exercices/?format=csv")
    assert listing.count("\n") == 2
    assert "en cours" in listing
    assert "Rançongiciel" not in text(jean, "/incidents/")


def test_an_exercise_in_english(fresh: Console, jean: Client) -> None:
    jean.post("/moi/choix/", {"language": "en", "theme": "dark", "next": "/"})
    jean.post("/exercices/", {"scenario": "ransomware", "rate": 1})
    (one,) = held.exercises(fresh.practice)
    assert one.title == "Ransomware at the reception, at 3 in the morning"
    page = plain(text(jean, f"/exercices/{one.number}/"))
    assert "Nothing is real" in page
    assert "the secretary on call" in page


def test_the_clock_is_set_and_the_next_thing_brought(fresh: Console, jean: Client) -> None:
    address = begun(jean, rate=1)
    number = number_of(address)
    for act, more in (("pace", {"rate": 10}), ("pause", {}), ("leap", {}), ("leap", {})):
        assert jean.post(address, {"act": act, **more}).status_code == 302
    one = exercising.exercise(fresh, number)
    pace = stage.pace(one)
    assert pace is not None
    assert pace.rate == 0
    assert list(one.came) == ["note", "spread", "antivirus"]
    assert "en pause" in text(jean, address)
    assert jean.post(address, {"act": "pace", "rate": "9"}).status_code == 409
    assert jean.post(address, {"act": "dance"}).status_code == 400
    live = text(jean, address, hx_request="true", hx_target="stage")
    assert live.lstrip().startswith("<section")


def test_an_exercise_whose_clock_is_at_its_end_asks_to_be_ended(fresh: Console, jean: Client) -> None:
    long_ago = replace(fresh, clock=lambda: utc_now() - timedelta(days=4))
    number = exercising.begin(long_ago, "mailbox", 1, ANNA)
    assert "au bout de son horloge" in text(jean, f"/exercices/{number}/")
    exercising.end(fresh, number, ANNA)
    assert "terminé" in text(jean, f"/exercices/{number}/")


def test_a_choice_is_made_by_a_button_and_stands(fresh: Console, jean: Client) -> None:
    address = begun(jean, rate=1)
    exercising.leap(fresh, number_of(address), ANNA)
    exercising.leap(fresh, number_of(address), ANNA)
    page = text(jean, address)
    assert (shown(page, "inject"), 'value="wait"' in page) == ("antivirus", True)
    assert jean.post(address, {"act": "choose", "inject": "antivirus", "choice": "wait"}).status_code == 302
    page = plain(text(jean, address))
    assert "Répondu : Non : on débranche le réseau" in " ".join(page.replace("<b>", "").replace("</b>", "").split())
    assert jean.post(address, {"act": "choose", "inject": "antivirus", "choice": "run"}).status_code == 409


def test_every_page_of_the_incident_bears_the_mark(fresh: Console, jean: Client) -> None:
    number = number_of(begun(jean))
    pages = [reverse(name, args=[number]) for name in OF_INCIDENTS]
    pages += [reverse("incident_reflex", args=[number, "ransomware"])]
    pages += [reverse("incident_dossier", args=[number, "CNIL"]), reverse("incident_strike", args=[number, 1])]
    pages += [reverse("exercise", args=[number]), reverse("exercise_result", args=[number])]
    for address in pages:
        page = text(jean, address)
        assert 'class="exercise"' in page, address
        assert "EXERCICE" in page.partition("</title>")[0] or "exercice" in page.partition("</title>")[0], address
    assert 'class="exercise"' not in text(jean, opened(jean))


def test_the_clocks_of_an_exercise_are_those_of_its_own_hour(fresh: Console, jean: Client) -> None:
    address = begun(jean)
    number = number_of(address)
    incident = f"/incidents/{number}/"
    for name in QUESTIONS:
        send(jean, f"{incident}obligations/", "answer", question=name, answer="yes")
    one = exercising.exercise(fresh, number)
    at = stage.showing(one, utc_now()).astimezone(PARIS)
    assert at.hour == 3
    page = text(jean, f"{incident}obligations/")
    assert shown(page, "at").startswith(f"{at:%Y-%m-%dT03:}")
    assert "en retard" not in page
    due = one.opened.at.astimezone(PARIS) + timedelta(hours=72)
    assert f"{due:%Y-%m-%d}" in page
    jean.post(f"{incident}dossiers/CNIL/", {"act": "sent", "at": f"{at:%Y-%m-%dT%H:%M}", "stage": "initial", "by": "A"})
    words = [entry.word for entry in held.entries(fresh.practice, number)]
    assert any(isinstance(word, Sent) for word in words)


def test_an_exercise_is_ended_and_its_result_read(fresh: Console, jean: Client) -> None:
    address = begun(jean)
    number = number_of(address)
    send(jean, f"/incidents/{number}/reflexes/ransomware/", "follow", step="ransomware.first.patient", gesture="done")
    page = plain(text(jean, f"{address}bilan/"))
    assert "encore attendus" in page
    assert "La CNIL est prévenue" not in page
    assert jean.post(address, {"act": "end"}).status_code == 302
    page = plain(text(jean, f"{address}bilan/"))
    assert 1 <= page.count("· vital") < len(scenarios()["ransomware"].expected)
    for said in ("Le patient d’abord", "tenu", "pas fait", "vitaux manqués", "pas joué", "terminé"):
        assert said in page
    assert "ne compte pas pour la règle 37" in page
    paper = jean.get(f"{address}bilan.pdf")
    assert paper.content.startswith(b"%PDF")
    assert "Terminer l’exercice" not in text(jean, address)
    assert "Ajouter à la main courante" not in text(jean, f"/incidents/{number}/obligations/")
    assert jean.post(address, {"act": "leap"}).status_code == 409


REAL_PAGES = (
    "/", "/incidents/", "/incidents/?format=csv", "/alertes/", "/actions/", "/echeances/", "/regle/37/", "/regle/38/",
)  # fmt: skip
OF_ONE = ("", "obligations/", "equipe/", "dossiers/CNIL/", "dossiers/REGISTRE/")
TOKENS = r"name=\"(?:csrfmiddlewaretoken|cle|at)\" value=\"[^\"]*\"|nonce=\"[^\"]*\""
PASSING = re.compile(rf"<time.*?</time>|{TOKENS}", re.DOTALL)
"""What differs from one look to the next: instants in words, keys of forms."""


def real(client: Client, incident: str, feed: str) -> dict[str, str]:
    pages = {address: text(client, address) for address in (*REAL_PAGES, *(f"{incident}{part}" for part in OF_ONE))}
    return {address: PASSING.sub("", page) for address, page in pages.items()} | {
        "calendar": re.sub(r"DTSTAMP:\w+", "", client.get(feed).content.decode())
    }


def test_pages_of_real_duties_read_the_same_with_and_without_an_exercise(fresh: Console, jean: Client) -> None:
    incident = opened(jean)
    send(jean, f"{incident}obligations/", "answer", question="personal_data", answer="yes")
    page = jean.post("/incidents/calendriers/", {"name": "téléphone de Jean"}).content.decode()
    feed = "/calendrier/" + page.partition("/calendrier/")[2].partition(".ics")[0] + ".ics"
    before = real(jean, incident, feed)
    assert "BEGIN:VEVENT" in before["calendar"]
    number = number_of(begun(jean))
    for name in ("personal_data", "malicious"):
        send(jean, f"/incidents/{number}/obligations/", "answer", question=name, answer="yes")
    exercising.leap(fresh, number, ANNA)
    jean.get(f"/exercices/{number}/")
    after = real(jean, incident, feed)
    assert {address for address in before if before[address] != after[address]} == set()


def test_a_real_incident_is_no_exercise(fresh: Console, jean: Client) -> None:
    real = number_of(opened(jean))
    for address in (
        f"/exercices/{real}/bilan.pdf",
        f"/exercices/{real}/",
        f"/exercices/{real}/bilan/",
        "/exercices/999/",
    ):
        assert jean.get(address).status_code == 404
    assert jean.post(f"/exercices/{real}/", {"act": "end"}).status_code == 404


def test_the_alert_chain_of_an_exercise_offers_a_drill_alone(full: Console, marie: Client) -> None:
    (one,) = held.exercises(full.practice)
    address = f"/chaine-d-alerte/lancer/?incident={one.number}"
    page = text(marie, address)
    assert "Il se passe quelque chose" not in page
    assert "est vraiment appelée" in page
    answer = marie.post(address, {"purpose": "real", "reach": "one"})
    assert "Exercice\u00a0: voici" in answer.content.decode() or "Exercice : voici" in answer.content.decode()
