"""The first steps: a name, this equipment, networks, directory, people; each can be left and taken up again."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows.admitting import NotAdmitted, admit_first, link_opens, name_practice
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.people import Person
from negatoscope.store.queries import jobs, observations
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.importing import UploadForm
from negatoscope.web.forms.people import FirstForm, PracticeForm
from negatoscope.web.forms.register import NetworkForm
from negatoscope.web.pages import collectors, directories, networks


@dataclass(frozen=True)
class Step:
    """One guided step, and whether it is done."""

    name: str
    title: str | Promise
    done: bool
    number: int


TITLES = (
    ("cabinet", gettext_lazy("Votre cabinet")),
    ("equipement", gettext_lazy("Cet équipement")),
    ("reseaux", gettext_lazy("Vos réseaux")),
    ("annuaire", gettext_lazy("Votre annuaire")),
    ("personnes", gettext_lazy("Vos personnes")),
)
END = "fini"
"""The page after the last step."""


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator by the one-time link, and log them in."""
    console = desk.console(request)
    if not link_opens(console, token):
        return render(request, "welcome/closed.html", status=410)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            admit_first(console, token, told["name"], told["username"], told["password"])
        except ValidationError as error:
            form.refuse(error)
        except NotAdmitted:
            return render(request, "welcome/closed.html", status=410)
        else:
            login(request, authenticate(request, username=told["username"], password=told["password"]))
            return redirect("guide")
    return render(request, "welcome/first.html", {"form": form, "token": token}, status=422 if form.errors else 200)


@needs(Role.READER)
@require_GET
def guide(request: Visit) -> HttpResponse:
    """Take up the steps where they were left."""
    steps = _steps(request)
    left = next((step for step in steps if not step.done), None) if END not in request.GET else None
    return redirect("guide_step", left.name) if left else _show(request, END, {})


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def guide_step(request: Visit, step: str) -> HttpResponse:
    """Show one step; a form that is good leads to the next."""
    if step not in dict(TITLES):
        desk.missing()
    if step == "cabinet":
        return _practice(request)
    own = {"reseaux": _networks, "annuaire": _directory}
    if step in own:
        return own[step](request)
    practice = desk.practice(request)
    job = jobs.last_of(practice, "local")
    context: dict[str, object] = {
        "job": job,
        "outcome": collectors.outcome(job) if job else None,
        "last": observations.last_look(practice, "local"),
        "people": observations.list_declared(practice, Person.__name__),
        "upload": UploadForm(closable=True),
    }
    return _show(request, step, context)


@needs(Role.OPERATOR)
@require_POST
def guide_observe(request: Visit) -> HttpResponse:
    """Start the look at this equipment from the steps."""
    collectors.start(request, COLLECTORS["local"], "", {})
    return redirect("guide_step", "equipement")


@needs(Role.OPERATOR)
@require_POST
def guide_sweep(request: Visit) -> HttpResponse:
    """Start the look at every declared network from the steps."""
    asked = [
        collectors.start(request, COLLECTORS["nmap"], one.cidr, {}) for one in networks.declared(desk.practice(request))
    ]
    messages.success(
        request, _("Relevés demandés : %(n)d. Vous pouvez continuer, ils avancent seuls.") % {"n": len(asked)}
    )
    return redirect("guide_step", "reseaux")


def _practice(request: Visit) -> HttpResponse:
    row = request.user.practice
    form = PracticeForm(request.POST or None, initial={"name": row.name if row else ""})
    if request.method == "POST" and form.is_valid():
        name_practice(desk.console(request), desk.operator(request), form.cleaned_data["name"])
        return redirect("guide_step", "equipement")
    return _show(request, "cabinet", {"form": form})


def _networks(request: Visit) -> HttpResponse:
    practice = desk.practice(request)
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        networks.keep(request, form)
        return redirect("guide_step", "reseaux")
    context: dict[str, object] = {
        "form": form,
        "networks": networks.declared(practice),
        "suggestions": networks.suggestions(practice),
        "job": jobs.last_of(practice, "nmap"),
    }
    return _show(request, "reseaux", context)


def _directory(request: Visit) -> HttpResponse:
    """The same form as the page of directories; the guide goes on while the look is under way."""
    done, context = directories.connect(request)
    if done is not None:
        return redirect("guide_step", "annuaire")
    last = context["last"]
    return _show(request, "annuaire", context | {"outcome": collectors.outcome(last) if last else None})


def _show(request: Visit, step: str, context: dict[str, object]) -> HttpResponse:
    steps = _steps(request)
    names = [one.name for one in steps]
    place = names.index(step) if step in names else len(names)
    after = steps[place + 1] if place + 1 < len(steps) else None
    context |= {
        "step": step,
        "steps": steps,
        "after": reverse("guide_step", args=[after.name]) if after else _end(step),
        "before": reverse("guide_step", args=[names[place - 1]]) if place else None,
    }
    form = context.get("form")
    bad = bool(getattr(form, "errors", None))
    return render(request, f"welcome/{step}.html", context, status=422 if bad else 200)


def _end(step: str) -> str:
    """Where the last step leads: to what can follow, then to the films."""
    return reverse("lightbox") if step == END else f"{reverse('guide')}?{END}=1"


def _steps(request: Visit) -> list[Step]:
    practice = desk.practice(request)
    done = {
        "cabinet": bool(request.user.practice and request.user.practice.name),
        "equipement": observations.last_look(practice, "local") is not None,
        "reseaux": bool(networks.declared(practice)),
        "annuaire": bool(directories.known(practice)) or observations.list_declared(practice, "Directory") is not None,
        "personnes": observations.list_declared(practice, Person.__name__) is not None,
    }
    return [Step(name, title, done[name], number) for number, (name, title) in enumerate(TITLES, start=1)]
