"""The written policy and its review; the texts that people read and sign."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import adopting
from negatoscope.flows.adopting import Signer
from negatoscope.flows.declaring import Said, declare
from negatoscope.judge import texts
from negatoscope.judge.catalogue import PREAMBLE
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Retraction
from negatoscope.model.papers import Paper, PaperKind, PolicyReview, Signature
from negatoscope.model.people import Person
from negatoscope.store.queries import judgements
from negatoscope.store.queries.register import declared
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.papers import PastDayForm, ReviewForm
from negatoscope.web.pages.film import strip_of

TITLES: dict[PaperKind, str | Promise] = {
    PaperKind.POLICY: gettext_lazy("Politique de sécurité"),
    PaperKind.CHARTER: gettext_lazy("Charte informatique"),
    PaperKind.TRAINING: gettext_lazy("Formation de l’année"),
}


@dataclass(frozen=True)
class Standing:
    """Where one person stands with the three."""

    person: Person
    cells: tuple[tuple[Signature | None, bool], ...]
    """The signature, and whether it counts today; in the order of ``PaperKind``."""


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def policy(request: Visit) -> HttpResponse:
    """Show the written policy: its state, its text, who has read it, its reviews."""
    practice, today = desk.practice(request), localtime(utc_now()).date()
    form = ReviewForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        held = PolicyReview(told["on"], desk.signature(request), told["concluded"])
        adopting.review(desk.console(request), held, _signer(request))
        desk.judge_again(request)
        messages.success(request, _("La revue de direction est notée."))
        return redirect("policy")
    told_of = judgements.film(practice, 0)
    results = {result.id: result for result in told_of[1]} if told_of else {}
    here, lang = texts.rule(PREAMBLE.id), desk.language()
    strips = [strip_of(practice, PREAMBLE, one, results.get(one.id)) for one in PREAMBLE.controls.values()]
    context = {
        "film": told_of[0] if told_of else None,
        "title": here.title[lang],
        "why": here.why[lang],
        "next": here.next[lang],
        "strips": strips,
        "paper": next((one for one in declared(practice, Paper) if one.kind is PaperKind.POLICY), None),
        "reviews": sorted(declared(practice, PolicyReview), key=lambda one: one.on, reverse=True),
        "form": form,
    }
    return render(request, "papers/policy.html", context, status=422 if form.errors else 200)


@needs(Role.READER)
@require_GET
def paper_draft(request: Visit, kind: str) -> HttpResponse:
    """Hand out the next version of a text, as it would be signed now."""
    wanted = _written(kind)
    data = adopting.draft(desk.console(request), wanted, desk.language())
    return desk.attachment(data, f"projet-{kind}.pdf", "application/pdf")


@needs(Role.APPROVER)
@require_POST
def paper_adopt(request: Visit, kind: str) -> HttpResponse:
    """Sign the draft: it is the version in force from now on."""
    paper = adopting.adopt(desk.console(request), _written(kind), desk.language(), _signer(request))
    desk.judge_again(request)
    said = _("La version %(n)d est signée. Chacun a trente jours pour la lire ou la signer.") % {"n": paper.version}
    messages.success(request, said)
    return redirect("policy" if kind == PaperKind.POLICY else "papers")


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def papers(request: Visit) -> HttpResponse:
    """Show who read, signed and followed what; record it for several people at once."""
    console, practice, today = desk.console(request), desk.practice(request), localtime(utc_now()).date()
    staff = adopting.staff_of(console)
    form = PastDayForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        _record(request, staff, form.cleaned_data["on"])
        return redirect("papers")
    held = {paper.kind: paper for paper in declared(practice, Paper)}
    given = {(one.person, one.kind): one for one in declared(practice, Signature)}
    standing = [
        Standing(person, tuple(_cell(person, kind, given, held, today) for kind in PaperKind)) for person in staff
    ]
    context = {
        "written": [(kind.value, TITLES[kind], held.get(kind)) for kind in adopting.WRITTEN],
        "kinds": [
            (kind.value, TITLES[kind], sum(one.cells[place][1] for one in standing))
            for place, kind in enumerate(PaperKind)
        ],
        "standing": standing,
        "form": form,
    }
    return render(request, "papers/papers.html", context, status=422 if form.errors else 200)


def _cell(
    person: Person,
    kind: PaperKind,
    given: dict[tuple[str, PaperKind], Signature],
    held: dict[PaperKind, Paper],
    today: date,
) -> tuple[Signature | None, bool]:
    signature = given.get((person.ref, kind))
    if signature is None or signature.signed_on is None:
        return signature, False
    if kind is PaperKind.TRAINING:
        return signature, (today - signature.signed_on).days <= adopting.TRAINING_DAYS
    return signature, kind in held and signature.version == held[kind].version


def _record(request: Visit, staff: tuple[Person, ...], on: date) -> None:
    chosen = set(request.POST.getlist("person"))
    kind = next((one for one in PaperKind if one.value == request.POST.get("kind")), None) or desk.missing()
    people = [person for person in staff if person.ref in chosen]
    if request.POST.get("act") == "withdraw":
        gone = [Retraction(Signature.__name__, Signature(person.ref, kind).ref) for person in people]
        declare(desk.console(request), Said(desk.operator(request)), (), gone)
        many = len(gone)
    else:
        many = adopting.record(desk.console(request), kind, people, on, _signer(request))
    if many:
        desk.judge_again(request)
        said = ngettext("C’est noté pour %(n)d personne.", "C’est noté pour %(n)d personnes.", many) % {"n": many}
        messages.success(request, said)
    else:
        messages.error(request, _("Rien n’est noté : choisissez des personnes, et signez d’abord le texte."))


def _written(kind: str) -> PaperKind:
    return next((one for one in adopting.WRITTEN if one.value == kind), None) or desk.missing()


def _signer(request: Visit) -> Signer:
    return Signer(desk.operator(request), desk.signature(request))
