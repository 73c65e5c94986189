"""The pages of an incident: opened, told by several at once, struck, declared, closed."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows import responding
from negatoscope.flows.console import Console
from negatoscope.kit.clock import PARIS, utc_now
from negatoscope.model.incident import Clue, Incident, Moment, Role, State
from negatoscope.respond.duty import QUESTIONS
from negatoscope.store.queries import alerts
from negatoscope.store.users import User

HOST = "host/srv-essai"


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(client: Client, title: str = "Rançon sur le poste 3") -> str:
    answer: Any = client.post("/incidents/ouvrir/", {"title": title, "words": "écran rouge"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def send(client: Client, address: str, act: str, status: int = 302, **told: object) -> str:
    answer = client.post(address, {"act": act, **told})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def standing(console: Console, address: str) -> Incident:
    return responding.incident(console, int(address.strip("/").rpartition("/")[2]))


def shown(page: str, name: str) -> str:
    (value, *_others) = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return str(value)


def test_an_incident_is_opened_in_one_line_and_listed(fresh: Console, jean: Client) -> None:
    assert "Aucun incident" in text(jean, "/incidents/")
    assert jean.post("/incidents/ouvrir/", {"title": " "}).status_code == 422
    page = text(jean, opened(jean))
    for said in ("Rançon sur le poste 3", "écran rouge", "Main courante", "CNIL", "12 questions"):
        assert said in page.replace("\xa0", " ")
    listed = text(jean, "/incidents/")
    assert "Rançon sur le poste 3" in listed
    assert text(jean, "/incidents/?format=csv").count("\n") == 2
    assert text(jean, "/incidents/?etat=closed&format=csv").count("\n") == 1
    assert text(jean, "/incidents/", hx_request="true", hx_target="table").lstrip().startswith("<div")
    assert jean.get("/incidents/999/").status_code == 404


def test_an_alert_becomes_an_incident_once(full: Console, jean: Client) -> None:
    (alert,) = alerts.standing(full.practice)
    link = f"/incidents/ouvrir/?alerte={alert.number}"
    assert link in text(jean, f"/alertes/{alert.number}/")
    page = text(jean, link)
    assert "Tentatives de connexion" in page
    answer: Any = jean.post(link, {"title": "On force root"})
    one = standing(full, answer.url)
    assert one.moment(Moment.DETECTED) == alert.began
    assert one.hosts(next(iter(one.touched.values())).word.hit) == (HOST,)  # type: ignore[union-attr]
    again: Any = jean.get(link)
    assert (again.status_code, again.url) == (302, answer.url)
    assert "devenue l’incident" in text(jean, f"/alertes/{alert.number}/")
    assert jean.get("/incidents/ouvrir/?alerte=abc").status_code == 404


def test_two_people_write_at_once_and_no_word_is_lost(fresh: Console, jean: Client, client: Client) -> None:
    other = Client()
    other.force_login(User.objects.get(username="mdurand"))
    address = opened(jean)
    before = shown(text(jean, address), "vu")
    send(jean, address, "note", text="Jean débranche", vu=before, cle="a")
    send(other, address, "note", text="Marie appelle", vu=before, cle="a")
    send(jean, address, "note", text="Jean débranche", vu=before, cle="a")
    page = text(jean, address, hx_request="true", hx_target="log")
    assert page.count("Jean débranche") == page.count("Marie appelle") == 1
    team = f"{address}equipe/"
    send(jean, team, "role", role="lead", person="Jean Petit", vu=before)
    refused = send(other, team, "role", 422, role="lead", person="Marie Durand", vu=before)
    assert "vient de dire" in refused
    assert 'value="Marie Durand"' in refused
    send(other, team, "role", role="lead", person="Marie Durand", vu=shown(refused, "vu"))
    assert "Marie Durand" in text(jean, team)
    assert standing(fresh, address).roles[Role.LEAD].name == "Marie Durand (mdurand)"


def test_a_line_is_struck_and_stays_readable(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    send(jean, address, "note", text="c’est l’imprimante <b>")
    place = standing(fresh, address).last
    strike = f"{address}lignes/{place}/rayer/"
    assert "c’est l’imprimante &lt;b&gt;" in text(jean, strike)
    send(jean, strike, "strike", 422, place=place, text="")
    assert jean.post(strike, {"act": "strike", "place": place - 1, "text": "x"}).status_code == 400
    send(jean, strike, "strike", place=place, text="mal vu")
    page = text(jean, address)
    assert "mal vu" in page
    assert "<s>" in page
    assert "ne peut pas être rayée" in text(jean, strike)
    assert "ne peut pas être rayée" in text(jean, f"{address}lignes/1/rayer/")
    assert jean.get(f"{address}lignes/99/rayer/").status_code == 404


def test_documents_come_back_as_they_were(fresh: Console, jean: Client, folder: Path) -> None:
    address = opened(jean)
    send(jean, address, "attach", file=SimpleUploadedFile("note.html", b"<script>alert(1)</script>"), text="reçu")
    send(jean, address, "attach", 422, file=SimpleUploadedFile("vide.txt", b""))
    place = standing(fresh, address).last
    answer: Any = jean.get(f"{address}documents/{place}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]
    assert jean.get(f"{address}documents/1/").status_code == 404
    (kept,) = (path for path in (folder / "vault" / "objects").rglob("*.zst"))
    kept.write_bytes(b"autre chose")
    assert jean.get(f"{address}documents/{place}/").status_code == 409


def test_what_is_touched_is_found_in_the_register(full: Console, jean: Client) -> None:
    address = opened(jean) + "touche/"
    page = text(jean, f"{address}?q=srv-essai")
    assert shown(page, "name") == HOST
    send(jean, address, "touch", what="host", name=HOST, hit="compromised")
    assert "Rien de ce nom" in text(jean, f"{address}?q=introuvable")
    asked = re.search(r'href="(/equipements/[^"]+/questions/\?du=[^"]+)"', jean.get(address).content.decode())
    assert asked is not None
    assert jean.get(unescape(asked[1])).status_code == 200
    send(jean, address, "touch", what="data", name="planning de la semaine", hit="suspected", text="ouvert à l’écran")
    send(jean, address, "clue", 422, clue="hash", value="abc")
    send(jean, address, "clue", clue="domain", value="hxxp://Mauvais[.]example/x")
    page = text(jean, address)
    for said in ("srv-essai", "planning de la semaine", "mauvais.example"):
        assert said in page
    one = standing(full, address.removesuffix("touche/"))
    assert one.clues[0].word.clue is Clue.DOMAIN  # type: ignore[union-attr]


def test_questions_come_in_order_and_the_wall_follows(fresh: Console, jean: Client) -> None:
    address = opened(jean) + "obligations/"
    for number, name in enumerate(QUESTIONS):
        page = text(jean, address)
        assert shown(page, "question") == name
        send(
            jean,
            address,
            "answer",
            question=name,
            answer="yes" if name == "personal_data" else ("no", "unknown")[number == 0],
        )
    page = text(jean, address)
    assert 'class="duty yes" id="CNIL"' in page
    assert 'class="duty doubtful" id="EIGS"' in page
    assert 'id="PLAINTE"' not in page
    assert jean.post(address, {"act": "answer", "question": "weather", "answer": "yes"}).status_code == 422
    assert jean.post(address, {"act": "dance"}).status_code == 400


def test_a_date_moves_until_somebody_outside_was_told(fresh: Console, jean: Client) -> None:
    address = opened(jean) + "obligations/"
    now = utc_now().astimezone(PARIS)
    send(jean, address, "date", 422, which="aware", at=f"{now:%Y-%m-%dT%H:%M}", text="")
    refused = send(jean, address, "date", 422, which="occurred", at="2099-01-01T10:00", text="faux")
    assert "à venir" in refused
    send(jean, address, "date", which="occurred", at="2026-01-05T10:00", text="le journal le dit")
    late = send(jean, address, "sent", 422, duty="CNIL", at="2026-01-05T10:00")
    assert "après que le cabinet" in late
    assert re.search(r'id="CNIL".*?<details open', late, re.DOTALL)
    send(jean, address, "sent", duty="CNIL", at=f"{utc_now().astimezone(PARIS):%Y-%m-%dT%H:%M:%S}", receipt="2026-77")
    page = text(jean, address)
    for said in ("2026-77", "ne change plus", "le journal le dit"):
        assert said in page
    assert "ne change plus" in send(jean, address, "date", 422, which="aware", at="2026-01-05T10:00", text="plus tôt")


def test_closing_says_all_that_is_missing_and_then_closes(full: Console, jean: Client) -> None:
    address = opened(jean)
    closing = f"{address}cloture/"
    send(jean, f"{address}touche/", "touch", what="host", name=HOST, hit="compromised")
    page = text(jean, closing)
    assert page.count("<li>") >= 7
    assert "srv-essai" in page
    send(jean, closing, "move", to="recovered")
    assert "Il manque encore" in send(jean, closing, "move", 422, to="closed")
    said = "vu avec le prestataire"
    for part, how, host in (
        ("entry", "unknown", ""), ("spread", "said", ""), ("data", "said", ""), ("images", "taken", HOST),
        ("reinstall", "cleaned", HOST), ("secrets", "said", ""), ("lessons", "said", ""),
    ):  # fmt: skip
        send(jean, closing, "state", part=part, how=how, host=host, text=said)
    send(jean, closing, "state", 422, part="spread", how="said", host="", text="")
    send(jean, closing, "state", 422, part="spread", how="unknown", host="", text=said)
    send(jean, closing, "lesson", text="interdire les macros", owner="Jean Petit")
    assert "nettoyer ou restaurer ne suffit pas" in text(jean, closing)
    send(jean, closing, "move", 422, to="closed")
    send(jean, closing, "state", part="reinstall", how="reinstalled", host=HOST, text=said)
    assert "l’image de sa mémoire ou de son disque" in text(jean, closing)
    held = f"{address}preuves/"
    send(jean, held, "collect", host=HOST, piece="memory", name="srv.mem", held="Jean, coffre", digest="a" * 64)
    send(jean, closing, "move", to="closed")
    assert "L’incident est clos" in text(jean, closing)
    assert "rouvrez-le" in send(jean, f"{address}equipe/", "task", 422, text="oubli", owner="Jean")
    send(jean, closing, "move", 422, to="open", text="")
    send(jean, closing, "move", to="open", text="un autre poste")
    assert standing(full, address).state is State.OPEN


def test_a_task_is_asked_and_done(fresh: Console, jean: Client) -> None:
    address = opened(jean) + "equipe/"
    send(jean, address, "task", text="débrancher le poste 4", owner="Jean Petit", due="2026-12-01")
    send(jean, address, "task", text="appeler", owner="Marie")
    page = text(jean, address)
    assert page.index("débrancher le poste 4") < page.index("appeler")
    place = shown(page, "place")
    send(jean, address, "done", place=place)
    send(jean, address, "done", 422, place=place)
    page = text(jean, address)
    assert page.index("appeler") < page.index("débrancher le poste 4")


def test_last_instants_are_read_in_a_calendar_by_whoever_bears_its_address(fresh: Console, jean: Client) -> None:
    opened(jean)
    page = "/incidents/calendriers/"
    assert jean.post(page, {"name": ""}).status_code == 422
    shown_once = jean.post(page, {"name": "téléphone de Jean"}).content.decode()
    (address,) = re.findall(r'<code id="feed">http://[^/]+(/calendrier/.+?\.ics)</code>', shown_once)
    assert jean.post(page, {"name": "téléphone de Jean"}).status_code == 422
    stranger = Client()
    answer = stranger.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.count(b"BEGIN:VEVENT") == 3
    assert "Rançon" not in answer.content.decode()
    assert b"Perhaps due" in stranger.get(f"{address}?lang=en").content
    assert address not in text(jean, page)
    assert stranger.get("/calendrier/faux.ics").status_code == 404
    number = shown(text(jean, page), "revoke")
    assert jean.post(page, {"revoke": "999999"}).status_code == 400
    assert jean.post(page, {"revoke": number}).status_code == 302
    assert stranger.get(address).status_code == 404


def test_a_sheet_is_followed_step_by_step_and_each_becomes_a_line(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    assert "choisir une fiche" in text(jean, address)
    assert "Rançongiciel" in text(jean, f"{address}reflexes/")
    sheet, step = f"{address}reflexes/ransomware/", "ransomware.contain.isolate"
    anchor = f"#{step}"
    answer: Any = jean.post(sheet, {"act": "follow", "step": step, "gesture": "done", "text": "", "ancre": anchor})
    assert (answer.status_code, answer.url) == (302, sheet + anchor)
    page = send(jean, sheet, "follow", 422, step="ransomware.first.off", gesture="done", text="")
    assert "quelques mots" in page
    send(jean, sheet, "follow", step="ransomware.first.off", gesture="left", text="le réseau est coupé")
    send(jean, sheet, "follow", 422, step="ransomware.first.nothing", gesture="done")
    assert set(standing(fresh, address).followed) == {step, "ransomware.first.off"}
    page = text(jean, sheet)
    assert "le réseau est coupé" in page
    assert page.count("Corriger") == 2
    log = text(jean, address)
    assert "Débranchez du réseau les équipements touchés" in log
    assert "choisir une fiche" not in log
    assert "commencée" in text(jean, f"{address}reflexes/")
    assert jean.get(f"{address}reflexes/autre/").status_code == 404


def test_sheets_are_read_and_printed(fresh: Console, jean: Client) -> None:
    assert text(jean, "/reflexes/").count("reflexe") >= 8
    assert "Ne payez pas" in text(jean, "/reflexes/ransomware/")
    answer = jean.get("/reflexes/ransomware.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.getvalue().startswith(b"%PDF")
    assert jean.get("/reflexes/autre.pdf").status_code == 404
