"""The report of a judgement, on paper, as a workbook and as JSON; each one made is a ledger entry."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from negatoscope.flows import advising, appending
from negatoscope.flows.console import Console
from negatoscope.flows.decaying import decaying
from negatoscope.flows.judging import judge_now
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.naming import about, known_as, sentences
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES, census
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.canonical import canonical
from negatoscope.kit.clock import PARIS
from negatoscope.model.actions import STANDING, Action
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import ControlResult, Doubt, Judgement, RuleResult
from negatoscope.model.networks import Network
from negatoscope.model.people import Attestation, Person, Waiver
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.prove.exports import json, xlsx
from negatoscope.prove.ledger import Checkpoint, key_id
from negatoscope.prove.plan import SOON, Step, deadlines
from negatoscope.prove.report import content, pdf
from negatoscope.prove.report.acts import acts, counts, headline
from negatoscope.prove.report.blurs import blurs
from negatoscope.prove.report.words import age, collector, day, instant, say
from negatoscope.prove.report.words import look as worded
from negatoscope.store import judgements, practice
from negatoscope.store.judgements import Kept
from negatoscope.store.observations import last_sequence
from negatoscope.store.queries import observations
from negatoscope.store.queries.paging import Ask


@dataclass(frozen=True)
class _Made:
    """What every form of the report is made of."""

    console: Console
    kept: Kept
    seal: Checkpoint
    at: datetime


def report_pdf(console: Console, lang: Lang, operator: str = "console") -> bytes:
    """The report on A4, PDF/A, tagged."""
    return _report(console, operator, "pdf", lambda made: pdf.render(_content(made, lang), made.at))


def report_xlsx(console: Console, lang: Lang, operator: str = "console") -> bytes:
    """The same judgement as a workbook."""
    return _report(console, operator, "xlsx", lambda made: xlsx.workbook(_content(made, lang), _doubts(made, lang)))


def report_json(console: Console, operator: str = "console") -> bytes:
    """The same judgement as JSON, with the ledger's seal."""
    return _report(console, operator, "json", _json)


def _report(console: Console, operator: str, form: str, make: Callable[[_Made], bytes]) -> bytes:
    """Judge first if nobody ever did; enter the report, seal the ledger, make it: all of it, or nothing."""
    if judgements.last(console.practice) is None:
        judge_now(console, operator)
    with alone(console):
        kept = judgements.last(console.practice)
        if kept is None:
            raise LookupError("no judgement")
        at = console.clock()
        enter(console, at, "report", operator, {"form": form, "judgement": kept.digest, "sequence": kept.sequence})
        return make(_Made(console, kept, checkpoint(console), at))


def _json(made: _Made) -> bytes:
    return canonical(
        {
            "format": "negatoscope-report/1",
            "practice": practice.name(made.console.practice),
            "judged_at": made.kept.judgement.at,
            "made_at": made.at,
            "judgement_digest": made.kept.digest,
            "ledger": {"size": made.seal.size, "head": made.seal.head, "key_id": key_id(made.seal.key)},
            "checkpoint": made.seal,
            "waivers": json.waivers(StoredRegister(made.console.practice).seen(Waiver)),
            "actions": json.actions(StoredRegister(made.console.practice).seen(Action)),
            "rules": json.judgement(made.kept.judgement),
            "policy": json.preamble(made.kept.judgement),
            "mappings": appending.mapped(),
        }
    )


