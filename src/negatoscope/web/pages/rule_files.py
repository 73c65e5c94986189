"""Files of Sigma rules: taken, gone back to, dropped; and a rule of one's own, tried before it is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from negatoscope.flows import rulefiles, rulewriting, ruling
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.rulefiles import Taken
from negatoscope.flows.rulewriting import SUFFIX, Checked, Rehearsal
from negatoscope.flows.ruling import RulesRefused
from negatoscope.model.detecting import RuleArchive
from negatoscope.store.roles import Role
from negatoscope.store.vault import Tampered
from negatoscope.web import desk, rule_labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.ruling import OwnRuleForm, RuleFileForm
from negatoscope.web.labels import Text, label
from negatoscope.web.pages.rules import PUBLIC

REFUSED: Mapping[str, Text] = {
    "suffix": gettext_lazy("Déposez une archive (.zip) ou une règle (.yml)."),
    "no_rules": gettext_lazy("Aucune règle de ce fichier ne peut tourner ici. Rien n’a changé."),
    "unknown": gettext_lazy("Ce fichier a changé entre-temps. Rien n’a été fait."),
    "disk_full": gettext_lazy("Le disque de la console est plein. Rien n’a changé."),
}
TEMPLATE = """title: Programme interdit sur un poste d’examen
id: {ident}
status: experimental
description: Dites ici ce que la règle cherche.
level: medium
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\anydesk.exe'
    condition: selection
"""


@dataclass(frozen=True)
class Shelved:
    """One file in use."""

    file: RuleArchive
    reasons: list[tuple[str, int]]
    earlier: list[RuleArchive]
    lost: bool = False

    @property
    def own(self) -> str:
        """The name under which it can be written anew; empty for an archive."""
        return self.file.name.removesuffix(SUFFIX) if self.file.name.endswith(SUFFIX) else ""


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def rule_files(request: Visit) -> HttpResponse:
    """Show the files in use, and earlier versions of them; take one, go back, drop one."""
    console = desk.console(request)
    form = RuleFileForm()
    if request.method == "POST":
        if request.POST.get("act") in ("back", "drop"):
            return _moved(request, request.POST["act"])
        form = RuleFileForm(request.POST, request.FILES)
        if form.is_valid() and _took(request, form):
            return redirect("rule_files")
    shelved = [_shelved(request, one) for one in rulefiles.files(console)]
    context = {"form": form, "shelved": shelved, "public": PUBLIC}
    return render(request, "rules/files.html", context, status=422 if form.errors else 200)


def _shelved(request: Visit, one: RuleArchive) -> Shelved:
    console = desk.console(request)
    earlier = rulefiles.versions(console, one.name)[1:]
    try:
        told = rulefiles.reasons(console, one)
    except Tampered:
        return Shelved(one, [], earlier, lost=True)
    return Shelved(one, [(label(rule_labels.WHY, code), many) for code, many in told.items()], earlier)


def _took(request: Visit, form: RuleFileForm) -> bool:
    """Take the file; say what it brings, or at the form why not."""
    file = form.cleaned_data["file"]
    try:
        told = rulefiles.take(desk.console(request), desk.operator(request), file.name or "", file.read())
    except RulesRefused as error:
        why = rule_labels.why_label(error.first.code, error.first.values) if error.first else ""
        form.add_error("file", " ".join(filter(None, [label(REFUSED, error.code), why])))
        return False
    except DiskFull:
        form.add_error("file", label(REFUSED, "disk_full"))
        return False
    messages.success(request, brought(told))
    return True


def brought(told: Taken) -> str:
    """What a file brings, in one line."""
    many = told.archive.rules
    first = ngettext("%(n)d règle prise", "%(n)d règles prises", many) % {"n": many}
    rest = _("nouvelles : %(new)d, changées : %(changed)d, disparues : %(gone)d, impossibles ici : %(cannot)d")
    counts = {"new": told.new, "changed": told.changed, "gone": told.gone, "cannot": told.archive.refused}
    return f"{told.archive.name} : {first} ({rest % counts})."


def _moved(request: Visit, act: str) -> HttpResponse:
    """Go back to an earlier version, or use a file no more."""
    console, who, name = desk.console(request), desk.operator(request), request.POST.get("name", "")
    try:
        if act == "back":
            told = rulefiles.bring_back(console, who, name, request.POST.get("digest", ""))
            messages.success(request, brought(told))
        else:
            ruling.drop(console, who, name)
            messages.success(request, _("Les règles de « %(name)s » ne servent plus.") % {"name": name})
    except RulesRefused as error:
        messages.error(request, label(REFUSED, error.code))
    except DiskFull:
        messages.error(request, label(REFUSED, "disk_full"))
    return redirect("rule_files")


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def rule_own(request: Visit) -> HttpResponse:
    """Write a rule of the practice's own; it is checked and tried at once, and put in force when asked to."""
    console = desk.console(request)
    form = OwnRuleForm(request.POST) if request.method == "POST" else OwnRuleForm(initial=_initial(request))
    checked: Checked | None = None
    tried: Rehearsal | None = None
    if request.method == "POST" and form.is_valid():
        name, text = form.cleaned_data["name"] + SUFFIX, form.cleaned_data["text"].replace("\r\n", "\n")
        checked = rulewriting.check(console, name, text)
        if not checked.code and request.POST.get("act") == "take":
            return _put(request, name, text, checked)
        tried = None if checked.code else rulewriting.rehearse(console, checked.ruleset)
    context = {
        "form": form,
        "checked": checked,
        "why": rule_labels.why_label(checked.code, checked.values) if checked and checked.code else "",
        "remedy": label(rule_labels.REMEDIES, checked.code) if checked and checked.code else "",
        "tried": tried,
    }
    wrong = form.errors or (checked and checked.code)
    return render(request, "rules/own.html", context, status=422 if wrong else 200)


def _initial(request: Visit) -> dict[str, str]:
    """The rule that stands under the name asked for, or one to begin with."""
    name = request.GET.get("nom", "")
    file = rulefiles.named(desk.console(request), name + SUFFIX) if name else None
    try:
        data = ruling.text_of(desk.console(request), file, "") if file else None
    except Tampered:
        data = None
    if data is None:
        return {"name": "", "text": TEMPLATE.format(ident=uuid4())}
    return {"name": name, "text": data.decode("utf-8", "replace")}


def _put(request: Visit, name: str, text: str, checked: Checked) -> HttpResponse:
    try:
        told = rulewriting.put_in_force(desk.console(request), desk.operator(request), name, text)
    except DiskFull:
        messages.error(request, label(REFUSED, "disk_full"))
        return redirect("rule_files")
    messages.success(request, brought(told))
    return redirect("detection_rule", checked.ruleset.every[0].id)
