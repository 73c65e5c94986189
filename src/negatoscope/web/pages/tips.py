"""Reports of the staff for those who handle them: all of them, one with its words and files, and who may send any."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.forms import ChoiceField, Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import chaining, dropping, naming, tipping
from negatoscope.flows.alerting import Handler
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tipping import NotTaken
from negatoscope.kit.clock import utc_now
from negatoscope.model.tip import Door, Tip
from negatoscope.respond import tips as known
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents
from negatoscope.store.queries import tips as held
from negatoscope.store.roles import Role
from negatoscope.store.vault import Tampered
from negatoscope.web import desk, incident_labels, qr, tip_labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.forms.tips import AnswerForm, DoorForm, IncidentForm, JoinForm, WhyForm
from negatoscope.web.labels import label
from negatoscope.web.tables import Choice, Column, Empty, Table, answer

FORMS: dict[str, type[Form]] = {"open": IncidentForm, "join": JoinForm, "harmless": WhyForm, "answer": AnswerForm}
PEOPLE = 2
UNFIT, CONFLICT = 422, 409


@needs(Role.READER)
@require_GET
def tips(request: Visit) -> HttpResponse:
    """List reports, the newest first."""
    practice = desk.practice(request)
    door, networks = held.door(practice)
    said = " ".join(filter(None, (str(tip_labels.DOORS[door]), networks if door is Door.LISTED else "")))
    console = desk.console(request)
    context = {"door": said, "aside": dropping.refused(console), "place": dropping.aside(console)}
    return answer(request, "tips/list.html", _table(practice), context)


def _table(practice: int) -> Table[Tip]:
    lang = desk.language()
    looks = tuple((look.value, one.says[lang]) for look, one in known.guidance().items())
    columns: tuple[Column[Tip], ...] = (
        Column("number", gettext_lazy("Numéro"), lambda row: row.number, "number", link=_page),
        Column("look", gettext_lazy("Ce qui a été vu"), lambda row: dict(looks)[row.look], sortable=False, link=_page),
        Column("where", gettext_lazy("Où"), lambda row: row.where or None),
        Column("name", gettext_lazy("Qui"), _name),
        Column("received", gettext_lazy("Reçu"), lambda row: row.received_at, "instant"),
        Column("state", gettext_lazy("Suite"), _state, sortable=False),
        Column("due", gettext_lazy("À traiter avant"), lambda row: row.due if row.open else None, "instant"),
        Column("handled", gettext_lazy("Traité"), lambda row: row.handled_at, "instant"),
        Column("by", gettext_lazy("Par"), lambda row: row.handled_by or None),
    )
    choices: tuple[Choice[Tip], ...] = (
        Choice("etat", gettext_lazy("État"), tuple(tip_labels.STATES.items())),
        Choice("vu", gettext_lazy("Ce qui a été vu"), looks),
        Choice("suite", gettext_lazy("Suite"), tuple(tip_labels.OUTCOMES.items())),
    )
    says = _("Aucun signalement. Posez l’affiche près de chaque poste : on signale sans compte, de jour comme de nuit.")
    empty = Empty(says, reverse("tip_poster"), _("L’affiche à imprimer"))
    return Table("tips", _("Signalements"), columns, lambda ask: held.page(practice, ask), empty, choices)


def _name(row: Tip) -> str | None:
    if row.by_mail and row.name:
        return _("%(name)s (non vérifié)") % {"name": row.name}
    return row.name or None


def _page(row: Tip) -> str:
    return reverse("tip", args=[row.number])


def _state(row: Tip) -> str | Promise:
    return label(tip_labels.OUTCOMES, row.outcome) if row.outcome else tip_labels.STATES["open"]


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def tip(request: Visit, number: int) -> HttpResponse:
    """One report: what was said, and what becomes of it."""
    practice, act = desk.practice(request), request.POST.get("act", "")
    one = desk.found(held.tip(practice, number))
    said = known.guidance()[one.look].says[desk.language()]
    standing = [(str(each.number), f"n° {each.number} – {each.title}") for each in incidents.standing(practice)]
    forms = {name: form(initial={"title": said[:200]}, auto_id=f"id_{name}_%s") for name, form in FORMS.items()}
    refused, status = "", 200
    if request.method == "POST":
        if act not in {*FORMS, "again"}:
            raise SuspiciousOperation(act)
        if act in FORMS:
            forms[act] = FORMS[act](request.POST, auto_id=f"id_{act}_%s")
        _offer(forms["join"], standing)
        try:
            if act == "again" or forms[act].is_valid():
                return _done(request, one, act, forms)
            status = UNFIT
        except NotTaken as error:
            refused, status = str(label(tip_labels.REFUSED, error.code)), CONFLICT
        except Refused as error:
            refused, status = str(label(incident_labels.REFUSED, error.code)), CONFLICT
        one = desk.found(held.tip(practice, number))
    _offer(forms["join"], standing)
    words = [word for word in one.words if word.text or word.file]
    context = {
        "one": one,
        "saw": said,
        "code": known.shown(one.code),
        "host": naming.known_as(practice, one.host, desk.language()) if one.host else "",
        "outcome": _state(one),
        "words": words,
        "files": any(word.file for word in words),
        "standing": standing,
        "forms": forms,
        "refused": refused,
    }
    return render(request, "tips/tip.html", context, status=status)


def _offer(form: Form, standing: list[tuple[str, str]]) -> None:
    field = form.fields["incident"]
    if isinstance(field, ChoiceField):
        field.choices = standing


def _done(request: Visit, one: Tip, act: str, forms: dict[str, Form]) -> HttpResponse:
    """Do what was asked; returns where it leads. Raises NotTaken, Refused."""
    console, who = desk.console(request), Handler(desk.operator(request), desk.signature(request))
    told = forms[act].cleaned_data if act in forms else {}
    if act == "open":
        return redirect("incident", tipping.open_incident(console, one.number, told["title"], who))
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "join": (
            lambda: tipping.join(console, one.number, int(told["incident"]), who),
            _("Le signalement est dans la main courante de l’incident."),
        ),
        "harmless": (
            lambda: tipping.harmless(console, one.number, told["text"], who),
            _("C’est noté. Qui a signalé peut le lire avec son reçu."),
        ),
        "answer": (
            lambda: tipping.answer(console, one.number, told["text"], who),
            _("Qui a signalé peut lire votre réponse avec son reçu."),
        ),
        "again": (
            lambda: tipping.wait_again(console, one.number, who),
            _("Le signalement attend de nouveau, avec le même délai."),
        ),
    }
    do, said = acts[act]
    do()
    messages.success(request, said)
    return redirect("tip", one.number)


@needs(Role.READER)
@require_GET
def tip_file(request: Visit, number: int, place: int) -> HttpResponse:
    """Hand out a file as it came: browsers save it and do not show it."""
    one = desk.found(held.tip(desk.practice(request), number))
    file = desk.found(next((word.file for word in one.words if word.place == place), None))
    try:
        with desk.console(request).vault.open(file.digest) as stream:
            data = stream.read()
    except Tampered:
        return render(request, "evidence/tampered.html", {"digest": file.digest}, status=CONFLICT)
    return desk.download(request, f"tip {number} {file.digest}", data, file.name, "application/octet-stream")


@needs(Role.ADMINISTRATOR)
@confirm_first
@require_http_methods(["GET", "POST"])
def tip_door(request: Visit) -> HttpResponse:
    """Say from where anybody may report."""
    door, networks = held.door(desk.practice(request))
    form = DoorForm(request.POST or None, initial={"door": door, "networks": networks.replace(" ", "\n")})
    if request.method == "POST" and form.is_valid():
        who, told = Handler(desk.operator(request), desk.signature(request)), form.cleaned_data
        tipping.open_door(desk.console(request), Door(told["door"]), told["networks"], who)
        messages.success(request, _("C’est enregistré."))
        return redirect("tips")
    return render(request, "tips/door.html", {"form": form}, status=UNFIT if form.errors else 200)


@needs(Role.READER)
@require_GET
def tip_poster(request: Visit) -> HttpResponse:
    """The address in big letters and as a code, in both languages, to be hung near each desk."""
    address = request.build_absolute_uri(reverse("tip_send"))
    known_now = StoredRegister(desk.practice(request))
    context = {
        "address": address,
        "poster": known.poster(),
        "code": qr.drawn(address, _("Code à viser avec un téléphone")),
        "people": chaining.answering(known_now, utc_now(), PEOPLE),
        "loopback": settings.CONFIG.loopback,
    }
    return render(request, "tips/poster.html", context)
