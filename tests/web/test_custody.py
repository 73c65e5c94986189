"""The page of evidence: a piece is said, passed on, and its chain is read."""

from typing import Any

from django.test import Client
from pyrage import x25519

from negatoscope.flows import carrying, responding
from negatoscope.flows.console import Console
from negatoscope.respond.custody import chains
from tests.web.test_incidents import HOST, opened, send, standing, text

DIGEST = "ab" * 32


def test_a_piece_is_added_and_handed_over(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    page = address + "preuves/"
    assert "Dites d’abord quel équipement est touché" in text(jean, page)
    assert "Ne lancez aucun antivirus" in text(jean, page)
    send(jean, address + "touche/", "touch", what="host", name=HOST, hit="compromised")
    told: dict[str, Any] = {"piece": "disk", "host": HOST, "name": "srv.img", "held": "Jean, coffre"}
    told["digest"] = DIGEST.upper()[:60]
    assert "64 signes" in send(jean, page, "collect", 422, **told, text="éteint à notre arrivée")
    told["digest"] = f"{DIGEST[:32]} {DIGEST[32:]}"
    assert "La mémoire se prend avant le disque" in send(jean, page, "collect", 422, **told)
    send(jean, page, "collect", **told, text="éteint à notre arrivée")
    shown = text(jean, page)
    for said in ("Image d’un disque", DIGEST, "non relue ici", "Jean, coffre", "éteint à notre arrivée"):
        assert said in shown
    (chain,) = chains(standing(fresh, address))
    assert "obligatoire" in send(jean, page, "pass", 422, place=chain.taken.place, to="")
    send(jean, page, "pass", place=chain.taken.place, to="Gendarmerie", seal="S-9")
    assert chains(standing(fresh, address))[0].holder == "Gendarmerie"
    assert "Pièce remise" in text(jean, page)
    assert "Pièce prise" in text(jean, address)
    assert responding.incident(fresh, 1).pieces
    paper = jean.get(address + "preuves.pdf")
    assert paper.content.startswith(b"%PDF")
    assert jean.get("/incidents/99/preuves.pdf").status_code == 404


def test_the_pack_is_taken_as_it_is_or_sealed(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    assert "Remettre tout le dossier" in text(jean, address + "preuves/")
    made: Any = jean.post(address + "remise/", {"act": "clear"})
    assert (made.status_code, made.content[:2]) == (200, b"PK")
    refused: Any = jean.post(address + "remise/", {"act": "seal"})
    assert (refused.status_code, "Aucune clé" in refused.content.decode()) == (409, True)
    carrying.entrust(fresh, "user:anna", "coffre", str(x25519.Identity.generate().to_public()))
    made = jean.post(address + "remise/", {"act": "seal"})
    assert (made.status_code, made.content[:3]) == (200, b"age")
    assert jean.post("/incidents/999/remise/", {"act": "clear"}).status_code == 404
