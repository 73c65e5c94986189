"""Signs that turn text round stay visible: a file named backwards must not read as another one."""

import re
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

TURNS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9). No text of ours has any."""
SHOWN = "\N{REPLACEMENT CHARACTER}"


class Visible:
    """Middleware: in a page, such a sign is shown as one that could not be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and put them in sight."""
        response = self.get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            page: str = response.content.decode()  # type: ignore[attr-defined]  # what does not stream has it
            if TURNS.search(page):
                response.content = TURNS.sub(SHOWN, page).encode()  # type: ignore[attr-defined]
        return response
