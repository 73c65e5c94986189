"""Where something is reported that no duty compels: questions to be answered, what they lead to; nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from negatoscope.respond.duty import Answer
from negatoscope.respond.routing import questions, routes
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs

ANSWERS = {Answer.YES: _("oui"), Answer.NO: _("non"), Answer.UNKNOWN: _("je ne sais pas")}
CONFIDENCES = {"likely": _("probable"), "doubtful": _("à confirmer")}


@needs(Role.READER)
@require_GET
def where_to_report(request: HttpRequest) -> HttpResponse:
    """Ask, and say where to go, why, what to have at hand. The answers stand in the address alone."""
    lang, known = desk.language(), {one.value for one in Answer}
    told = {one.id: Answer(said) for one in questions() if (said := request.GET.get(one.id, "")) in known}
    led = [
        (one.place, one.place.why[lang], one.place.bring[lang], one.sure is Answer.YES,
         CONFIDENCES.get(one.place.confidence, ""))
        for one in routes(told)
    ]  # fmt: skip
    context = {
        "questions": [(one.id, one[lang], told.get(one.id, Answer.UNKNOWN).value) for one in questions()],
        "answers": [(code.value, said) for code, said in ANSWERS.items()],
        "led": led if told else None,
    }
    return render(request, "routing/page.html", context)
