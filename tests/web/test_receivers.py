"""The door of agents: a token or nothing, hostile posts refused by name, and the page that opens it."""

import base64
import json
import logging
import re
import zlib
from pathlib import Path

import pytest
from django.test import Client

from negatoscope.flows import receiving
from negatoscope.flows.console import Console
from negatoscope.flows.tokens import make, revoke
from negatoscope.store.models import ObservationRow, TokenRow
from negatoscope.web.pages import receivers
from negatoscope.web.privacy import HideTokens

AGENT = Path(__file__).parents[1] / "captures" / "agent"
POST = (AGENT / "pc-accueil-1.inventory.json").read_bytes()
ZLIB = "application/x-compress-zlib"


@pytest.fixture
def token(fresh: Console) -> str:
    return make(fresh, "user:mdurand", "agent", "postes")


def test_a_post_with_its_token_is_kept(client: Client, token: str) -> None:
    answer = client.post(f"/agent/{token}", zlib.compress(POST), content_type=ZLIB)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, ZLIB)
    assert json.loads(zlib.decompress(answer.content))["status"] == "ok"
    assert not answer.cookies
    assert ObservationRow.objects.filter(collector="agent").get().operator == "token:postes"


def test_a_token_is_also_the_password_of_http_basic(client: Client, token: str) -> None:
    basic = "Basic " + base64.b64encode(f"agent:{token}".encode()).decode()
    assert (
        client.post("/agent/", POST, content_type="application/json", headers={"authorization": basic}).status_code
        == 200
    )
    for wrong in ("Basic !!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), f"Bearer {token}", ""):
        refused = client.post("/agent/", POST, content_type="application/json", headers={"authorization": wrong})
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic")


def test_a_revoked_token_is_turned_away_and_counted(client: Client, fresh: Console, token: str) -> None:
    revoke(fresh, "user:mdurand", TokenRow.objects.get().pk)
    answer = client.post(f"/agent/{token}", POST, content_type="application/json")
    assert (answer.status_code, answer.json()["message"]) == (401, "token_unknown")
    assert receiving.spool(fresh).refusals()["token_unknown"].count == 1
    assert not ObservationRow.objects.filter(collector="agent").exists()


HOSTILE = (
    (b"", 411, "no_length"),
    (zlib.compress(bytes(70 * 1024 * 1024)), 413, "too_large"),
    (b"\x1f\x8b" + b"x" * 50, 400, "not_inflatable"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><REQUEST>&b;</REQUEST>', 400, "not_understood"),
    (b"[" * 100_000, 400, "not_understood"),
    (b"\xff\xfe\x00", 400, "not_understood"),
    (b'{"action":"inventory","deviceid":"a","content":', 400, "not_understood"),
)


def test_a_hostile_post_is_refused_by_name_and_nothing_is_kept(client: Client, fresh: Console, token: str) -> None:
    before = ObservationRow.objects.count()
    for body, status, code in HOSTILE:
        counted = receiving.spool(fresh).refusals()
        answer = client.generic("POST", f"/agent/{token}", body, content_type="text/html; charset=x-nowhere")
        assert answer.status_code == status, body[:20]
        assert code in answer.content.decode()
        assert "Traceback" not in answer.content.decode()
        earlier = counted[code].count if code in counted else 0
        assert receiving.spool(fresh).refusals()[code].count == earlier + 1
    assert ObservationRow.objects.count() == before


def test_a_post_larger_than_allowed_is_refused_before_it_is_read(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "MAX_POST", 10)
    assert client.post(f"/agent/{token}", POST, content_type="application/json").status_code == 413


def test_a_post_that_trickles_or_never_says_its_size_is_refused(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "SLOWEST", -1)
    assert client.post(f"/agent/{token}", POST, content_type="application/json").status_code == 408
    silent = client.generic("POST", f"/agent/{token}", POST, content_type="x", headers={"content-length": "?"})
    assert silent.status_code == 411


def test_a_token_used_too_often_waits(client: Client, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "A_MINUTE", 1)
    statuses = [client.get(f"/agent/{token}").status_code for _ in range(5)]
    assert 429 in statuses


def test_the_collect_task_is_served_over_the_same_door(client: Client, token: str) -> None:
    told = client.get(f"/agent/{token}?action=getConfig&machineid=pc-1").json()
    assert told["schedule"] == [{"task": "Collect", "remote": f"http://testserver/agent/{token}"}]
    asked = client.get(f"/agent/{token}?action=getJobs&machineid=pc-1").json()["jobs"]
    uuid = asked[0]["uuid"]
    said = f"action=setAnswer&uuid={uuid}&_cpt=1&CurrentBuildNumber=26100"
    form = "application/x-www-form-urlencoded"
    answer = client.generic("POST", f"/agent/{token}?action=setAnswer&uuid={uuid}&method=POST", said, content_type=form)
    assert answer.json() == {}
    assert client.get(f"/agent/{token}?action=deploy").status_code == 400


def test_a_token_is_shown_once_and_revoked_on_the_page(fresh: Console, marie: Client) -> None:
    page = marie.post("/reception/", {"name": "portables"}).content.decode()
    found = re.search(r"/agent/([\w-]{20,})", page)
    assert found is not None
    assert found[1] not in marie.get("/reception/").content.decode()
    assert "porte déjà ce nom" in marie.post("/reception/", {"name": "portables"}).content.decode()
    number = TokenRow.objects.get().pk
    assert marie.post(f"/reception/{number}/revoquer/").status_code == 302
    assert marie.post(f"/agent/{found[1]}", POST, content_type="application/json").status_code == 401
    assert "jeton inconnu" in marie.get("/reception/").content.decode()


def test_the_page_names_agents_and_what_they_should_not_send(fresh: Console, marie: Client) -> None:
    token = make(fresh, "user:mdurand", "agent", "postes")
    marie.post(f"/agent/{token}", (AGENT / "srv-sauvegarde.inventory.xml").read_bytes(), content_type="application/xml")
    page = marie.get("/reception/").content.decode()
    assert "FusionInventory-Agent_v2.6-3" in page
    assert "no-category = environment" in page


@pytest.mark.parametrize("address", ["/agent/secret?action=x", "/signaler/recu/secret/", "/repondre/secret/"])
def test_no_log_names_a_token(address: str) -> None:
    record = logging.LogRecord("django", 30, "x", 1, "Bad Request: %s", (address,), None)
    assert HideTokens().filter(record)
    assert "secret" not in record.getMessage()
