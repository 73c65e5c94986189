"""A console whose pages can be asked for, empty or furnished."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings

from negatoscope.config import Config
from negatoscope.flows.console import Console
from negatoscope.flows.opening import open_console
from negatoscope.kit.clock import utc_now
from negatoscope.store.users import User
from tests.web.browser import chromium, open_browser
from tests.web.furnished import PASSWORD, furnish, users

LOCAL_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.CONFIG = Config(data=tmp_path)
    settings.CACHES = LOCAL_MEMORY
    cache.clear()
    return tmp_path


@pytest.fixture
def empty(db: None, folder: Path) -> Console:
    """Opened a moment ago: nobody, nothing."""
    return open_console(Config(data=folder), utc_now)


@pytest.fixture
def fresh(empty: Console) -> Console:
    """People may log in; nothing was looked at."""
    users(empty)
    return empty


@pytest.fixture
def full(db: None, folder: Path) -> Console:
    """Three days of work."""
    furnish(folder, utc_now())
    return Console(Config(data=folder), 1, 1, utc_now)


def enter(client: Client, username: str = "mdurand") -> Client:
    """Log somebody in through the page."""
    answer: Any = client.post("/connexion/", {"login": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def show_again(client: Client, ago: int = 0) -> Client:
    """As if whoever is logged in had shown their password some seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def marie(client: Client) -> Client:
    """The administrator, logged in; ask for ``fresh`` or ``full`` first."""
    client.force_login(User.objects.get(username="mdurand"))
    return show_again(client)


@pytest.fixture
def jean(client: Client) -> Client:
    """Somebody who is no administrator."""
    client.force_login(User.objects.get(username="jpetit"))
    return client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("Chromium is missing: sudo apt-get install chromium")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps a loop in this thread; our queries stay ordinary
    with open_browser(path) as opened:
        yield opened
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
