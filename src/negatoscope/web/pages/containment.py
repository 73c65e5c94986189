"""Containment of an incident: what may be done, what it stops, the commands, and what was approved and done."""

import shlex
from functools import partial
from itertools import groupby
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows import containing, responding
from negatoscope.flows.containing import BLOCK, Draft
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.incident import Incident
from negatoscope.respond.containment import Command, filled
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.containment import ApproveForm, TurnForm
from negatoscope.web.incident_words import Teller
from negatoscope.web.labels import label
from negatoscope.web.pages.custody import doubt
from negatoscope.web.pages.incident import Forms, Sheet, page, people_of

TONES = {Turn.APPROVED: "unproven", Turn.DONE: "passed"}


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_containment(request: Visit, number: int) -> HttpResponse:
    """Each measure on what is touched: approve it, do it, say so."""
    offered: Forms = {"approve": partial(_approving, request, number), "turn": TurnForm}
    return page(request, number, offered, _containment)


def _approving(request: Visit, number: int, *args: Any, **more: Any) -> ApproveForm:  # noqa: ANN401 -- what a form takes
    console = desk.console(request)
    form = ApproveForm(*args, **more)
    form.narrow(_concerned(containing.drafts(console, responding.incident(console, number))))
    return form


def _concerned(drafts: list[Draft]) -> frozenset[tuple[str, str]]:
    return frozenset((draft.step.measure.id, draft.step.target) for draft in drafts if draft.modalities)


def _containment(sheet: Sheet, one: Incident, teller: Teller) -> dict[str, Any]:
    drafts = containing.drafts(desk.console(sheet.request), one)
    concerned = _concerned(drafts)
    rows = [_row(sheet, one, teller, (at, draft, concerned)) for at, draft in enumerate(drafts)]
    groups = [(target, list(each)) for target, each in groupby(rows, key=lambda row: row["target"])]
    turns = [draft.step.turn for draft in drafts]
    return {
        "groups": [(teller.called(target) if target else _("Tout le cabinet"), each) for target, each in groups],
        "counts": [(label(names.TURNS, turn), turns.count(turn)) for turn in Turn if turn in turns],
        "nothing": not one.touched,
        "people": people_of(desk.practice(sheet.request)),
    }


def _row(sheet: Sheet, one: Incident, teller: Teller, told: tuple[int, Draft, frozenset[Any]]) -> dict[str, Any]:
    at, draft, concerned = told
    step, lang = draft.step, desk.language()
    approval = step.approval
    last = step.said[-1].word if step.said else None
    return {
        "key": at,
        "target": step.target,
        "measure": step.measure.id,
        "title": step.measure.title[lang],
        "stops": step.measure.stops[lang],
        "back": step.measure.back[lang],
        "turn": step.turn,
        "state": label(names.TURNS, step.turn or "draft"),
        "tone": TONES.get(step.turn, "") if step.turn else "",
        "modalities": [teller.called(ref) for ref in draft.modalities],
        "approval": approval,
        "last": step.said[-1] if step.said else None,
        "way": last.way if isinstance(last, Contained) else "",
        "commands": [one for one in map(partial(_command, draft), step.measure.command) if one["do"]],
        "verb": _verb(one, step.target) if step.measure.id == BLOCK and not one.exercise else "",
        **_forms(sheet, at, draft, concerned),
    }


def _verb(one: Incident, host: str) -> str:
    """What the practice's IT person runs first: nothing is done yet."""
    name = shlex.quote(host.removeprefix("host/"))
    return f"negatoscope incident block {one.number} --host {name} --address … --dry-run"


def _forms(sheet: Sheet, at: int, draft: Draft, concerned: frozenset[Any]) -> dict[str, Form]:
    """The forms of one measure; what was refused comes back into its own."""
    mine = {"measure": draft.step.measure.id, "target": draft.step.target}
    approve = ApproveForm(initial=mine, auto_id=f"id_{at}_%s")
    approve.narrow(concerned)
    found: dict[str, Form] = {
        "approve": approve,
        "give_up": TurnForm(initial={**mine, "turn": Turn.DROPPED}, auto_id=f"id_{at}_turn_%s"),
    }
    for act, name in (("approve", "approve"), ("turn", "give_up")):
        sent = sheet.bound.get(act)
        if sent is not None and sent.errors and {key: sent.data.get(key) for key in mine} == mine:
            found[name] = sent
    return found


def _command(draft: Draft, command: Command) -> dict[str, Any]:
    lang = desk.language()
    return {
        "on": command.on,
        "note": command.note[lang] if command.note else "",
        **{way: "\n".join(filled(each, command.shell, draft.values)) for way, each in command.ways.items()},
        "source": f"{command.source}, {date_format(command.as_of, 'SHORT_DATE_FORMAT')}",
        "doubt": doubt(command.confidence),
    }
