"""The page of log files: one is given and what came of it is shown; a folder is followed, and says what is wrong."""

from io import BytesIO

import pytest
from django.test import Client

from negatoscope.flows import giving, hearing, watching
from negatoscope.flows.console import Console
from negatoscope.flows.feeding import Feeder
from negatoscope.intake.events.committing import Committer
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.spool import Spool
from negatoscope.intake.files.folder import Trouble
from negatoscope.intake.files.piece import Flaw
from negatoscope.store import files
from negatoscope.store.queries import events
from negatoscope.web.file_labels import FLAWS, TROUBLES
from negatoscope.web.forms import filing

PAGE, FOLLOW = "/sources/fichiers/", "/sources/dossiers/suivre/"
LOG = b"2026-11-02T08:00:00Z srv sshd[7]: Failed password for root from 203.0.113.9 port 22 ssh2\nwhat is this\n"


def file(data: bytes = LOG, name: str = "auth.log") -> BytesIO:
    told = BytesIO(data)
    told.name = name
    return told


def read(console: Console) -> None:
    """What waits is read, and the watch keeps it."""
    spool = Spool(hearing.folder(console))
    committer = Committer(spool, Counters())
    try:
        feeder = Feeder(console, committer, spool.folder, lambda: False)
        while feeder.round():
            pass
    finally:
        committer.close()
    watch = watching.Watch(console)
    while watch.round():
        pass


def test_a_file_given_is_read_and_leads_to_its_lines(fresh: Console, marie: Client) -> None:
    assert "Aucun fichier remis" in marie.get(PAGE).content.decode()
    assert marie.post(PAGE, {"file": file(), "purpose": "searched"}).status_code == 302
    waiting = marie.get(PAGE).content.decode()
    assert "attend son tour" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    again = marie.post(PAGE, {"file": file(), "purpose": "searched"})
    assert again.status_code == 422
    assert "a déjà été remis" in again.content.decode()
    read(fresh)
    page = marie.get(PAGE).content.decode()
    assert "every 3s" not in page
    assert "auth.log" in marie.get(f"{PAGE}?format=csv").content.decode()
    assert "lignes que rien ne sait interpréter (1)" in page
    link = page[page.index("/evenements/?") :].partition('"')[0].replace("&amp;", "&")
    shown = marie.get(link).content.decode()
    assert "what is this" in shown
    assert "203.0.113.9" in shown


def test_what_is_not_taken_is_told_and_nothing_is_kept(
    fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MOST_POSTED", 10)
    assert "dépasse 512" in marie.post(PAGE, {"file": file(), "purpose": "searched"}).content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(giving, "SPARE", 1 << 60)
    assert "trop peu de place" in marie.post(PAGE, {"file": file(), "purpose": "watched"}).content.decode()
    assert files.files(fresh.practice, 9) == ()


def test_where_the_store_cannot_answer_the_files_are_listed_all_the_same(
    fresh: Console, marie: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    marie.post(PAGE, {"file": file(), "purpose": "watched"})
    read(fresh)
    monkeypatch.setattr(events, "SECONDS", 0.0)
    page = marie.get(PAGE).content.decode()
    assert "auth.log" in page


def test_a_folder_is_followed_and_left_on_the_page(
    fresh: Console, marie: Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wrong = marie.post(FOLLOW, {"name": "a", "folder": "/proc/1", "pattern": "*"})
    assert "pas un dossier de journaux" in wrong.content.decode()
    gone = str(tmp_path_factory.mktemp("logs").resolve() / "none")
    assert marie.post(FOLLOW, {"name": "Serveur PACS", "folder": gone, "pattern": "*.log"}).status_code == 302
    assert "La console le regardera" in marie.get(PAGE).content.decode()
    read(fresh)
    page = marie.get(PAGE).content.decode()
    assert "Ce dossier n’existe pas, ou plus." in page
    (one,) = files.folders(fresh.practice)
    assert marie.post(f"/sources/dossiers/{one.number}/arreter/").status_code == 302
    assert "Aucun dossier suivi" in marie.get(PAGE).content.decode()
    assert marie.post(f"/sources/dossiers/{one.number}/arreter/").status_code == 404


def test_every_code_has_its_words() -> None:
    assert {*Trouble} == set(TROUBLES)
    assert {*Flaw} <= set(FLAWS)
