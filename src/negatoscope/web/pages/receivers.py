"""Where agents post; and the page that opens the door to them, shows who came and what was refused."""

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows import encrypting, receiving
from negatoscope.flows import tokens as door
from negatoscope.flows.disk import DiskFull
from negatoscope.intake.body import MAX_POST
from negatoscope.intake.refusal import TOO_LARGE, Refused
from negatoscope.store.queries import receivers
from negatoscope.store.queries.receivers import Agent
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.confirming import ask, confirm_act, confirmed
from negatoscope.web.desk import Visit
from negatoscope.web.forms.receivers import TokenForm
from negatoscope.web.tables import Column, Empty, Table, answer

CHUNK = 64 * 1024
SLOWEST = 60
"""Seconds that a post may take to arrive; a slow sender must not hold a thread of the console for itself."""
A_MINUTE = 3000
"""Posts that one token may make in a minute: a practice of 5,000 hosts stays far below."""
AUTHORITY = "/etc/negatoscope.pem"
"""Where an agent's computer keeps the console's own authority."""
TOO_MANY, TOO_SLOW, NO_ROOM, NO_LENGTH = 429, 408, 507, 411
REASONS: dict[str, str | Promise] = {
    "token_unknown": gettext_lazy("jeton inconnu ou révoqué"),
    "too_many": gettext_lazy("trop d’envois en une minute"),
    "too_slow": gettext_lazy("envoi trop lent"),
    "too_large": gettext_lazy("envoi trop gros"),
    "no_length": gettext_lazy("envoi sans taille annoncée"),
    "empty": gettext_lazy("envoi vide"),
    "not_inflatable": gettext_lazy("compression abîmée"),
    "not_understood": gettext_lazy("contenu illisible"),
    "device_unnamed": gettext_lazy("agent sans nom"),
    "query_unknown": gettext_lazy("demande inconnue"),
    "device_elsewhere": gettext_lazy("agent venu avec un autre jeton que le sien, encore ouvert"),
    "post_older": gettext_lazy("inventaire plus ancien que celui déjà reçu"),
    "job_unknown": gettext_lazy("réponse à une question que nous n’avons pas posée"),
    "disk_full": gettext_lazy("disque de la console plein"),
}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, token: str = "") -> HttpResponse:
    """Speak with an inventory agent: no session, no form, a token in the address or as the password of HTTP Basic."""
    console = desk.console(request)
    body = b""
    try:
        sender = receiving.admitted(console, token or _basic(request))
        _within_pace(sender.name)
        if "action" in request.GET:
            told = QueryDict(_body(request)) if request.method == "POST" else QueryDict()
            asked: dict[str, Any] = {**request.GET.dict(), **told.dict()}
            return JsonResponse(receiving.collect(console, sender, asked, _address(request)))
        if request.method != "POST":
            return HttpResponse("ok\n", content_type="text/plain")
        body = _body(request)
        said = receiving.receive(console, sender, body, native="GLPI-Agent-ID" in request.headers)
    except Refused as error:
        return _refused(request, error, body)
    except DiskFull:
        return _refused(request, Refused("disk_full", NO_ROOM), body)
    return HttpResponse(said.body, content_type=said.kind, status=said.status)


def _refused(request: HttpRequest, error: Refused, body: bytes) -> HttpResponse:
    if error.code != "disk_full":
        receiving.spool(desk.console(request)).refuse(error.code, desk.console(request).clock())
    said = receiving.refusal(error, body)
    headers = {"WWW-Authenticate": 'Basic realm="negatoscope"'} if error.status == receiving.UNAUTHORISED else {}
    return HttpResponse(said.body, content_type=said.kind, status=said.status, headers=headers)


def _basic(request: HttpRequest) -> str:
    """The password of HTTP Basic; whatever the user name says."""
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[2] if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _within_pace(name: str) -> None:
    key = f"agent-pace-{int(time.time()) // 60}-{name}"
    if cache.add(key, 1, 120):
        return
    try:
        count = cache.incr(key)
    except ValueError:
        return
    if count > A_MINUTE:
        raise Refused("too_many", TOO_MANY)


