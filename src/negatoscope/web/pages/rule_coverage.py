"""Which techniques of attack would be seen: by tactic, with the sources that come, and what one more would bring."""

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from negatoscope.flows import covering, rulebook
from negatoscope.flows.covering import Coverage, Technique
from negatoscope.store.roles import Role
from negatoscope.watch.sigma.attack import table
from negatoscope.web import desk, exports, rule_labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.pages.rules import coming

GAINS_SHOWN = 8


@needs(Role.READER)
@require_GET
def rule_coverage(request: Visit) -> HttpResponse:
    """Show it, or hand it out for a spreadsheet or for the ATT&CK Navigator."""
    console = desk.console(request)
    gates = coming(console)
    told = covering.coverage(rulebook.entries(console, gates or ()))
    match request.GET.get("format"):
        case "csv":
            data, kind = exports.as_csv("", *_rows(told))
            return desk.download(request, "rule coverage", data, "negatoscope-attack.csv", kind)
        case "navigator":
            data = orjson.dumps(covering.layer(told, "Négatoscope"))
            return desk.download(request, "rule coverage", data, "negatoscope-attack.json", "application/json")
    context = {
        "tactics": [(_tactic(name), sum(one.runs > 0 for one in each), each) for name, each in told.tactics],
        "seen": sum(one.runs > 0 for one in told.parts),
        "known": len(told.parts),
        "gains": [(rule_labels.source_label(one.source), one) for one in told.gains[:GAINS_SHOWN] if one.techniques],
        "unknown": gates is None,
        "version": table().version,
    }
    return render(request, "rules/coverage.html", context)


def _tactic(name: str) -> str:
    known = table().tactics[name]
    return known.en if desk.language() == "en" else known.fr


def _rows(told: Coverage) -> tuple[list[str], list[list[str | int]]]:
    titles = [_("Technique"), _("Nom"), _("Tactiques"), _("Règles en service"), _("Règles en attente d’une source")]
    return titles, [[one.id, one.name, _tactics(one), one.runs, one.waits] for one in told.parts]


def _tactics(one: Technique) -> str:
    return ", ".join(_tactic(name) for name in table().tactics_of(one.id))
