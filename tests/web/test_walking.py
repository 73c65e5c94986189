"""The map and its differences, walked by keyboard in a real browser."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from tests.web.test_axe import Watch, context, enter, faults
from tests.web.test_drawing import plan


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_differences_are_walked_by_keyboard(full: Console, browser: Browser, live_server: LiveServer) -> None:
    plan(full)
    declare(full, Said("user:mdurand"), (), (Retraction("Host", "host/irm-1"),))
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    enter(page, live_server.url)
    page.goto(f"{live_server.url}/carte/changements/")
    page.wait_for_selector("#map[data-drawn]")
    assert faults(page, "/carte/changements/") == []
    page.click("input[value=new]")
    page.click("input[value=moved]")
    page.focus("#map")
    page.keyboard.press("n")
    assert page.inner_text("#map-told h2") == "\N{MINUS SIGN} irm-1"
    assert page.inner_text("#map-step") == "Différence 1 / 1"
    page.click("input[value=new]")
    page.focus("#map")
    page.keyboard.press("p")
    assert page.inner_text("#map-told h2").startswith("+")
    page.click("#map-after")
    assert page.inner_text("#map-step").startswith("Différence ")
    made.close()
    assert watch.faults == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_drawing_keeps_the_policy_and_is_walked_by_keyboard(
    full: Console, browser: Browser, live_server: LiveServer
) -> None:
    plan(full)
    declare(full, Said("user:mdurand"), (Host("host/perdu", "<b>perdu</b>"), Network("10.99.0.0/24")))
    made = context(browser, live_server.url)
    page = made.new_page()
    watch = Watch(page, live_server.url)
    enter(page, live_server.url)
    page.goto(f"{live_server.url}/carte/")
    page.wait_for_selector("#map[data-drawn]")
    assert faults(page, "/carte/") == []
    page.set_viewport_size({"width": 1400, "height": 900})
    page.fill("#map-search", "scanner")
    page.press("#map-search", "Enter")
    assert page.inner_text("#map-told h2") == "scanner-1"
    assert page.evaluate("document.activeElement.id") == "map"
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#map-told h2") != "scanner-1"
    page.keyboard.press("Escape")
    assert page.is_hidden("#map-told")
    page.fill("#map-search", "perdu")
    page.press("#map-search", "Enter")
    assert page.inner_text("#map-told h2") == "<b>perdu</b>"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/equipements/b-perdu-b/")
    made.close()
    assert watch.faults == []
