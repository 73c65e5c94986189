"""A full disk or a lost key is an answer, not a crash: nothing was kept, and the page says what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from negatoscope.flows.console import KeyLost
from negatoscope.flows.disk import DiskFull

INSUFFICIENT_STORAGE = 507
UNAVAILABLE = 503


class Trouble:
    """Middleware: what flows refuse becomes a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that the disk is full, or which key is gone; leave everything else to Django."""
        if isinstance(error, DiskFull):
            return render(request, "errors/full.html", status=INSUFFICIENT_STORAGE)
        if isinstance(error, KeyLost):
            return render(request, "errors/key.html", {"file": str(error)}, status=UNAVAILABLE)
        return None
