"""The page of a dossier: read, filled by several at once, confirmed, copied, marked as sent, completed."""

import json
import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.responding import Line
from negatoscope.kit.clock import PARIS, utc_now
from negatoscope.model.incident import Moved, State
from negatoscope.store.users import User
from tests.respond.incidents import COMPLETE
from tests.web.test_incidents import opened, send, text


def page_of(client: Client, duty: str = "CNIL") -> str:
    return f"{opened(client)}dossiers/{duty}/"


def before(page: str) -> dict[str, Any]:
    """What the form of a page says it had shown."""
    return {name: unescape(value) for name, value in re.findall(r'name="(avant-[^"]+)" value="([^"]*)"', page)}


def put(client: Client, where: str, part: str, status: int = 302, **told: object) -> str:
    page = text(client, where)
    values = {"vu": shown_first(page), **before(page), **{f"champ-{name}": value for name, value in told.items()}}
    return send(client, where, "fill", status, partie=part, **values)


def shown_first(page: str) -> str:
    return str(re.findall(r'name="vu" value="([^"]*)"', page)[0])


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_wall_leads_to_a_dossier_that_is_filled_beforehand(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    assert f'href="{address}dossiers/CNIL/"' in text(jean, f"{address}obligations/")
    page = text(jean, f"{address}dossiers/CNIL/")
    for said in (
        "notifications.cnil.fr",
        "écran rouge",
        "Ce qui manque encore",
        "Violation supposée",
        "pas sûr, à relire",
    ):
        assert said in page
    assert jean.get(f"{address}dossiers/WEATHER/").status_code == 404
    assert jean.get("/incidents/999/dossiers/CNIL/").status_code == 404


def test_a_part_is_saved_and_what_was_not_touched_is_not_written(fresh: Console, jean: Client) -> None:
    address = page_of(jean)
    put(
        jean,
        address,
        "breach",
        nature=["availability", "confidentiality"],
        description="Rançon sur le poste 3\nécran rouge",
    )
    number = int(address.split("/")[2])
    (entry,) = responding.incident(fresh, number).filled
    assert entry.word.values == {"nature": ("confidentiality", "availability")}  # type: ignore[union-attr]
    page = text(jean, address)
    assert re.search(r'id="dit-nature">Perte de la confidentialité\nPerte de la disponibilité<', page)
    assert "Jean Petit" in page
    put(jean, address, "breach", nature=[])
    assert 'id="dit-nature"' not in text(jean, address)


def test_what_is_not_sure_is_confirmed_and_marked_no_more(fresh: Console, jean: Client) -> None:
    address = page_of(jean)
    page = text(jean, address)
    assert 'name="garde" value="surety"' in page
    typed: dict[str, Any] = {name.replace("avant", "champ"): value for name, value in before(page).items()}
    send(jean, address, "fill", partie="time", garde="surety", **before(page), **typed)
    page = text(jean, address)
    assert 'name="garde" value="surety"' not in page
    assert "Violation supposée" in page
    number = int(address.split("/")[2])
    (entry,) = responding.incident(fresh, number).filled
    assert entry.word.values == {"surety": ("supposed",)}  # type: ignore[union-attr]


def test_what_is_wrong_stays_typed_with_the_reason(fresh: Console, jean: Client) -> None:
    address = page_of(jean)
    refused = put(jean, address, "organisation", 422, siren="12", address="1 rue du Parc")
    assert "vérifiez les chiffres" in refused
    assert 'value="12"' in refused
    assert ">1 rue du Parc</textarea>" in refused
    assert put(jean, address, "data", 422, people_count="beaucoup").count("en chiffres") == 1
    assert jean.post(address, {"act": "fill", "partie": "weather"}).status_code == 400
    assert jean.post(address, {"act": "dance"}).status_code == 400
    assert responding.incident(fresh, int(address.split("/")[2])).filled == ()


def test_two_at_once_are_told_and_neither_loses_what_they_wrote(fresh: Console, jean: Client) -> None:
    other = Client()
    other.force_login(User.objects.get(username="mdurand"))
    address = page_of(jean)
    page = text(jean, address)
    put(other, address, "organisation", siren="123456789")
    told: dict[str, Any] = {
        **before(page),
        "vu": shown_first(page),
        "partie": "organisation",
        "champ-siren": "987654321",
    }
    refused = send(jean, address, "fill", 422, **told)
    assert "vient d’écrire" in refused
    assert "123456789" in refused
    assert 'value="987654321"' in refused
    send(jean, address, "fill", **{**told, **before(refused), "vu": shown_first(refused)})
    assert "987654321" in text(other, address)


def test_it_is_marked_as_sent_with_its_copy_and_completed_with_what_changed(fresh: Console, jean: Client) -> None:
    address = page_of(jean)
    now = f"{utc_now().astimezone(PARIS):%Y-%m-%dT%H:%M:%S}"
    put(jean, address, "data", people_count="10")
    assert "Ce champ est obligatoire" in words(send(jean, address, "sent", 422, stage="initial", at=""))
    assert send(jean, address, "sent", 422, stage="complement", at=now)
    copy = SimpleUploadedFile("recu.pdf", b"recu")
    send(jean, address, "sent", stage="initial", at=now, by="Jean Petit", receipt="FR-2026-1", file=copy)
    page = text(jean, address)
    link = re.search(r'href="(/incidents/\d+/documents/\d+/)"', page)
    assert link is not None
    assert jean.get(link[1]).getvalue() == b"recu"
    for said in ("FR-2026-1", "initiale, la suite viendra", "Noter un complément parti"):
        assert said in page
    wall = text(jean, f"{address.partition('dossiers')[0]}obligations/")
    assert "la suite est attendue" in wall
    put(jean, address, "data", people_count="20")
    page = words(text(jean, address))
    assert "à dire dans un complément" in page
    assert "Dans la dernière déclaration partie : 10" in page
    send(jean, address, "sent", stage="complement", at=now)
    assert "à dire dans un complément" not in words(text(jean, address))
    log = text(jean, address.partition("dossiers")[0])
    assert "complément" in log
    assert "envoyée par Jean Petit" in log


def test_dossiers_leave_as_pdf_and_as_data(fresh: Console, jean: Client) -> None:
    address = page_of(jean, "ANS")
    paper: Any = jean.get(f"{address}pdf/")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    data: Any = jean.get(f"{address}json/")
    assert json.loads(data.content)["duty"] == "ANS"
    assert "attachment" in data["Content-Disposition"]
    letter = address.replace("ANS", "ART34")
    assert "Cette lettre ne vous demande rien" in text(jean, letter)
    paper = jean.get(f"{letter}lettre/")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    plain: Any = jean.get(f"{letter}texte/")
    assert "à compléter" in plain.content.decode()
    for wrong in (
        f"{address}lettre/",
        f"{address}xml/",
        address.replace("ANS", "NIS2") + "pdf/",
        "/incidents/999/dossiers/CNIL/pdf/",
    ):
        assert jean.get(wrong).status_code == 404


def test_a_closed_incident_takes_no_field(fresh: Console, jean: Client) -> None:
    address = page_of(jean)
    page, number = text(jean, address), int(address.split("/")[2])
    for word, said in (*COMPLETE, (Moved(State.RECOVERED), ""), (Moved(State.CLOSED), "")):
        responding.say(fresh, number, Line(word, said), Handler("user:jpetit", "Jean Petit (jpetit)"))
    assert "Enregistrer cette partie" not in text(jean, address)
    told: dict[str, Any] = {
        **before(page),
        "vu": shown_first(page),
        "partie": "organisation",
        "champ-siren": "987654321",
    }
    assert "rouvrez-le" in send(jean, address, "fill", 422, **told)


def test_the_register_of_breaches_takes_over_the_dossier_and_nothing_leaves(fresh: Console, jean: Client) -> None:
    cnil = page_of(jean)
    put(jean, cnil, "data", people_count="42")
    address = cnil.replace("CNIL", "REGISTRE")
    assert f'href="{address}"' in text(jean, f"{cnil.partition('dossiers')[0]}obligations/")
    page = text(jean, address)
    assert 'id="dit-people_count">42<' in page
    assert 'id="parti"' not in page
    now = f"{utc_now().astimezone(PARIS):%Y-%m-%dT%H:%M:%S}"
    assert send(jean, address, "sent", 422, stage="complete", at=now)
    assert not responding.incident(fresh, int(address.split("/")[2])).sent
    paper: Any = jean.get(f"{address}pdf/")
    assert paper.content[:5] == b"%PDF-"
