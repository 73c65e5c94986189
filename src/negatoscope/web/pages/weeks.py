"""The weekly review of logs: which weeks were read, and one of them line by line."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows import lettering, naming, rereading
from negatoscope.flows.rereading import NotReread
from negatoscope.flows.reviewing import Reviewer
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.watching import SourceHealth
from negatoscope.model.weekly import WEEK, WeekKind, WeekLine, WeekReview
from negatoscope.store.queries import users
from negatoscope.store.queries.events import Refused
from negatoscope.store.queries.register import declared, of_kind
from negatoscope.store.roles import Role
from negatoscope.watch.detection import Kind
from negatoscope.web import alert_labels, desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit

NOTE = 500


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def weeks(request: Visit) -> HttpResponse:
    """List the weeks that were prepared; prepare the last one."""
    console, last = desk.console(request), rereading.last_week(utc_now())
    held = sorted(declared(desk.practice(request), WeekReview), key=lambda one: one.week, reverse=True)
    if request.method == "POST":
        try:
            rereading.prepare(console, last, _who(request))
        except NotReread:
            messages.error(request, _("Cette semaine est déjà prête à relire."))
        except Refused:
            messages.error(request, _("Les journaux de cette semaine sont trop nombreux pour être comptés. Réessayez."))
            return redirect("weeks")
        return redirect("week", last.isoformat())
    reviews = [(one, _late(one)) for one in held]
    context = {"reviews": reviews, "last": last, "ready": any(one.week == last for one in held)}
    return render(request, "weeks/weeks.html", context)


def _late(one: WeekReview) -> bool:
    """The week after it is over too, and nobody signed."""
    return one.closed_at is None and one.week + WEEK <= rereading.last_week(utc_now())


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def week(request: Visit, day: str) -> HttpResponse:
    """Show the lines of a week; annotate them, sign."""
    practice = desk.practice(request)
    one = desk.found(next((held for held in declared(practice, WeekReview) if held.week.isoformat() == day), None))
    lines = rereading.lines_of(desk.console(request), one.week)
    if request.method == "POST":
        return _act(request, one, lines)
    refs = naming.names(practice, (ref for line in lines for ref in (line.subject, line.who)))
    known = users.names(practice)
    heard = {action for told in of_kind(practice, SourceHealth.__name__) for action in told.fact.brings or ()}
    groups = [
        (
            labels.label(alert_labels.WEEK_KINDS, kind),
            [_shown(line, refs, known) for line in lines if line.kind is kind],
            heard.isdisjoint(rereading.TOLD_BY[kind]) if kind in rereading.TOLD_BY else False,
        )
        for kind in WeekKind
    ]
    context = {
        "one": one,
        "late": _late(one),
        "until": one.week + timedelta(days=6),
        "groups": groups,
        "noted": sum(line.note is not None for line in lines),
    }
    return render(request, "weeks/week.html", context)


def _shown(line: WeekLine, names: dict[str, str], users: dict[str, str]) -> tuple[WeekLine, str, str, str]:
    lang = desk.language()
    subject = names.get(line.subject) or texts.subject(line.subject, lang)
    who = names.get(line.who) or (texts.subject(line.who, lang) if "/" in line.who else line.who)
    if line.kind is WeekKind.TUNED and line.who:
        who = labels.who(line.who, users)
    if line.what.startswith("situation_"):
        subject = lettering.alert(Kind.BEHAVIOUR, line.subject, lang)
    return line, subject, who, labels.label(alert_labels.DONE, line.what)


def _act(request: Visit, one: WeekReview, lines: tuple[WeekLine, ...]) -> HttpResponse:
    console, who = desk.console(request), _who(request)
    if one.closed_at is None:
        notes = {line: request.POST.get(f"note-{line.number}", "").strip()[:NOTE] for line in lines}
        rereading.annotate(console, notes, who)
    if request.POST.get("act") == "sign":
        _sign(request, one, sum(bool(note) for note in notes.values()) if one.closed_at is None else 0)
    else:
        messages.success(request, _("Vos remarques sont notées."))
    return redirect("week", one.week.isoformat())


def _sign(request: Visit, one: WeekReview, noted: int) -> None:
    told = {"week": date_format(one.week, "SHORT_DATE_FORMAT"), "n": one.size, "noted": noted}
    statement = _("Journaux de la semaine du %(week)s relus : lignes %(n)d, remarques %(noted)d.") % told
    try:
        rereading.sign(desk.console(request), one, statement, _who(request))
    except NotReread:
        messages.error(request, _("Cette semaine est déjà signée."))
    else:
        desk.judge_again(request)
        messages.success(request, _("La semaine est relue et signée."))


def _who(request: Visit) -> Reviewer:
    return Reviewer(desk.operator(request), desk.signature(request))
