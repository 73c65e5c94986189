"""Files of logs: give one, see what came of it; follow folders."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows import giving, hunting
from negatoscope.flows.giving import Gift, NotTaken
from negatoscope.intake.files.unpacking import NoRoom
from negatoscope.model.files import LogFile, LogFolder
from negatoscope.store import files
from negatoscope.store.queries.events import Refused, Spread
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.confirming import confirm_act, confirm_first
from negatoscope.web.desk import Visit
from negatoscope.web.file_labels import FIELDS, FLAWS, REFUSALS, STATES, TROUBLES
from negatoscope.web.forms.filing import WATCHED, FolderForm, GiftForm
from negatoscope.web.tables import Column, Empty, Table, answer, listed, show

SHOWN = 50


@dataclass(frozen=True)
class Given:
    """One line of the table. ``spread``: what the store holds of it; ``None``: nothing yet, or nobody can tell."""

    file: LogFile
    spread: Spread | None

    @property
    def unread(self) -> str | None:
        """What was not taken as it should be, and lines that no normaliser reads."""
        told = [f"{FLAWS.get(why, why)} ({many})" for why, many in sorted(self.file.counts.items()) if why != "kept"]
        if self.spread and self.spread.unread:
            told.insert(0, _("lignes que rien ne sait interpréter (%(n)d)") % {"n": self.spread.unread})
        return " · ".join(told) or None

    @property
    def url(self) -> str | None:
        """The search that shows its lines."""
        if self.spread is None:
            return None
        days = {"du": f"{localdate(self.spread.first)}", "au": f"{localdate(self.spread.last)}"}
        return f"{reverse('events')}?{urlencode({'source': giving.sender(self.file), **days})}"


COLUMNS: tuple[Column[Given], ...] = (
    Column("name", gettext_lazy("Fichier"), lambda row: row.file.name, link=lambda row: row.url),
    Column("given", gettext_lazy("Remis"), lambda row: row.file.given_at, "instant"),
    Column("purpose", gettext_lazy("Pour"), lambda row: _("surveiller") if row.file.rings_within else _("chercher")),
    Column("state", gettext_lazy("État"), lambda row: STATES[row.file.state]),
    Column("kept", gettext_lazy("Lignes"), lambda row: row.file.counts.get("kept", 0), "number"),
    Column("first", gettext_lazy("Depuis"), lambda row: row.spread and row.spread.first, "instant"),
    Column("last", gettext_lazy("Jusqu’à"), lambda row: row.spread and row.spread.last, "instant"),
    Column("unread", gettext_lazy("Pas lu, ou pas compris"), lambda row: row.unread, sortable=False),
)


@dataclass(frozen=True)
class Followed:
    """One folder, and why it cannot be read."""

    folder: LogFolder
    trouble: object


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def log_files(request: Visit) -> HttpResponse:
    """Take a file of logs; show those given, and folders that are followed."""
    form = GiftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _given(request, form):
        return redirect("log_files")
    console = desk.console(request)
    told = files.files(console.practice, SHOWN)
    spreads = _spreads(request, told)
    rows = [Given(one, spreads.get(giving.sender(one))) for one in told]
    empty = Empty(_("Aucun fichier remis pour l’instant."))
    table = Table("fichiers", _("Fichiers remis"), COLUMNS, listed(rows, COLUMNS), empty)
    context = {
        "form": form,
        "open": any(one.state in {files.WAITING, files.READING} for one in told),
        "folders": [Followed(one, TROUBLES.get(one.trouble)) for one in files.folders(console.practice)],
    }
    if form.errors:
        return render(request, "sources/files.html", {**context, "table": show(request, table)}, status=422)
    return answer(request, "sources/files.html", table, context)


def _given(request: Visit, form: GiftForm) -> bool:
    """Whether the file is taken; if not, the form says why."""
    file, watched = form.cleaned_data["file"], form.cleaned_data["purpose"] == WATCHED
    try:
        giving.give(desk.console(request), desk.operator(request), Gift(file.name or "", watched), file)
    except NotTaken as error:
        form.add_error("file", str(REFUSALS[error.code]))
    except NoRoom:
        form.add_error("file", str(REFUSALS["no_room"]))
    else:
        messages.success(request, _("Fichier remis. Vous pouvez quitter cette page : la lecture continue."))
        return True
    return False


def _spreads(request: Visit, told: tuple[LogFile, ...]) -> dict[str, Spread]:
    since = min((one.given_at for one in told), default=None)
    try:
        return hunting.spreads(desk.console(request), [giving.sender(one) for one in told], since) if since else {}
    except Refused:
        return {}


@needs(Role.ADMINISTRATOR)
@confirm_first
@require_http_methods(["GET", "POST"])
def log_folder_follow(request: Visit) -> HttpResponse:
    """Follow a folder."""
    form = FolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            giving.follow(desk.console(request), desk.operator(request), form.wanted)
        except NotTaken as error:
            form.add_error(FIELDS.get(error.code), str(REFUSALS[error.code]))
        else:
            messages.success(request, _("Ce dossier est suivi. Ce qui s’y écrit arrive en quelques secondes."))
            return redirect("log_files")
    return render(request, "sources/follow.html", {"form": form}, status=422 if form.errors else 200)


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def log_folder_leave(request: Visit, number: int) -> HttpResponse:
    """Follow a folder no more; what was read of it stays."""
    name = desk.found(giving.unfollow(desk.console(request), desk.operator(request), number))
    messages.success(request, _("Le dossier « %(name)s » n’est plus suivi. Ce qui en a été lu reste.") % {"name": name})
    return redirect("log_files")
