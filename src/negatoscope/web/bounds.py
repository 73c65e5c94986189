"""What somebody who has not come in may send: their forms are small, and no file is read for them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MOST = 64 * 1024
"""Octets of a form with files. Pages that take more of anybody read their forms themselves, once they know its size."""
TOO_LARGE = 413


class Bounds:
    """Middleware: stands before whatever reads a form, even to look for its own key in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_args: object) -> HttpResponse | None:
        """Refuse unread what is too large."""
        if request.content_type != "multipart/form-data" or request.user.is_authenticated:
            return None
        length = request.META.get("CONTENT_LENGTH") or "0"
        if getattr(view, "csrf_exempt", False) or (length.isdecimal() and int(length) <= MOST):
            return None
        return render(request, "errors/large.html", status=TOO_LARGE)