def _body(request: HttpRequest) -> bytes:
    """The whole post. Raises Refused for one too large, or that trickles in."""
    told = request.headers.get("Content-Length", "")
    if not told.isdecimal():
        raise Refused("no_length", NO_LENGTH)
    if int(told) > MAX_POST:
        raise Refused("too_large", TOO_LARGE)
    _limit_waits(request)
    ends = time.monotonic() + SLOWEST
    chunks: list[bytes] = []
    try:
        while chunk := request.read(CHUNK):
            chunks.append(chunk)
            if time.monotonic() > ends:
                raise Refused("too_slow", TOO_SLOW)
    except OSError as error:
        raise Refused("too_slow", TOO_SLOW) from error
    body = b"".join(chunks)
    if len(body) < int(told):
        raise Refused("too_slow", TOO_SLOW)
    return body


def _limit_waits(request: HttpRequest) -> None:
    """Let no single read wait for ever."""
    wait: Callable[[float], None] | None = getattr(request.META.get("gunicorn.socket"), "settimeout", None)
    if wait is not None:
        wait(SLOWEST / 2)


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(request.path)


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def reception(request: Visit) -> HttpResponse:
    """Show who sends to us; make a token, and show it once with the lines to paste."""
    practice, sure = desk.practice(request), confirmed(request)
    if request.method == "POST" and not sure:
        return ask(request)
    form = TokenForm(request.POST or None)
    fresh = None
    if request.method == "POST" and form.is_valid():
        try:
            fresh = door.make(
                desk.console(request), desk.operator(request), receiving.RECEIVER, form.cleaned_data["name"]
            )
        except door.NameTaken:
            form.add_error("name", _("Un jeton ouvert porte déjà ce nom."))
        else:
            form = TokenForm()
    columns: tuple[Column[Agent], ...] = (
        Column("agent", gettext_lazy("Agent"), lambda row: row.ident, "code"),
        Column("host", gettext_lazy("Équipement"), lambda row: row.host.removeprefix("host/"), link=_host),
        Column("client", gettext_lazy("Logiciel"), lambda row: row.client, sortable=False),
        Column("token", gettext_lazy("Jeton"), lambda row: row.token, sortable=False),
        Column("last", gettext_lazy("Dernier inventaire"), lambda row: row.last, "instant"),
    )
    empty = Empty(_("Aucun agent n’a encore envoyé d’inventaire."))
    table = Table("agents", _("Agents d’inventaire"), columns, lambda ask: receivers.agents(practice, ask), empty)
    refused = receiving.spool(desk.console(request)).refusals()
    context = {
        "form": form,
        "sure": sure,
        "fresh": fresh,
        "recipes": _recipes(request.build_absolute_uri(reverse("agent", args=[fresh]))) if fresh else (),
        "tokens": receivers.tokens(practice, receiving.RECEIVER),
        "refused": [(REASONS.get(code, code), one.count, one.last) for code, one in sorted(refused.items())],
        "careless": [(host.removeprefix("host/"), what) for host, what in receivers.careless(practice)],
        "clear": settings.CONFIG.tls is None,
        "command": f".venv/bin/negatoscope --data {settings.CONFIG.data} tls console.cabinet.lan 192.168.1.20",
        "authority": encrypting.authority(settings.CONFIG),
    }
    return answer(request, "receivers/page.html", table, context)


def _recipes(address: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines to paste, by kind of agent."""
    away = "no-category = environment,process,licenseinfo"
    windows = (
        f'msiexec /i GLPI-Agent-x64.msi /quiet SERVER="{address}" TASKS="inventory,collect" '
        'NO_CATEGORY="environment,process,licenseinfo" RUNNOW=1'
    )
    own = encrypting.authority(settings.CONFIG) is not None
    trust = (f"ca-cert-file = {AUTHORITY}",) if own else ()
    there = (f'{windows} CA_CERT_FILE="C:\\negatoscope.pem"' if own else windows,)
    return (
        *(((_("Windows, agent GLPI"), there),) if settings.CONFIG.tls else ()),
        (_("Linux, agent GLPI : /etc/glpi-agent/conf.d/negatoscope.cfg"), (f"server = {address}", away, *trust)),
        (_("Linux, agent FusionInventory : /etc/fusioninventory/agent.cfg"), (
            f"server = {address}", "no-category = environment,process", *trust,
        )),
    )  # fmt: skip


def _host(row: Agent) -> str:
    return reverse("host", args=[row.host.removeprefix("host/")])


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def token_revoke(request: Visit, number: int) -> HttpResponse:
    """Close a token: agents that show it are turned away from now on."""
    name = desk.found(door.revoke(desk.console(request), desk.operator(request), number))
    messages.success(request, _("Le jeton « %(name)s » est révoqué.") % {"name": name})
    return redirect("reception")