def _content(made: _Made, lang: Lang) -> content.Report:
    judgement = made.kept.judgement
    held = StoredRegister(made.console.practice)
    return content.Report(
        lang=lang,
        practice=practice.name(made.console.practice),
        judged=instant(judgement.at, lang),
        made=instant(made.at, lang),
        headline=headline(judgement, lang),
        counts=counts(judgement),
        coverage=_coverage(judgement),
        films=tuple(_film(rule, judgement.at, lang) for rule in judgement.rules),
        controls=tuple(
            _control(made.console.practice, rule, control, lang)
            for rule in judgement.rules
            for control in rule.controls
        ),
        blurs=blurs(
            judgement,
            lang,
            lambda ref: texts.subject(ref, lang),
            lambda doubt, rule, name: texts.sentence(doubt, rule, lang, name),
        ),
        acts=acts(judgement, _steps(made.console.practice, judgement, made.at), lang),
        dues=tuple(_dues(made.console.practice, made.at, lang)),
        scope=_scope(made, held, lang),
        proofs=_proofs(made, lang),
        seal=content.Seal(made.kept.digest, made.seal.size, made.seal.head, key_id(made.seal.key)),
        verdicts={verdict.value: texts.verdict(verdict, lang) for verdict in Verdict},
        waivers=tuple(_waived(held, made.at, lang)),
        plan=tuple(_planned(held, made.at, lang)),
        plan_cost=_cost(held, lang),
        policy=appending.policy(judgement, lang),
        passwords=appending.passwords(held, lang),
        elsewhere=appending.elsewhere(),
        elsewhere_notes=appending.notes(lang),
    )


def _coverage(judgement: Judgement) -> dict[str, int]:
    """What can prove the controls, and how many of those that can be measured are settled today."""
    measured = [one for rule in judgement.rules for one in rule.controls if one.proof is Proof.MEASURED]
    return census(RULES)._asdict() | {"proven": sum(one.verdict is not Verdict.UNPROVEN for one in measured)}


def _steps(practice_id: int, judgement: Judgement, at: datetime) -> list[Step]:
    """What to do first, on the judgement's own verdicts."""
    verdicts = {advising.number_of(rule.rule): rule.verdict for rule in judgement.rules}
    many = sum(len(control.findings) for rule in judgement.rules for control in rule.controls)
    return advising.steps(practice_id, verdicts, many, at)


def _film(rule: RuleResult, at: datetime, lang: Lang) -> content.Film:
    said = texts.rule(rule.rule)
    return content.Film(
        rule=rule.rule,
        number=int(rule.rule.removeprefix("R")),
        chapter=texts.chapters(lang)[said.chapter - 1],
        short=said.short[lang],
        title=said.title[lang],
        verdict=rule.verdict.value,
        verdict_said=texts.verdict(rule.verdict, lang),
        proof=rule.proof.value if rule.proof else "",
        proof_said=texts.proof(rule.proof, lang) if rule.proof else "",
        age=age(rule.oldest, at, lang),
        settled=rule.settled,
        total=len(rule.controls),
        findings=sum(len(control.findings) for control in rule.controls),
        doubts=sum(len(control.doubts) for control in rule.controls),
    )


def _control(practice_id: int, rule: RuleResult, control: ControlResult, lang: Lang) -> content.Control:
    said = texts.rule(rule.rule).controls[control.id]
    return content.Control(
        id=control.id,
        rule=rule.rule,
        asks=said.asks[lang],
        fix=said.fix[lang],
        verdict=control.verdict.value,
        verdict_said=texts.verdict(control.verdict, lang),
        means=say("means", control.proof.value, lang),
        checked=control.checked,
        evidence=control.evidence,
        findings=tuple(sentences(practice_id, control.findings, rule.rule, lang)),
        subjects=tuple(known_as(practice_id, finding.subject, lang) for finding in control.findings),
    )


def _doubts(made: _Made, lang: Lang) -> Iterator[tuple[str, str, str]]:
    """Control, subject and sentence of every doubt; those that read the same are said once."""
    for rule in made.kept.judgement.rules:
        for control in rule.controls:
            yield from dict.fromkeys(_doubt(control.id, doubt, rule.rule, lang) for doubt in control.doubts)


def _doubt(control: str, doubt: Doubt, rule: str, lang: Lang) -> tuple[str, str, str]:
    return control, texts.subject(doubt.subject, lang), texts.sentence(doubt, rule, lang)


def _dues(practice_id: int, at: datetime, lang: Lang) -> Iterator[content.Due]:
    """What ends soon, or has ended, the soonest first."""
    for one in deadlines(decaying(practice_id, at, SOON)):
        subject, control = known_as(practice_id, one.first.subject, lang), about(one.first.control, lang)
        code = one.first.code if one.n == 1 else f"{one.first.code}s"
        sentence = say("dues", code, lang, control=control, subject=subject, n=one.n)
        yield content.Due(sentence, day(one.first.at, lang), late=one.first.at <= at)


