"""Every page answers, on empty and on furnished data, in both languages."""

import re

import pytest
from django.test import Client

from negatoscope.flows.console import Console
from tests.web.routes import addresses, visited_names
from tests.web.routes import names as route_names

INLINE = r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*(\ssrc=|type=\"application/json\"))"
"""What the content policy would block; data for a script is none."""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_answers_on_furnished_data(full: Console, marie: Client, language: str) -> None:
    marie.cookies["language"] = language
    for address in addresses(full):
        answer = marie.get(address)
        assert answer.status_code == 200, (address, answer.status_code)


def test_every_page_answers_on_empty_data(fresh: Console, marie: Client) -> None:
    for address in addresses(fresh):
        answer = marie.get(address)
        assert answer.status_code == 200, (address, answer.status_code)


def test_no_route_is_left_unvisited(full: Console) -> None:
    assert route_names() - visited_names() == set()


def test_pages_hold_no_inline_script_or_style(full: Console, marie: Client) -> None:
    for address in addresses(full):
        page = marie.get(address).content.decode(errors="replace")
        if page.lstrip().startswith("<!doctype"):
            assert not re.search(INLINE, page), address
