"""The matrix of zones: what is allowed, what gateways let pass, what answered and what was seen, side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import listing, segmenting
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.segmenting import Ground
from negatoscope.judge.matrix import Cell, one_service
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.zones import OUTSIDE
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Fact, Retraction
from negatoscope.model.family import Words, rest
from negatoscope.model.providers import REMOTE_WINDOWS, RemoteWindow
from negatoscope.model.traffic import Conversation, Reach
from negatoscope.model.zones import ZONES, AllowedFlow, Zone, ZoneKind
from negatoscope.store.roles import Role
from negatoscope.web import desk, exports
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.segmenting import FlowForm
from negatoscope.web.segment_words import SIGNS, STATES, WAYS, code, sentences, services
from negatoscope.web.tables import Column, Empty, Table, export, listed


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it."""

    cell: Cell
    verdict: str
    state: str
    allowed: str
    passes: str
    answers: int
    seen: int
    answers_beyond: str
    """Services that answered and that nothing allows."""
    seen_beyond: str
    says: list[str]

    @property
    def url(self) -> str:
        """The page of the cell."""
        said = QueryDict(mutable=True)
        said["de"], said["vers"] = rest(self.cell.source.ref), rest(self.cell.target.ref)
        return f"{reverse('segmentation_cell')}?{said.urlencode()}"


def shown(cell: Cell) -> Shown:
    """Put a cell in words."""
    passes = services(cell.passes) if cell.read else _("règles non lues")
    told = (len({(one.address, one.protocol, one.port) for one in cell.reached}), len(cell.seen))
    beyond = (_named(cell.answers_beyond), _named(cell.seen_beyond))
    state, verdict = str(STATES[cell.state]), SIGNS[cell.state].value
    return Shown(cell, verdict, state, services(cell.allowed), passes, *told, *beyond, sentences(cell))


def _named(met: Iterable[Reach | Conversation]) -> str:
    """The services met, in words; nothing where none was."""
    told = {one_service(one.protocol, one.port) for one in met}
    return services(reduce(Services.plus, told, Services())) if told else ""


@needs(Role.READER)
@require_GET
def segmentation(request: Visit) -> HttpResponse:
    """Show all zones against all zones, and the ways out."""
    ground = segmenting.ground(desk.practice(request), utc_now())
    if request.GET.get("format") in exports.FORMATS:
        return export(request, _table(ground), str(request.GET["format"]))
    rows = [(zone, [shown(cell) for cell in ground.matrix.row(zone)]) for zone in ground.matrix.zoning.everywhere]
    suggested = segmenting.suggestions(desk.practice(request))
    kinds = {kind: words.say(desk.language()) for kind, words in _kinds().items()}
    context = {
        "rows": rows if ground.declared else [],
        "zones": ground.matrix.zoning.everywhere,
        "gateways": ground.gateways,
        "listened": ground.listened,
        "presets": [(one.name, *(words.say(desk.language()) for words in one.words())) for one in segmenting.presets()],
        "suggested": [(one, kinds[one.kind]) for one in suggested],
        "exits": [(one, str(WAYS[one.way])) for one in ground.exits.told],
        "unseen": ground.exits.unseen,
        "undeclared": len(ground.exits.undeclared),
    }
    return render(request, "segmentation/page.html", context)


def _kinds() -> Mapping[ZoneKind, Words]:
    return next(column.choices for column in ZONES.columns if column.name == "kind")


