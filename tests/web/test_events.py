"""The logs' pages: what was written is found, who looked is entered, and an expert's question only reads."""

from dataclasses import replace
from datetime import UTC, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from negatoscope.flows import hunting
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.kit.clock import PARIS
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.people import Person
from negatoscope.store.ledger import entries

PAGE, QUESTION = "/evenements/", "/evenements/question/"


@pytest.fixture
def written(fresh: Console) -> Console:
    now = fresh.clock().astimezone(UTC)
    logon = Event(now - timedelta(hours=3), "linux", action=Action.LOGON, fields={"message": "Failed <b>x</b>"})
    refused = replace(logon, ok=False, why="disabled", host="srv-pacs", user="mdurand", source="10.77.0.8")
    flow = Event(now - timedelta(days=20), "squid", action=Action.CONNECTION, ok=True, target="exemple.org")
    declare(fresh, Said("user:mdurand"), (Person("mdurand", "Marie Durand"),))
    batch = [
        Told("a", "10.77.0.1", now, refused, person="person/mdurand", host="host/srv-pacs"),
        Told("b", "10.77.0.2", now, flow),
        Told("c", "10.77.0.2", now, Event(now - timedelta(hours=2), "truc", fields={"n": 1})),
    ]
    hunting.store(fresh).keep(batch)
    return fresh


def kinds() -> list[str]:
    return [entry["kind"] for entry in entries()]


def test_without_any_log_the_page_says_how_to_send_some(fresh: Console, marie: Client) -> None:
    page = marie.get(PAGE).content.decode()
    assert "Aucun journal reçu pour l’instant" in page
    assert '<a href="/sources/">Comment en envoyer</a>' in page


def test_what_was_written_is_shown_in_words(written: Console, marie: Client) -> None:
    page = marie.get(PAGE).content.decode()
    assert "Aucun journal reçu" not in page
    assert "refusé\N{NO-BREAK SPACE}: compte fermé" in page
    assert ">Marie Durand</a>" in page
    assert "Failed &lt;b&gt;x&lt;/b&gt;" in page
    assert "exemple.org" not in page
    assert "<svg" in page
    assert "n=1" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"machine": "srv-pacs"}, "a"), ({"qui": "mdurand"}, "a"), ({"source": "10.77.0.2"}, "c"),
        ({"q": "failed"}, "a"), ({"action": "logon"}, "a"), ({"resultat": "failed"}, "a"), ({"produit": "truc"}, "c"),
        ({"du": "n’importe"}, "ac"), ({"au": "2001-01-01"}, ""), ({"du": "0001-01-02"}, "abc"),
        ({"au": "9999-12-31"}, "ac"),
    ],
)  # fmt: skip
def test_filters_leave_what_is_asked_for(written: Console, marie: Client, asked: dict[str, str], found: str) -> None:
    page = marie.get(f"{PAGE}?{urlencode(asked)}&format=csv").content.decode()
    marks = {"a": "compte fermé", "b": "exemple.org", "c": "truc"}
    assert "".join(key for key, mark in marks.items() if mark in page) == found


def test_what_lies_outside_the_days_asked_for_is_told_and_offered(written: Console, marie: Client) -> None:
    page = marie.get(f"{PAGE}?produit=squid").content.decode()
    assert "1 événement répond à cette recherche à d’autres dates" in page
    day = f"{(written.clock() - timedelta(days=20)).astimezone(PARIS).date()}"
    wider = f"?produit=squid&amp;du={day}&amp;au={day}"
    assert f'href="{wider}"' in page
    assert "exemple.org" in marie.get(PAGE + wider.replace("&amp;", "&")).content.decode()
    nothing = marie.get(f"{PAGE}?produit=jamais").content.decode()
    assert "à d’autres dates" not in nothing


def test_each_search_is_entered_and_a_second_page_is_not(written: Console, marie: Client) -> None:
    before = kinds().count("search")
    marie.get(f"{PAGE}?qui=mdurand")
    assert kinds().count("search") == before + 1
    hunting.store(written).keep([
        Told(str(number), "x", written.clock().astimezone(UTC), Event(written.clock().astimezone(UTC), "truc"))
        for number in range(60)
    ])  # fmt: skip
    marie.get(f"{PAGE}?page=2")
    assert kinds().count("search") == before + 1


def test_an_expert_asks_and_takes_the_answer_away(written: Console, marie: Client) -> None:
    assert marie.get(QUESTION).status_code == 200
    sql = "SELECT product, count(*) AS n FROM events GROUP BY product ORDER BY product"
    page = marie.post(QUESTION, {"sql": sql}).content.decode()
    assert "<td>linux</td>" in page
    taken = marie.post(QUESTION, {"sql": sql, "format": "csv"})
    assert taken.content.decode("utf-8-sig").splitlines()[1] == "linux;1"
    assert kinds()[-2:] == ["search", "export"]
    assert "La réponse est vide" in marie.post(QUESTION, {"sql": "SELECT 1 WHERE false"}).content.decode()
    assert "coupée" in marie.post(QUESTION, {"sql": "SELECT * FROM range(2000)"}).content.decode()


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM read_text('/etc/passwd')", "COPY events TO '/tmp/x'", "SELECT 1; SELECT 2", "?"]
)
def test_a_question_that_would_do_more_than_read_is_refused(written: Console, marie: Client, sql: str) -> None:
    answer = marie.post(QUESTION, {"sql": sql})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "root:" not in answer.content.decode()


def test_a_search_that_takes_long_says_so(written: Console, marie: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negatoscope.store.queries.events.MEMORY", "1KB")
    answer = marie.get(PAGE)
    assert answer.status_code == 503
    assert "trop de mémoire" in answer.content.decode()


def test_what_is_kept_too_long_is_purged_and_the_ledger_says_so(written: Console) -> None:
    tidy = hunting.Tidy()
    assert tidy.round(written) == 0
    later = _later(written, timedelta(days=367))
    assert tidy.round(later) == 2
    assert hunting.store(later).days() == []
    assert kinds()[-2:] == ["purge"] * 2
    assert tidy.round(later) == 0


def _later(console: Console, gap: timedelta) -> Console:
    at = console.clock() + gap
    return Console(console.config, console.practice, console.site, lambda: at)
