"""What the verb ``channels`` says."""

from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli.verb import Fails, Verb
from negatoscope.flows import channels as flow
from negatoscope.flows import lettering
from negatoscope.flows.console import Console, KeyLost
from negatoscope.model.channel import Channel
from negatoscope.store.queries import channels as held


def listed(verb: Verb, console: Console, *, machine: bool) -> None:
    """Print the channels, never an address."""
    found, failing = held.channels(console.practice), set(held.failing(console.practice))
    if machine:
        verb.machine([_plain(one) | {"failing": one.name in failing} for one in found])
        return
    if not found:
        verb.stdout.write(_("Aucun canal. Un administrateur en ajoute à la page Alertes, Canaux d’alerte."))
        return
    table = verb.table(_("Nom"), _("Moyen"), _("Vers"), _("Pour qui"), _("Priorités"), _("État"))
    for one in found:
        told = _plain(one)
        state = _("arrêté") if not one.active else _("en échec") if one.name in failing else _("en service")
        cells = (one.name, one.service, one.where, str(told["for"]), ", ".join(_priorities(one)), state)
        table.add_row(*map(escape, cells))
    verb.screen().print(table)


def _plain(one: Channel) -> dict[str, object]:
    """A channel as a program reads it."""
    whom = f"{one.for_whom}:{one.whom}" if one.whom else str(one.for_whom)
    return {
        "name": one.name, "service": one.service, "where": one.where, "for": whom, "active": one.active,
        "priorities": _priorities(one),
    }  # fmt: skip


def _priorities(one: Channel) -> list[str]:
    """What it tells of, the most urgent first."""
    return [str(priority) for priority in sorted(one.priorities, key=lambda each: each.rank)]


def tried(verb: Verb, console: Console, operator: str, name: str) -> None:
    """Really send a message by a channel, and say what became of it. Raises Fails."""
    one = next((one for one in held.channels(console.practice) if one.name == name), None)
    if one is None:
        raise Fails(_("Aucun canal « %(name)s » : voyez « negatoscope channels list ».") % {"name": name})
    text = lettering.call((), 0, one.language, console.config.address)
    try:
        outcome = flow.trial(console, operator, one.number, text)
    except KeyLost:
        raise
    except OSError as error:
        raise Fails(_("Le message d’essai n’a pas pu être préparé. Recommencez dans un instant.")) from error
    if outcome.why:
        raise Fails(_("Rien n’est arrivé. %(why)s") % {"why": lettering.undelivered(outcome.why, verb.lang)})
    verb.stdout.write(_("Le message d’essai est parti, et le serveur l’a pris. Vérifiez qu’il est arrivé."))
