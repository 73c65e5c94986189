"""A full disk is an answer, not a crash: nothing was kept, and the page says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from negatoscope.flows.disk import DiskFull

INSUFFICIENT_STORAGE = 507


class Trouble:
    """Middleware: what flows refuse becomes a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that the disk is full; leave everything else to Django."""
        if isinstance(error, DiskFull):
            return render(request, "errors/full.html", status=INSUFFICIENT_STORAGE)
        return None
