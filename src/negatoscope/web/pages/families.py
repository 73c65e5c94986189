"""Lists that people keep, whatever is in them: show, add, change, withdraw, declare complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import codes, listing
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.family import Column as FamilyColumn
from negatoscope.model.family import Family, Shape, rest
from negatoscope.model.kinds import KINDS
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.families import FAMILIES, PERSON
from negatoscope.store.queries.subjects import Subject
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import may, needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.things import ThingForm
from negatoscope.web.offering import found, offers
from negatoscope.web.shelves import Shelf, shelf
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, held

LISTED = {name: family for name, family in FAMILIES.items() if not family.own_page}
EDITED = {**LISTED, PERSON.name: PERSON}
"""What is added, changed and removed here; a person is shown elsewhere."""


@needs(Role.READER)
@require_GET
def family(request: Visit, family: str) -> HttpResponse:
    """Show a list, and whether it is complete."""
    if family in FAMILIES and FAMILIES[family].own_page:
        return redirect(FAMILIES[family].own_page)
    told = desk.found(LISTED.get(family))
    practice = desk.practice(request)
    table = _table(
        practice, told, _empty(told) if may(request, Role.OPERATOR) else Empty(_("Rien n’est encore dans cette liste."))
    )
    return answer(request, "families/list.html", table, _around(practice, told))


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def family_add(request: Visit, family: str) -> HttpResponse:
    """Add something to a list."""
    return _edit(request, desk.found(EDITED.get(family)), None)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def family_item(request: Visit, family: str, name: str) -> HttpResponse:
    """Change what is said of one thing."""
    told = desk.found(EDITED.get(family))
    return _edit(request, told, _standing(request, told, name))


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def family_remove(request: Visit, family: str, name: str) -> HttpResponse:
    """Take something off its list, after saying what that does."""
    told = desk.found(EDITED.get(family))
    fact = _standing(request, told, name)
    (label,) = _labels(desk.practice(request), told, [fact])
    if request.method == "POST":
        said = Said(desk.operator(request))
        declare(desk.console(request), said, (), (Retraction(told.kind, fact.ref),))
        desk.judge_again(request)
        messages.success(request, _("« %(name)s » ne figure plus dans cette liste.") % {"name": told.label(fact)})
        return redirect("family", family)
    leaning = listing.leaning(desk.console(request), fact.ref)
    context = {"name": label, "item": name, "leaning": _titles(leaning)}
    return render(request, "families/remove.html", _around(desk.practice(request), told) | context)


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def family_close(request: Visit, family: str) -> HttpResponse:
    """Declare a list complete as it stands, after saying what that means."""
    told, practice = desk.found(EDITED.get(family)), desk.practice(request)
    if request.method == "POST":
        listing.close(desk.console(request), desk.operator(request), told)
        desk.judge_again(request)
        messages.success(request, _("C’est noté : cette liste est complète aujourd’hui."))
        return redirect(shelf(practice, told).url)
    things = _labels(practice, told, StoredRegister(practice).seen(told.fact).facts)
    return render(request, "families/close.html", _around(practice, told) | {"things": sorted(things)})


def _labels(practice: int, told: Family, facts: Sequence[Any]) -> list[str]:
    """What people call things of a list; a person has a name, though their identifier tells them from others."""
    if told is PERSON:
        return [fact.name for fact in facts]
    keyed = [column for column in told.columns if column.name in told.key]
    known = listing.names(StoredRegister(practice), keyed)
    return [words.label(told, fact, known, desk.language()) for fact in facts]


@dataclass(frozen=True)
class Around:
    """What every page of a list says of it."""

    name: str
    title: str
    one: str
    why: str
    closable: bool


def _around(practice: int, told: Family) -> dict[str, Any]:
    lang = desk.language()
    around = Around(told.name, told.title.say(lang), told.one.say(lang), told.why.say(lang), told.closable)
    state: Shelf = shelf(practice, told)
    return {"family": around, "shelf": state}


def _table(practice: int, told: Family, empty: Empty) -> Table[Subject]:
    lang = desk.language()
    known = listing.names(StoredRegister(practice), told.columns)
    columns = [_column(told, column, known, lang) for column in told.columns]
    at: Column[Subject] = Column("at", gettext_lazy("Déclaré"), _at, "instant")
    choices = [_choice(column, lang) for column in told.columns if column.shape in {Shape.CHOICE, Shape.YES}]
    through = {column.name: KINDS[column.to[0]] for column in told.columns if column.shape is Shape.LINK}
    source = held(practice, told.fact, [*columns, at], choices, through)
    return Table(told.name, told.title.say(lang), [*columns, at], source, empty, choices)


def _empty(told: Family) -> Empty:
    """What to do with an empty list, for who may fill it."""
    says = _("Rien n’est encore dans cette liste. Importez un fichier, ou ajoutez une ligne.")
    if told.closable:
        says += " " + _("S’il n’y en a aucun au cabinet, déclarez la liste complète.")
    return Empty(
        says, reverse("family_add", args=[told.name]), _("Ajouter %(one)s") % {"one": told.one.say(desk.language())}
    )


def _at(row: Subject) -> datetime:
    return row.at


def _column(told: Family, column: FamilyColumn, names: dict[Ref, str], lang: str) -> Column[Subject]:
    def value(row: Subject) -> Any:  # noqa: ANN401 -- what the column holds
        return words.cell(column, getattr(row.fact, column.name), names, lang)

    def page(row: Subject) -> str:
        return reverse("family_item", args=[told.name, rest(row.ref)])

    kind: Any = {Shape.COUNT: "number", Shape.DOCUMENT: "code"}.get(column.shape, "text")
    link = page if column is told.columns[0] else None
    sortable = column.shape is not Shape.NETWORKS
    return Column(column.name, column.heading(lang), value, kind, link, sortable)


def _choice(column: FamilyColumn, lang: str) -> Choice[Subject]:
    codes = ("true", "false") if column.shape is Shape.YES else tuple(one.value for one in column.choices)
    options = list(zip(codes, words.offered(column, lang), strict=True))
    return Choice(column.name, column.heading(lang), [*options, ("?", _("non renseigné"))])


def _standing(request: Visit, told: Family, name: str) -> Any:  # noqa: ANN401 -- a fact of the family
    return desk.found(listing.declared(desk.console(request), told.fact).get(f"{told.head}/{name}"))


def _edit(request: Visit, told: Family, fact: Any) -> HttpResponse:  # noqa: ANN401 -- a fact of the family
    console = desk.console(request)
    asked = {name: request.GET[name] for name in told.key if fact is None and name in request.GET}
    posted = (request.POST or None, request.FILES or None)
    form = ThingForm(*posted, family=told, offers=offers(console, told), fact=fact, lang=desk.language(), initial=asked)
    if fact is not None and (told is PERSON or listing.leaning(console, fact.ref) or codes.kept(console, fact.ref)):
        form.fix(*told.key)
    if request.method == "POST" and form.is_valid() and _kept(request, told, form, fact):
        if told is PERSON and fact is not None:
            return redirect("person", fact.ident)
        return redirect("family_add", told.name) if "more" in request.POST else redirect("family", told.name)
    context = {"form": form, "fact": fact, "item": rest(fact.ref) if fact else ""}
    (label,) = _labels(console.practice, told, [fact]) if fact else ("",)
    context |= {"name": label or _("Ajouter %(one)s") % {"one": told.one.say(desk.language())}}
    status = 422 if form.errors else 200
    return render(request, "families/item.html", _around(console.practice, told) | context, status=status)


def _kept(request: Visit, told: Family, form: ThingForm, before: Any) -> bool:  # noqa: ANN401 -- a fact of the family
    """Enter what the form says; refuse a second thing of the same name."""
    console = desk.console(request)
    digests = {name: keep_document(console, file.read()) for name, file in form.documents().items()}
    fact = form.stated(digests)
    another = before is None or before.ref != fact.ref
    if another and any(ref.casefold() == fact.ref.casefold() for ref in listing.declared(console, told.fact)):
        form.add_error(told.key[0], _("Il y en a déjà un du même nom dans cette liste."))
        return False
    gone = (Retraction(told.kind, before.ref),) if before is not None and another else ()
    declare(console, Said(desk.operator(request)), (fact,), gone)
    desk.judge_again(request)
    messages.success(request, _("C’est noté ; les règles sont jugées de nouveau."))
    return True


@needs(Role.OPERATOR)
@require_GET
def family_choices(request: Visit, family: str, column: str) -> HttpResponse:
    """Suggest names to a field that may name one of many things."""
    told = desk.found(EDITED.get(family))
    linking = desk.found(next((one for one in told.columns if one.name == column and one.to), None))
    said = request.GET.get(column, "").strip()[:200]
    return render(request, "families/choices.html", {"found": found(desk.practice(request), linking, said)})


def _titles(leaning: dict[str, int]) -> list[tuple[str, int]]:
    return [(FAMILIES[name].title.say(desk.language()), count) for name, count in leaning.items()]
