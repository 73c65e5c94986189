"""Arrivals and departures: the list, one case, its opening, and the templates by role."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import accompanying as flow
from negatoscope.flows.accompanying import Held, NotProven, Opening, Who
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.cases import Case, CaseKind, CaseTask, RoleTemplate
from negatoscope.model.evidence import Retraction
from negatoscope.model.people import Departure, Person
from negatoscope.store.queries.register import declared
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.cases import OpeningForm, TemplateForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_url

PATHS = {"arrivee": CaseKind.ARRIVAL, "depart": CaseKind.DEPARTURE}
NAMES = {kind: path for path, kind in PATHS.items()}


@dataclass(frozen=True)
class Row:
    """One case in the list."""

    case: Case
    name: str
    signed: int
    asked: int
    today: date

    @property
    def state(self) -> str:
        """``closed``, ``late``, ``today`` or ``open``."""
        if self.case.closed_at:
            return "closed"
        return "late" if self.case.on < self.today else "today" if self.case.on == self.today else "open"

    @property
    def url(self) -> str:
        """Its page."""
        return case_url(self.case)


def case_url(case: Case) -> str:
    """The page of a case."""
    return reverse("case", args=[case.person.removeprefix("person/"), NAMES[case.kind]])


@needs(Role.READER)
@require_GET
def cases(request: Visit) -> HttpResponse:
    """List arrivals and departures, the open ones first."""
    known = StoredRegister(desk.practice(request))
    people = {person.ref: person for person in known.seen(Person).facts}
    today = localtime(utc_now()).date()
    tasks: dict[str, list[CaseTask]] = {}
    for task in known.seen(CaseTask).facts:
        tasks.setdefault(task.case, []).append(task)
    rows = [
        Row(
            case,
            people[case.person].name if case.person in people else case.person.removeprefix("person/"),
            sum(task.signed for task in tasks.get(case.ref, ())),
            len(tasks.get(case.ref, ())),
            today,
        )
        for case in known.seen(Case).facts
    ]
    rows.sort(key=lambda row: (row.case.closed_at is not None, row.case.on))
    begun = {row.case.person for row in rows if row.case.kind is CaseKind.DEPARTURE}
    gone = [people[one.holder] for one in known.seen(Departure).facts if one.holder in people.keys() - begun]
    columns, choices = _columns(), _choices()
    empty = Empty(_("Aucun dossier n’est ouvert."), reverse("persons"), _("Choisir une personne"))
    table = Table("mouvements", _("Arrivées et départs"), columns, listed(rows, columns, choices), empty, choices)
    late = sum(row.state == "late" for row in rows)
    return answer(request, "cases/cases.html", table, {"without": gone, "late": late, "total": len(rows)})


def _columns() -> tuple[Column[Row], ...]:
    return (
        Column("name", gettext_lazy("Personne"), lambda row: row.name, link=lambda row: row.url),
        Column("kind", gettext_lazy("Dossier"), lambda row: labels.label(labels.CASES, row.case.kind.value)),
        Column("on", gettext_lazy("Jour"), lambda row: row.case.on),
        Column("owner", gettext_lazy("Qui s’en occupe"), lambda row: row.case.owner),
        Column("tasks", gettext_lazy("Signé"), lambda row: f"{row.signed}/{row.asked}", "number", sortable=False),
        Column("state", gettext_lazy("État"), lambda row: labels.label(labels.CASE_STATES, row.state)),
    )


def _choices() -> tuple[Choice[Row], ...]:
    return (
        Choice("genre", gettext_lazy("Dossier"), tuple(labels.CASES.items()), lambda row: row.case.kind.value),
        Choice("etat", gettext_lazy("État"), tuple(labels.CASE_STATES.items()), lambda row: row.state),
    )


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def case(request: Visit, ident: str, way: str) -> HttpResponse:
    """Show one case; sign, undo, add, close, reopen or withdraw."""
    console, one = desk.console(request), _case(request, ident, way)
    told = flow.held(console, one)
    if request.method == "POST":
        return _act(request, told)
    person = _person(request, ident)
    lang = desk.language()
    context = {
        "ident": ident,
        "way": way,
        "leaving": one.kind is CaseKind.DEPARTURE,
        "person": person,
        "name": person.name if person else ident,
        "case": one,
        "state": Row(one, "", 0, 0, localtime(utc_now()).date()).state,
        "held": told,
        "steps": [(step, labels.label(labels.STEPS, step.act), _thing(step.detail)) for step in told.steps],
        "tasks": [(task, _thing(task.what), labels.label(labels.TASKS, task.kind.value)) for task in told.tasks],
        "against": [
            (texts.sentence(doubt, "R3", lang, _named(doubt.subject, told)), _door(doubt.subject))
            for doubt in told.against
        ],
        "seen": told.by_look,
        "unseen": [door for door in told.doors if not door.measurable and not door.likely],
    }
    return render(request, "cases/case.html", context)


def _named(ref: str, told: Held) -> str | None:
    """A task is named by what it asks; anything else by the register."""
    return next((str(_thing(task.what)) for task in told.tasks if task.ref == ref), None)


def _door(ref: str) -> str | None:
    """Where to mend it; a task is mended on this very page."""
    return None if ref.startswith("task/") else subject_url(ref)


def _thing(what: str | None) -> str | None:
    return None if what is None else labels.label(labels.THINGS, what)


def _act(request: Visit, told: Held) -> HttpResponse:
    console, who, one = desk.console(request), _who(request), told.case
    task = next((task for task in told.tasks if task.ref == request.POST.get("task")), None)
    typed = request.POST.get("statement", "").strip()[:1000]
    match request.POST.get("act"):
        case "sign" if task and typed:
            flow.sign_task(console, task, typed, who)
        case "sign" | "reopen" | "add" if not typed:
            messages.error(request, _("Dites en quelques mots ce qui a été fait : c’est ce que vous signez."))
        case "undo" if task:
            flow.undo_task(console, task, who)
        case "add":
            subject = request.POST.get("subject") or None
            known = {door.ref for door in told.doors if not door.measurable}
            flow.add_task(console, one, typed, subject if subject in known else None, who)
        case "reopen":
            flow.reopen_case(console, one, typed, who)
        case "close":
            _close(request, told)
        case "withdraw":
            flow.withdraw_case(console, one, who)
            desk.judge_again(request)
            messages.success(request, _("Le dossier est annulé. L’histoire en reste dans le journal."))
            return redirect("person", one.person.removeprefix("person/"))
    return redirect(case_url(one))


def _close(request: Visit, told: Held) -> None:
    try:
        flow.close_case(desk.console(request), told.case, _who(request))
    except NotProven as error:
        many = len(error.against)
        said = ngettext("Il manque encore %(n)d preuve.", "Il manque encore %(n)d preuves.", many) % {"n": many}
        messages.error(request, _("Ce dossier ne peut pas être clos.") + " " + said)
    else:
        desk.judge_again(request)
        messages.success(request, _("Le dossier est clos : chaque point est prouvé."))


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def case_open(request: Visit, ident: str, way: str) -> HttpResponse:
    """Open an arrival or a departure."""
    kind = PATHS.get(way) or desk.missing()
    person = desk.found(_person(request, ident))
    leaving = kind is CaseKind.DEPARTURE
    day = person.left_on if leaving else person.arrived_on
    form = OpeningForm(
        request.POST or None,
        leaving=leaving,
        today=day or localtime(utc_now()).date(),
        initial={"owner": request.user.get_full_name()},
    )
    if request.method == "POST" and form.is_valid():
        opening = Opening(person, kind, form.cleaned_data["on"], form.cleaned_data["owner"])
        opened = flow.open_case(desk.console(request), opening, _who(request))
        desk.judge_again(request)
        messages.success(request, _("Le dossier est ouvert."))
        return redirect(case_url(opened))
    context = {"form": form, "person": person, "ident": ident, "leaving": leaving, "way": way}
    return render(request, "cases/open.html", context, status=422 if form.errors else 200)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def role_templates(request: Visit) -> HttpResponse:
    """Say what somebody of each role is given, and gives back."""
    practice = desk.practice(request)
    held = sorted(StoredRegister(practice).seen(RoleTemplate).facts, key=lambda one: one.role.casefold())
    chosen = next((one for one in held if one.role == request.GET.get("fonction")), None)
    if request.method == "POST" and request.POST.get("act") == "remove":
        gone = [Retraction(RoleTemplate.__name__, one.ref) for one in held if one.role == request.POST.get("role")]
        declare(desk.console(request), Said(desk.operator(request)), (), gone)
        return redirect("role_templates")
    form = TemplateForm(request.POST or None, initial=_typed(chosen))
    if request.method == "POST" and form.is_valid():
        declare(desk.console(request), Said(desk.operator(request)), (form.template(),))
        desk.judge_again(request)
        messages.success(request, _("Le modèle est enregistré ; les dossiers déjà ouverts ne changent pas."))
        return redirect("role_templates")
    roles = {person.role for person in declared(practice, Person) if person.role}
    without = sorted(roles - {one.role for one in held}, key=str.casefold)
    things = [(one, [labels.label(labels.THINGS, what) for what in one.things]) for one in held]
    context = {"templates": things, "form": form, "without": without, "chosen": chosen}
    return render(request, "cases/templates.html", context, status=422 if form.errors else 200)


def _typed(chosen: RoleTemplate | None) -> dict[str, str]:
    if chosen is None:
        things = "\n".join(labels.label(labels.THINGS, what) for what in flow.STANDARD.things)
        lessons = "\n".join(labels.label(labels.THINGS, what) for what in flow.STANDARD.lessons)
        return {"things": things, "lessons": lessons}
    lists = {name: "\n".join(getattr(chosen, name)) for name in ("accesses", "groups", "things", "lessons")}
    return {"role": chosen.role, **lists}


def _who(request: Visit) -> Who:
    return Who(desk.operator(request), desk.signature(request))


def _person(request: Visit, ident: str) -> Person | None:
    return next((one for one in declared(desk.practice(request), Person) if one.ident == ident), None)


def _case(request: Visit, ident: str, way: str) -> Case:
    kind = PATHS.get(way) or desk.missing()
    wanted = f"case/{ident}/{kind.value}"
    return desk.found(next((one for one in declared(desk.practice(request), Case) if one.ref == wanted), None))
