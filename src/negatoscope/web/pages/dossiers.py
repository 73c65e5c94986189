"""One dossier of declaration in an incident: fields in the portal's order, to read again, complete, copy and send."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import dossier_papers, dossiers, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.dossiers import Collided, Filling, Misfilled
from negatoscope.model.incident import Entry, Stage, State
from negatoscope.model.incident import Sent as Left
from negatoscope.respond.dossier import Dossier, Form, forms
from negatoscope.respond.incident import Refused
from negatoscope.respond.letter import paragraphs
from negatoscope.store.roles import Role
from negatoscope.web import desk, dossier_labels, dossier_rows, present
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.dossier_rows import Sent
from negatoscope.web.forms.dossiers import LeftForm
from negatoscope.web.incident_words import duty_name
from negatoscope.web.labels import label
from negatoscope.web.pages.incident import Sheet

KINDS = {"pdf": "pdf", "json": "json", "lettre": "pdf", "texte": "txt"}
TYPES = {"pdf": "application/pdf", "json": "application/json", "txt": "text/plain; charset=utf-8"}
LETTERS = {"lettre", "texte"}


@dataclass
class Desk:
    """The page as it is asked for, with what was sent to it."""

    request: Visit
    number: int
    form: Form
    sent: Sent = field(default_factory=Sent)
    errors: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    left: LeftForm | None = None

    @property
    def bad(self) -> bool:
        """Something was refused."""
        return bool(self.errors or self.refused or (self.left and self.left.errors))

    def told(self) -> Dossier:
        """The dossier as it is now."""
        return dossiers.dossier(desk.console(self.request), self.number, self.form.duty)

    def fill(self) -> str | None:
        """Save one part; returns it, or nothing where something was refused."""
        request, post = self.request, self.request.POST
        group = next((each for each in self.form.group if each.id == post.get("partie")), None)
        if group is None:
            raise SuspiciousOperation(post.get("partie"))
        self.sent, seen = dossier_rows.read(post, group), post.get("vu", "")
        newest = int(seen) if seen.isascii() and seen.isdigit() else None
        told = Filling(self.form.duty, self.sent.changed, newest, self._once())
        try:
            dossiers.save(desk.console(request), self.number, told, self._who())
        except Misfilled as wrong:
            self.errors = {ident: label(dossier_labels.UNFIT, code) for ident, code in wrong.codes.items()}
        except Collided as others:
            self.errors = {ident: self._theirs(ident, entry) for ident, entry in others.entries.items()}
        except Refused as refused:
            self.refused = label(names.REFUSED, refused.code)
        return None if self.errors or self.refused else group.id

    def _theirs(self, ident: str, entry: Entry) -> str:
        values = getattr(entry.word, "values", {}).get(ident, ())
        each = self.form.named(ident)
        said = each.said(values, desk.language()) if each else ""
        told = {"name": entry.name, "said": said or _("(vide)")}
        return _("%(name)s vient d’écrire : %(said)s. Envoyez de nouveau si vous maintenez le vôtre.") % told

    def send(self) -> bool:
        """Note that it left; whether that was done."""
        self.left = self.leaving(LeftForm(self.request.POST, self.request.FILES, auto_id="id_left_%s"))
        if not self.left.is_valid():
            return False
        try:
            leaving = self.left.leaving(self._once())
            dossiers.send(desk.console(self.request), self.number, self.form.duty, leaving, self._who())
        except Refused as refused:
            self.left.add_error(None, label(names.REFUSED, refused.code))
            return False
        return True

    def leaving(self, form: LeftForm) -> LeftForm:
        """The form for what may leave now."""
        told = self.told()
        first = (Stage.INITIAL, Stage.COMPLETE) if told.missing else (Stage.COMPLETE, Stage.INITIAL)
        return form.narrow((Stage.COMPLEMENT,) if told.sent else first, late=told.late and not told.sent)

    def _who(self) -> Handler:
        return Handler(desk.operator(self.request), desk.signature(self.request))

    def _once(self) -> str | None:
        key = self.request.POST.get("cle", "")
        return f"{desk.operator(self.request)[:60]}/{key[:30]}" if key else None


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_dossier(request: Visit, number: int, duty: str) -> HttpResponse:
    """Show one dossier, save a part of it, or note that it left."""
    page = Desk(request, number, desk.found(forms().get(duty)))
    sheet = Sheet(request, number, {})
    sheet.load()
    if request.method == "POST":
        act = request.POST.get("act")
        if act not in {"fill", "sent"}:
            raise SuspiciousOperation(act)
        if act == "sent" and page.send():
            messages.success(request, _("C’est noté : la déclaration est partie. Son délai ne court plus."))
            return redirect(request.path)
        if act == "fill" and (part := page.fill()):
            return redirect(f"{request.path}#partie-{part}")
    with present.of(sheet.load()):
        return render(request, "dossiers/dossier.html", _content(page, sheet), status=422 if page.bad else 200)


def _content(page: Desk, sheet: Sheet) -> dict[str, Any]:
    one, told, lang = sheet.load(), page.told(), desk.language()
    initial = {"at": present.now(), "by": desk.signature(page.request)}
    return {
        "one": one,
        "here": "incident_duties",
        "state": label(names.STATES, one.state),
        "open": one.state is not State.CLOSED and one.finished is None,
        "key": secrets.token_urlsafe(9),
        "refused": [page.refused] if page.refused else [],
        "form": page.form,
        "title": page.form.title[lang],
        "to": "" if page.form.kept else duty_name(page.form.duty),
        "doubt": page.form.doubt[lang] if page.form.doubt else "",
        "told": told,
        "letter": "\n\n".join(paragraphs(told, lang)),
        "missing": [(held.field.id, held.field.label[lang]) for held in told.missing],
        "doubtful": [(held.field.id, held.field.label[lang]) for held in told.doubtful],
        "parts": dossier_rows.rows(told, page.sent, page.errors),
        "filled": told.required - len(told.missing),
        "gone": [(entry, entry.word, label(names.STAGES, entry.word.stage) if entry.word.stage else "")
                 for entry in told.sent if isinstance(entry.word, Left)],
        "left": page.left or page.leaving(LeftForm(initial=initial, auto_id="id_left_%s")),
    }  # fmt: skip


@needs(Role.READER)
@require_GET
def incident_dossier_file(request: Visit, number: int, duty: str, kind: str) -> HttpResponse:
    """Hand out one dossier as a PDF, or as plain data."""
    if duty not in forms() or kind not in KINDS or (kind in LETTERS and not forms()[duty].letter):
        desk.missing()
    console, lang = desk.console(request), desk.language()
    try:
        one, told = responding.incident(console, number), dossiers.dossier(console, number, duty)
    except Refused:
        desk.missing()
    make: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: dossier_papers.printed(console, told, one, lang),
        "json": lambda: msgspec.json.encode(dossier_papers.as_data(number, told, lang)) + b"\n",
        "lettre": lambda: dossier_papers.letter(console, told, lang),
        "texte": lambda: dossier_papers.text(told, lang).encode(),
    }
    name = f"incident-{number}-{duty.lower()}{'-lettre' if kind in LETTERS else ''}.{KINDS[kind]}"
    return desk.download(request, f"dossier {number} {duty} {kind}", make[kind](), name, TYPES[KINDS[kind]])
