"""Observations: what was looked at, when, by whom, what it could not see; and the raw bytes behind it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge import texts
from negatoscope.model.evidence import Retraction
from negatoscope.model.papers import Paper
from negatoscope.model.people import Attestation
from negatoscope.observe.collector import Unreadable
from negatoscope.store.queries import observations as looks
from negatoscope.store.queries import register, users
from negatoscope.store.queries.observations import Observation
from negatoscope.store.roles import Role
from negatoscope.store.vault import Tampered
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.pages.register import Fused
from negatoscope.web.tables import Choice, Column, Empty, Table, answer
from negatoscope.web.templatetags.room import act_label, collector_label


@needs(Role.READER)
@require_GET
def observations(request: Visit) -> HttpResponse:
    """List every look."""
    practice = desk.practice(request)
    names = users.names(practice)
    columns: tuple[Column[Observation], ...] = (
        Column("sequence", gettext_lazy("N°"), lambda row: row.sequence, "number", _page),
        Column("collector", gettext_lazy("Collecteur"), lambda row: collector_label(row.collector), link=_page),
        Column("target", gettext_lazy("Cible"), lambda row: labels.label(labels.TARGETS, row.target)),
        Column("act", gettext_lazy("Nature"), lambda row: act_label(row.act)),
        Column("ended", gettext_lazy("Quand"), lambda row: row.ended, "instant"),
        Column("operator", gettext_lazy("Par"), lambda row: labels.who(row.operator, names)),
        Column("facts", gettext_lazy("Faits"), lambda row: row.facts, "number"),
        Column("digest", gettext_lazy("Empreinte"), lambda row: row.digest, "code", sortable=False),
    )
    choices: tuple[Choice[Observation], ...] = (
        Choice("collector", gettext_lazy("Collecteur"), [(name, collector_label(name)) for name in COLLECTORS]),
        Choice("act", gettext_lazy("Nature"), [(act, labels.ACTS[act]) for act in _ACTS]),
    )
    empty = Empty(_("Rien n’a encore été observé."), reverse("collectors"), _("Lancer un premier relevé"))
    table = Table(
        "observations", _("Observations"), columns, lambda ask: looks.observations(practice, ask), empty, choices
    )
    return answer(request, "evidence/observations.html", table)


SAID_SHOWN = 50
_ACTS = ("observation", "import", "edit", "attestation", "waiver", "configuration")


def _page(row: Observation) -> str:
    return reverse("observation", args=[row.sequence])


@needs(Role.READER)
@require_GET
def observation(request: Visit, sequence: int) -> HttpResponse:
    """Show one look."""
    practice, lang = desk.practice(request), desk.language()
    one = desk.found(looks.one(practice, sequence))
    standing, swept = looks.standing(practice, sequence)
    blind = [
        (texts.kind(gap.what, lang), gap.host, texts.gap(gap.why, gap.values, lang))
        for gap in looks.gaps(practice, sequence)
    ]
    context = {
        "one": one,
        "who": labels.who(one.operator, users.names(practice)),
        "settings": [(labels.label(labels.SETTINGS, name), value) for name, value in one.settings.items() if value],
        "standing": standing,
        "swept": swept,
        "gaps": blind,
        "lasted": one.ended - one.started,
        "said": _said(request, one),
    }
    return render(request, "evidence/observation.html", context)


def _said(request: Visit, one: Observation) -> list[tuple[str, Fused]]:
    """What somebody stated at the console, in full: an attestation is read where it was given."""
    if one.collector != "declared":
        return []
    try:
        with desk.console(request).vault.open(one.digest) as stream:
            items = list(COLLECTORS["declared"].read(stream))
    except (Tampered, Unreadable):
        return []
    facts = [item for item in items if not isinstance(item, Retraction)][:SAID_SHOWN]
    return [(type(fact).__name__, Fused(type(fact).__name__, fact, [])) for fact in facts]


@needs(Role.READER)
@require_GET
def capture(request: Visit, digest: str) -> HttpResponse:
    """Hand out raw bytes of the vault, after checking that they are what they were."""
    practice = desk.practice(request)
    name, kind = desk.found(_name(practice, digest))
    try:
        with desk.console(request).vault.open(digest) as stream:
            data = stream.read()
    except Tampered:
        return render(request, "evidence/tampered.html", {"digest": digest}, status=409)
    return desk.download(request, f"capture {digest}", data, name + _ending(kind, data), "application/octet-stream")


def _name(practice: int, digest: str) -> tuple[str, str] | None:
    """What to call a download and who brought it: only captures and documents of this practice have a name."""
    behind = looks.by_digest(practice, [digest])
    if behind:
        return f"releve-{behind[0].collector}-{behind[0].sequence}", behind[0].collector
    kinds = (Attestation.__name__, Paper.__name__)
    said = (told.fact for kind in kinds for told in register.of_kind(practice, kind))
    names = (fact.document_name or "document" for fact in said if fact.document_digest == digest)
    return next(((name, "document") for name in names), None)


def _ending(kind: str, data: bytes) -> str:
    """How the name of a download ends, so that a program opens it; a document has its own."""
    match kind:
        case "document":
            return ""
        case "nmap":
            return ".xml" if data.lstrip().startswith(b"<") else ".nmap"
        case "spreadsheet":
            return ".xlsx" if data.startswith(b"PK") else ".csv"
        case _:
            return {"local": ".jsonl", "declared": ".json"}.get(kind, ".txt")
