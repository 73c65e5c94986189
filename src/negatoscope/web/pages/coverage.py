"""Coverage: what each control needs, who brings it, when that was last, and what is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from negatoscope.flows import advising
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES, census
from negatoscope.judge.coverage import swept_as
from negatoscope.judge.rule import Control
from negatoscope.model.judgement import ControlResult
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.queries import judgements, observations
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import collector_label, kind_label, verdict_label

MEASURED, ATTESTED, AWAITING = "measured", "attested", "awaiting"
PROOFS: dict[str, str | Promise] = {
    MEASURED: gettext_lazy("mesurable"),
    ATTESTED: gettext_lazy("à attester"),
    AWAITING: gettext_lazy("attend un collecteur"),
}


@dataclass(frozen=True)
class Covered:
    """One control: what it needs, who gives it, when last, what is missing."""

    control: Control
    number: int
    asks: str
    proof: str
    needs: tuple[str, ...]
    givers: tuple[str, ...]
    last: datetime | None
    verdict: Verdict
    missing: str

    @property
    def url(self) -> str:
        """Where to go on: the attestation form, or what the control says."""
        name = "attest" if self.proof == ATTESTED else "control"
        return reverse(name, args=[self.number, self.control.id])

    @property
    def place(self) -> tuple[int, int]:
        """Its place among all controls."""
        return self.number, int(self.control.id.partition(".")[2])


@needs(Role.READER)
@require_GET
def coverage(request: Visit) -> HttpResponse:
    """Show every control of the forty rules."""
    practice = desk.practice(request)
    results = {result.id: result for _film, told in judgements.films(practice) for result in told}
    looked, swept = observations.last_looks(practice), observations.last_sweeps(practice)
    rows = [
        _covered(control, results.get(control.id), looked, swept)
        for rule in RULES
        for control in rule.controls.values()
    ]
    columns, choices = _columns(), _choices()
    empty = Empty(_("Aucun contrôle ne répond à ces critères."), reverse("coverage"), _("Voir tous les contrôles"))
    table = Table(
        "couverture", _("Contrôles des quarante règles"), columns, listed(rows, columns, choices), empty, choices
    )
    counts = census(RULES)
    settled = sum(row.verdict is not Verdict.UNPROVEN for row in rows)
    context = {"counts": counts, "total": len(rows), "settled": settled, "collectors": _collectors(looked)}
    return answer(request, "coverage/page.html", table, context)


def _columns() -> tuple[Column[Covered], ...]:
    return (
        Column(
            "control", gettext_lazy("Contrôle"), lambda row: row.control.id, link=lambda row: row.url, sortable=False
        ),
        Column("asks", gettext_lazy("Ce qui est demandé"), lambda row: row.asks, sortable=False),
        Column("proof", gettext_lazy("Preuve"), lambda row: PROOFS[row.proof]),
        Column("needs", gettext_lazy("Ce qu’il lit"), lambda row: row.needs or None),
        Column("givers", gettext_lazy("Qui l’apporte"), lambda row: row.givers or None),
        Column("last", gettext_lazy("Dernier relevé"), lambda row: row.last, "instant"),
        Column("verdict", gettext_lazy("Verdict"), lambda row: row.verdict, "verdict"),
        Column("missing", gettext_lazy("Ce qui manque"), lambda row: row.missing or None),
    )


def _choices() -> tuple[Choice[Covered], ...]:
    return (
        Choice("preuve", gettext_lazy("Preuve"), tuple(PROOFS.items()), lambda row: row.proof),
        Choice(
            "etat",
            gettext_lazy("État"),
            (("settled", gettext_lazy("établi")), ("missing", gettext_lazy("pas encore prouvé"))),
            lambda row: "missing" if row.verdict is Verdict.UNPROVEN else "settled",
        ),
        Choice(
            "verdict",
            gettext_lazy("Verdict"),
            tuple((one.value, verdict_label(one)) for one in Verdict),
            lambda row: row.verdict.value,
        ),
    )


def _collectors(looked: dict[str, datetime]) -> list[tuple[str, datetime | None]]:
    return [(name, looked.get(name)) for name in COLLECTORS]


def _covered(
    control: Control, result: ControlResult | None, looked: dict[str, datetime], swept: dict[str, datetime]
) -> Covered:
    number, lang = advising.number_of(control.id), desk.language()
    asks = texts.rule(f"R{number}").controls[control.id].asks[lang]
    verdict = result.verdict if result else Verdict.UNPROVEN
    needs: tuple[str, ...] = ()
    givers: tuple[str, ...] = ()
    last: datetime | None = None
    if control.proof is Proof.ATTESTED:
        proof, last = ATTESTED, result.oldest if result else None
    elif control.logic is None:
        proof = AWAITING
        givers = tuple(texts.collector(name, lang) for name in control.awaiting)
    else:
        proof, needs = MEASURED, tuple(dict.fromkeys(kind_label(kind.__name__) for kind in control.kinds))
        names = [name for name in COLLECTORS if advising.given_by(control, name)]
        givers = tuple(collector_label(name) for name in names)
        last = min((swept[swept_as(kind)] for kind in control.kinds if swept_as(kind) in swept), default=None)
        last = last or max((looked[name] for name in names if name in looked), default=None)
    return Covered(control, number, asks, proof, needs, givers, last, verdict, _missing(result, f"R{number}"))


def _missing(result: ControlResult | None, rule: str) -> str:
    if result is None:
        return _("Pas encore jugé.")
    if not result.doubts:
        return ""
    first = texts.sentence(result.doubts[0], rule, desk.language())
    others = len(result.doubts) - 1
    if not others:
        return first
    return first + " " + ngettext("Et %(n)d autre doute.", "Et %(n)d autres doutes.", others) % {"n": others}
