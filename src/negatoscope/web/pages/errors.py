"""When something is wrong; and the answer to whoever asks whether the console is up."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the console answers, and nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer a request that cannot be read."""
    return render(request, "errors/400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer somebody who may not do this."""
    return render(request, "errors/403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer a wrong address."""
    return render(request, "errors/404.html", status=404)


@login_not_required
def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Answer a form that came from elsewhere, or too late."""
    return render(request, "errors/csrf.html", status=403)


@login_not_required
def broken(_request: HttpRequest) -> HttpResponse:
    """Answer when our own code failed: nothing here may fail again, so no context processor runs."""
    return HttpResponse(loader.get_template("errors/500.html").render({"theme": "auto"}), status=500)
