"""Every attested control on one page: its state, who signed, until when, on what document; several signed at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import advising
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.rule import Control
from negatoscope.kit.clock import utc_now
from negatoscope.model.people import Attestation
from negatoscope.model.verdict import Proof
from negatoscope.store.queries.register import declared
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.attesting import HOLDS, AttestationForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Row:
    """One attested control."""

    control: Control
    asks: str
    attestation: Attestation | None
    at: datetime

    @property
    def number(self) -> int:
        """Its rule's number."""
        return advising.number_of(self.control.id)

    @property
    def place(self) -> float:
        """Its place among all controls."""
        return self.number + int(self.control.id.partition(".")[2]) / 100

    @property
    def state(self) -> str:
        """``missing``, ``not_met``, ``expired``, ``soon`` or ``stands``."""
        if self.attestation is None:
            return "missing"
        if not self.attestation.holds:
            return "not_met"
        if not advising.stands(self.attestation, self.control, self.at):
            return "expired"
        return "soon" if self.attestation.expires_at - self.at < SOON else "stands"


@needs(Role.READER)
@require_GET
def attestations(request: Visit) -> HttpResponse:
    """List every attested control."""
    rows = _rows(request)
    columns: tuple[Column[Row], ...] = (
        Column("control", gettext_lazy("Contrôle"), lambda row: row.control.id, link=_attest, sortable=False),
        Column("asks", gettext_lazy("Ce qui est demandé"), lambda row: row.asks, sortable=False),
        Column("state", gettext_lazy("État"), lambda row: labels.label(labels.ATTESTED, row.state)),
        Column("by", gettext_lazy("Signé par"), lambda row: row.attestation.signed_by if row.attestation else None),
        Column("until", gettext_lazy("Jusqu’au"), _until, "instant"),
        Column("document", gettext_lazy("Document"), _document, link=_proof),
    )
    choices: tuple[Choice[Row], ...] = (
        Choice("etat", gettext_lazy("État"), tuple(labels.ATTESTED.items()), lambda row: row.state),
    )
    empty = Empty(_("Rien à attester."), reverse("lightbox"), _("Revenir aux films"))
    caption = _("Contrôles à attester")
    table = Table("attestations", caption, columns, listed(rows, columns, choices), empty, choices)
    counts = [(code, title, sum(row.state == code for row in rows)) for code, title in labels.ATTESTED.items()]
    return answer(request, "attestations/attestations.html", table, {"counts": counts, "total": len(rows)})


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def attest_many(request: Visit) -> HttpResponse:
    """Sign one statement, with its document, for several controls."""
    rows = _rows(request)
    chosen = [row for row in rows if row.control.id in set(request.POST.getlist("control"))]
    lasts = min((row.control.lasts for row in chosen if row.control.lasts), default=timedelta(days=365))
    sending = request.method == "POST"
    form = AttestationForm(
        request.POST if sending else None,
        request.FILES if sending else None,
        today=localtime(utc_now()).date(),
        lasts=lasts,
    )
    if sending and not chosen:
        form.add_error(None, _("Choisissez au moins un contrôle."))
    if sending and form.is_valid():
        _keep(request, chosen, form)
        many = len(chosen)
        said = ngettext("%(n)d contrôle est attesté.", "%(n)d contrôles sont attestés.", many) % {"n": many}
        messages.success(request, said)
        return redirect("attestations")
    asked = {row.control.id for row in chosen} or set(request.GET.getlist("control"))
    due = [(row, row.control.id in asked) for row in rows]
    context = {"form": form, "due": due, "signature": desk.signature(request)}
    return render(request, "attestations/many.html", context, status=422 if form.errors else 200)


def _keep(request: Visit, chosen: list[Row], form: AttestationForm) -> None:
    console = desk.console(request)
    document = form.cleaned_data["document"]
    digest = keep_document(console, document.read()) if document else None
    signed_at = console.clock()
    facts = [
        Attestation(
            control=row.control.id,
            holds=form.cleaned_data["holds"] == HOLDS,
            statement=form.cleaned_data["statement"],
            signed_by=desk.signature(request),
            signed_at=signed_at,
            expires_at=form.expires_at,
            document_name=document.name if document else None,
            document_digest=digest,
        )
        for row in chosen
    ]
    declare(console, Said(desk.operator(request), "attestation"), facts)
    desk.judge_again(request)


def _rows(request: Visit) -> list[Row]:
    held = {one.control: one for one in declared(desk.practice(request), Attestation)}
    now, lang = utc_now(), desk.language()
    return [
        Row(control, texts.rule(rule.id).controls[control.id].asks[lang], held.get(control.id), now)
        for rule in RULES
        for control in rule.controls.values()
        if control.proof is Proof.ATTESTED
    ]


def _attest(row: Row) -> str:
    return reverse("attest", args=[row.number, row.control.id])


def _until(row: Row) -> datetime | None:
    return row.attestation.expires_at if row.attestation else None


def _document(row: Row) -> str | None:
    return row.attestation.document_name if row.attestation else None


def _proof(row: Row) -> str | None:
    digest = row.attestation.document_digest if row.attestation else None
    return reverse("capture", args=[digest]) if digest else None
