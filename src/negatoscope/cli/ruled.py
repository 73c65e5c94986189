"""What the verb ``rules`` says."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.markup import escape

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.flows import rulefiles, rulewriting, ruling
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.rulefiles import Taken
from negatoscope.flows.ruling import RulesRefused
from negatoscope.model.detecting import RuleArchive, RuleSwitch


@contextmanager
def refusals() -> Iterator[None]:
    """Say why rules are not taken, or not turned. Raises Fails."""
    said = {
        "suffix": _("Donnez une règle (.yml) ou une archive de règles (.zip)."),
        "too_large": _("Ce fichier dépasse 64 Mio : aucune archive publique de règles n’est si grande."),
        "no_rules": _("Aucune règle de ce fichier ne peut tourner ici."),
        "unknown": _("Inconnue : voyez « negatoscope rules list »."),
        "unexplained": _("Dites pourquoi elle ne vaut pas ici."),
        "not_off": _("Cette règle n’est pas suspendue."),
    }
    try:
        yield
    except RulesRefused as error:
        first = f" ({error.first.path}: {error.first.code})" if error.first else ""
        raise Fails(said[error.code] + first) from error


def file(path: Path) -> tuple[str, bytes]:
    """Read a file of rules. Raises Fails."""
    try:
        if path.stat().st_size > ruling.MOST_BYTES:
            raise RulesRefused("too_large")
        return path.name, path.read_bytes()
    except OSError as error:
        raise Fails(_("%(file)s ne peut pas être lu (%(why)s).") % {"file": path, "why": error.strerror}) from error


def taken(verb: Verb, what: Taken) -> None:
    """Say what was taken, and what it changes."""
    one = what.archive
    told = _("%(name)s : %(rules)d règles en service, %(refused)d ne peuvent pas tourner (rules list --refused).")
    verb.stdout.write(told % {"name": one.name, "rules": one.rules, "refused": one.refused})
    told = _("Nouvelles : %(new)d, changées : %(changed)d, disparues : %(gone)d.")
    verb.stdout.write(told % {"new": what.new, "changed": what.changed, "gone": what.gone})


def checked(verb: Verb, console: Console, name: str, data: bytes) -> int:
    """Say whether a rule of one's own can be put in force, and what it would have raised; else where it is wrong."""
    told = rulewriting.check(console, name, data.decode("utf-8", "replace"))
    if told.code:
        place = f"{name}:{told.line}" if told.line else name
        raise Fails(f"{place}: {told.code} {' '.join(told.values.values())}".rstrip())
    tried = rulewriting.rehearse(console, told.ruleset)
    alerts = ngettext(
        "Sur 7 jours, elle aurait donné %(n)d alerte.", "Sur 7 jours, elle aurait donné %(n)d alertes.", tried.alerts
    )
    events = ngettext("Comparée à %(n)d événement.", "Comparée à %(n)d événements.", tried.events)
    verb.stdout.write(f"{alerts % {'n': tried.alerts}} {events % {'n': tried.events}}")
    if tried.until:
        verb.stdout.write(
            _("L’essai s’est arrêté à ceux reçus le %(at)s.") % {"at": f"{tried.until:%Y-%m-%d %H:%M} UTC"}
        )
    return DONE


def back(verb: Verb, console: Console, name: str, digest: str) -> None:
    """Use an earlier version of a file again, named by how its digest begins; without one, list them."""
    earlier = rulefiles.versions(console, name)[1:]
    if not digest:
        rows = [(one.document_digest, f"{one.rules}", f"{one.taken_at:%Y-%m-%d %H:%M}") for one in earlier]
        _shown(verb, (_("empreinte"), _(">règles"), _("importé le")), rows, machine=False)
        return
    found = {one.document_digest for one in earlier if one.document_digest.startswith(digest)}
    if len(found) != 1:
        raise RulesRefused("unknown")
    taken(verb, rulefiles.bring_back(console, desk.operator(), name, found.pop()))


def listed(verb: Verb, console: Console, *, refused: bool, machine: bool) -> None:
    """Show what is in force: archives, what is off and why; or what cannot run and why."""
    register = StoredRegister(console.practice)
    if refused:
        found = ruling.in_force(console).ruleset.refused
        rows = [(one.rule, one.title, one.code, " ".join(one.values.values())) for one in found]
        _shown(verb, (_("règle"), _("titre"), _("cause"), _("précision")), rows, machine=machine)
        return
    archives, off = register.seen(RuleArchive).facts, register.seen(RuleSwitch).facts
    if machine:
        verb.machine({"archives": list(archives), "off": list(off)})
        return
    if not archives:
        verb.stdout.write(_("Aucune règle : negatoscope rules import ARCHIVE.zip (les versions publiées de SigmaHQ)."))
        return
    counted = [(one.name, f"{one.rules}", f"{one.refused}", f"{one.taken_at:%Y-%m-%d}") for one in archives]
    _shown(verb, (_("fichier"), _(">règles"), _(">refusées"), _("importé le")), counted, machine=False)
    if off:
        told = [(one.rule, one.reason, one.by, f"{one.off_since:%Y-%m-%d}") for one in off]
        _shown(verb, (_("suspendue"), _("pourquoi"), _("par"), _("depuis")), told, machine=False)


def _shown(verb: Verb, titles: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, machine: bool) -> None:
    if machine:
        verb.machine([list(row) for row in rows])
        return
    table = verb.table(*titles)
    for row in rows:
        table.add_row(*map(escape, row))
    verb.screen().print(table)
