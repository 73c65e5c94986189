"""The demonstration: how a console offers it, and the entrance of the demonstration itself."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows import demonstrating
from negatoscope.flows.admitting import link_opens
from negatoscope.store import users
from negatoscope.web import desk


@login_not_required
@require_http_methods(["GET", "POST"])
def demonstration(request: HttpRequest, token: str = "") -> HttpResponse:
    """Offer the demonstration to whoever holds the first link or has come in; start it; say where it is open."""
    if not request.user.is_authenticated:
        if not token:
            return redirect("account_login")
        if not link_opens(desk.console(request), token):
            return render(request, "welcome/closed.html", status=410)
    if request.method == "POST":
        demonstrating.ask(settings.CONFIG)
        return redirect(f"{request.path}?demandee")
    address = demonstrating.address(settings.CONFIG)
    failed = demonstrating.failed(settings.CONFIG)
    context = {"token": token, "address": address, "failed": failed, "asked": "demandee" in request.GET and not failed}
    return render(request, "welcome/demonstration.html", context)


@login_not_required
@require_POST
def visit(request: HttpRequest) -> HttpResponse:
    """Let the visitor of a demonstration in; anywhere else there is no such page."""
    if settings.CONFIG.demonstration is None:
        desk.missing()
    visitor = desk.found(users.named(desk.console(request).practice, demonstrating.VISITOR))
    login(request, visitor, "django.contrib.auth.backends.ModelBackend")
    return redirect("lightbox")
