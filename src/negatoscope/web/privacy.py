"""What a page shows stays out of every cache: the next person at this screen must log in to see it."""

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Privacy:
    """Middleware: no page is stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forbid storing."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class HideTokens(logging.Filter):
    """What is logged of a request never names the token that its address bears."""

    TOKEN = re.compile(r"(/agent/|/signaler/recu/|/repondre/)[^\s?/\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide it, and let the rest through."""
        record.msg, record.args = self.TOKEN.sub(r"\1…", record.getMessage()), None
        return True
