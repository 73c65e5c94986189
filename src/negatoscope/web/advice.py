"""What would settle the most, what is due, what can be done today: in words, with the page where it is done."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negatoscope.flows import advising, lettering
from negatoscope.flows.advising import CONTROLS, given_by, number_of, stands
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.decaying import decaying
from negatoscope.flows.naming import about, known_as
from negatoscope.model.people import Attestation
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.prove import plan
from negatoscope.prove.plan import Deadline, Ending
from negatoscope.respond.tips import guidance
from negatoscope.store.queries import alerts, jobs, observations, register, tips
from negatoscope.store.queries.judgements import LightBox
from negatoscope.web import desk

SHOWN = 5
DUE_SHOWN = 8
ALERTS_SHOWN = 3


@dataclass(frozen=True)
class Action:
    """Something useful to do, and the films that it would move."""

    text: str
    url: str
    films: tuple[int, ...]

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


def actions(practice: int, box: LightBox | None, at: datetime, under_way: Collection[jobs.Job] = ()) -> list[Action]:
    """The most useful things to do now, the most useful first; not those that a job ``under_way`` brings."""
    verdicts = {film.number: film.verdict for film in box.films} if box else {}
    many = sum(film.findings for film in box.films) if box else 0
    brought = {BRINGS.get(job.collector) for job in under_way}
    found = advising.steps(practice, verdicts, many, at)
    return [_worded(step) for step in found if step.code not in brought][:SHOWN]


def _worded(step: plan.Step) -> Action:
    text, url = STEPS[step.code](step.n)
    return Action(text, url, step.films)


BRINGS = {"local": "local", "nmap": "sweep"}
"""The step that a collector's look accomplishes: not proposed again while it is under way."""
STEPS: dict[str, Callable[[int], tuple[str, str]]] = {
    "local": lambda _n: (_("Observer cet équipement"), reverse("collector", args=["local"])),
    "networks": lambda _n: (_("Déclarer vos réseaux"), reverse("networks")),
    "sweep": lambda _n: (_("Parcourir vos réseaux"), reverse("collector", args=["nmap"])),
    "people": lambda _n: (
        _("Importer la liste des personnes"),
        reverse("import_family", args=["persons"]),
    ),
    "undated": lambda _n: (
        _("Dire à quelle date la liste des personnes était complète"),
        reverse("family_close", args=["persons"]),
    ),
    "attest": lambda n: (
        ngettext("Attester %(n)d contrôle", "Attester %(n)d contrôles", n) % {"n": n},
        reverse("coverage") + "?preuve=attested&etat=missing",
    ),
    "repair": lambda n: (
        ngettext("Corriger %(n)d constat", "Corriger %(n)d constats", n) % {"n": n},
        reverse("lightbox") + "?verdict=failed",
    ),
}
"""What each step is called, and where it is done."""


def workable(practice: int, box: LightBox | None, at: datetime) -> frozenset[int]:
    """Films on which something can be done today: a finding, an attestation missing, a collector ready to run."""
    attested = {one.control: one for one in register.declared(practice, Attestation)}
    looks = {name: observations.last_look(practice, name) for name, one in COLLECTORS.items() if one.capture}
    ready = [name for name, looked in looks.items() if plan.stale(looked, at)]
    able = {film.number for film in box.films if film.findings} if box else set()
    for control in CONTROLS:
        attest = control.proof is Proof.ATTESTED and not stands(attested.get(control.id), control, at)
        if attest or (control.logic and any(given_by(control, name) for name in ready)):
            able.add(number_of(control.id))
    settled = (Verdict.PASSED, Verdict.NOT_APPLICABLE)
    return frozenset(able - {film.number for film in (box.films if box else ()) if film.verdict in settled})


def deadlines(
    practice: int, at: datetime, under_way: Iterable[jobs.Job] = (), factor_by: datetime | None = None
) -> list[Due]:
    """What ends soon or has ended, the soonest first; running work before all.

    ``factor_by``: until when the visitor may still sign and administer without a second factor.
    """
    due = plan.deadlines(decaying(practice, at, plan.SOON))[:DUE_SHOWN]
    own = [Due(_("Ajouter votre second facteur"), reverse("mfa_index"), by, by <= at) for by in (factor_by,) if by]
    first = (*_running(under_way), *own, *_tips(practice, at), *_alerts(practice, at))
    return [*first, *(_due(practice, one, at) for one in due)]


