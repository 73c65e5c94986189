"""Review campaigns: those open and closed, and one of them line by line."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from negatoscope.flows import reviewing
from negatoscope.flows.reviewing import LISTS, NotReviewed, Reviewer
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.campaigns import Campaign, CampaignLine, Decision
from negatoscope.model.people import Person
from negatoscope.store.queries.register import declared
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.papers import CampaignForm

USUAL = timedelta(days=21)


@dataclass(frozen=True)
class Going:
    """A campaign and how far it has come."""

    campaign: Campaign
    asks: str
    answered: int
    late: bool


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def campaigns(request: Visit) -> HttpResponse:
    """List the campaigns; start one."""
    practice, today = desk.practice(request), localtime(utc_now()).date()
    lists = [(control, f"{control} · {_asks(control)}") for control in LISTS]
    form = CampaignForm(request.POST or None, today=today, lists=lists, initial={"due_on": today + USUAL})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = reviewing.start(desk.console(request), told["control"], told["due_on"], _who(request))
        except NotReviewed:
            messages.error(request, _("Il n’y a rien à revoir : aucun compte de cette liste n’est connu."))
            return redirect("campaigns")
        reviewing.remind(desk.console(request), made)
        messages.success(request, _("La liste est figée. Chaque responsable peut maintenant répondre."))
        return redirect("campaign", made.ident)
    answered: dict[str, int] = {}
    for line in declared(practice, CampaignLine):
        answered[line.campaign] = answered.get(line.campaign, 0) + line.answered
    held = sorted(declared(practice, Campaign), key=lambda one: (one.closed_at is not None, one.due_on))
    going = [_going(one, answered.get(one.ref, 0), today) for one in held]
    return render(
        request, "campaigns/campaigns.html", {"going": going, "form": form}, status=422 if form.errors else 200
    )


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def campaign(request: Visit, ident: str) -> HttpResponse:
    """Show the frozen list with its answers; answer, remind, close."""
    practice = desk.practice(request)
    one = desk.found(next((held for held in declared(practice, Campaign) if held.ident == ident), None))
    lines = reviewing.lines_of(desk.console(request), one)
    if request.method == "POST":
        return _act(request, one, lines)
    people = {person.ref: person.name for person in declared(practice, Person)}
    names = [(line, people.get(line.reviewer or "", ""), _said(line)) for line in lines]
    waiting = sorted({name for line, name, _decided in names if not line.answered and name})
    context = {
        "going": _going(one, sum(line.answered for line in lines), localtime(utc_now()).date()),
        "lines": names,
        "waiting": waiting,
        "people": sorted(people.items(), key=lambda one: one[1].casefold()),
        "nobody": sum(not line.answered and not line.reviewer for line in lines),
        "decisions": list(labels.DECISIONS.items()),
        "left": sum(not line.answered for line in lines),
    }
    return render(request, "campaigns/campaign.html", context)


def _act(request: Visit, one: Campaign, lines: tuple[CampaignLine, ...]) -> HttpResponse:
    console = desk.console(request)
    match request.POST.get("act"):
        case "answer" if one.closed_at is None:
            answers = {line: answer for line in lines if (answer := _answer(request, line))}
            reviewing.decide(console, answers, _who(request))
            many = len(answers)
            said = ngettext("%(n)d réponse est signée.", "%(n)d réponses sont signées.", many) % {"n": many}
            messages.success(request, said)
        case "assign" if one.closed_at is None:
            _assign(request, lines)
        case "remind":
            many = reviewing.remind(console, one)
            said = ngettext("%(n)d rappel est préparé.", "%(n)d rappels sont préparés.", many) % {"n": many}
            messages.success(request, said)
        case "close" if one.closed_at is None:
            _close(request, one, lines)
    return redirect("campaign", one.ident)


def _assign(request: Visit, lines: tuple[CampaignLine, ...]) -> None:
    """Give the lines that were ticked to somebody."""
    reviewer = request.POST.get("reviewer", "")
    ticked = [line for line in lines if not line.answered and f"line-{line.number}" in request.POST]
    if not ticked or reviewer not in {person.ref for person in declared(desk.practice(request), Person)}:
        messages.error(request, _("Cochez des lignes, et choisissez à qui les confier."))
        return
    reviewing.assign(desk.console(request), ticked, reviewer, _who(request))
    many = len(ticked)
    said = ngettext("%(n)d ligne est confiée.", "%(n)d lignes sont confiées.", many) % {"n": many}
    messages.success(request, said)


def _answer(request: Visit, line: CampaignLine) -> tuple[Decision, str | None] | None:
    """What was chosen for a line, where it differs from what stands."""
    chosen = request.POST.get(f"decision-{line.number}", "")
    note = request.POST.get(f"note-{line.number}", "").strip()[:500] or None
    if chosen not in set(Decision) or (line.decision == chosen and line.note == note):
        return None
    return Decision(chosen), note


def _close(request: Visit, one: Campaign, lines: tuple[CampaignLine, ...]) -> None:
    many = len(lines)
    removed = sum(line.decision is Decision.REMOVE for line in lines)
    statement = _("Revue close : %(n)d lignes revues une à une, dont %(removed)d à retirer.") % {
        "n": many,
        "removed": removed,
    }
    try:
        reviewing.close(desk.console(request), one, statement, _who(request))
    except NotReviewed as error:
        said = ngettext("Il manque encore %(n)d réponse.", "Il manque encore %(n)d réponses.", error.count)
        messages.error(request, said % {"n": error.count})
    else:
        desk.judge_again(request)
        messages.success(request, _("La revue est close ; la liste signée vaut attestation."))


def _said(line: CampaignLine) -> str:
    return labels.label(labels.DECISIONS, line.decision.value) if line.decision else ""


def _going(one: Campaign, answered: int, today: date) -> Going:
    return Going(one, _asks(one.control), answered, one.closed_at is None and one.due_on < today)


def _asks(control: str) -> str:
    return texts.rule(control.partition(".")[0]).controls[control].asks[desk.language()]


def _who(request: Visit) -> Reviewer:
    return Reviewer(desk.operator(request), desk.signature(request))
