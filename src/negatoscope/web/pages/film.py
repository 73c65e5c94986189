"""One film: why it matters, each control with its state and proof, history, next step, attestation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import advising
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.naming import names, sentences
from negatoscope.judge import mappings, texts
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.profiles import DEFAULT, profiles
from negatoscope.judge.rule import Control, Rule
from negatoscope.judge.texts import ControlText
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Retraction
from negatoscope.model.judgement import ControlResult, Doubt, Finding
from negatoscope.model.passwords import PasswordChoice
from negatoscope.model.people import Attestation, Waiver
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.queries import judgements, observations, register
from negatoscope.store.queries.observations import Observation
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.attesting import HOLDS, AttestationForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url

SHOWN = 5
EVIDENCE_SHOWN = 50
JUDGED_BY_PROFILE = {9, 10}
"""Rules on passwords: which text they are judged by is said beside them."""


@dataclass(frozen=True)
class Sentence:
    """A finding or a doubt in words, with the page of its subject."""

    subject: str
    name: str
    url: str | None
    text: str
    finding: bool


@dataclass(frozen=True)
class Strip:
    """One control as a film shows it."""

    control: Control
    result: ControlResult
    said: ControlText
    asks: str
    fix: str
    findings: Sequence[Sentence]
    doubts: Sequence[Sentence]
    attestation: Attestation | None
    attested: bool

    @property
    def measured(self) -> bool:
        """Whether logic answers it today."""
        return self.control.logic is not None

    @property
    def more(self) -> int:
        """How many findings and doubts are not shown here."""
        told = len(self.result.findings) + len(self.result.doubts)
        return told - len(self.findings) - len(self.doubts)


@needs(Role.READER)
@require_GET
def film(request: Visit, number: int) -> HttpResponse:
    """Show one rule."""
    rule = _rule(number)
    practice, lang = desk.practice(request), desk.language()
    told = judgements.film(practice, number)
    results = {result.id: result for result in told[1]} if told else {}
    said = {fact.control: fact for fact in (one.fact for one in register.of_kind(practice, Attestation.__name__))}
    strips = [strip_of(practice, rule, control, results.get(control.id), said) for control in rule.controls.values()]
    digests = list(dict.fromkeys(digest for strip in strips for digest in strip.result.evidence))
    behind = observations.by_digest(practice, digests[: 10 * EVIDENCE_SHOWN])
    waivers = [one.fact for one in register.of_kind(practice, Waiver.__name__)]
    here = texts.rule(rule.id)
    context = {
        "rule": rule,
        "number": number,
        "film": told[0] if told else None,
        "judged_at": told[2] if told else None,
        "title": here.title[lang],
        "why": here.why[lang],
        "next": here.next[lang],
        "chapter": texts.chapters(lang)[here.chapter - 1],
        "strips": strips,
        "to_fix": [strip for strip in strips if strip.result.verdict is Verdict.FAILED],
        "evidence": behind[:EVIDENCE_SHOWN],
        "evidence_count": len(behind),
        "documents": _documents(digests, behind, said.values()),
        "history": judgements.history(practice, number)[:20],
        "waivers": [waiver for waiver in waivers if waiver.control in rule.controls],
        "mapped": _mapped(rule.id),
        "profile": _profile(practice) if number in JUDGED_BY_PROFILE else None,
        "previous": number - 1 or None,
        "following": number + 1 if number < len(RULES) else None,
    }
    return render(request, "film/page.html", context)


def _profile(practice: int) -> dict[str, str]:
    """The rules on passwords that were chosen, and their source."""
    told = [one.fact for one in register.of_kind(practice, PasswordChoice.__name__)]
    terms = profiles()[told[0].profile if told else DEFAULT]
    return {"title": terms.title[desk.language()], "source": terms.source[desk.language()]}


@needs(Role.READER)
@require_GET
def control(request: Visit, number: int, ident: str) -> HttpResponse:
    """Show every finding and doubt of one control."""
    rule, one = _rule(number), _control(number, ident)
    practice = desk.practice(request)
    told = judgements.film(practice, number)
    result = next((result for result in told[1] if result.id == ident), None) if told else None
    rows = [*_sentences(practice, [*result.findings, *result.doubts], rule)] if result else list[Sentence]()
    columns: tuple[Column[Sentence], ...] = (
        Column("subject", gettext_lazy("Sujet"), lambda row: row.name, link=lambda row: row.url),
        Column("state", gettext_lazy("Nature"), lambda row: _("constat") if row.finding else _("doute")),
        Column("text", gettext_lazy("Ce qui est dit"), lambda row: row.text),
    )
    choices: tuple[Choice[Sentence], ...] = (
        Choice(
            "nature",
            gettext_lazy("Nature"),
            (("finding", gettext_lazy("constats")), ("doubt", gettext_lazy("doutes"))),
            lambda row: "finding" if row.finding else "doubt",
        ),
    )
    empty = Empty(_("Rien à signaler sur ce contrôle."), reverse("film", args=[number]), _("Revenir à la règle"))
    caption = _("Constats et doutes du contrôle %(control)s") % {"control": ident}
    table = Table(f"controle-{ident}", caption, columns, listed(rows, columns, choices), empty, choices)
    said = texts.rule(rule.id).controls[ident]
    context = {"number": number, "control": one, "asks": said.asks[desk.language()], "result": result}
    return answer(request, "film/control.html", table, context)


@needs(Role.READER, act=Role.APPROVER)
@require_http_methods(["GET", "POST"])
def attest(request: Visit, number: int, ident: str) -> HttpResponse:
    """Take a signed statement on an attested control."""
    one = _control(number, ident)
    if one.proof is not Proof.ATTESTED or one.lasts is None:
        desk.missing()
    form = AttestationForm(
        request.POST or None, request.FILES or None, today=localtime(utc_now()).date(), lasts=one.lasts
    )
    if request.method == "POST" and form.is_valid():
        _keep(request, ident, form)
        messages.success(request, _("Votre attestation est enregistrée et la règle a été jugée de nouveau."))
        return redirect(f"{reverse('film', args=[number])}#{ident}")
    lang = desk.language()
    told = register.about(desk.practice(request), f"attestation/{ident}")
    context = {
        "number": number,
        "control": one,
        "title": texts.rule(f"R{number}").title[lang],
        "asks": texts.rule(f"R{number}").controls[ident].asks[lang],
        "form": form,
        "signature": desk.signature(request),
        "attestation": told[0].fact if told else None,
        "stands": advising.stands(told[0].fact, one, utc_now()) if told else False,
    }
    return render(request, "film/attest.html", context, status=422 if form.errors else 200)


@needs(Role.APPROVER)
@require_POST
def withdraw_attestation(request: Visit, number: int, ident: str) -> HttpResponse:
    """Take a statement back: the control is no longer proven."""
    _control(number, ident)
    said = Said(desk.operator(request), "attestation")
    declare(desk.console(request), said, (), (Retraction(Attestation.__name__, f"attestation/{ident}"),))
    desk.judge_again(request)
    messages.success(request, _("L’attestation est retirée ; le contrôle n’est plus prouvé."))
    return redirect("film", number)


def _keep(request: Visit, ident: str, form: AttestationForm) -> None:
    console = desk.console(request)
    document = form.cleaned_data["document"]
    fact = Attestation(
        control=ident,
        holds=form.cleaned_data["holds"] == HOLDS,
        statement=form.cleaned_data["statement"],
        signed_by=desk.signature(request),
        signed_at=console.clock(),
        expires_at=form.expires_at,
        document_name=document.name if document else None,
        document_digest=keep_document(console, document.read()) if document else None,
    )
    declare(console, Said(desk.operator(request), "attestation"), (fact,))
    desk.judge_again(request)


def _mapped(rule: str) -> list[tuple[str, str, str]]:
    """What the rule answers elsewhere: the text and its edition, the identifiers, what no rule covers there."""
    lang, told = desk.language(), mappings.mappings()
    found = mappings.cells(rule)
    sources = told.sources.items()
    return [(f"{one.name[lang]} ({one.edition[lang]})", found[code], told.gaps[code][lang]) for code, one in sources]


def _rule(number: int) -> Rule:
    return RULES[number - 1] if 1 <= number <= len(RULES) else desk.missing()


def _control(number: int, ident: str) -> Control:
    return desk.found(_rule(number).controls.get(ident))


def strip_of(
    practice: int,
    rule: Rule,
    control: Control,
    result: ControlResult | None,
    said: Mapping[str, Attestation] | None = None,
) -> Strip:
    """One control as its film shows it."""
    lang, words = desk.language(), texts.rule(rule.id).controls[control.id]
    result = result or ControlResult(control.id, Verdict.UNPROVEN, control.proof, 0)
    findings = list(_sentences(practice, result.findings[:SHOWN], rule))
    doubts = list(_sentences(practice, result.doubts[: SHOWN - min(len(findings), SHOWN - 2)], rule))
    attested = control.proof is Proof.ATTESTED
    stated = (said or {}).get(control.id)
    return Strip(control, result, words, words.asks[lang], words.fix[lang], findings, doubts, stated, attested)


def _sentences(practice: int, items: Sequence[Finding | Doubt], rule: Rule) -> Iterator[Sentence]:
    known = names(practice, (item.subject for item in items))
    for item, text in zip(items, sentences(practice, items, rule.id, desk.language()), strict=True):
        name = known.get(item.subject) or subject_name(item.subject)
        yield Sentence(item.subject, name, subject_url(item.subject), text, isinstance(item, Finding))


def _documents(digests: Sequence[str], behind: Sequence[Observation], said: Iterable[Attestation]) -> list[Attestation]:
    """Attestations whose document is among the evidence."""
    wanted = set(digests) - {one.digest for one in behind}
    return [one for one in said if one.document_digest in wanted]
