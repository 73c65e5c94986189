"""Where declarations and looks part: one page, one click a decision; and the page that takes a host off the map."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import reconciling
from negatoscope.flows.naming import by_address
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import HostClass
from negatoscope.register.differences import GHOST_AFTER
from negatoscope.register.merge import combine
from negatoscope.store.queries import differences as found
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs, require
from negatoscope.web.confirming import confirm_act
from negatoscope.web.desk import Visit
from negatoscope.web.history import marks
from negatoscope.web.templatetags.room import subject_name

SHOWN = 30
"""Hosts of each sort that the page lists before it says how many more there are."""


@needs(Role.READER)
@require_GET
def differences(request: Visit) -> HttpResponse:
    """List questions of identity, unknown, ghost and drifted hosts."""
    practice = desk.practice(request)
    ghosts, dark = reconciling.ghosts(desk.console(request))
    unknown, unknown_count = found.unknown(practice, SHOWN)
    drifted, drifted_count = found.drifted(practice, SHOWN)
    asked = found.questions(practice)
    context = {
        "looked": found.looked(practice),
        "questions": [(one, *named_first(one), marks(one.agreed), marks(one.differs)) for one in asked[:SHOWN]],
        "unknown": unknown,
        "ghosts": ghosts[:SHOWN],
        "dark": dark[:SHOWN],
        "drifted": [(one, _said(one)) for one in drifted],
        "counts": {
            "questions": len(asked),
            "unknown": unknown_count,
            "ghosts": len(ghosts),
            "dark": len(dark),
            "drifted": drifted_count,
        },
        "shown": SHOWN,
        "classes": list(labels.CLASSES.items()),
        "ghost_days": GHOST_AFTER.days,
    }
    return render(request, "register/differences.html", context)


def named_first(one: found.Question) -> tuple[Ref, Ref]:
    """Under which name both shall be told, and the other: a name that people know before an address."""
    first, second = sorted((one.other, one.host), key=by_address)
    return first, second


@dataclass(frozen=True)
class Said:
    """One field of which people and instruments say different things."""

    title: str
    declared: Any
    measured: Any


def _said(one: found.Drifted) -> list[Said]:
    return [
        Said(
            labels.field_label(name),
            labels.value_label(getattr(one.declared, name)),
            labels.value_label(getattr(one.measured, name)),
        )
        for name in one.names
    ]


@needs(Role.OPERATOR)
@require_POST
def decide(request: Visit) -> HttpResponse:
    """Take one decision: these are one, these are two, this one is ours."""
    console, operator = desk.console(request), desk.operator(request)
    host, other, act = (request.POST.get(name, "") for name in ("host", "other", "act"))
    try:
        match act:
            case "join":
                reconciling.join(console, operator, host, other)
                told = _("%(other)s est désormais %(host)s. Vous pouvez les séparer depuis sa fiche.")
            case "apart":
                reconciling.tell_apart(console, operator, host, other)
                told = _("%(host)s et %(other)s restent deux équipements. La question ne sera plus posée.")
            case "part":
                reconciling.part_again(console, operator, other)
                told = _("%(host)s et %(other)s sont de nouveau séparés.")
            case "confirm":
                _confirm(request, host)
                told = _("%(host)s est déclaré tel qu’il est vu.")
            case _:
                desk.missing()
    except reconciling.NoSuchHost:
        desk.missing()
    desk.judge_again(request)
    messages.success(request, told % {"host": subject_name(host), "other": subject_name(other)})
    back = request.POST.get("back", "")
    return redirect("host", back) if back else redirect("differences")


def _confirm(request: Visit, host: str) -> None:
    chosen = request.POST.get("class", "")
    known = HostClass(chosen) if chosen in set(HostClass) else None
    if known is not HostClass.MODALITY is _class(desk.practice(request), host) and known is not None:
        require(request, Role.ADMINISTRATOR)
    reconciling.confirm(desk.console(request), desk.operator(request), host, known)


def _class(practice: int, host: str) -> HostClass | None:
    told = [one.fact for one in register.about(practice, host) if one.kind == "Host"]
    known: HostClass | None = combine(told).host_class if told else None
    return known


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
@confirm_act
def host_retire(request: Visit, name: str) -> HttpResponse:
    """Take a host off the map, after saying what goes, what stays and how to undo it."""
    console, host = desk.console(request), f"host/{name}"
    if _class(console.practice, host) is HostClass.MODALITY:
        require(request, Role.ADMINISTRATOR)
    try:
        held = reconciling.held(console, host)
        if request.method == "POST":
            reconciling.retire(console, desk.operator(request), host)
    except reconciling.NoSuchHost:
        desk.missing()
    if request.method == "POST":
        desk.judge_again(request)
        messages.success(request, _("%(name)s est retiré de la carte. Ses relevés restent au coffre.") % {"name": name})
        return redirect("hosts")
    return render(request, "register/retire.html", {"name": name, "held": held})
