"""The report: one judgement, for the manager, for a spreadsheet, for a program."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from negatoscope.flows import proving
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import judgements
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@needs(Role.READER)
@require_GET
def report(request: Visit) -> HttpResponse:
    """Say what the report holds, and offer its three forms."""
    return render(request, "report/page.html", {"box": judgements.light_box(desk.practice(request))})


@needs(Role.READER)
@require_GET
def report_file(request: Visit, form: str) -> HttpResponse:
    """Make the report now."""
    kind = desk.found(KINDS.get(form))
    console, lang, who = desk.console(request), desk.language(), desk.operator(request)
    match form:
        case "pdf":
            data = proving.report_pdf(console, lang, who)
        case "xlsx":
            data = proving.report_xlsx(console, lang, who)
        case _:
            data = proving.report_json(console, who)
    return desk.attachment(data, f"negatoscope-{localtime(utc_now()):%Y-%m-%d}.{form}", kind)
