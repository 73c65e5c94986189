"""Differences are settled with one click, retiring says what goes, and a lost key says what to do."""

import pytest
from django.core.management import call_command
from django.test import Client

from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.hosts import Host
from negatoscope.store.queries import differences
from negatoscope.store.queries.differences import Question
from negatoscope.web.pages.differences import named_first
from negatoscope.web.trouble import Trouble
from tests.conftest import START


def hosts(console: Console) -> set[str]:
    from negatoscope.flows.registering import StoredRegister  # noqa: PLC0415 -- a fresh register each time

    return {host.ref for host in StoredRegister(console.practice).seen(Host).facts}


@pytest.fixture
def torn(full: Console) -> Console:
    """Two that may be one, one drifted, and what looks saw."""
    declare(full, Said("user:mdurand"), (Host("host/pc-1", "pc-1", serial="ABC1234", macs=("00:1e:c9:00:00:01",)),))
    declare(full, Said("user:mdurand"), (Host("host/x", "pc-2", serial="ABC1234", macs=("00:1e:c9:00:00:02",)),))
    declare(full, Said("user:mdurand"), (Host("host/srv-essai", os_name="Windows"),))
    return full


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def decide(client: Client, **said: str) -> int:
    return client.post("/ecarts/decider/", said).status_code


def test_the_page_shows_each_sort_and_a_click_settles_it(torn: Console, marie: Client) -> None:
    page = text(marie, "/ecarts/")
    assert "numéro de série" in page
    assert "Windows" in page
    assert decide(marie, act="join", host="host/pc-1", other="host/pc-2") == 302
    assert "host/pc-2" not in hosts(torn)
    assert "pc-2" in text(marie, "/equipements/pc-1/")
    assert decide(marie, act="part", host="host/pc-1", other="host/pc-2", back="pc-1") == 302
    assert decide(marie, act="apart", host="host/pc-1", other="host/pc-2") == 302
    assert differences.questions(torn.practice) == []
    assert decide(marie, act="confirm", host="host/srv-essai") == 302
    assert differences.drifted(torn.practice, 9) == ([], 0)


def test_an_unknown_host_is_taken_in_with_its_class(torn: Console, marie: Client) -> None:
    (first, *_), many = differences.unknown(torn.practice, 50)
    assert decide(marie, act="confirm", host=first.fact.ref, **{"class": "printer"}) == 302
    assert differences.unknown(torn.practice, 50)[1] == many - 1


def test_an_equipment_is_declared_by_its_address_before_any_look(fresh: Console, marie: Client) -> None:
    page = text(marie, "/equipements/ajouter/?adresse=10.77.0.21&classe=modality")
    assert 'value="10.77.0.21"' in page
    told = {"address": "10.77.0.21", "host_class": "modality", "hostname": "", "vendor": "", "model": ""}
    assert marie.post("/equipements/ajouter/", told).headers["Location"] == "/equipements/10.77.0.21/"
    assert "modalité" in text(marie, "/equipements/10.77.0.21/")
    named = {**told, "hostname": "Salle 2"}  # an address that is known takes what is said of it
    assert marie.post("/equipements/ajouter/", named).headers["Location"] == "/equipements/10.77.0.21/"
    assert "<h1>Salle 2</h1>" in text(marie, "/equipements/10.77.0.21/")
    assert '<a href="/equipements/10.77.0.21/">Salle 2</a>' in text(marie, "/equipements/")
    assert "Salle 2" in text(marie, "/regle/1/")
    assert marie.get("/equipements/ajouter/?adresse=10.77.0.21").status_code == 302
    assert marie.post("/equipements/ajouter/", {**told, "address": "scanner"}).status_code == 422


def test_before_any_look_nothing_is_said_to_agree(fresh: Console, marie: Client) -> None:
    declare(fresh, Said("user:mdurand"), (Host("host/pc-1", "pc-1"),))
    assert "rien n’a pu être comparé" in text(marie, "/ecarts/")


def test_once_a_look_saw_hosts_they_are_compared(torn: Console, marie: Client) -> None:
    assert "rien n’a pu être comparé" not in text(marie, "/ecarts/")


def test_what_nobody_knows_is_no_page(torn: Console, marie: Client) -> None:
    assert decide(marie, act="join", host="host/none", other="host/pc-2") == 404
    assert decide(marie, act="dance", host="host/pc-1") == 404
    assert marie.get("/equipements/none/retirer/").status_code == 404


def test_retiring_says_what_goes_and_takes_it_off_the_map(torn: Console, marie: Client) -> None:
    page = text(marie, "/equipements/pc-1/retirer/")
    assert "coffre" in page
    assert marie.post("/equipements/pc-1/retirer/").status_code == 302
    assert "host/pc-1" not in hosts(torn)


def test_a_verb_retires_too(torn: Console, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("host", "retire", "pc-1")
    assert "pc-1" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("host", "retire", "pc-1")


def test_a_search_finds_accounts_by_their_holder_and_classes_by_their_name(torn: Console, marie: Client) -> None:
    assert "scanner-1" in text(marie, "/equipements/?q=modalite")
    assert "Rien ne correspond" in text(marie, "/comptes/?q=personne+du+tout")
    assert "scanner-1" in text(marie, "/equipements/?declare=true&classe=modality&tri=-class")


def test_a_lost_key_has_a_page_that_says_what_to_do(torn: Console, marie: Client) -> None:
    request = marie.get("/").wsgi_request
    answer = Trouble(lambda _: None).process_exception(request, KeyLost("/srv/keys/sign.key"))  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code == 503
    assert "/srv/keys/sign.key" in answer.content.decode()


def test_two_that_are_one_are_told_by_the_name_that_people_know() -> None:
    for host, other in (("host/192.0.2.7", "host/pc-7"), ("host/pc-7", "host/192.0.2.7")):
        asked = Question(host, other, (), (), 1, START)
        assert named_first(asked) == ("host/pc-7", "host/192.0.2.7")
