"""Where somebody whom the alert chain calls says that they read it: their own address, no account, on a telephone.

Looking at the page answers nothing: programs that preview addresses open them too. The button does.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from negatoscope.flows import launching
from negatoscope.flows.launching import CLOSED, NotLaunched
from negatoscope.model.launch import LaunchState, Purpose
from negatoscope.web import desk, launch_labels
from negatoscope.web.labels import label

GONE, CONFLICT = 410, 409


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chain_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Say what it is about, and take the answer."""
    console = desk.console(request)
    try:
        one, ring = launching.of_token(console, token)
    except NotLaunched as refused:
        return desk.missing() if refused.code == "unknown" else render(request, "chain/gone.html", status=GONE)
    if request.method == "POST":
        try:
            launching.answer(console, token)
        except NotLaunched as refused:
            said = {"one": one, "refused": label(launch_labels.REFUSED, refused.code)}
            return render(request, "chain/answer.html", said, status=CONFLICT)
        return redirect("chain_answer", token)
    others = [each for each in one.rings if each.answered_at and each.number != ring.number]
    context = {
        "one": one,
        "ring": ring,
        "others": others,
        "drill": one.purpose is Purpose.DRILL,
        "closed": one.state in CLOSED,
        "false_alarm": one.state is LaunchState.FALSE_ALARM,
    }
    return render(request, "chain/answer.html", context)
