"""What would settle the most, what is due, what can be done today: from verdicts and a few dates, never long lists."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.coverage import swept_as
from negatoscope.judge.rule import Control
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Consent, Network
from negatoscope.model.people import Attestation, Person
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.queries import jobs, observations, register
from negatoscope.store.queries.judgements import LightBox

SOON = timedelta(days=60)
STALE = timedelta(days=7)
SHOWN = 5
DUE_SHOWN = 8


@dataclass(frozen=True)
class Known:
    """The few things that advice depends on, each a query of constant size."""

    at: datetime
    attestations: dict[str, Attestation]
    consents: tuple[Consent, ...]
    networks: tuple[str, ...]
    swept: dict[str, datetime]
    looked: dict[str, datetime | None]
    people_listed: datetime | None
    jobs: tuple[jobs.Job, ...]


@dataclass(frozen=True)
class Action:
    """Something useful to do, and the films that it would move."""

    text: str
    url: str
    films: tuple[int, ...]
    quick: bool = False
    """A look that was never made: minutes of nobody's time."""

    @property
    def reach(self) -> str:
        """How many films it concerns, in words."""
        return ngettext("concerne %(n)d film", "concerne %(n)d films", len(self.films)) % {"n": len(self.films)}


@dataclass(frozen=True)
class Due:
    """Something that ends at an instant."""

    text: str
    url: str
    at: datetime | None
    late: bool = False
    note: str = ""


def known(practice: int, at: datetime) -> Known:
    """Ask the store once."""
    return Known(
        at,
        {told.fact.control: told.fact for told in register.of_kind(practice, Attestation.__name__)},
        tuple(told.fact for told in register.of_kind(practice, Consent.__name__)),
        tuple(dict.fromkeys(told.fact.cidr for told in register.of_kind(practice, Network.__name__))),
        observations.swept_networks(practice),
        {name: observations.last_look(practice, name) for name, one in COLLECTORS.items() if one.capture},
        observations.list_declared(practice, Person.__name__),
        tuple(jobs.open_jobs(practice)),
    )


def stands(attestation: Attestation | None, control: Control, at: datetime) -> bool:
    """Whether an attestation still answers a control: given, and not expired."""
    if attestation is None:
        return False
    return _end(attestation, control) > at


def _end(attestation: Attestation, control: Control) -> datetime:
    last = attestation.signed_at + control.lasts if control.lasts else attestation.expires_at
    return min(attestation.expires_at, last)


def given_by(control: Control, collector: str) -> bool:
    """Whether a collector brings back something that this control reads."""
    return any(given(kind, collector) for kind in control.kinds)


def given(kind: type, collector: str) -> bool:
    """Whether a collector brings back facts of this kind."""
    return bool({kind.__name__, swept_as(kind)} & set(COLLECTORS[collector].gives))


def actions(box: LightBox | None, here: Known) -> list[Action]:
    """The most useful things to do now: looks never made, then the widest first."""
    dark = {film.number for film in box.films if film.verdict is Verdict.UNPROVEN} if box else _all_films()
    found = [action for action in _candidates(box, here, dark) if action.films]
    return sorted(found, key=lambda action: (not action.quick, -len(action.films)))[:SHOWN]


def _all_films() -> set[int]:
    return set(range(1, len(RULES) + 1))


def _candidates(box: LightBox | None, here: Known, dark: set[int]) -> Iterator[Action]:
    yield from _to_look(here, dark)
    if here.people_listed is None:
        films = _films(dark, lambda control: Person in control.kinds)
        yield Action(_("Importer la liste des personnes"), reverse("import_family", args=["persons"]), films)
    missing = [control for control in _controls() if control.proof is Proof.ATTESTED and not _stands(control, here)]
    if missing:
        text = ngettext("Attester %(n)d contrôle", "Attester %(n)d contrôles", len(missing)) % {"n": len(missing)}
        films = tuple(sorted({number_of(control.id) for control in missing} & dark))
        yield Action(text, reverse("coverage") + "?preuve=attested&etat=missing", films)
    failed = tuple(film.number for film in box.films if film.verdict is Verdict.FAILED) if box else ()
    if failed and box:
        many = sum(film.findings for film in box.films)
        text = ngettext("Corriger %(n)d constat", "Corriger %(n)d constats", many) % {"n": many}
        yield Action(text, reverse("lightbox") + "?verdict=failed", failed)


