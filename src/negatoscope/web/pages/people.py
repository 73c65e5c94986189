"""My account, and the users of the console."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows.admitting import (
    Newcomer,
    NotAdmitted,
    add_user,
    disable_user,
    enable_user,
    give_role,
    give_role_there,
    listen,
    take_role,
)
from negatoscope.flows.console import Console
from negatoscope.flows.notifying import HEARD
from negatoscope.prove.telling import MANDATORY, OPTIONAL, Kind
from negatoscope.store.queries import practice as practices
from negatoscope.store.queries import users as held
from negatoscope.store.queries.users import Member
from negatoscope.store.roles import Role
from negatoscope.store.users import speaks
from negatoscope.web import desk, labels
from negatoscope.web.access import may, needs
from negatoscope.web.confirming import confirm_act
from negatoscope.web.context import THEME_COOKIE, THEMES
from negatoscope.web.desk import Visit
from negatoscope.web.forms.mailing import KINDS, ListeningForm
from negatoscope.web.forms.people import NewcomerForm, RoleForm, SiteRoleForm
from negatoscope.web.language import CHOICES
from negatoscope.web.tables import Column, Empty, Table, answer

LONGER = gettext_lazy(
    "Un administrateur a un mot de passe d’au moins 16 signes : s’il est plus court, cette personne doit le changer."
)
YEAR_SECONDS = 365 * 86400
REFUSED: dict[str, str | Promise] = {
    "name_taken": gettext_lazy("Ce nom de connexion est déjà pris."),
    "unknown_user": gettext_lazy("Cet utilisateur est inconnu."),
    "last_administrator": gettext_lazy(
        "C’est le dernier administrateur : ajoutez-en un autre avant de désactiver celui-ci."
    ),
    "whole_practice": gettext_lazy("Un administrateur l’est pour tout le cabinet, pas pour un site."),
}


@needs(Role.READER)
@require_http_methods(["GET", "POST"])
def me(request: Visit) -> HttpResponse:
    """Show who I am here, and my choices: where I am told things, and which."""
    user, offered = request.user, [kind for kind in OPTIONAL if kind is Kind.PROOF or may(request, HEARD[kind])]
    wanted = [kind.value for kind in offered if kind not in user.muted]
    form = ListeningForm(request.POST or None, offered=offered, initial={"email": user.email, "wanted": wanted})
    if request.method == "POST" and form.is_valid():
        listen(desk.console(request), desk.operator(request), user, form.cleaned_data["email"], form.muted)
        messages.success(request, _("C’est noté."))
        return redirect("me")
    context = {"role": _role(request), "form": form, "always": [KINDS[kind] for kind in KINDS if kind in MANDATORY]}
    return render(request, "people/me.html", context, status=422 if form.errors else 200)


def _role(request: Visit) -> str:
    """The widest role of the visitor, here."""
    return str(labels.ROLES[[role for role in Role if may(request, role)][-1]])


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a choice of language or theme in this browser."""
    answer = HttpResponseRedirect(_back(request))
    theme, language = request.POST.get("theme"), request.POST.get("language")
    secure = settings.SESSION_COOKIE_SECURE
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True)
    if language in CHOICES:
        if request.user.is_authenticated:
            speaks(request.user, language)
        name = settings.LANGUAGE_COOKIE_NAME
        answer.set_cookie(name, language, YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True)
    return answer


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@needs(Role.ADMINISTRATOR)
@require_GET
def users(request: Visit) -> HttpResponse:
    """List who may log in."""
    practice = desk.practice(request)
    sites = practices.sites(practice)
    columns: tuple[Column[Member], ...] = (
        Column("name", gettext_lazy("Nom"), lambda row: row.name, link=_page),
        Column("username", gettext_lazy("Nom de connexion"), lambda row: row.username, "code"),
        Column("role", gettext_lazy("Rôle"), lambda row: _roles(row, sites), sortable=False),
        Column("factor", gettext_lazy("Second facteur"), lambda row: row.factor, sortable=False),
        Column("active", gettext_lazy("Actif"), lambda row: row.active),
        Column("last_login", gettext_lazy("Dernière connexion"), lambda row: row.last_login, "instant"),
        Column("access", gettext_lazy("Accès"), _access, link=_page, sortable=False),
    )
    table = Table(
        "utilisateurs", _("Utilisateurs"), columns, lambda ask: held.members(practice, ask), Empty(_("Personne."))
    )
    least = request.user.practice.second_factor if request.user.practice else ""
    asked = [("", _("personne")), *((role.value, labels.ROLES[role]) for role in reversed(Role))]
    return answer(request, "people/users.html", table, {"asked": asked, "least": least})


