"""The first page: forty films, what is due, what is most useful, the trend."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from negatoscope.flows.scheduling import judge_soon
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES
from negatoscope.kit.clock import utc_now
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.queries import jobs, judgements, observations
from negatoscope.store.queries.judgements import Film, LightBox
from negatoscope.store.roles import Role
from negatoscope.web import advice, desk
from negatoscope.web.access import needs
from negatoscope.web.charts import trend_chart
from negatoscope.web.desk import Visit
from negatoscope.web.numbers import counted, counted_first

TREND = timedelta(days=30)
TODAY = "1"
ATTESTATION_STANDS = timedelta(days=365)


@dataclass(frozen=True)
class Hung:
    """A film as it hangs: its verdict, its label, how fresh its proof is, and whether a filter dims it."""

    film: Film
    short: str
    title: str
    chapter: int
    fresh: int
    """What is left of its freshness, 0 to 100."""
    wanted: bool

    @property
    def attested(self) -> bool:
        """Whether a person's word stands under it."""
        return self.film.proof is Proof.ATTESTED


@needs(Role.READER)
@require_GET
def lightbox(request: Visit) -> HttpResponse:
    """Show the light box, whole or filtered."""
    practice, now = desk.practice(request), utc_now()
    box = judgements.light_box(practice)
    able = advice.workable(practice, box, now)
    chapter, verdict = request.GET.get("chapitre", ""), request.GET.get("verdict", "")
    today = request.GET.get("aujourdhui") == TODAY
    hung = [
        _hang(film, now, wanted=_wanted(film, able if today else None, chapter, verdict))
        for film in (box.films if box else _unlit())
    ]
    under_way = jobs.open_jobs(practice)
    context = {
        "box": box,
        "films": hung,
        "headline": headline(box),
        "policy": judgements.preamble(practice) if box else None,
        **waiting(practice),
        "newest": observations.newest(practice),
        "chapters": list(enumerate(texts.chapters(desk.language()), start=1)),
        "verdicts": list(Verdict),
        "chosen": {"chapter": chapter, "verdict": verdict, "today": today},
        "shown": sum(one.wanted for one in hung),
        "narrowed": bool(chapter or verdict or today),
        "able": len(able),
        "deadlines": advice.deadlines(practice, now, under_way, request.user.second_factor_by),
        "actions": advice.actions(practice, box, now, under_way),
        "trend": trend_chart(judgements.trend(practice, now - TREND, ZoneInfo(settings.TIME_ZONE))),
    }
    alone = request.htmx and request.htmx.target == "box"
    return render(request, "lightbox/box.html" if alone else "lightbox/page.html", context)


@needs(Role.READER)
@require_GET
def pending(request: Visit) -> HttpResponse:
    """Say whether a judgement is under way; once it is pronounced, the page is asked for again."""
    practice = desk.practice(request)
    answer = render(request, "lightbox/pending.html", waiting(practice))
    if not jobs.judging(practice):
        answer["HX-Refresh"] = "true"
    return answer


def waiting(practice: int) -> dict[str, bool]:
    """What the light box does not show yet."""
    behind = judgements.behind(practice)
    return {"behind": behind, "judging": behind and jobs.judging(practice)}


@needs(Role.OPERATOR)
@require_POST
def judge(request: Visit) -> HttpResponse:
    """Judge now, on what the register holds."""
    judged = judge_soon(desk.console(request), desk.operator(request))
    said = _("Les quarante règles viennent d’être jugées.") if judged else _("Le jugement est en cours.")
    messages.success(request, said)
    return redirect("lightbox")


def headline(box: LightBox | None) -> str:
    """Say in words how many films are lit."""
    if box is None:
        return _("Quarante films, aucun jugement encore")
    many = judgements.counted(box)
    passed, failed = many[Verdict.PASSED], many[Verdict.FAILED]
    dark = many[Verdict.UNPROVEN]
    parts = [
        ngettext("%(n)s vert", "%(n)s verts", passed) % {"n": counted(passed)},
        ngettext("%(n)s rouge", "%(n)s rouges", failed) % {"n": counted(failed)},
        ngettext("%(n)s éteint", "%(n)s éteints", dark) % {"n": counted(dark)},
    ]
    return _("%(total)s films : %(parts)s") % {"total": counted_first(len(box.films)), "parts": ", ".join(parts)}


def _wanted(film: Film, able: frozenset[int] | None, chapter: str, verdict: str) -> bool:
    if able is not None and film.number not in able:
        return False
    if verdict and film.verdict != verdict:
        return False
    return not chapter or str(texts.rule(film.rule).chapter) == chapter


def _hang(film: Film, now: datetime, *, wanted: bool) -> Hung:
    lang, said = desk.language(), texts.rule(film.rule)
    stands = ATTESTATION_STANDS if film.proof is Proof.ATTESTED else RULES[film.number - 1].fresh
    left = 0.0 if film.oldest is None else 1 - (now - film.oldest) / stands
    return Hung(film, said.short[lang], said.title[lang], said.chapter, round(100 * min(1.0, max(0.0, left))), wanted)


def _unlit() -> list[Film]:
    """Forty films before the first judgement: nothing was looked at."""
    return [
        Film(rule.id, number, Verdict.UNPROVEN, None, None, 0, len(rule.controls), 0, 0)
        for number, rule in enumerate(RULES, start=1)
    ]