def _alerts(practice: int, at: datetime) -> Iterator[Due]:
    """Open alerts, the one due first before the others; of many, the first and how many there are."""
    standing, lang = alerts.standing(practice), desk.language()
    for one in standing if len(standing) <= ALERTS_SHOWN else standing[:1]:
        told = {"what": lettering.alert(one.kind, one.code, lang), "subject": known_as(practice, one.subject, lang)}
        yield Due(_("%(what)s : %(subject)s") % told, reverse("alert", args=[one.number]), one.due, one.due <= at)
    if len(standing) > ALERTS_SHOWN:
        said = _("%(n)d alertes ouvertes") % {"n": len(standing)}
        yield Due(said, reverse("alerts"), None, note=_("à traiter"))


def _tips(practice: int, at: datetime) -> Iterator[Due]:
    """Reports of the staff that wait, the one due first before the others; of many, the first and their number."""
    standing, lang = tips.standing(practice), desk.language()
    for one in standing if len(standing) <= ALERTS_SHOWN else standing[:1]:
        said = _("Signalement : %(what)s") % {"what": guidance()[one.look].says[lang]}
        yield Due(said, reverse("tip", args=[one.number]), one.due, one.due <= at)
    if len(standing) > ALERTS_SHOWN:
        said = _("%(n)d signalements attendent") % {"n": len(standing)}
        yield Due(said, reverse("tips") + "?etat=open", None, note=_("à traiter"))


def _running(open_jobs: Iterable[jobs.Job]) -> Iterator[Due]:
    for job in open_jobs:
        text = _("Relevé en cours : %(target)s") % {"target": job.target or job.collector}
        yield Due(text, reverse("job", args=[job.id]), None, note=_("en cours") if job.started_at else _("en attente"))


def _due(practice: int, one: Deadline, at: datetime) -> Due:
    late = one.first.at <= at
    if one.n == 1:
        return Due(_alone(practice, one.first), page_of(one.first), one.first.at, late)
    text, url = TOGETHER[one.first.code]()
    return Due(text % {"n": one.n}, url, one.first.at, late)


def _alone(practice: int, one: Ending) -> str:
    lang = desk.language()
    told = {"control": about(one.control, lang), "subject": known_as(practice, one.subject, lang)}
    match one.code:
        case "attestation":
            return _("Attestation %(control)s") % told
        case "consent":
            return _("Accord d’interroger %(subject)s") % told
        case "waiver":
            return _("Dérogation %(control)s : %(subject)s") % told
        case "action":
            return _("Action %(control)s : %(subject)s") % told
        case "arrival":
            return _("Arrivée : %(subject)s") % told
        case _:
            return _("Départ : %(subject)s") % told


TOGETHER: dict[str, Callable[[], tuple[str, str]]] = {
    "attestation": lambda: (_("%(n)d attestations"), reverse("coverage") + "?preuve=attested"),
    "consent": lambda: (_("%(n)d accords d’interroger"), reverse("decaying") + "?nature=consent"),
    "waiver": lambda: (_("%(n)d dérogations"), reverse("decaying") + "?nature=waiver"),
    "action": lambda: (_("%(n)d actions"), reverse("actions")),
    "arrival": lambda: (_("%(n)d arrivées"), reverse("cases")),
    "departure": lambda: (_("%(n)d départs"), reverse("cases")),
}
"""What several of a sort that end on one day are called, and where they are listed."""


def page_of(one: Ending) -> str:
    """The page where something that ends is renewed or done."""
    match one.code:
        case "action":
            return reverse("action", args=[one.control, one.subject])
        case "consent":
            return reverse("host", args=[one.subject.removeprefix("host/")])
        case "attestation":
            return reverse("attest", args=[number_of(one.control), one.control])
        case "waiver":
            return reverse("film", args=[number_of(one.control)])
        case _:
            way = {"departure": "depart", "arrival": "arrivee"}.get(one.code, one.code)
            return reverse("case", args=[one.subject.removeprefix("person/"), way])
