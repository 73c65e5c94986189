"""What a page shows stays out of every cache: the next person at this screen must log in to see it."""

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
