"""The pages of channels: added field by field, tried for real, changed, removed; the address on none of them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.model.channel import For, Quiet
from negatoscope.store.queries import channels
from tests.respond.channels.hearer import Hearer, hearing
from tests.web.routes import addresses

SECRET = "jeton-jamais-montré"
WISH = {
    "name": "garde", "for_whom": "everybody", "priorities": ["high", "medium", "low"], "quiet": "on",
    "quiet_begins": "20", "quiet_ends": "7", "language": "fr", "active": "on",
}  # fmt: skip


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    with hearing() as one:
        yield one


def said(answer: Any) -> str:  # noqa: ANN401 -- the client's
    return str(answer.content.decode())


def add(client: Client, service: str, **told: Any) -> Any:  # noqa: ANN401 -- the client's
    return client.post(f"/alertes/canaux/ajouter/{service}/", {**WISH, **told})


def test_a_channel_is_added_tried_and_its_outcome_shown(full: Console, marie: Client, hearer: Hearer) -> None:
    answer = add(marie, "webhook", address=hearer.url, token=SECRET)
    assert answer.status_code == 302
    assert "Le message d’essai est parti" in said(marie.post(answer.url, {"act": "try"}, follow=True))
    assert "Message d’essai" in hearer.said[0]["message"]
    hearer.answers = [404]
    page = said(marie.post(answer.url, {"act": "try"}, follow=True))
    assert "Rien n’existe à cette adresse" in page
    assert "abandonné" in page
    assert "n’est pas arrivé" in said(marie.get("/alertes/canaux/"))
    assert "n’est pas arrivé" in said(marie.get("/alertes/"))
    for address in addresses(full):
        assert SECRET not in marie.get(address).content.decode(errors="replace"), address


def test_what_is_not_filled_in_well_is_said_where(full: Console, marie: Client) -> None:
    assert "adresse complète" in said(add(marie, "webhook", address="file:///etc/passwd"))
    assert "n’est pas permis" in said(add(marie, "other", address="file:///etc/passwd"))
    assert "n’est pas comprise" in said(add(marie, "other", address="slack://rien"))
    assert "numéro de téléphone" in said(add(marie, "sms", address="https://sms.example", to="rien"))
    assert "quelle personne" in said(add(marie, "ntfy", server="https://n.example", topic="x", for_whom="person"))
    assert "quelle étape" in said(add(marie, "ntfy", server="https://n.example", topic="x", for_whom="step"))
    assert "autre heure" in said(add(marie, "ntfy", server="https://n.example", topic="x", quiet_ends="20"))
    again = add(marie, "ntfy", server="https://n.example", topic="x", name="téléphone de garde")
    assert (again.status_code, "déjà pris" in said(again)) == (422, True)
    assert add(marie, "pigeon").status_code == 404
    assert len(channels.channels(full.practice)) == 1


def test_a_channel_is_changed_and_removed(full: Console, marie: Client) -> None:
    (one,) = channels.channels(full.practice)
    page = f"/alertes/canaux/{one.number}/"
    assert "Ce canal est arrêté" in said(marie.get(page))
    told = {**WISH, "act": "change", "for_whom": "person", "person": "person/mdurand", "priorities": ["high"]}
    assert marie.post(page, told).status_code == 302
    (one,) = channels.channels(full.practice)
    assert (one.for_whom, one.whom, one.quiet, one.active) == (For.PERSON, "person/mdurand", Quiet(20, 7), True)
    assert marie.post(page, {**told, "name": ""}).status_code == 422
    sms = add(
        marie,
        "sms",
        address="https://sms.example",
        to="+33 6 00 00 00 00",
        for_whom="step",
        step="after_12",
        name="sms",
    )
    assert marie.post(sms.url, told).status_code == 422
    listed = said(marie.get("/alertes/canaux/"))
    assert "Marie Durand" in listed
    assert "après 12 h" in listed
    assert marie.post(page, {"act": "replace", "server": "ici", "topic": "x"}).status_code == 422
    assert marie.post(page, {"act": "replace", "server": "https://m.example", "topic": "x"}).status_code == 302
    assert "m.example" in said(marie.get(page))
    assert marie.post(page, {"act": "remove"}).status_code == 302
    assert marie.get(page).status_code == 404


def test_a_lost_key_is_said(full: Console, marie: Client) -> None:
    (full.keys.folder / "channels.key").unlink()
    assert "channels.key" in said(add(marie, "ntfy", server="https://n.example", topic="x"))
    (one,) = channels.channels(full.practice)
    assert "ne s’ouvre plus" in said(marie.post(f"/alertes/canaux/{one.number}/", {"act": "try"}, follow=True))


def test_the_terminal_lists_and_tries_them_and_says_no_address(
    full: Console, marie: Client, hearer: Hearer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(marie, "webhook", address=hearer.url, token=SECRET, name="astreinte [1]").status_code == 302
    call_command("channels", "try", "astreinte [1]")
    assert "le serveur l’a pris" in capsys.readouterr().out
    assert "Message d’essai" in hearer.said[0]["message"]
    hearer.answers = [404]
    with pytest.raises(SystemExit):
        call_command("channels", "try", "astreinte [1]")
    assert "Rien n’existe à cette adresse" in capsys.readouterr().err
    call_command("channels", "list", "--json")
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["astreinte [1]"] == {
        "name": "astreinte [1]", "service": "webhook", "where": "127.0.0.1", "for": "everybody", "active": True,
        "failing": True, "priorities": ["high", "medium", "low"],
    }  # fmt: skip
    call_command("channels", "list")
    shown = capsys.readouterr().out
    assert "astreinte [1]" in shown
    assert "en échec" in shown
    assert SECRET not in shown
    with pytest.raises(SystemExit):
        call_command("channels", "try", "nulle part")
    assert "channels list" in capsys.readouterr().err


def test_without_a_channel_the_terminal_says_where_one_is_added(
    fresh: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("channels", "list")
    assert "Aucun canal" in capsys.readouterr().out
