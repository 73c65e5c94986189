"""The button on the first page opens the demonstration for real, for whoever only wanted to see."""

import re
import signal
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from negatoscope.flows.demonstrating import MARK
from tests.databases import configure
from tests.journeys.conftest import data, environment
from tests.journeys.test_console import free_port, in_group, running
from tests.needs import needs_program
from tests.web.browser import CANDIDATES, open_browser

__all__ = ["data", "environment"]

pytestmark = pytest.mark.browser
BUILDS_WITHIN = 300_000
"""Milliseconds, on a loaded machine."""
SEEN = (
    "/", "/registre/", "/equipements/", "/equipements/accueil-3/", "/ecarts/", "/personnes/obrun/",
    "/sujets/account/tilleuls.lan/dsauvage/", "/actions/", "/mouvements/", "/attestations/", "/echeances/",
)  # fmt: skip


def faults(page: Page) -> list[str]:
    return [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]


def prepare(page: Page, said: str) -> None:
    """Press the buttons as whoever holds the first link."""
    link = re.search(r"http://localhost:\d+/premier/[\w-]+/", said)
    assert link
    page.goto(link.group())
    page.click("text=Explorer un cabinet de démonstration")
    page.click("text=Préparer la démonstration")


def test_what_cannot_open_says_so_and_may_be_asked_again(environment: dict[str, str], data: Path) -> None:
    browser_path = needs_program(*CANDIDATES)
    configure(data, f"port = {free_port()}\n")
    (data / "demonstration").mkdir()
    (data / "demonstration" / "mine").touch()
    with running(environment) as (_, said), open_browser(browser_path) as browser:
        page = browser.new_page()
        prepare(page, said)
        expect(page.locator(".alert")).to_contain_text("n’a pas pu s’ouvrir", timeout=BUILDS_WITHIN)
        assert faults(page) == []
        page.click("text=Préparer la démonstration")
        expect(page.locator("progress")).to_be_visible()


def test_the_button_opens_it_a_visitor_enters_and_it_ends_with_the_console(
    environment: dict[str, str], data: Path
) -> None:
    browser_path = needs_program(*CANDIDATES)
    configure(data, f"port = {free_port()}\n")
    with running(environment) as (child, said), open_browser(browser_path) as browser:
        page = browser.new_page()
        prepare(page, said)
        entrance = page.locator("text=Entrer dans la démonstration")
        expect(entrance).to_be_visible(timeout=BUILDS_WITHIN)
        with page.expect_popup() as opened:
            entrance.click()
        inside = opened.value
        inside.click("text=Entrer comme visiteur")
        expect(inside.locator("h1")).to_contain_text("Quarante films")
        expect(inside.locator("aside.demonstration")).to_be_visible()
        base = inside.url.rstrip("/")
        found = []
        for address in SEEN:
            answer = inside.goto(base + address)
            assert answer
            assert answer.status == 200
            found += faults(inside)
        assert found == []
        assert (data / "demonstration" / MARK).exists()
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0
        time.sleep(0.5)
        assert in_group(child.pid) == []
