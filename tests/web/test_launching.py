"""Launching the alert chain on its pages: shown first, sent once, answered without an account, never by a preview."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from negatoscope.flows import launching, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.launching import Wish
from negatoscope.flows.responding import Beginning
from negatoscope.model.continuity import Call
from negatoscope.model.launch import LaunchState, Purpose, Told
from negatoscope.model.people import Person
from negatoscope.store.models import LaunchRow, RingRow
from negatoscope.store.queries import launches as held
from tests.web.test_incidents import shown

WHO = Handler("user:m", "Marie (m)")
WHERE = "/chaine-d-alerte/lancer/"
FORM = {"purpose": "real", "reach": "one", "text": "Venez <b>vite</b>", "cle": "une"}


def listed(console: Console) -> None:
    anna, marc = Person("anna", "Anna Petit"), Person("marc", "Marc Durand")
    declare(console, Said("user:m"), (anna, marc, Call(anna.ref, 1, "06 11 22 33 44", marc.ref)))


def read(answer: Any) -> str:  # noqa: ANN401 -- what the client gives
    return " ".join(answer.content.decode().split())


def test_nothing_leaves_before_it_is_shown_and_a_form_sent_twice_is_one_launch(fresh: Console, marie: Client) -> None:
    listed(fresh)
    asked = read(marie.get(WHERE))
    assert "Montrer qui serait appelé" in asked
    assert "les liens de réponse ne s’ouvriront pas sur un téléphone" in asked
    shown = read(marie.post(WHERE, {**FORM, "act": "show"}))
    for said in ("Anna Petit", "aussitôt", "Marc Durand", "après 10 minutes sans réponse", "tel:0611223344"):
        assert said in shown, said
    assert not LaunchRow.objects.exists()
    first = marie.post(WHERE, {**FORM, "act": "launch"})
    again = marie.post(WHERE, {**FORM, "act": "launch"})
    assert first.headers["Location"] == again.headers["Location"]
    assert LaunchRow.objects.count() == 1
    other = marie.post(WHERE, {**FORM, "cle": "deux", "act": "launch"})
    assert other.status_code == 409
    assert "Un lancement est déjà en cours" in read(other)


def test_an_empty_list_leads_on_and_a_form_of_nonsense_is_refused(fresh: Console, marie: Client) -> None:
    shown = read(marie.post(WHERE, FORM))
    assert "Personne ne peut être appelé" in shown
    assert "/registre/calls/" in shown
    assert marie.post(WHERE, {**FORM, "purpose": "x"}).status_code == 422
    assert marie.get(f"{WHERE}?incident=99").status_code == 404
    assert marie.get(f"{WHERE}?incident=x").status_code == 404
    assert "checked" in read(marie.get(f"{WHERE}?exercice")).partition('value="drill"')[2][:60]


def test_somebody_answers_by_their_own_address_and_a_preview_answers_nothing(fresh: Console, marie: Client) -> None:
    listed(fresh)
    marie.post(WHERE, {**FORM, "act": "launch"})
    row = RingRow.objects.get(name="Anna Petit")
    page, phone = f"/repondre/{row.token}/", Client(enforce_csrf_checks=True, REMOTE_ADDR="10.0.0.9")
    for _preview in range(2):
        answer = phone.get(page)
        assert "J’ai lu, je m’en occupe" in read(answer)
        assert "Venez &lt;b&gt;vite" in read(answer)
        assert "no-store" in answer.headers["Cache-Control"]
    assert phone.head(page).status_code == 200
    assert phone.post(page).status_code == 403
    row.refresh_from_db()
    assert row.answered_at is None
    token = shown(read(phone.get(page)), "csrfmiddlewaretoken")
    assert phone.post(page, {"csrfmiddlewaretoken": token}).status_code == 302
    assert "Merci, Anna Petit." in read(phone.get(page))
    row.refresh_from_db()
    assert (row.answered_at is not None, row.how) == (True, Told.LINK)
    other = RingRow.objects.get(name="Marc Durand")
    assert "Anna Petit a répondu" in read(phone.get(f"/repondre/{other.token}/"))
    assert phone.get("/repondre/pas-un-lien/").status_code == 404


def test_whoever_telephones_ticks_and_goes_on_to_the_next(fresh: Console, marie: Client) -> None:
    listed(fresh)
    incident = responding.open_incident(fresh, Beginning("rançon"), WHO)
    where = marie.post(f"{WHERE}?incident={incident}", {**FORM, "act": "launch"}).headers["Location"]
    first, second = RingRow.objects.order_by("place")
    assert "Sera appelé" in read(marie.get(where))
    marie.post(where, {"act": "missed", "qui": first.pk})
    assert "N’a pas décroché" in read(marie.get(where))
    marie.post(where, {"act": "answered", "qui": second.pk})
    page = read(marie.get(where, headers={"HX-Request": "true", "HX-Target": "live"}))
    assert "quelqu’un a répondu" in page
    assert "noté par" in page
    assert "<html" not in page
    log = read(marie.get(f"/incidents/{incident}/"))
    assert "n’a pas décroché – Anna Petit" in log
    assert "a répondu, noté à la main – Marc Durand" in log
    assert marie.post(where, {"act": "missed", "qui": first.pk}).status_code == 409
    assert marie.post(where, {"act": "answered", "qui": "x"}).status_code == 409
    assert marie.post(where, {"act": "rien"}).status_code == 400


def test_a_false_alarm_is_read_at_each_address_and_after_a_day_the_address_is_gone(
    fresh: Console, marie: Client
) -> None:
    listed(fresh)
    where = marie.post(WHERE, {**FORM, "act": "launch"}).headers["Location"]
    page = f"/repondre/{RingRow.objects.get(name='Anna Petit').token}/"
    assert marie.post(where, {"act": "end", "state": "x"}).status_code == 400
    marie.post(where, {"act": "end", "state": "false_alarm", "why": "un essai"})
    shown = read(marie.get(where))
    assert "un essai" in shown
    assert "Arrêter" not in shown
    phone = Client()
    assert "C’était une fausse alerte." in read(phone.get(page))
    assert phone.post(page).status_code == 409
    LaunchRow.objects.update(expires_at=fresh.clock() - timedelta(seconds=1))
    assert phone.get(page).status_code == 410


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_launches_are_listed_filtered_and_taken_along(fresh: Console, marie: Client, format_: str) -> None:
    assert "Préparer un exercice" in read(marie.get("/chaine-d-alerte/lancements/"))
    listed(fresh)
    drill = launching.launch(fresh, Wish(Purpose.DRILL), WHO)
    launching.stop(fresh, drill, LaunchState.STOPPED, "", WHO)
    real = launching.launch(fresh, replace(Wish(Purpose.REAL), once="b"), WHO)
    page = read(marie.get("/chaine-d-alerte/lancements/?sorte=drill"))
    assert f"/lancements/{drill}/" in page
    assert f"/lancements/{real}/" not in page
    assert marie.get(f"/chaine-d-alerte/lancements/?format={format_}").content
    sheet = marie.get(f"/chaine-d-alerte/lancements/{real}/resultat.pdf")
    assert sheet.content.startswith(b"%PDF-")
    assert "EXERCICE" in read(marie.get(f"/repondre/{RingRow.objects.filter(launch=drill)[0].token}/"))
    assert held.launch(fresh.practice, 999) is None


def test_a_channel_says_what_it_depends_on(fresh: Console, marie: Client) -> None:
    listed(fresh)
    told = {
        "server": "https://ntfy.cabinet.example", "topic": "x", "name": "Anna", "for_whom": "person",
        "person": "person/anna", "priorities": ["high"], "quiet_begins": "20", "quiet_ends": "7", "language": "fr",
        "active": "on",
    }  # fmt: skip
    both = marie.post("/alertes/canaux/ajouter/ntfy/", {**told, "depends": ["internet", "nothing"]})
    assert "Choisissez ce dont il dépend" in read(both)
    made = marie.post("/alertes/canaux/ajouter/ntfy/", {**told, "depends": ["internet"]})
    assert made.status_code == 302, read(made)
    assert 'value="internet"' in read(marie.get(made.headers["Location"]))
    shown = read(marie.post(WHERE, {**FORM, "suspect": ["internet"]}))
    assert "dépend de ce qui est peut-être touché (l’accès à Internet du cabinet)" in shown
    assert "personne n’a dit" not in read(marie.post(WHERE, {**FORM, "suspect": ["mail"]}))
    marie.post(made.headers["Location"], {**told, "act": "change", "depends": []})
    assert "personne n’a dit de quoi ce canal dépend" in read(marie.post(WHERE, {**FORM, "suspect": ["mail"]}))