def _table(ground: Ground) -> Table[Shown]:
    def answered(row: Shown) -> int | None:
        return row.answers if row.cell.looks or row.answers else None

    def heard(row: Shown) -> int | None:
        return row.seen if ground.listened or row.seen else None

    columns: tuple[Column[Shown], ...] = (
        Column("source", gettext_lazy("De la zone"), lambda row: row.cell.source.name),
        Column("target", gettext_lazy("Vers la zone"), lambda row: row.cell.target.name),
        Column("state", gettext_lazy("État"), lambda row: row.state),
        Column("allowed", gettext_lazy("Autorisé"), lambda row: row.allowed),
        Column("passes", gettext_lazy("Passerelles"), lambda row: row.passes),
        Column("answers", gettext_lazy("Réponses mesurées"), answered, "number"),
        Column("seen", gettext_lazy("Échanges vus"), heard, "number"),
        Column("says", gettext_lazy("Écarts"), lambda row: " ".join(row.says)),
    )
    cells = [shown(cell) for cell in ground.matrix.cells.values() if cell.source.ref != cell.target.ref]
    return Table("segmentation", _("Matrice des flux"), columns, listed(cells, columns), Empty(""))


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def segmentation_cell(request: Visit) -> HttpResponse:
    """Show one cell with what decides it, and change what is allowed there."""
    ground = segmenting.ground(desk.practice(request), utc_now())
    source, target = (f"zone/{request.GET.get(name, '')}" for name in ("de", "vers"))
    cell = desk.found(ground.matrix.cell(source, target))
    form = FlowForm(request.POST if request.method == "POST" and "remove" not in request.POST else None)
    if "remove" in request.POST:
        gone = [flow for flow in cell.flows if flow.ref == request.POST["remove"]]
        _say(request, (), tuple(Retraction(AllowedFlow.__name__, flow.ref) for flow in gone))
        return redirect(request.get_full_path())
    if request.method == "POST" and form.is_valid():
        until: date | None = form.cleaned_data["until"]
        purpose = form.cleaned_data["purpose"] or None
        flow = AllowedFlow(cell.source.ref, cell.target.ref, form.cleaned_data["service"], purpose, None, until)
        _say(request, (*_outside(ground, (flow,)), flow))
        return redirect(request.get_full_path())
    told = [(one, code(one.services), one.passage) for one in cell.crossings]
    context = {
        "cell": cell,
        "shown": shown(cell),
        "form": form,
        "crossings": told,
        "within": cell.source == cell.target,
        "comes_in": cell.source == ground.matrix.zoning.outside,
        "windows": _windows(request, cell),
    }
    return render(request, "segmentation/cell.html", context, status=422 if form.errors else 200)


def _windows(request: Visit, cell: Cell) -> list[tuple[RemoteWindow, str, str]]:
    """When providers may come in to the hosts of a cell, on which days, and the page that changes it."""
    told = segmenting.windows(desk.practice(request), cell.target)
    days = next(column.choices for column in REMOTE_WINDOWS.columns if column.name == "days")
    lang = desk.language()
    return [
        (
            window,
            days[window.days].say(lang) if window.days else "",
            reverse("family_item", args=[REMOTE_WINDOWS.name, rest(window.ref)]),
        )
        for window in told
    ]


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def segmentation_preset(request: Visit, name: str) -> HttpResponse:
    """Show what a ready-made policy would allow, then allow it."""
    preset = desk.found(next((one for one in segmenting.presets() if one.name == name), None))
    ground = segmenting.ground(desk.practice(request), utc_now())
    flows = list(listing.declared(desk.console(request), AllowedFlow).values())
    told = segmenting.wanted(preset, ground.matrix.zoning.everywhere, flows, utc_now().date())
    if request.method == "POST" and told:
        _say(request, (*_outside(ground, told), *told))
        return redirect("segmentation")
    title, why = (words.say(desk.language()) for words in preset.words())
    names = {zone.ref: zone.name for zone in ground.matrix.zoning.everywhere}
    lines = [(names[flow.source], names[flow.target], code(flow.service), flow.until) for flow in told]
    return render(request, "segmentation/preset.html", {"title": title, "why": why, "lines": lines})


def _outside(ground: Ground, flows: tuple[AllowedFlow, ...] | list[AllowedFlow]) -> tuple[Zone, ...]:
    """The zone that stands for the Internet, declared with the first flow that names it."""
    named = any(OUTSIDE.ref in {flow.source, flow.target} for flow in flows)
    return (OUTSIDE,) if named and ground.matrix.zoning.outside is OUTSIDE else ()


def _say(request: Visit, facts: tuple[Fact, ...], gone: tuple[Retraction, ...] = ()) -> None:
    declare(desk.console(request), Said(desk.operator(request)), facts, gone)
    desk.judge_again(request)
    messages.success(request, _("C’est noté ; les règles sont jugées de nouveau."))