def _roles(row: Member, sites: dict[int, str]) -> str:
    """The role on the whole practice, then those on some sites."""
    whole = [str(labels.ROLES[row.role])] if row.role else []
    there = [
        _("%(role)s (%(site)s)") % {"role": labels.ROLES[role], "site": sites.get(key) or _("site de cette console")}
        for key, role in row.sites
    ]
    return ", ".join([*whole, *there])


def _page(row: Member) -> str:
    return reverse("user", args=[row.username])


def _access(row: Member) -> str:
    return _("Désactiver…") if row.active else _("Réactiver…")


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "again", "own_password")
def user_add(request: Visit) -> HttpResponse:
    """Let somebody in."""
    form = NewcomerForm(request.POST or None, asker=request.user)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        newcomer = Newcomer(told["name"], told["username"], told["password"], Role(told["role"]))
        try:
            add_user(desk.console(request), desk.operator(request), newcomer)
        except ValidationError as error:
            form.refuse(error)
        except NotAdmitted as error:
            form.add_error("username", str(REFUSED[error.code]))
        else:
            messages.success(request, _("%(name)s peut maintenant se connecter.") % {"name": told["name"]})
            return redirect("users")
    return render(request, "people/add.html", {"form": form}, status=422 if form.errors else 200)


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@confirm_act
def user(request: Visit, username: str) -> HttpResponse:
    """Change somebody's role, or close or open their access after saying what will happen."""
    member = desk.found(held.member(desk.practice(request), username))
    if request.POST.get("role") in set(Role):
        return _change_role(request, member, Role(request.POST["role"]))
    if "wider" in request.POST or "leave" in request.POST:
        return _change_there(request, member)
    if request.method == "POST":
        act = disable_user if member.active else enable_user
        said = _("L’accès de %(name)s est fermé.") if member.active else _("L’accès de %(name)s est rouvert.")
        with _telling(request, said % {"name": member.name}):
            act(desk.console(request), desk.operator(request), username)
        return redirect("users")
    practice = desk.practice(request)
    own, *others = practices.sites(practice).items()
    names = {own[0]: own[1] or _("Site de cette console"), **dict(others)}
    places = dict.fromkeys((*(name for _key, name in others), *practices.declared_sites(practice)))
    context = {
        "member": member,
        "form": RoleForm(initial={"role": member.role}),
        "factor": member.factor,
        "there": [(key, names.get(key, ""), labels.ROLES[role], key == own[0]) for key, role in member.sites],
        "place_form": SiteRoleForm(places=[("", names[own[0]]), *((name, name) for name in places)]),
    }
    return render(request, "people/user.html", context)


@contextmanager
def _telling(request: Visit, done: str) -> Iterator[None]:
    """Say that it is done, or why it is refused."""
    try:
        yield
    except NotAdmitted as error:
        messages.error(request, str(REFUSED[error.code]))
    else:
        messages.success(request, done)


def _change_there(request: Visit, member: Member) -> HttpResponse:
    """Give or take a role on one site."""
    console, who, leave = desk.console(request), desk.operator(request), request.POST.get("leave", "")
    if leave.isdecimal():
        with _telling(request, _("Le rôle sur ce site est retiré.")):
            take_role(console, who, member.username, int(leave))
        return redirect("user", member.username)
    wanted, where = request.POST.get("wider", ""), request.POST.get("where", "")
    if wanted not in set(Role) or where not in {"", *practices.declared_sites(console.practice), *_known(console)}:
        desk.missing()
    with _telling(request, _("Le rôle sur ce site est donné.")):
        give_role_there(console, who, member.username, Role(wanted), where)
    return redirect("user", member.username)


def _known(console: Console) -> set[str]:
    return set(practices.sites(console.practice).values())


def _change_role(request: Visit, member: Member, role: Role) -> HttpResponse:
    """Give another role on the whole practice."""
    done = _("%(name)s a maintenant le rôle : %(role)s.") % {"name": member.name, "role": labels.ROLES[role]}
    with _telling(request, done):
        give_role(desk.console(request), desk.operator(request), member.username, role)
    if role is Role.ADMINISTRATOR:
        messages.info(request, str(LONGER))
    return redirect("user", member.username)
