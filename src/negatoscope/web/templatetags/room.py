"""Instants, verdicts, digests and subjects, as templates show them."""

from datetime import date, datetime, timedelta
from ipaddress import ip_address

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from negatoscope.judge import texts
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.jobs import JUDGEMENT, PREVIEW
from negatoscope.web import desk, labels, present
from negatoscope.web.naming import Called
from negatoscope.web.values import in_words

register = template.Library()

SIGNS = {Verdict.PASSED: "✓", Verdict.FAILED: "✕", Verdict.UNPROVEN: "?", Verdict.NOT_APPLICABLE: "–"}
SHORT_DIGEST = 12


@register.filter
def when(at: datetime | None) -> str | SafeString:
    """An instant as people say it, the exact one on hover."""
    if at is None:
        return "—"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), exact(at), relative(at)
    )


@register.filter
def clock(due: datetime) -> SafeString:
    """Until when something is to be handled, in words; the exact instant on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', due.isoformat(timespec="seconds"), exact(due), until(due)
    )


def until(due: datetime) -> str:
    """As people say it: before today 8 h 12, before tomorrow, late since."""
    here, today = localtime(due), localtime(present.now()).date()
    days = {0: _("aujourd’hui"), 1: _("demain"), -1: _("hier")}
    day_said = days.get((here.date() - today).days) or _("le %(day)s") % {"day": date_format(here, "SHORT_DATE_FORMAT")}
    at = {"day": day_said, "hour": date_format(here, _(r"G \h i"))}
    return _("en retard depuis %(day)s %(hour)s") % at if due <= present.now() else _("avant %(day)s %(hour)s") % at


@register.filter
def is_address(host: str) -> bool:
    """Whether a browser came by an IP address: WebAuthn wants a name."""
    bare = host.rpartition(":")[0] if host.count(":") == 1 else host.partition("]")[0].removeprefix("[")
    try:
        ip_address(bare or host)
    except ValueError:
        return False
    return True


@register.filter
def day(on: date | datetime | None) -> str:
    """A date in full."""
    if on is None:
        return "—"
    return date_format(localtime(on) if isinstance(on, datetime) else on, "DATE_FORMAT")


@register.filter
def exact(at: datetime | None) -> str:
    """The exact instant, Paris time."""
    return "—" if at is None else date_format(localtime(at), _(r"j F Y \à H:i:s"))


def relative(at: datetime) -> str:
    """How long ago, or in how long."""
    left = at - present.now()
    said = _amount(abs(left))
    if said is None:
        return _("à l’instant")
    return _("dans %(time)s") % {"time": said} if left > timedelta() else _("il y a %(time)s") % {"time": said}


def _amount(gap: timedelta) -> str | None:
    hours, days = gap // timedelta(hours=1), gap.days
    if gap < timedelta(minutes=1):
        return None
    if not hours:
        return _("%(n)d min") % {"n": gap // timedelta(minutes=1)}
    if hours < 48:  # noqa: PLR2004 -- two days: from there on days are counted
        return _("%(n)d h") % {"n": hours}
    if days < 60:  # noqa: PLR2004 -- two months
        return _("%(n)d j") % {"n": days}
    months = days // 30
    return ngettext("%(n)d mois", "%(n)d mois", months) % {"n": months}


@register.filter
def sign(verdict: Verdict) -> str:
    """The sign of a verdict: seen without colour."""
    return SIGNS[Verdict(verdict)]


@register.filter
def verdict_label(verdict: Verdict) -> str:
    """A verdict in words."""
    return texts.verdict(Verdict(verdict), desk.language())


@register.filter
def proof_label(proof: Proof | None) -> str:
    """What stands under a verdict, in words."""
    return texts.proof(Proof(proof), desk.language()) if proof else _("aucune preuve")


@register.filter
def short(digest: str) -> str:
    """The beginning of a digest."""
    return digest[:SHORT_DIGEST]


@register.filter
def kind_label(kind: str) -> str:
    """A kind of fact in words."""
    return texts.kind(kind, desk.language())


@register.filter
def collector_label(name: str) -> str:
    """A collector in words, or what else a job does."""
    if name == JUDGEMENT:
        return _("Jugement")
    if name == PREVIEW:
        return _("Essai de réglages")
    return (
        labels.label(labels.COLLECTORS, name) if name in labels.COLLECTORS else texts.collector(name, desk.language())
    )


@register.filter
def target_label(target: str) -> str:
    """Where a look went, in words; empty where the collector says it already."""
    return "" if target in {"", "register"} else labels.label(labels.TARGETS, target)


@register.filter
def act_label(act: str) -> str:
    """An act of the ledger in words."""
    return labels.label(labels.ACTS, act)


@register.filter
def state_label(state: str) -> str:
    """A job's state in words."""
    return labels.label(labels.STATES, state)


@register.filter
def subject_name(ref: str) -> str:
    """A subject as people call it."""
    return texts.subject(ref, desk.language())


@register.filter
def subject_url(ref: str | None) -> str | None:
    """The page of a subject; the practice as a whole has none, nor has a text of several lines."""
    kind, _slash, rest = (ref or "").partition("/")
    if not rest or not rest.isprintable():
        return None
    if kind in {"alert", "incident", "tip"} and rest.isdecimal():
        return reverse(kind, args=[int(rest)])
    if kind in {"host", "person"} and "/" not in rest:
        return reverse(kind, args=[rest])
    return reverse("subject", args=[ref])


@register.filter
def percent(part: float, whole: float) -> int:
    """A share, 0 to 100."""
    return round(100 * part / whole) if whole else 0


LINKED = (
    "host/", "person/", "account/", "key/", "alarmcode/", "room/", "site/", "provider/", "directory/",
)  # fmt: skip
"""How the names of subjects that have a page begin."""


@register.filter
def shown(value: object) -> str | SafeString:
    """Show any field of any fact: instants as people say them, subjects as links, the unobserved as a dash."""
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Called):
        return format_html('<a href="{}">{}</a>', subject_url(value.ref), value.name)
    if isinstance(value, str) and value.startswith(LINKED) and (url := subject_url(value)):
        return format_html('<a href="{}">{}</a>', url, subject_name(value))
    return in_words(labels.value_label(value))


ROW_STATES = {
    "new": gettext_lazy("nouveau"),
    "changed": gettext_lazy("modifié"),
    "unchanged": gettext_lazy("sans changement"),
    "deleted": gettext_lazy("supprimé"),
    "unknown": gettext_lazy("suppression sans effet"),
}


@register.filter
def row_state(state: str) -> str:
    """What a row of an import does, in words."""
    return labels.label(ROW_STATES, state)
