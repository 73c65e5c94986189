"""How the verb ``incident`` contains: measures and their commands, and a host blocked at a Linux gateway."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.cli import desk, doors, evidenced
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import containing, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.containing import Act, Failed
from negatoscope.flows.naming import known_as
from negatoscope.observe.collector import Unreachable
from negatoscope.respond.containment import filled
from negatoscope.respond.incident import Refused

TURNS = {
    None: gettext_lazy("proposé"),
    "approved": gettext_lazy("décidé, à faire"),
    "done": gettext_lazy("fait"),
    "undone": gettext_lazy("défait"),
    "dropped": gettext_lazy("écarté"),
}
REFUSED = {
    **evidenced.REFUSED,
    "exercise": gettext_lazy("Ceci est un exercice : aucun vrai équipement n’est touché."),
    "no_measure": gettext_lazy("Cet équipement n’est pas de ceux que l’incident touche."),
    "not_approved": gettext_lazy("Quelqu’un doit d’abord décider ce blocage, sur la page « Contenir » de l’incident."),
    "not_that_far": gettext_lazy("Cet équipement n’est pas bloqué, d’après la main courante."),
    "no_address": gettext_lazy("Le registre ne connaît aucune adresse de cet équipement."),
    "ourselves": gettext_lazy("Cette adresse est la passerelle ou la console : la bloquer nous mettrait dehors."),
    "by_hand": gettext_lazy("Ce blocage a été fait à la main : défaites-le de même, puis notez-le sur la page."),
}  # fmt: skip
FAILED = {
    "no_nft": gettext_lazy("Cette passerelle n’a pas nftables."),
    "refused": gettext_lazy("La passerelle a refusé, et rien n’a changé."),
    "taken_back": gettext_lazy(
        "La console n’entrait plus : la passerelle défait le blocage d’elle-même, dans la minute. Rien n’est noté comme"
        " fait."
    ),
}


def words(acts: Any) -> list[CommandParser]:  # noqa: ANN401 -- argparse's own, untyped
    """What the acts take."""
    contain = acts.add_parser("contain", help=_("les mesures pour le contenir, et leurs commandes"))
    block = acts.add_parser("block", help=_("bloquer un équipement sur une passerelle Linux (nftables), par SSH"))
    unblock = acts.add_parser("unblock", help=_("le laisser passer de nouveau"))
    for act in (contain, block, unblock):
        act.add_argument("number", type=int, metavar=_("NUMÉRO"))
    for act in (block, unblock):
        act.add_argument("--host", required=True, help=_("quel équipement, par son nom au registre"))
        doors.words(act)
    block.add_argument("--dry-run", action="store_true", help=_("faire relire par la passerelle, sans rien changer"))
    return [contain, block, unblock]


def contain(verb: Verb, options: Mapping[str, Any]) -> int:
    """List every measure."""
    console = desk.console()
    with _told():
        found = containing.drafts(console, responding.incident(console, options["number"]))
    for draft in found:
        step = draft.step
        commands = [
            {"on": one.on} | {way: filled(blocks, one.shell, draft.values) for way, blocks in one.ways.items()}
            for one in step.measure.command
        ]
        if options["json"]:
            verb.machine(
                {"measure": step.measure.id, "target": step.target, "turn": step.turn,
                 "modalities": list(draft.modalities), "commands": commands}
            )  # fmt: skip
            continue
        target = known_as(console.practice, step.target, verb.lang) if "/" in step.target else step.target
        verb.stdout.write(f"{step.measure.title[verb.lang]} – {target or _('Tout le cabinet')} – {TURNS[step.turn]}")
        verb.stdout.write(f"  {step.measure.stops[verb.lang]}")
        for told in commands:
            for line in told["do"]:
                verb.stdout.write(f"  {told['on']}: " + line.replace("\n", " ⏎ "))
    return DONE


def block(verb: Verb, options: Mapping[str, Any]) -> int:
    """Block a host, or have the gateway read what would be done."""
    console = desk.console()
    with _told():
        if options["dry_run"]:
            for line in containing.tried(console, _act(options)):
                verb.stdout.write(line)
            return DONE
    return _done(verb, options, containing.block, _("Bloqué : ligne %(place)d de la main courante."))


def unblock(verb: Verb, options: Mapping[str, Any]) -> int:
    """Let it through again."""
    return _done(verb, options, containing.unblock, _("Débloqué : ligne %(place)d de la main courante."))


def _done(verb: Verb, options: Mapping[str, Any], do: Callable[[Console, Act, Handler], int], said: str) -> int:
    with _told():
        place = do(desk.console(), _act(options), evidenced.operator())
    if options["json"]:
        verb.machine({"incident": options["number"], "place": place})
    else:
        verb.stdout.write(said % {"place": place})
    return DONE


def _act(options: Mapping[str, Any]) -> Act:
    return Act(options["number"], doors.host(options), doors.door(options))


@contextmanager
def _told() -> Iterator[None]:
    """Say why it was not done."""
    try:
        yield
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error
    except Failed as error:
        raise Fails(" ".join(filter(None, (str(FAILED[error.code]), error.said)))) from error
    except Unreachable as error:
        raise Fails(_("La liaison a été coupée ou refusée (%(why)s).") % {"why": error.why}) from error


ACTS = {"contain": contain, "block": block, "unblock": unblock}
