"""Central directories: connect one, see its state, who administers it and by which path."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import connecting, rhythm
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.flows.declaring import Said, declare
from negatoscope.judge import texts
from negatoscope.judge.profiles import DEFAULT, profiles
from negatoscope.model.directory import (
    Directory,
    DirectoryAccess,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryGroup,
    DirectoryPolicy,
    DirectoryPrivilege,
)
from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.passwords import PasswordChoice, Profile
from negatoscope.store.queries import jobs, observations, register
from negatoscope.store.roles import Role
from negatoscope.web import desk, holding
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.directory import DirectoryForm, ProfileForm
from negatoscope.web.sentences import about
from negatoscope.web.tracks import Track, track

SHOWN = tuple(kind.__name__ for kind in (DirectoryPolicy, DirectoryGroup, DirectoryPrivilege, DirectoryAccess))
COUNTED = (DirectoryAccount.__name__, DirectoryGroup.__name__, DirectoryComputer.__name__)
DIRECTORY = "directory"
"""The collector."""
PEEK = 40
"""Accounts shown by the way they administer; the list of accounts has them all."""


@dataclass(frozen=True)
class Way:
    """An account that administers, and each path that leads there."""

    name: str
    ref: Ref
    tracks: list[Track]


def known(practice: int) -> list[Directory]:
    """The directories of the practice."""
    told = {one.fact.realm: one.fact for one in register.of_kind(practice, Directory.__name__)}
    return [fact for _realm, fact in sorted(told.items())]


@needs(Role.READER, act=Role.ADMINISTRATOR)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def directories(request: Visit) -> HttpResponse:
    """List the directories; connect one: a test first, then the look."""
    done, context = connect(request)
    if done is not None:
        return redirect("job", done) if done else redirect("directories")
    return render(request, "directories/page.html", context, status=422 if context["form"].errors else 200)


def connect(request: Visit) -> tuple[int | None, dict[str, Any]]:
    """Test a connection, or start its look: the number of the job, 0 if it was refused, ``None``: show this form."""
    practice = desk.practice(request)
    form = DirectoryForm(holding.typed(request), initial=_last(practice))
    tried = None
    if request.method == "POST" and form.is_valid():
        tried = connecting.attempt(desk.console(request), form.settings, form.login)
        if "look" in request.POST and tried.why is None:
            return start(request, form), {}
    return None, {
        "form": form,
        "directories": known(practice),
        "tried": tried,
        "kept": holding.sealed(request, form.data.get("password", "")),
        "why": texts.gap(tried.why, tried.values or {}, desk.language()) if tried and tried.why else "",
        "last": jobs.last_of(practice, DIRECTORY),
        "closed": observations.list_declared(practice, Directory.__name__),
    }


def _last(practice: int) -> dict[str, Any]:
    """What was typed for the last look; a password is never shown again."""
    job = jobs.last_of(practice, DIRECTORY)
    if job is None:
        return {}
    said = {**job.settings, "realm": job.target, "ca": job.settings.get("ca", "").replace("system", "")}
    return {**said, **{name: ", ".join(said.get(name) or ()) for name in ("servers", "privileged_groups")}}


def start(request: Visit, form: DirectoryForm) -> int:
    """Keep the log-in, repeat the look if that is wanted, and ask for the first one: its number, 0 if refused."""
    realm, console, operator = form.cleaned_data["realm"], desk.console(request), desk.operator(request)
    if form.login is not None:
        try:
            connecting.keep(console, operator, realm, form.login)
        except CredentialRefused:
            messages.error(request, _("Ce compte de lecture n’a pas pu être gardé."))
            return 0
    if form.every_hours_wanted:
        rhythm.repeat(console, operator, rhythm.Rhythm(DIRECTORY, realm, form.every_hours_wanted, form.settings))
    return connecting.look(console, operator, realm, form.settings)


@needs(Role.ADMINISTRATOR)
@require_POST
def directories_closed(request: Visit) -> HttpResponse:
    """Declare that the practice has no other directory than those listed, or none at all."""
    said = Said(desk.operator(request), "configuration")
    declare(desk.console(request), said, known(desk.practice(request)), complete=(Sweep(Directory.__name__),))
    desk.judge_again(request)
    messages.success(request, _("C’est noté : le cabinet n’a pas d’autre annuaire."))
    return redirect("guide") if "guide" in request.POST else redirect("directories")


@needs(Role.READER)
@require_GET
def directory(request: Visit, realm: str) -> HttpResponse:
    """One directory: its state, its policies, who administers it and by which path."""
    practice = desk.practice(request)
    found = next((one for one in known(practice) if one.realm == realm), None) or desk.missing()
    held = register.there(practice, found.ref, SHOWN)
    facts: dict[str, list[Any]] = {}
    for told in held:
        facts.setdefault(told.kind, []).append(told.fact)
    context = {
        "directory": found,
        "findings": about(practice, found.ref),
        "policies": facts.get(DirectoryPolicy.__name__, []),
        "groups": sorted((one for one in facts.get(DirectoryGroup.__name__, []) if one.role), key=lambda one: one.name),
        "ways": _ways(facts.get(DirectoryPrivilege.__name__, [])),
        "counts": [(kind, register.count_there(practice, found.ref, kind)) for kind in COUNTED],
        "looked": max((told.at for told in held), default=None),
        "profile": profiles()[_chosen(practice)].title[desk.language()],
    }
    return render(request, "directories/directory.html", context)


def _ways(privileges: list[DirectoryPrivilege]) -> list[Way]:
    ordered = sorted(privileges, key=lambda one: (one.account.lower(), len(one.path), one.group))
    ways = []
    for name, group in groupby(ordered, key=lambda one: one.account):
        mine = list(group)
        ways.append(Way(name, mine[0].account_ref, [track(name, one) for one in mine]))
    return ways[:PEEK]


def _chosen(practice: int) -> Profile:
    told = register.of_kind(practice, PasswordChoice.__name__)
    return told[0].fact.profile if told else DEFAULT


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def password_profile(request: Visit) -> HttpResponse:
    """Choose the rules on passwords that the practice is judged by."""
    practice, language = desk.practice(request), desk.language()
    titles = {profile: terms.title[language] for profile, terms in profiles().items()}
    chosen = _chosen(practice)
    form = ProfileForm(request.POST or None, titles=titles, initial={"profile": chosen})
    if request.method == "POST" and form.is_valid():
        choice = PasswordChoice(Profile(form.cleaned_data["profile"]), form.cleaned_data["why"])
        declare(desk.console(request), Said(desk.operator(request), "configuration"), (choice,))
        desk.judge_again(request)
        messages.success(request, _("Le profil est choisi ; les règles sont jugées de nouveau."))
        return redirect("password_profile")
    told = register.of_kind(practice, PasswordChoice.__name__)
    rows = [
        {"title": terms.title[language], "source": terms.source[language], "terms": terms, "chosen": profile is chosen}
        for profile, terms in profiles().items()
    ]
    context = {"form": form, "profiles": rows, "choice": told[0] if told else None}
    return render(request, "directories/profile.html", context, status=422 if form.errors else 200)
