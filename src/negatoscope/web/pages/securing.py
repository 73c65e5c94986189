"""My sessions; what an administrator does to somebody's second factor and sessions; from which role on one is asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows import securing
from negatoscope.store import factors
from negatoscope.store.queries import users as held
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_act
from negatoscope.web.desk import Visit


@needs(Role.READER)
@require_http_methods(["GET", "POST"])
def sessions(request: Visit) -> HttpResponse:
    """Show where I am logged in; end one session, or all others."""
    console = desk.console(request)
    if request.method == "POST":
        number = request.POST.get("session", "")
        if number.isdecimal():
            securing.end_session(console, request.user, int(number))
        else:
            present = request.session.session_key
            securing.end_sessions(console, desk.operator(request), request.user.username, but=present)
        messages.success(request, _("C’est fait : qui s’y trouvait doit se reconnecter."))
        return redirect("sessions")
    found = factors.places(request.user, request.session.session_key)
    return render(request, "people/sessions.html", {"sessions": found})


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def reset_factors(request: Visit, username: str) -> HttpResponse:
    """Take away a lost second factor."""
    member = desk.found(held.member(desk.practice(request), username))
    securing.reset(desk.console(request), desk.operator(request), username)
    said = _("Le second facteur de %(name)s est retiré ; cette personne a sept jours pour en ajouter un autre.")
    messages.success(request, said % {"name": member.name})
    return redirect("user", username)


@needs(Role.ADMINISTRATOR)
@require_POST
def end_sessions(request: Visit, username: str) -> HttpResponse:
    """Log somebody out everywhere."""
    member = desk.found(held.member(desk.practice(request), username))
    securing.end_sessions(desk.console(request), desk.operator(request), username)
    messages.success(request, _("%(name)s est déconnecté partout.") % {"name": member.name})
    return redirect("user", username)


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def second_factor(request: Visit) -> HttpResponse:
    """Say from which role on a second factor is asked."""
    wanted = request.POST.get("least", "")
    securing.ask_of(desk.console(request), desk.operator(request), Role(wanted) if wanted in set(Role) else None)
    messages.success(request, _("C’est noté. Chacun a sept jours, à partir de sa prochaine connexion."))
    return redirect("users")
