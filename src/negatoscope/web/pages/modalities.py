"""What stands behind a modality's updates: the manufacturer's agreement, or a derogation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.kit.clock import utc_now
from negatoscope.model.imaging import PaperState, UpdatePaper
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.remote import UpdatePaperForm


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def host_update_paper(request: Visit, name: str) -> HttpResponse:
    """Record an agreement or a derogation for one modality."""
    practice, ref = desk.practice(request), f"host/{name}"
    desk.found(register.about(practice, ref) or None)
    form = UpdatePaperForm(request.POST or None, request.FILES or None, today=localtime(utc_now()).date())
    if request.method == "POST" and form.is_valid():
        told, console = dict(form.cleaned_data), desk.console(request)
        document = told.pop("document")
        paper = UpdatePaper(
            ref,
            PaperState(told["state"]),
            told["stated_by"],
            told["until"],
            told["compensation"] or None,
            document.name if document else None,
            keep_document(console, document.read()) if document else None,
        )
        declare(console, Said(desk.operator(request)), (paper,))
        desk.judge_again(request)
        messages.success(request, _("C’est enregistré."))
        return redirect("host", name)
    papers = register.about(practice, f"updatepaper/{name}")
    context = {"name": name, "form": form, "paper": papers[0].fact if papers else None}
    return render(request, "register/update_paper.html", context, status=422 if form.errors else 200)