def _to_look(here: Known, dark: set[int]) -> Iterator[Action]:
    """Collectors to start, in the order that a newcomer needs them."""
    if "local" in COLLECTORS and _old(here.looked.get("local"), here.at):
        films = _films(dark, lambda control: given_by(control, "local"))
        yield Action(_("Observer cet équipement"), reverse("collector", args=["local"]), films, quick=True)
    hosts = _films(dark, lambda control: any(kind is Host or kind.SCOPE == "host" for kind in control.kinds))
    if not here.networks:
        yield Action(_("Déclarer vos réseaux"), reverse("networks"), hosts, quick=True)
    elif any(_old(here.swept.get(cidr), here.at) for cidr in here.networks):
        yield Action(_("Parcourir vos réseaux"), reverse("collector", args=["nmap"]), hosts)


def _old(looked: datetime | None, at: datetime) -> bool:
    return looked is None or at - looked > STALE


def _controls() -> Iterator[Control]:
    return (control for rule in RULES for control in rule.controls.values())


def _stands(control: Control, here: Known) -> bool:
    return stands(here.attestations.get(control.id), control, here.at)


def _films(dark: set[int], concerned: Callable[[Control], bool]) -> tuple[int, ...]:
    wanted = {number_of(control.id) for control in _controls() if control.logic and concerned(control)}
    return tuple(sorted(wanted & dark))


def number_of(control: str) -> int:
    """The rule's number in a control's name: ``R10.2`` is of rule 10."""
    return int(control.removeprefix("R").partition(".")[0])


def workable(box: LightBox | None, here: Known) -> frozenset[int]:
    """Films on which something can be done today: a finding, an attestation missing, a collector ready to run."""
    ready = [name for name, looked in here.looked.items() if _old(looked, here.at)]
    able = {film.number for film in box.films if film.findings} if box else set()
    for control in _controls():
        attest = control.proof is Proof.ATTESTED and not _stands(control, here)
        if attest or (control.logic and any(given_by(control, name) for name in ready)):
            able.add(number_of(control.id))
    settled = (
        {film.number for film in box.films if film.verdict in (Verdict.PASSED, Verdict.NOT_APPLICABLE)} if box else ()
    )
    return frozenset(able - set(settled))


def deadlines(here: Known) -> list[Due]:
    """What ends soon or has ended, the soonest first; running work before all."""
    due = sorted((one for one in _ending(here) if one.at), key=lambda one: one.at or here.at)
    return [*_running(here.jobs), *due[:DUE_SHOWN]]


def _attestations_due(ending: list[tuple[datetime, str]], at: datetime) -> Due:
    """Attestations that end on one day: one line, whatever their number."""
    first, control = min(ending)
    if len(ending) == 1:
        url = reverse("attest", args=[number_of(control), control])
        return Due(_("Attestation %(control)s") % {"control": control}, url, first, late=first <= at)
    text = _("%(n)d attestations") % {"n": len(ending)}
    return Due(text, reverse("coverage") + "?preuve=attested", first, late=first <= at)


def _running(open_jobs: Iterable[jobs.Job]) -> Iterator[Due]:
    for job in open_jobs:
        text = _("Relevé en cours : %(target)s") % {"target": job.target or job.collector}
        yield Due(text, reverse("job", args=[job.id]), None, note=_("en cours") if job.started_at else _("en attente"))


def _ending(here: Known) -> Iterator[Due]:
    by_day: dict[date, list[tuple[datetime, str]]] = {}
    for control in _controls():
        attestation = here.attestations.get(control.id)
        if attestation and attestation.holds and (ends := _end(attestation, control)) - here.at < SOON:
            by_day.setdefault(ends.date(), []).append((ends, control.id))
    yield from (_attestations_due(ending, here.at) for ending in by_day.values())
    for consent in here.consents:
        if consent.until - here.at < SOON:
            name = consent.host.removeprefix("host/")
            text = _("Accord d’interroger %(host)s") % {"host": name}
            yield Due(text, reverse("host", args=[name]), consent.until, late=consent.until <= here.at)
