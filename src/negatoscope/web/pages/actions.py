"""The action plan: what was promised, by whom, until when, at what cost; and what a look has seen of it."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import acting, naming
from negatoscope.flows.advising import number_of
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.actions import STANDING, Action, ActionState
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Person, Waiver
from negatoscope.store.queries import judgements, register, users
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.acting import CHOSEN, STATES, MoveForm, PlanForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name

OFFERED = 500


def _today() -> date:
    return localtime(utc_now()).date()


def _page(row: Action) -> str:
    return reverse("action", args=[row.control, row.subject])


@needs(Role.READER)
@require_GET
def actions(request: Visit) -> HttpResponse:
    """List the plan, what is late first."""
    today = _today()
    rows = sorted(
        acting.planned(desk.practice(request)), key=lambda row: (row.state not in STANDING, row.due_on, row.ref)
    )
    owners = sorted({row.owner for row in rows})
    columns = _columns(today, naming.names(desk.practice(request), (row.subject for row in rows)))
    choices: tuple[Choice[Action], ...] = (
        Choice("etat", gettext_lazy("État"), tuple(STATES.items()), lambda row: row.state.value),
        Choice(
            "retard",
            gettext_lazy("Retard"),
            (("late", gettext_lazy("en retard")), ("in_time", gettext_lazy("à temps"))),
            lambda row: "late" if row.late(today) else "in_time",
        ),
        Choice("qui", gettext_lazy("Responsable"), [(one, one) for one in owners], lambda row: row.owner),
    )
    empty = Empty(
        _("Aucune action n’est prévue : elles se planifient depuis un constat."),
        reverse("lightbox") + "?verdict=failed",
        _("Voir les films rouges"),
    )
    table = Table("actions", _("Plan d’action"), columns, listed(rows, columns, choices), empty, choices)
    standing = [row for row in rows if row.state in STANDING]
    context = {
        "standing": len(standing),
        "late": sum(row.late(today) for row in rows),
        "to_verify": sum(row.state is ActionState.DONE for row in rows),
        "cost": sum(row.cost or 0 for row in standing),
        "uncosted": sum(row.cost is None for row in standing),
    }
    return answer(request, "actions/page.html", table, context)


def _columns(today: date, names: dict[Ref, str]) -> tuple[Column[Action], ...]:
    return (
        Column("subject", gettext_lazy("Sujet"), lambda row: _named(row.subject, names), link=_page),
        Column("control", gettext_lazy("Contrôle"), lambda row: row.control, "code"),
        Column("owner", gettext_lazy("Responsable"), lambda row: row.owner),
        Column("due", gettext_lazy("Pour le"), lambda row: row.due_on),
        Column("late", gettext_lazy("En retard"), lambda row: row.late(today)),
        Column("state", gettext_lazy("État"), lambda row: labels.label(STATES, row.state)),
        Column("cost", gettext_lazy("Coût (€)"), lambda row: row.cost, "number"),
    )


def _named(ref: Ref, names: dict[Ref, str]) -> str:
    return names.get(ref) or subject_name(ref)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def plan(request: Visit, number: int, ident: str) -> HttpResponse:
    """Promise repairs for subjects of one control: one of them, or many at once."""
    practice = desk.practice(request)
    told = desk.found(judgements.film(practice, number))
    result = desk.found(next((one for one in told[1] if one.id == ident), None))
    taken = {one.subject for one in acting.planned(practice) if one.control == ident}
    items: list[Finding | Doubt] = [*result.findings, *result.doubts]
    found = dict.fromkeys(one.subject for one in items)
    subjects = [ref for ref in found if ref not in taken][:OFFERED]
    wanted = request.GET.get("sujet")
    initial = {
        "owner": request.user.get_full_name() or request.user.username,
        "subjects": [wanted] if wanted in subjects else subjects,
    }
    names = naming.names(practice, subjects)
    named = [(ref, _named(ref, names)) for ref in subjects]
    form = PlanForm(request.POST or None, today=_today(), subjects=named, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["subjects"]
        many = acting.plan(desk.console(request), desk.operator(request), ident, chosen, form.promise)
        done = ngettext("%(n)d action est planifiée.", "%(n)d actions sont planifiées.", many) % {"n": many}
        messages.success(request, done)
        return redirect("actions")
    said = texts.rule(f"R{number}").controls[ident]
    context = {
        "number": number,
        "ident": ident,
        "asks": said.asks[desk.language()],
        "fix": said.fix[desk.language()],
        "subjects": subjects,
        "taken": len(taken & found.keys()),
        "form": form,
        "people": _people(practice),
    }
    return render(request, "actions/plan.html", context, status=422 if form.errors else 200)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def action(request: Visit, control: str, subject: str) -> HttpResponse:
    """Show one repair, and take its next step."""
    practice = desk.practice(request)
    one = _action(practice, control, subject)
    state = one.state.value if one.state.value in CHOSEN else ActionState.OPEN.value
    initial = {"state": state, "owner": one.owner, "due_on": one.due_on, "cost": one.cost}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = ActionState(form.cleaned_data["state"])
        acting.move(desk.console(request), desk.operator(request), one, wanted, form.promise)
        messages.success(request, _("C’est noté. Seul un relevé qui ne voit plus le constat ferme une action."))
        return redirect("action", control, subject)
    waivers = [told.fact for told in register.of_kind(practice, Waiver.__name__)]
    names = users.names(practice)
    context = {
        "one": one,
        "subject": naming.known_as(practice, subject, desk.language()),
        "number": number_of(control),
        "late": one.late(_today()),
        "closed": one.state is ActionState.CLOSED,
        "steps": [(step, labels.who(step.who, names), labels.label(STATES, step.state)) for step in one.steps],
        "state": labels.label(STATES, one.state),
        "fix": texts.rule(f"R{number_of(control)}").controls[control].fix[desk.language()],
        "waiver": next((each for each in waivers if (each.control, each.subject) == (control, subject)), None),
        "form": form,
        "people": _people(practice),
    }
    return render(request, "actions/action.html", context, status=422 if form.errors else 200)


@needs(Role.OPERATOR)
@require_POST
def drop(request: Visit, control: str, subject: str) -> HttpResponse:
    """Take a repair out of the plan."""
    one = _action(desk.practice(request), control, subject)
    acting.drop(desk.console(request), desk.operator(request), one)
    messages.success(request, _("L’action est retirée du plan. Le constat, lui, reste."))
    return redirect("actions")


def _action(practice: int, control: str, subject: str) -> Action:
    told = register.about(practice, f"action/{control}/{subject}")
    one: Action | None = next((one.fact for one in told if one.kind == Action.__name__), None)
    return desk.found(one)


def _people(practice: int) -> list[str]:
    return sorted({told.fact.name for told in register.of_kind(practice, Person.__name__)})
