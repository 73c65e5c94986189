"""Rule 38's questions as pages: what was found, what nobody could see, and what is no time or no host."""

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.responding import Beginning, Line
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.respond.questions.answer import Answer, Window
from negatoscope.respond.questions.spread import Passage, Span, spread
from negatoscope.store.events import EventStore
from negatoscope.store.queries import events, exchanges, ledger
from negatoscope.store.queries.events import Refused
from negatoscope.store.queries.paging import Ask
from negatoscope.web.passages import LANES, draw
from tests.flows.intrusion import ATTACKER, CAME_IN, DROP, SIGN, SINCE, UNTIL, plant

PAGE = "/equipements/srv-fichiers/questions/"
TIME = urlencode({"du": SINCE.isoformat(), "au": UNTIL.isoformat(), "signe": SIGN.isoformat()})


def test_an_intrusion_is_read_on_its_pages(fresh: Console, marie: Client) -> None:
    plant(fresh)
    assert PAGE in marie.get("/equipements/srv-fichiers/").content.decode()
    overview = marie.get(f"{PAGE}?{TIME}").content.decode()
    assert "Comment est-ce entré\u202f?" in overview
    assert "réussi après 12 essais refusés depuis le même endroit" in overview
    path = marie.get(f"{PAGE}propagation/?{TIME}").content.decode()
    assert "<title>pc-0-7 → pc-2-1 (tcp/445)" in path
    assert 'class="unusual"' in path
    assert "premier signe" in path
    exported = marie.get(f"{PAGE}echanges/?{TIME}&dehors=yes&format=csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(exported), delimiter=";")
    assert (row["Avec"], row["Octets envoyés"]) == (DROP, "2000000000")
    for part, words in {
        "entree": ATTACKER,
        "portee": "administre l’annuaire",
        "semblables": "agent-de-sauvegarde 3.1",
    }.items():
        assert words in marie.get(f"{PAGE}{part}/?{TIME}").content.decode()
    english = marie.get(f"{PAGE}?{TIME}", headers={"Accept-Language": "en"}, follow=True).content.decode()
    assert "srv-fichiers" in english
    assert any("questions" in json.dumps(str(one)) for one in ledger.lines(Ask(stop=20)).rows)


def test_nothing_seen_is_never_told_as_nothing(fresh: Console, marie: Client) -> None:
    plant(fresh)
    page = marie.get(f"/equipements/pc-3-9/questions/echanges/?{TIME}&q=rien-de-tel").content.decode()
    assert "Ce qui n’a pas pu être vu" in page
    assert "Aucun journal de cet équipement" in page


def test_one_answer_that_takes_too_long_hides_no_other(
    fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(fresh)
    real = events.answered

    def slow(store: EventStore, since: datetime, work: Callable[[Any], Any]) -> Any:  # noqa: ANN401 -- as it is
        if "moves" in work.__qualname__:
            raise Refused("too_long")
        return real(store, since, work)

    monkeypatch.setattr(exchanges, "answered", slow)
    page = marie.get(f"{PAGE}?{TIME}").content.decode()
    assert page.count("prend trop de temps") == 2  # how it came in, and where it went
    assert "2 Go" in page or DROP in page


@pytest.mark.parametrize(
    "time", ["du=hier", "du=2026-11-20&au=2026-11-19", "au=2999-01-01", "signe=1999-01-01", "du=%00"]
)
def test_what_is_no_time_is_told(fresh: Console, marie: Client, time: str) -> None:
    plant(fresh)
    page = marie.get(f"{PAGE}?{time}")
    assert page.status_code == 422
    assert "Les sept derniers jours sont montrés." in page.content.decode()


@pytest.mark.parametrize("address", ["/equipements/nul/questions/", f"{PAGE}autre/"])
def test_no_host_and_no_question_are_not_found(fresh: Console, marie: Client, address: str) -> None:
    plant(fresh)
    assert marie.get(address).status_code == 404


def test_a_drawing_has_as_many_lines_as_fit() -> None:
    spans = [Span("host/a", f"host/{number}", CAME_IN, CAME_IN, "tcp", 22) for number in range(40)]
    found: Answer[Passage] = spread("host/a", Window(SINCE, UNTIL, SIGN), spans, (), ())
    drawn = draw(found.rows, lambda ref: ref * 9, Window(SINCE, UNTIL, SIGN))
    assert drawn is not None
    assert (len(drawn.lanes), len(drawn.arrows)) == (LANES, LANES - 1)
    assert draw((), str, Window(SINCE, UNTIL, SIGN)) is None


def test_the_answers_are_kept_from_the_page_and_taken_away_from_the_log(fresh: Console, marie: Client) -> None:
    plant(fresh)
    assert "Garder ces réponses" not in marie.get(f"{PAGE}?{TIME}").content.decode()
    who = Handler("user:anna", "Anna Petit (anna)")
    number = responding.open_incident(fresh, Beginning("rançon"), who)
    responding.say(fresh, number, Line(Touched(What.HOST, "host/srv-fichiers", Hit.COMPROMISED)), who)
    page = marie.get(f"{PAGE}?{TIME}").content.decode()
    assert f"Garder ces réponses dans l’incident n°\u00a0{number} (rançon)" in page
    said = {"n": number, "du": SINCE.isoformat(), "au": UNTIL.isoformat(), "signe": SIGN.isoformat()}
    log = marie.post(f"{PAGE}garder/", said, follow=True).content.decode()
    assert "Les réponses sont gardées à la ligne" in log
    found = re.search(rf'/incidents/{number}/[a-z]+/\d+/(?=">srv-fichiers)', log)
    assert found
    told = json.loads(marie.get(found[0]).content)
    assert told["talk"]["rows"]
    for wrong in ({**said, "n": number + 7}, {**said, "du": "hier"}, {**said, "du": UNTIL.isoformat()}):
        assert marie.post(f"{PAGE}garder/", wrong).status_code == 404
    assert marie.post("/equipements/nul/questions/garder/", said).status_code == 404
