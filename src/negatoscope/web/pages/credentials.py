"""Log-ins that collectors borrow: added, replaced, tried, removed; the secret is never shown again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from negatoscope.flows import credentials as flow
from negatoscope.flows.console import KeyLost
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.kit.sealing import Unsealable
from negatoscope.observe.ssh.privilege import authorized_keys
from negatoscope.store.queries import credentials as held
from negatoscope.store.queries import users
from negatoscope.store.queries.credentials import Credential
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.forms.remote import REFUSED, CredentialForm, SecretForm
from negatoscope.web.remote_labels import CREDENTIAL_KINDS
from negatoscope.web.tables import Column, Empty, Table, answer, listed

LOST = gettext_lazy("Le fichier credentials.key manque : remettez-le depuis votre copie du dossier des clés.")


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@confirm_first
def credentials(request: Visit) -> HttpResponse:
    """List the log-ins, and add one."""
    practice = desk.practice(request)
    form = CredentialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            flow.add(desk.console(request), desk.operator(request), told["name"], form.login(told))
        except CredentialRefused as error:
            form.add_error("name", str(REFUSED[error.code]))
        except KeyLost:
            form.add_error(None, str(LOST))
        else:
            messages.success(request, _("L’identifiant est enregistré. Son secret ne sera plus jamais montré."))
            return redirect("credential", told["name"])
    names = users.names(practice)
    columns: tuple[Column[Credential], ...] = (
        Column("name", gettext_lazy("Nom"), lambda row: row.name, link=_page),
        Column("kind", gettext_lazy("Sorte"), lambda row: labels.label(CREDENTIAL_KINDS, row.kind)),
        Column("username", gettext_lazy("Nom de connexion"), lambda row: row.username, "code"),
        Column("created_by", gettext_lazy("Par"), lambda row: labels.who(row.created_by, names)),
        Column("created_at", gettext_lazy("Enregistré"), lambda row: row.created_at, "instant"),
        Column("used_at", gettext_lazy("Dernier emprunt"), lambda row: row.used_at, "instant"),
    )
    empty = Empty(_("Aucun identifiant : les collecteurs ne se connectent nulle part."))
    rows = held.credentials(practice)
    table = Table("identifiants", _("Identifiants"), columns, listed(rows, columns), empty)
    return answer(request, "collectors/credentials.html", table, {"form": form})


def _page(row: Credential) -> str:
    return reverse("credential", args=[row.name])


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@confirm_first
def credential(request: Visit, name: str) -> HttpResponse:
    """Show one log-in without its secret; replace, try or remove it."""
    practice = desk.practice(request)
    one = desk.found(next((row for row in held.credentials(practice) if row.name == name), None))
    act = request.POST.get("act", "")
    form = SecretForm(request.POST if act == "replace" else None, initial={"username": one.username})
    if request.method == "POST" and act != "replace":
        return _acted(request, name, act)
    if act == "replace" and form.is_valid():
        try:
            flow.replace(desk.console(request), desk.operator(request), name, form.login(form.cleaned_data))
        except (CredentialRefused, KeyLost) as error:
            form.add_error(None, str(REFUSED[error.code] if isinstance(error, CredentialRefused) else LOST))
        else:
            messages.success(request, _("L’identifiant est remplacé."))
            return redirect("credential", name)
    context = {
        "one": one,
        "form": form,
        "kind": labels.label(CREDENTIAL_KINDS, one.kind),
        "who": labels.who(one.created_by, users.names(practice)),
        "public": _public(request, one),
    }
    return render(request, "collectors/credential.html", context, status=422 if form.errors else 200)


def _acted(request: Visit, name: str, act: str) -> HttpResponse:
    console, who = desk.console(request), desk.operator(request)
    if act == "remove":
        flow.remove(console, who, name)
        messages.success(request, _("L’identifiant est retiré."))
        return redirect("credentials")
    if act == "try" and flow.try_out(console, who, name):
        messages.success(request, _("L’identifiant s’ouvre. Lancez un relevé pour savoir si le serveur l’accepte."))
    elif act == "try":
        messages.error(request, _("L’identifiant ne s’ouvre plus : saisissez-le de nouveau."))
    return redirect("credential", name)


def _public(request: Visit, one: Credential) -> str | None:
    """The line for ``authorized_keys``, for a key."""
    if one.kind != "private_key":
        return None
    try:
        line = flow.public_line(flow.opened(desk.console(request), one.name))
    except (CredentialRefused, KeyLost, Unsealable):
        return None
    return authorized_keys(line) if line else None