def _waived(held: StoredRegister, at: datetime, lang: Lang) -> Iterator[content.Waived]:
    """Every waiver that nobody withdrew, also those that have ended."""
    for one in sorted(held.seen(Waiver), key=lambda waiver: (waiver.control, waiver.until)):
        yield content.Waived(
            one.control,
            texts.subject(one.subject, lang),
            one.owner,
            one.compensation,
            day(one.until, lang),
            late=one.until <= at,
        )


def _planned(held: StoredRegister, at: datetime, lang: Lang) -> Iterator[content.Planned]:
    """The action plan: what stands first, the soonest due first."""
    today = at.astimezone(PARIS).date()
    for one in sorted(held.seen(Action), key=lambda each: (each.state not in STANDING, each.due_on, each.ref)):
        yield content.Planned(
            one.control,
            texts.subject(one.subject, lang),
            one.owner,
            say("paper", f"action_{one.state.value}", lang),
            f"{one.due_on:{'%d/%m/%Y' if lang == 'fr' else '%Y-%m-%d'}}",
            one.cost if one.cost is not None else "",
            late=one.late(today),
        )


def _cost(held: StoredRegister, lang: Lang) -> str:
    total = sum(one.cost or 0 for one in held.seen(Action) if one.state in STANDING)
    return say("paper", "plan_cost", lang, n=total) if total else ""


def _scope(made: _Made, held: StoredRegister, lang: Lang) -> content.Scope:
    hosts = held.seen(Host).facts
    networks = [one.cidr for one in held.seen(Network)]
    classes = Counter(host.host_class.value if host.host_class else "" for host in hosts)
    words = texts.shared().words["class"]
    unknown = say("paper", "unknown_class", lang)
    looks = observations.last_looks(made.console.practice)
    return content.Scope(
        networks=tuple((cidr, _swept(made.console.practice, cidr, held, lang)) for cidr in networks),
        hosts=tuple((words[name][lang] if name else unknown, many) for name, many in classes.most_common()),
        looks=tuple((collector(name, lang), instant(at, lang)) for name, at in sorted(looks.items())),
        people=len(held.seen(Person).facts),
        newer=last_sequence() > made.kept.sequence,
    )


def _swept(practice_id: int, cidr: str, held: StoredRegister, lang: Lang) -> str:
    """When a network was last swept: completely where a sweep of it stands, else in part, else never."""
    complete = [one.source.at for one in held.seen(Host).sweeps if one.sweep.network == cidr]
    if complete:
        return say("paper", "complete", lang, at=instant(max(complete), lang))
    partial = observations.observations(practice_id, Ask(search=cidr, only={"collector": "nmap"})).rows
    ended = [look.ended for look in partial if cidr in look.target.split(",") and look.facts]
    return say("paper", "partial", lang, at=instant(max(ended), lang)) if ended else say("paper", "never", lang)


def _proofs(made: _Made, lang: Lang) -> tuple[content.Proof, ...]:
    """Every piece of evidence once, oldest first; a document joined to an attestation has no look of its own."""
    rules = made.kept.judgement.rules
    found = {digest for rule in rules for control in rule.controls for digest in control.evidence}
    looks = {look.digest: look for look in observations.by_digest(made.console.practice, found)}
    documents = {
        one.document_digest: one.document_name for one in StoredRegister(made.console.practice).seen(Attestation)
    }
    return (
        *(
            content.Proof(look.digest, worded(look.collector, look.target, lang), instant(look.ended, lang))
            for look in sorted(looks.values(), key=lambda look: look.sequence)
        ),
        *(
            content.Proof(digest, worded("document", documents.get(digest), lang), "")
            for digest in sorted(found - looks.keys())
        ),
    )


__all__ = ["PARIS", "report_json", "report_pdf", "report_xlsx"]
