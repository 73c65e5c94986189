"""The five situations on their pages: explained, tuned with a reason, tried on the past, put back; exemptions."""

from dataclasses import replace
from datetime import timedelta

from django.test import Client

from negatoscope.flows import alerting, overseeing, scheduling, tuning
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hunting import store
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.event import Action
from negatoscope.model.premises import Site
from negatoscope.model.tuning import AlertExemption
from negatoscope.model.watching import SourceHealth
from negatoscope.store import jobs
from negatoscope.store.queries import alerts
from negatoscope.store.queries.register import declared
from negatoscope.watch import tuning as made_of
from negatoscope.watch.detection import Detection, Kind, Level
from tests.watch.made import told

ATTEMPTS = "/situations/attempts/"


def filled(code: str, **more: object) -> dict[str, object]:
    """The form of a situation as it is first shown, but for what is given."""
    usual = {name: made_of.default(code, name) for name in made_of.situations()[code].settings}
    text = {name: "\n".join(value) if isinstance(value, tuple) else value for name, value in usual.items()}
    return {**text, "share": "0,3", "state": "on", **more}


def test_a_situation_is_tuned_with_a_reason_and_put_back(fresh: Console, marie: Client) -> None:
    page = marie.get(ATTEMPTS).content.decode()
    assert "Nombre d’échecs sur un compte avant l’alerte" in page
    assert "réglages d’origine" in page
    assert "Au-delà de 30, la règle 26" in page
    assert marie.post(ATTEMPTS, filled("attempts", fast=40, act="save")).status_code == 422
    assert marie.post(ATTEMPTS, filled("attempts", fast=0, act="save", reason="x")).status_code == 422
    saved = marie.post(ATTEMPTS, filled("attempts", fast=40, act="save", reason="Un automate"), follow=True)
    assert "Un automate" in (page := saved.content.decode())
    assert "trop lâches" in page
    assert "trop lâches" in marie.get("/situations/").content.decode()
    again = marie.post(ATTEMPTS, filled("attempts", fast=40, act="save", reason="Encore"), follow=True)
    assert "Rien ne change" in again.content.decode()
    marie.post(ATTEMPTS, {"act": "back"})
    one = tuning.held(fresh, "attempts")
    assert one is not None
    assert (one.changed, one.former) == ({}, {"fast": 40})
    assert marie.get("/situations/unheard-of/").status_code == 404
    assert marie.get(f"{ATTEMPTS}?site=nowhere").status_code == 404


def test_a_site_goes_its_own_way_and_comes_back(fresh: Console, marie: Client) -> None:
    declare(fresh, Said("user:marie"), [Site("Annecy")])
    there = f"{ATTEMPTS}?site=Annecy"
    marie.post(there, filled("attempts", state="off", act="save", reason="En travaux"))
    assert "éteinte" in marie.get("/situations/").content.decode()
    assert "En travaux" in marie.get(there).content.decode()
    marie.post(there, {"act": "follow"})
    assert tuning.held(fresh, "attempts", "Annecy") is None


def test_other_settings_are_tried_on_the_past_and_shown(fresh: Console, marie: Client) -> None:
    night = fresh.clock() - timedelta(days=2)
    store(fresh).keep([
        told(night + timedelta(seconds=number), Action.LOGON, ok=False, user="root", host="srv", source="198.51.100.9")
        for number in range(12)
    ])  # fmt: skip
    asked = marie.post(ATTEMPTS, filled("attempts", fast=30, act="try"))
    address = asked["Location"].removesuffix("#essai")
    number = int(address.rpartition("=")[2])
    polled = {"HX-Request": "true", "HX-Target": "essai"}
    assert b"hx-trigger" in marie.get(address, headers=polled).content
    assert marie.get(f"/releves/{number}/")["Location"] == address
    jobs.claim(fresh.clock())
    assert scheduling.run_job(fresh, number, lambda: False)
    done = marie.get(address, headers=polled)
    assert done.status_code == 286
    page = done.content.decode()
    assert "0 alerte" in page
    assert "Ne seraient plus levées" in page
    assert 'name="fast" value="30"' in marie.get(address).content.decode()
    assert "Essai sur les jours passés" not in marie.get("/situations/bypass/", {"essai": number}).content.decode()


def test_what_feeds_a_situation_is_named(fresh: Console, marie: Client) -> None:
    heard = [SourceHealth("pare-feu", ("connection", "amount"), (), fresh.clock(), silent=True, lost=0)]
    overseeing.oversee(fresh, heard, [])
    assert "pare-feu" in marie.get("/situations/transfers/").content.decode()
    assert "Aucune source n’apporte" in marie.get("/situations/inactive/").content.decode()


def test_a_rule_is_exempt_for_one_subject_from_its_closed_alert(fresh: Console, marie: Client) -> None:
    at, who = fresh.clock(), Handler("user:marie", "Marie")
    seen: dict[str, str | float | bool | None] = {"title": "Suspicious Backup"}
    one = Detection(Kind.SIGMA, "5f0b-rule", "host/nas", at, at, ("a",), Level.HIGH, "r/1", seen=seen)
    worst = replace(one, code="6a-rule", case="r/2", level=Level.CRITICAL)
    alerting.raise_from(fresh, [one, worst])
    for each in alerts.standing(fresh.practice):
        alerting.close(fresh, each.number, AlertOutcome.FALSE, "la sauvegarde", who)
        there = f"/alertes/{each.number}/dispense/"
        if each.code == worst.code:
            assert marie.get(there).status_code == 302
            continue
        assert "Suspicious Backup, pour" in marie.get(there).content.decode()
        until = (at + timedelta(days=30)).date().isoformat()
        listed = marie.post(there, {"until": until, "reason": "la sauvegarde"}, follow=True).content.decode()
        assert "Suspicious Backup, pour" in listed
    (fact,) = declared(fresh.practice, AlertExemption)
    assert (fact.behaviour, fact.situation, fact.subject) == ("5f0b-rule", "rule", "host/nas")
    assert tuning.spared(StoredRegister(fresh.practice)).of_rules == {("5f0b-rule", "host/nas"): fact.until}


def test_an_alert_closed_as_harmless_is_exempt_for_a_while_and_no_longer(fresh: Console, marie: Client) -> None:
    at, who = fresh.clock(), Handler("user:marie", "Marie")
    slow = Detection(Kind.BEHAVIOUR, "attempts", "address/10.0.0.9", at, at, ("a",), Level.LOW, "c/1", "slow")
    alerting.raise_from(fresh, [slow])
    (one,) = alerts.standing(fresh.practice)
    there = f"/alertes/{one.number}/dispense/"
    assert marie.get(there).status_code == 302
    alerting.close(fresh, one.number, AlertOutcome.BENIGN, "notre automate", who)
    assert there in marie.get(f"/alertes/{one.number}/").content.decode()
    assert marie.post(there, {"until": "2099-01-01", "reason": "automate"}).status_code == 422
    until = (at + timedelta(days=30)).date()
    listed = marie.post(there, {"until": until.isoformat(), "reason": "automate"}, follow=True).content.decode()
    assert "automate" in listed
    (fact,) = declared(fresh.practice, AlertExemption)
    assert (fact.until, fact.alert, fact.subject) == (until, one.number, "address/10.0.0.9")
    assert "retirée" in marie.post("/situations/dispenses/retirer/", {"ref": fact.ref}, follow=True).content.decode()
    assert not declared(fresh.practice, AlertExemption)
    gone = marie.post("/situations/dispenses/retirer/", {"ref": fact.ref}, follow=True)
    assert "déjà retirée" in gone.content.decode()
