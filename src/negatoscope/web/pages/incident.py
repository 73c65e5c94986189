"""One incident: its log, who does what, what is touched, what is owed, and closing. Written for a phone in one hand."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows import correcting, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.responding import Document, Taken
from negatoscope.kit.canonical import sha256
from negatoscope.model.incident import (
    Asked,
    Dated,
    Entry,
    Hit,
    How,
    Incident,
    Moment,
    Part,
    State,
    What,
)
from negatoscope.model.incident import Role as Duty
from negatoscope.model.people import Person
from negatoscope.respond import closing, corrected, dossier, wall
from negatoscope.respond.duty import QUESTIONS
from negatoscope.respond.incident import Refused, read
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries import register, subjects, users
from negatoscope.store.queries.paging import Ask
from negatoscope.store.queries.subjects import Subject, Within
from negatoscope.store.roles import Role
from negatoscope.web import desk, present
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms import incidents as forms
from negatoscope.web.incident_words import Teller, Told, lacking, question, questions_about
from negatoscope.web.labels import label

Forms = Mapping[str, Callable[..., Form]]
KINDS = (("Host",), ("Account", "DirectoryAccount", "Person"))
FOUND = 5
LOG_SHOWN = 500
NO_ROOM = frozenset({"done", "answer", "follow"})
"""Acts that are one button: why they were refused is said above."""


@dataclass
class Sheet:
    """One page of an incident as it is asked for, with what was sent to it."""

    request: Visit
    number: int
    offered: Forms
    log: list[Entry] = field(default_factory=list)
    bound: dict[str, Form] = field(default_factory=dict)

    def load(self) -> Incident:
        """Read the log. Raises Http404."""
        self.log = held.entries(desk.practice(self.request), self.number)
        return read(self.number, self.log) if self.log else desk.missing()

    def form(self, act: str, **initial: Any) -> Form:  # noqa: ANN401 -- what fields begin with
        """The form of an act: as it was sent and refused, else new."""
        return self.bound.get(act) or self.offered[act](initial=initial, auto_id=f"id_{act}_%s")

    def errors(self, act: str) -> list[str]:
        """Why what was sent was refused, where no field says so."""
        return [str(error) for error in self.bound[act].non_field_errors()]

    def send(self) -> bool:
        """Do what was sent; whether it was done. What was not stays in its form, with the reason."""
        request, act = self.request, self.request.POST.get("act", "")
        if act not in self.offered:
            raise SuspiciousOperation(act)
        form = self.offered[act](request.POST, request.FILES, auto_id=f"id_{act}_%s")
        self.bound[act] = form
        if not form.is_valid():
            return False
        try:
            self._say(form)
        except Refused as refused:
            form.add_error(None, label(names.REFUSED, refused.code))
        except Taken as taken:
            form.add_error(None, self._taken(taken.entry))
        else:
            return True
        return False

    def _taken(self, entry: Entry) -> str:
        said = Teller(desk.practice(self.request), self.load()).tell(entry).said
        told = {"name": entry.name, "said": " ".join(filter(None, (said, entry.text)))}
        return _("%(name)s vient de dire : %(said)s. Relisez, puis envoyez de nouveau si vous le maintenez.") % told

    def _say(self, form: Form) -> None:
        request, post = self.request, self.request.POST
        console, who = desk.console(request), Handler(desk.operator(request), desk.signature(request))
        once = f"{who.operator[:60]}/{post.get('cle', '')[:30]}" if post.get("cle") else None
        if isinstance(form, forms.Saying):
            seen = post.get("vu", "")
            line = form.line()
            number = int(seen) if seen.isascii() and seen.isdigit() else None
            responding.say(console, self.number, responding.Line(line.word, line.text, line.element, number, once), who)
            return
        file = form.cleaned_data["file"]
        document = Document(file.name or "", file.file, form.cleaned_data["text"])
        responding.attach(console, self.number, document, who, once)


Content = Callable[[Sheet, Incident, Teller], dict[str, Any]]


def page(request: Visit, number: int, offered: Forms, content: Content) -> HttpResponse:
    """Show one sheet, or do what is sent to it."""
    sheet = Sheet(request, number, offered)
    sheet.load()
    if request.method == "POST" and sheet.send():
        return redirect(f"{request.path}{quote(request.POST.get('ancre', ''), safe='#')}")
    one = sheet.load()
    with present.of(one):
        return _shown(sheet, one, content)


def _shown(sheet: Sheet, one: Incident, content: Content) -> HttpResponse:
    request, teller = sheet.request, Teller(desk.practice(sheet.request), one)
    closed = one.state is State.CLOSED or one.finished is not None
    name = request.resolver_match.url_name if request.resolver_match else ""
    context = {
        "one": one,
        "here": name,
        "state": label(names.STATES, one.state),
        "open": not closed,
        "key": secrets.token_urlsafe(9),
        "refused": [error for act in sheet.bound if act in NO_ROOM or closed for error in sheet.errors(act)],
        **content(sheet, one, teller),
    }
    refused = any(form.errors for form in sheet.bound.values())
    alone = "incidents/log.html" if request.htmx.target == "log" else f"incidents/{name}.html"
    return render(request, alone, context, status=422 if refused else 200)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident(request: Visit, number: int) -> HttpResponse:
    """The log, newest first, and what may be added."""
    offered: Forms = {
        "note": forms.NoteForm, "decide": forms.DecideForm, "attach": forms.AttachForm, "move": forms.MoveForm,
    }  # fmt: skip
    return page(request, number, offered, _log)


def _log(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    running = [clock for clock in wall.clocks(one, correcting.duties(teller.practice)) if clock.sent is None]
    lang = desk.language()
    return {
        "log": [teller.tell(entry) for entry in reversed(sheet.log[-LOG_SHOWN:])],
        "earlier": max(0, len(sheet.log) - LOG_SHOWN),
        "clocks": [(clock, clock.duty.name[lang], clock.duty.to[lang]) for clock in running if clock.due][:3],
        "unanswered": sum(name not in one.answers for name in QUESTIONS),
        "lead": one.roles.get(Duty.LEAD),
        "forms": {act: sheet.form(act) for act in ("note", "decide", "attach")}
        | {"move": sheet.form("move", to=one.state)},
    }


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_strike(request: Visit, number: int, place: int) -> HttpResponse:
    """Strike a line, once somebody has read it again; it stays, and counts no more."""

    def content(sheet: Sheet, _one: Incident, teller: Teller) -> dict[str, Any]:
        entry = desk.found(next((each for each in sheet.log if each.place == place), None))
        return {"told": teller.tell(entry), "form": sheet.form("strike", place=place)}

    if request.method == "POST" and request.POST.get("place") != str(place):
        raise SuspiciousOperation(place)
    answer = page(request, number, {"strike": forms.StrikeForm}, content)
    if answer.status_code == HTTP_FOUND:
        messages.success(request, _("La ligne est rayée. Elle reste lisible, et ne compte plus."))
        return redirect("incident", number)
    return answer


HTTP_FOUND = 302


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_team(request: Visit, number: int) -> HttpResponse:
    """Who does what, and what is to be done."""
    offered: Forms = {"role": forms.RoleForm, "task": forms.TaskForm, "done": forms.DoneForm}
    return page(request, number, offered, _team)


def _team(sheet: Sheet, one: Incident, _teller: Teller) -> dict[str, Any]:
    return {
        "roles": [(names.ROLES[role], one.roles.get(role)) for role in Duty],
        "tasks": _tasks(one),
        "people": people_of(desk.practice(sheet.request)),
        "forms": {act: sheet.form(act) for act in ("role", "task")},
    }


def _tasks(one: Incident, *, lessons: bool | None = None) -> list[tuple[Entry, Entry | None]]:
    """Tasks with the entry that says they are done: those that wait first, the one due first before the others."""
    found = [
        (task, one.done.get(task.place))
        for task in one.tasks
        if isinstance(task.word, Asked) and lessons in {None, task.word.lesson}
    ]
    return sorted(found, key=lambda pair: (pair[1] is not None, _due(pair[0])))


def _due(task: Entry) -> tuple[bool, str]:
    due = task.word.due if isinstance(task.word, Asked) else None
    return due is None, due.isoformat() if due else ""


def people_of(practice: int) -> list[str]:
    """Whom a role or a task may be given to."""
    known = {fact.name for fact in register.declared(practice, Person) if fact.name}
    return sorted(known | set(users.names(practice).values()))


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_touched(request: Visit, number: int) -> HttpResponse:
    """What is touched, found in the register or said in words; and the clues by which others find the same."""
    return page(request, number, {"touch": forms.TouchForm, "clue": forms.ClueForm}, _touched)


def _touched(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    practice, search = desk.practice(sheet.request), sheet.request.GET.get("q", "").strip()[:200]
    found = _found(practice, search) if search else []
    return {
        "touched": [(teller.tell(entry), questions_about(entry, one)) for entry in one.touched.values()],
        "whats": names.WHATS,
        "clues": [teller.tell(entry) for entry in one.clues],
        "search": search,
        "found": [(each, teller.called(each.ref), _what(each)) for each in found],
        "hits": [(hit, label(names.HITS, hit)) for hit in Hit],
        "forms": {"touch": sheet.form("touch", what=What.DATA, hit=Hit.SUSPECTED), "clue": sheet.form("clue")},
    }


def _found(practice: int, search: str) -> list[Subject]:
    """Equipment first: it is what one looks for most."""
    ask = Ask(search=search, stop=FOUND)
    return [each for kinds in KINDS for each in subjects.page(practice, kinds, ask, Within()).rows]


def _what(one: Subject) -> What:
    return What.HOST if one.ref.startswith("host/") else What.ACCOUNT


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_duties(request: Visit, number: int) -> HttpResponse:
    """The questions of the triage in their order, the wall of clocks, and what was declared."""
    offered: Forms = {"answer": forms.AnswerForm, "date": forms.MomentForm, "sent": forms.SentForm}
    return page(request, number, offered, _duties)


def _duties(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    lang, now = desk.language(), present.now()
    asked = [(name, question(name), one.answers.get(name)) for name in QUESTIONS]
    wrong = sheet.bound.get("sent")
    return {
        "asked": [(name, said, teller.tell(entry), entry) for name, said, entry in asked if entry is not None],
        "next": next(((name, said) for name, said, entry in asked if entry is None), None),
        "left": sum(entry is None for _name, _said, entry in asked),
        "answers": list(names.ANSWERS.items()),
        "answered": {code: str(said) for code, said in names.ANSWERS.items()},
        "clocks": [Shown.of(clock, lang, now) for clock in wall.clocks(one, correcting.duties(teller.practice))],
        "not_owed": [duty.name[lang] for duty in correcting.duties(teller.practice) if duty.id in _not_owed(one)],
        "moments": [(said, one.moments.get(which), _history(sheet, teller, which)) for which, said in _moments()],
        "wrong": (sheet.request.POST.get("duty"), wrong) if wrong is not None and wrong.errors else (None, None),
        "forms": {"date": sheet.form("date"), "sent": forms.SentForm(initial={"at": now})},
    }


def _moments() -> list[tuple[Moment, Any]]:
    return [(which, names.MOMENTS[which]) for which in Moment]


def _not_owed(one: Incident) -> frozenset[str]:
    return frozenset(debt.duty for debt in one.debts if debt.since is None)


def _history(sheet: Sheet, teller: Teller, which: Moment) -> list[Told]:
    found = [entry for entry in sheet.log if isinstance(entry.word, Dated) and entry.word.which is which]
    return [teller.tell(entry) for entry in reversed(found)]


@dataclass(frozen=True)
class Shown:
    """A clock of the wall as the page shows it."""

    clock: wall.Clock
    name: str
    to: str
    owed: str
    why: str
    channel: str
    said: str
    late: bool
    part: int
    """Hundredths of its time that are over."""
    dossier: bool
    """Its form can be prepared here."""
    earlier: bool
    """Its last instant follows from a delay that was changed since."""
    old: bool
    """What is said of it was read more than a year ago."""

    @classmethod
    def of(cls, clock: wall.Clock, lang: Any, now: Any) -> "Shown":  # noqa: ANN401 -- the page's own
        """Put a clock in words."""
        duty, until = clock.duty, clock.sent or now
        whole = (clock.due - clock.since).total_seconds() if clock.due else 0
        part = min(100, max(0, round(100 * (until - clock.since).total_seconds() / whole))) if whole else 0
        return cls(
            clock, duty.name[lang], duty.to[lang], label(names.OWED, clock.owed), duty.why[lang], duty.channel[lang],
            duty.said[lang], clock.late(now), part, duty.id in dossier.forms(), corrected.by_earlier_rule(clock),
            corrected.old(duty.as_of, localtime(now).date()),
        )  # fmt: skip


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_closing(request: Visit, number: int) -> HttpResponse:
    """What must be stated before closing, one after the other, and what is still missing."""
    offered: Forms = {"state": forms.StateForm, "lesson": forms.LessonForm, "move": forms.MoveForm}
    return page(request, number, offered, _closing)


def _closing(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    rows = []
    for part, host in _asked(one):
        entry, form = one.statements.get((part, host)), _statement(sheet, part, host)
        rows.append((label(names.PARTS, part), teller.called(host), teller.tell(entry) if entry else None, form))
    return {
        "rows": rows,
        "lacks": [lacking(code, teller.called(host)) for code, host in closing.missing(one)],
        "lessons": _tasks(one, lessons=True),
        "may_close": one.state is State.RECOVERED,
        "moved": sheet.bound.get("move"),
        "people": people_of(desk.practice(sheet.request)),
        "forms": {"lesson": sheet.form("lesson")},
    }


def _statement(sheet: Sheet, part: Part, host: str) -> forms.StateForm:
    """The form of one statement: as it was sent and refused, else new."""
    sent, post = sheet.bound.get("state"), sheet.request.POST
    if isinstance(sent, forms.StateForm) and (post.get("part"), post.get("host", "")) == (part, host):
        form = sent
    else:
        form = forms.StateForm(
            initial={"part": part, "host": host}, auto_id=f"id_{part}_{sha256(host.encode())[:8]}_%s"
        )
    form.narrow(_takes(part, host))
    return form


def _asked(one: Incident) -> list[tuple[Part, str]]:
    """What is stated, and of which host, in the order of rule 38."""
    hosts = one.hosts(Hit.COMPROMISED)
    each = [(part, host) for host in hosts for part in (Part.IMAGES, Part.REINSTALL)] or [(Part.REINSTALL, "")]
    first = [(part, "") for part in (Part.ENTRY, Part.SPREAD, Part.DATA)]
    return [*first, *each, (Part.SECRETS, ""), (Part.LESSONS, "")]


def _takes(part: Part, host: str) -> list[How]:
    """What a part takes: of no host, that none was compromised; of one, all the rest."""
    return [how for how in closing.TAKES[part] if part is not Part.REINSTALL or (how is How.NONE) == (not host)]
