"""The practice's texts: drafted from the register and the rules, signed by the director, read by each, reviewed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.leavers import Leaving, present
from negatoscope.judge.shapes import TRAINING_STANDS
from negatoscope.kit.bilingual import Lang
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.papers import Paper, PaperKind, PolicyReview, Signature
from negatoscope.model.people import Departure, Person
from negatoscope.prove.papers.text import Section, Sheet, render, words
from negatoscope.prove.report.words import day
from negatoscope.store import practice

WRITTEN = (PaperKind.POLICY, PaperKind.CHARTER)
"""Texts that are drafted; a training has none."""
SCOPE: dict[str, tuple[str, str]] = {
    "fr": ("Elle couvre aujourd’hui", "{n} personnes, {networks} réseaux déclarés et {hosts} équipements : {classes}."),
    "en": ("Today it covers", "{n} people, {networks} declared networks and {hosts} hosts: {classes}."),
}
TRAINING_DAYS = TRAINING_STANDS.days
VERSION = {"fr": "version {n}", "en": "version {n}"}
MADE = {"fr": "Établi le {on}", "en": "Made on {on}"}


@dataclass(frozen=True)
class Signer:
    """Whoever signs or records: as the ledger names them, and as they sign."""

    operator: str
    name: str


def draft(console: Console, kind: PaperKind, lang: Lang) -> bytes:
    """The next version of a text, as a PDF made from what the register holds now."""
    now = console.clock()
    fixed = words(kind, lang)
    known = StoredRegister(console.practice)
    sections = fixed.sections
    if kind is PaperKind.POLICY:
        before = len(sections) - fixed.after
        sections = (*sections[:before], _scope(known, lang, console), *_commitments(lang), *sections[before:])
    number = next((one.version for one in known.seen(Paper).facts if one.kind is kind), 0) + 1
    sheet = Sheet(
        lang=lang,
        title=fixed.title,
        practice=practice.name(console.practice),
        version=VERSION[lang].format(n=number),
        made=MADE[lang].format(on=day(now, lang)),
        lead=fixed.lead,
        sections=sections,
        signed=fixed.signed,
    )
    return render(sheet, now)


def _scope(known: StoredRegister, lang: Lang, console: Console) -> Section:
    """What the register knows of the practice, in numbers."""
    title, sentence = SCOPE[lang]
    names = texts.shared().words["class"]
    hosts = known.seen(Host).facts
    classes = Counter(names[host.host_class.value][lang] for host in hosts if host.host_class)
    said = ", ".join(f"{name} ({many})" for name, many in classes.most_common()) or "–"
    staff = staff_of(console)
    networks = len(known.seen(Network).facts)
    return Section(title, (sentence.format(n=len(staff), networks=networks, hosts=len(hosts), classes=said),))


def _commitments(lang: Lang) -> Iterator[Section]:
    """The forty rules, chapter by chapter, in the catalogue's own words."""
    for number, chapter in enumerate(texts.chapters(lang), start=1):
        rules = [texts.rule(rule.id) for rule in RULES if texts.rule(rule.id).chapter == number]
        points = tuple(control.asks[lang] for said in rules for control in said.controls.values())
        yield Section(chapter, (), points)


def adopt(console: Console, kind: PaperKind, lang: Lang, signer: Signer) -> Paper:
    """Freeze the draft in the vault and sign it: the version in force from now on. Raises ValueError for a training."""
    if kind not in WRITTEN:
        raise ValueError(kind)
    document = draft(console, kind, lang)
    known = StoredRegister(console.practice).seen(Paper).facts
    number = next((one.version for one in known if one.kind is kind), 0) + 1
    paper = Paper(
        kind=kind,
        version=number,
        signed_by=signer.name,
        signed_at=console.clock(),
        document_digest=keep_document(console, document),
        document_name=f"{words(kind, lang).title.lower().replace(' ', '-')}-{number}.pdf",
    )
    declare(console, Said(signer.operator, "attestation"), (paper,))
    return paper


def record(console: Console, kind: PaperKind, people: Iterable[Person], on: date, signer: Signer) -> int:
    """Record that people read, signed or followed something on a day; of a text, the version in force. How many."""
    papers = StoredRegister(console.practice).seen(Paper).facts
    version = next((one.version for one in papers if one.kind is kind), None)
    signed = [Signature(person.ref, kind, on, version, signer.name) for person in people]
    if signed and (version is not None or kind is PaperKind.TRAINING):
        declare(console, Said(signer.operator), signed)
        return len(signed)
    return 0


def review(console: Console, held: PolicyReview, signer: Signer) -> None:
    """Record that the leaders looked at how the policy is applied."""
    declare(console, Said(signer.operator, "attestation"), (held,))


def staff_of(console: Console) -> tuple[Person, ...]:
    """Everyone present now, by name."""
    known = StoredRegister(console.practice)
    leaving = Leaving(known.seen(Departure).facts, console.clock())
    return tuple(sorted(present(known.seen(Person).facts, leaving), key=lambda person: person.name.casefold()))
