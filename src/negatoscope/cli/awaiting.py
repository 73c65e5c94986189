"""How the verb ``console`` speaks of probes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli import desk, looking
from negatoscope.cli.verb import DONE, FAILED, USAGE, Fails, Verb
from negatoscope.flows import enrolling, mediating, ordering, scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.enrolling import Newcomer, NotEnrolled
from negatoscope.kit.durable import write_durably
from negatoscope.store import probes
from negatoscope.store.probes import ProbeRow
from negatoscope.store.queries import probes as held


def words(parser: CommandParser) -> None:
    """What the verb ``console`` takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    enrol = acts.add_parser("enrol")
    enrol.add_argument("name", help=_("nom de la sonde"))
    enrol.add_argument("--site", default="", help=_("lieu où elle se trouve ; sans cela : celui de la console"))
    enrol.add_argument("--file", type=Path, help=_("fichier à porter à une sonde sans réseau"))
    acts.add_parser("probes").add_argument("--json", action="store_true", help=_("pour un programme"))
    revoke = acts.add_parser("revoke")
    revoke.add_argument("name", help=_("nom de la sonde"))
    revoke.add_argument("--lost", action="store_true", help=_("elle est perdue ou volée"))
    order = acts.add_parser("order")
    order.add_argument("name", help=_("nom de la sonde"))
    order.add_argument("collector", help=_("local, nmap…"))
    order.add_argument("target", nargs="?", default="", help=_("adresse ou réseau"))
    order.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=_("réglage du collecteur"))
    task = acts.add_parser("task")
    task.add_argument("name", help=_("nom de la sonde"))
    task.add_argument("file", type=Path)
    acts.add_parser("import").add_argument("folder", type=Path, help=_("dossier écrit par la sonde"))


def enrol(verb: Verb, options: Mapping[str, Any]) -> int:
    """Expect a probe: print its code, or write its file."""
    told = Newcomer(options["name"], options["site"])
    with enrolled():
        if options["file"]:
            _probe, data = enrolling.hand(desk.console(), desk.operator(), told)
            write_durably(options["file"], data)
            verb.stdout.write(_("Écrit : %(file)s") % {"file": options["file"]})
            return DONE
        _probe, code = enrolling.invite(desk.console(), desk.operator(), told)
    verb.stdout.write(code)
    verb.stderr.write(_("Valable 24 heures, une fois. Sur la sonde : negatoscope probe enrol https://… CODE"))
    if settings.CONFIG.probe_door is None:
        file = settings.CONFIG.data / "negatoscope.toml"
        verb.stderr.write(_('La porte des sondes est fermée : probes = "0.0.0.0:8443" dans %(file)s.') % {"file": file})
    return DONE


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """Every probe."""
    console = desk.console()
    found = held.probes(console.practice, console.clock())
    if options["json"]:
        verb.machine(found)
        return DONE
    table = verb.table(_("Sonde"), _("État"), _("Lieu"), _("Dernier contact"), ">" + _("Colis"), _("Manquants"))
    for one in found:
        contact = f"{one.contact_at:%Y-%m-%d %H:%M} UTC" if one.contact_at else ""
        missing = ", ".join(map(str, one.missing[:10]))
        table.add_row(*map(escape, (one.name, one.state, one.site, contact, str(one.registered), missing)))
    verb.screen().print(table)
    return DONE


def revoke(verb: Verb, options: Mapping[str, Any]) -> int:
    """Listen to a probe no more."""
    console = desk.console()
    probe = named(console, options["name"])
    with enrolled():
        enrolling.revoke(console, desk.operator(), probe.pk, lost=options["lost"])
    lent = [one.credential for one in held.lendings(console.practice, probe.pk)]
    if options["lost"] and lent:
        verb.stdout.write(_("Identifiants à changer maintenant : %(names)s") % {"names": ", ".join(lent)})
    return DONE


def order(verb: Verb, options: Mapping[str, Any]) -> int:
    """Ask a look of a probe; print the order's number."""
    one, console = looking.collector(options["collector"]), desk.console()
    wanted = looking.settings(one, options["set"])
    probe = named(console, options["name"])
    asked = scheduling.Asked(one.name, options["target"], desk.operator(), wanted, probe.pk)
    verb.stdout.write(str(scheduling.ask(console, asked)))
    return DONE


def task(verb: Verb, options: Mapping[str, Any]) -> int:
    """Write what waits for a probe to a file."""
    console = desk.console()
    data = ordering.task(console, desk.operator(), named(console, options["name"]))
    write_durably(options["file"], data)
    verb.stdout.write(_("Écrit : %(file)s") % {"file": options["file"]})
    return DONE


def bring(verb: Verb, options: Mapping[str, Any]) -> int:
    """Register what probes laid in a folder."""
    if not options["folder"].is_dir():
        raise Fails(_("Aucun dossier %(folder)s.") % {"folder": options["folder"]}, USAGE)
    found = mediating.bring(desk.console(), desk.operator(), options["folder"])
    for name in found.enrolled:
        verb.stdout.write(_("Sonde enrôlée : %(name)s") % {"name": name})
    told = {"new": found.registered, "known": found.known}
    verb.stdout.write(_("Colis enregistrés : %(new)s ; déjà connus : %(known)s") % told)
    for name, why in found.refused:
        verb.stderr.write(_("Refusé : %(name)s (%(why)s)") % {"name": name, "why": why})
    return FAILED if found.refused else DONE


ACTS = {"enrol": enrol, "probes": listing, "revoke": revoke, "order": order, "task": task, "import": bring}


def named(console: Console, name: str) -> ProbeRow:
    """The probe of this name. Raises Fails."""
    probe = probes.named(console.practice, name)
    if probe is None:
        raise Fails(_("Aucune sonde « %(name)s ».") % {"name": name}, USAGE)
    return probe


@contextmanager
def enrolled() -> Iterator[None]:
    """Say why a probe is not expected, or not revoked. Raises Fails."""
    said = {
        "name_taken": _("Une sonde en service porte déjà ce nom."),
        "name_missing": _("Donnez un nom à la sonde."),
        "unknown": _("Cette sonde n’existe plus, ou est déjà révoquée."),
        "enrolled": _("Cette sonde est déjà enrôlée."),
    }
    try:
        yield
    except NotEnrolled as error:
        raise Fails(said[error.code], USAGE) from error
