"""Every route in a real browser: axe finds no violation, nothing is blocked or thrown, nothing leaves loopback.

On empty and on furnished data, light and dark, at desk and phone width.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import resolve, reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from negatoscope.flows.admitting import first_link
from negatoscope.flows.console import Console
from negatoscope.store.models import JobRow, RuleResultRow
from tests.web.furnished import PASSWORD
from tests.web.routes import ENTRANCES, FILES, FORMS_ONLY, REDIRECTS, addresses, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
PARTS = 4
"""Into how many tests the pages are dealt, so that workers share them."""
BLOCKING_FAULTS = {"Failed to load resource: the server responded with a status of 404 (Not Found)"}


class Watch:
    """What a page did that it must not do."""

    def __init__(self, page: Page, base: str) -> None:
        self.base = base
        self.faults: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.text not in BLOCKING_FAULTS:
            self.faults.append(f"{message.location}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.faults.append(f"asked for {request.url}")


def context(browser: Browser, base: str, language: str = "fr") -> BrowserContext:
    made = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    made.add_cookies([{"name": "language", "value": language, "url": base}])
    return made


def enter(page: Page, base: str) -> None:
    page.goto(f"{base}/connexion/")
    page.fill("[name=login]", "mdurand")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{base}/")


AXE = Axe()


COLOURS = ["color-contrast", "link-in-text-block"]
"""What depends on the theme and not on the width."""
NARROW = [
    "scrollable-region-focusable", "target-size", "aria-hidden-focus", "region", "landmark-one-main", "bypass",
    "page-has-heading-one", "heading-order", "link-name", "button-name", "label", "meta-viewport",
]  # fmt: skip
"""What depends on the width, for a narrow page hides some parts and shows others."""
Looks = tuple[tuple[str, dict[str, int], dict[str, Any]], ...]
LOOKS: Looks = (
    ("light", DESK, {}),
    ("dark", DESK, {"runOnly": COLOURS}),
    ("light", PHONE, {"runOnly": NARROW}),
)


def violations(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    """What axe finds on the page as it stands; its script is brought in once a document."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.axe_script)
    asked = {"resultTypes": ["violations"]} | options
    found: list[dict[str, Any]] = page.evaluate("asked => axe.run(asked).then(told => told.violations)", asked)
    return found


def faults(page: Page, where: str, looks: Looks = LOOKS) -> list[str]:
    """Violations in both themes, at both widths, and a page wider than its window."""
    found: list[str] = []
    for theme, size, options in looks:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for violation in violations(page, options):
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{where} {theme} {size['width']}: {violation['id']} {nodes}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where} {size['width']}: wider than its window")
    return found


def visit(page: Page, base: str, pages: list[str], looks: Looks = LOOKS) -> list[str]:
    found = []
    for address in pages:
        page.goto(base + address)
        found += faults(page, address, looks)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_a_furnished_console(full: Console, browser: Browser, live_server: LiveServer, part: int) -> None:
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    enter(page, live_server.url)
    found = visit(page, live_server.url, addresses(full)[part::PARTS])
    made.close()
    assert found == []
    assert watch.faults == []


def test_what_no_address_shows_of_a_furnished_console(full: Console, browser: Browser, live_server: LiveServer) -> None:
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    page.goto(f"{live_server.url}/connexion/")
    found = faults(page, "/connexion/")
    enter(page, live_server.url)
    _hang_every_verdict()
    found += visit(page, live_server.url, ["/", "/?verdict=failed", "/nulle-part/"])
    page.goto(f"{live_server.url}/imports/persons/")
    page.set_input_files("[name=file]", {"name": "p.csv", "mimeType": "text/csv", "buffer": b"nom;x\n;1\n"})
    page.click("main form .button")
    found += faults(page, "import_check")
    found += visit(page, live_server.url, ["/demarrer/"])
    made.close()
    assert found == []
    assert watch.faults == []


def test_every_route_is_looked_at(full: Console) -> None:
    looked = {resolve(address.partition("?")[0]).url_name for address in addresses(full)}
    assert names() - looked - FORMS_ONLY - FILES - ENTRANCES - REDIRECTS == set()


def _hang_every_verdict() -> None:
    """No practice has all four yet: hang them all the same, to see that each can be read."""
    for place, (verdict, proof) in enumerate(
        [("passed", "measured"), ("passed", "attested"), ("not_applicable", "measured"), ("failed", "attested")]
    ):
        RuleResultRow.objects.filter(number=1 + place).update(verdict=verdict, proof=proof)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_an_empty_console(fresh: Console, browser: Browser, live_server: LiveServer, part: int) -> None:
    made = context(browser, live_server.url, "en")
    page = made.new_page()
    watch = Watch(page, live_server.url)
    enter(page, live_server.url)
    found = visit(page, live_server.url, addresses(fresh)[part::PARTS], LOOKS[:1])
    made.close()
    assert found == []
    assert watch.faults == []


def test_the_first_link_makes_an_administrator(
    transactional_db: None, empty: Console, browser: Browser, live_server: LiveServer
) -> None:
    token = first_link(empty)
    assert token
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    page.goto(live_server.url + reverse("first", args=[token]))
    found = faults(page, "first")
    page.fill("[name=name]", "Marie Durand")
    page.fill("[name=username]", "mdurand")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{live_server.url}/demarrer/cabinet/")
    page.goto(live_server.url + reverse("first", args=[token]))
    found += faults(page, "closed link")
    made.close()
    assert found == []
    assert [fault for fault in watch.faults if "410" not in fault] == []


def test_filters_answer_without_a_reload_and_arrows_walk_through_films(
    full: Console, browser: Browser, live_server: LiveServer
) -> None:
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    enter(page, live_server.url)
    page.evaluate("window.same = true")
    page.select_option("[name=verdict]", "failed")
    page.wait_for_selector(".film.dimmed")
    assert "verdict=failed" in page.url
    page.focus(".box li:nth-child(1) .film")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.querySelector('.number').textContent") == "10"
    assert page.evaluate("window.same") is True
    page.goto(f"{live_server.url}/comptes/")
    page.evaluate("window.same = true")
    page.fill("[name=q]", "mdurand")
    page.wait_for_selector("text=1 à 2 sur 2")  # on a computer, and in the RIS
    page.click("thead a >> nth=1")
    page.wait_for_url("**tri=where**")
    page.wait_for_selector("[name=tri][value=where]", state="attached")
    page.fill("[name=q]", "poste-accueil")
    page.wait_for_url("**q=poste-accueil**tri=where**")
    assert page.evaluate("window.same") is True
    number = JobRow.objects.get(target="10.77.0.0/24").pk
    page.goto(f"{live_server.url}/releves/{number}/")
    with page.expect_response(
        lambda response: f"/releves/{number}/" in response.url and response.request.headers.get("hx-request") == "true"
    ):
        pass
    made.close()
    assert watch.faults == []
    connection.close()


def test_the_guided_steps_stand_on_one_line(full: Console, browser: Browser, live_server: LiveServer) -> None:
    for language in ("fr", "en"):
        page = context(browser, live_server.url, language).new_page()
        enter(page, live_server.url)
        page.goto(f"{live_server.url}/demarrer/reseaux/")
        tops = page.evaluate("[...document.querySelectorAll('.steps li')].map(one => one.offsetTop)")
        assert len(set(tops)) == 1, language
        assert faults(page, "/demarrer/reseaux/") == []
        page.goto(f"{live_server.url}/regle/39/")
        assert faults(page, "/regle/39/") == []
