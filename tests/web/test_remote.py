"""Pages of log-ins, schedules, servers and papers: who may, what is said, and no secret in any of them."""

import logging

import pytest
from django.test import Client

from negatoscope.flows import credentials, rhythm
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.imaging import PaperState, UpdatePaper
from negatoscope.model.networks import HostKey
from negatoscope.store.models import CredentialRow, JobRow, ScheduleRow

SECRET = "Zq-jamais-montré-5150"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEPSwDVU/yG0NejRTt+pfPSVgH/I8ARdDmB+Rfr2yt5R"


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_log_in_is_added_and_its_secret_never_shown(fresh: Console, marie: Client) -> None:
    told = {"name": "annuaire", "kind": "password", "username": "lecture", "password": SECRET}
    assert marie.post("/identifiants/", told).status_code == 302
    assert credentials.opened(fresh, "annuaire").password == SECRET
    for address in ("/identifiants/", "/identifiants/annuaire/", "/collecteurs/ssh/", "/journal/"):
        assert SECRET not in text(marie, address)
    assert "annuaire" in text(marie, "/identifiants/")
    bad = marie.post("/identifiants/", {**told, "kind": "private_key", "private_key": SECRET})
    assert "Ce n’est pas une clé privée" in bad.content.decode()
    assert SECRET not in bad.content.decode()


def test_a_log_in_is_replaced_tried_and_removed(fresh: Console, marie: Client) -> None:
    told = {"name": "serveurs", "kind": "made_here", "username": "negatoscope"}
    marie.post("/identifiants/", told)
    assert "restrict ssh-ed25519 " in text(marie, "/identifiants/serveurs/")
    assert marie.post("/identifiants/serveurs/", {"act": "try"}).status_code == 302
    new = {"act": "replace", "kind": "password", "username": "autre", "password": SECRET}
    assert marie.post("/identifiants/serveurs/", new).status_code == 302
    assert CredentialRow.objects.get().username == "autre"
    assert marie.post("/identifiants/serveurs/", {**new, "password": ""}).status_code == 422
    assert marie.post("/identifiants/serveurs/", {"act": "remove"}).status_code == 302
    assert marie.get("/identifiants/serveurs/").status_code == 404


def test_only_administrators_touch_log_ins(full: Console, jean: Client) -> None:
    assert jean.get("/identifiants/").status_code == 403
    assert jean.post("/identifiants/serveurs/", {"act": "remove"}).status_code == 403
    assert (
        jean.post("/serveurs/", {"act": "accept", "address": "10.77.0.5", "port": "22", "key": KEY}).status_code == 403
    )


def test_a_crash_on_the_page_tells_no_secret(
    fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(credentials, "_put", crash)
    marie.raise_request_exception = False
    caplog.set_level(logging.DEBUG)
    told = {"name": "annuaire", "kind": "password", "username": "lecture", "password": SECRET}
    answer = marie.post("/identifiants/", told)
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode() + caplog.text


def test_a_look_prepared_is_repeated_unless_somebody_says_no(full: Console, marie: Client) -> None:
    ScheduleRow.objects.all().delete()
    assert marie.post("/collecteurs/local/", {"minutes": "10", "repeat": "on", "every_hours": "24"}).status_code == 302
    row = ScheduleRow.objects.get()
    assert (row.collector, row.every_hours) == ("local", 24)
    marie.post(f"/plannings/{row.pk}/", {"act": "pause"})
    assert "en pause" in text(marie, "/plannings/")
    marie.post(f"/plannings/{row.pk}/", {f"{row.pk}-every_hours": "12"})
    assert ScheduleRow.objects.get().every_hours == 12
    marie.post(f"/plannings/{row.pk}/", {f"{row.pk}-every_hours": "0"})
    assert ScheduleRow.objects.get().every_hours == 12
    marie.post(f"/plannings/{row.pk}/", {"act": "resume"})
    marie.post(f"/plannings/{row.pk}/", {"act": "forget"})
    assert not ScheduleRow.objects.exists()
    marie.post("/collecteurs/local/", {"minutes": "10", "every_hours": "24"})
    assert not ScheduleRow.objects.exists()


def test_a_server_is_recognised_then_read_and_forgotten(full: Console, marie: Client) -> None:
    marie.post("/serveurs/", {"act": "accept", "address": "10.77.0.5", "port": "22", "key": KEY})
    (key,) = StoredRegister(1).seen(HostKey).facts
    assert (key.place, key.key) == ("10.77.0.5:22", KEY)
    assert "10.77.0.5:22" in text(marie, "/serveurs/")
    told = {"target": rhythm.EVERYWHERE, "credential": "serveurs", "port": "22", "minutes": "10", "bastion_port": "22"}
    assert marie.post("/collecteurs/ssh/", told).status_code == 302
    assert JobRow.objects.filter(collector="ssh", target="10.77.0.5").exists()
    assert (
        marie.post("/serveurs/", {"act": "accept", "address": "10.77.0.6", "port": "22", "key": "x"}).status_code == 404
    )
    outside = marie.post("/serveurs/", {"act": "meet", "address": "10.99.0.6", "port": "22"})
    assert "hors des réseaux déclarés" in outside.content.decode()
    spared = marie.post("/serveurs/", {"act": "meet", "address": "10.77.0.41", "port": "22"})
    assert "modalité sans accord" in spared.content.decode()
    marie.post("/serveurs/", {"act": "withdraw", "place": "10.77.0.5:22"})
    assert not StoredRegister(1).seen(HostKey).facts


def test_a_derogation_says_what_protects_instead(full: Console, marie: Client) -> None:
    told = {"state": "derogation", "stated_by": "Anne Lebrun", "until": "2999-01-01", "compensation": ""}
    assert marie.post("/equipements/irm-1/mises-a-jour/", told).status_code == 422
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 -- one test's own

    until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()  # noqa: TID251 -- the page reads the clock
    good = {**told, "until": until, "compensation": "réseau à part"}
    assert marie.post("/equipements/irm-1/mises-a-jour/", good).status_code == 302
    (paper,) = StoredRegister(1).seen(UpdatePaper).facts
    assert (paper.host, paper.state, paper.compensation) == ("host/irm-1", PaperState.DEROGATION, "réseau à part")
    assert "réseau à part" in text(marie, "/equipements/irm-1/mises-a-jour/")
