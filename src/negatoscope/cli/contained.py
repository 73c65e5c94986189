"""How the verb ``incident`` contains: measures and their commands, and a host blocked at a Linux gateway."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.cli import desk, doors, evidenced
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import containing, disabling, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.containing import Act, Failed
from negatoscope.flows.naming import known_as
from negatoscope.observe.collector import Login, Unreachable
from negatoscope.observe.directory.switching import NotDone
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
    "no_measure": gettext_lazy("Cela n’est pas de ce que l’incident touche."),
    "not_approved": gettext_lazy("Quelqu’un doit d’abord décider cette mesure : page « Contenir » de l’incident."),
    "not_that_far": gettext_lazy("Cette mesure n’est pas faite, d’après la main courante."),
    "no_address": gettext_lazy("Le registre ne connaît aucune adresse de cet équipement."),
    "ourselves": gettext_lazy("Cette adresse est la passerelle ou la console : la bloquer nous mettrait dehors."),
    "no_directory": gettext_lazy("Aucun Active Directory de ce nom n’est connecté à la console."),
    "by_hand": gettext_lazy("Cela a été fait à la main : défaites-le de même, puis notez-le sur la page."),
}  # fmt: skip
FAILED = {
    "no_nft": gettext_lazy("Cette passerelle n’a pas nftables."),
    "refused": gettext_lazy("La passerelle a refusé, et rien n’a changé."),
    "taken_back": gettext_lazy(
        "La console n’entrait plus : la passerelle défait le blocage d’elle-même, dans la minute. Rien n’est noté comme"
        " fait."
    ),
}

NOT_DONE = {
    "account_missing": gettext_lazy("Ce compte n’existe pas dans l’annuaire, ou ne s’y lit pas : rien n’a changé."),
    "ourselves": gettext_lazy("C’est le compte avec lequel vous entrez : prenez-en un autre."),
    "of_the_system": gettext_lazy("Ce compte fait fonctionner l’annuaire : le désactiver arrêterait tout."),
    "already": gettext_lazy("Le compte était déjà ainsi : rien n’a changé, rien n’est noté."),
    "write_refused": gettext_lazy("L’annuaire refuse ce changement à ce compte : rien n’a changé."),
    "changed_meanwhile": gettext_lazy("Quelqu’un vient de changer ce compte : recommencez."),
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
    disable = acts.add_parser("disable", help=_("désactiver un compte de l’Active Directory, par LDAP"))
    enable = acts.add_parser("enable", help=_("le réactiver"))
    for act in (disable, enable):
        act.add_argument("number", type=int, metavar=_("NUMÉRO"))
        act.add_argument("--account", required=True, help=_("quel compte, par sa référence : account/cabinet.lan/nom"))
        act.add_argument("--user", required=True, help=_("qui peut écrire dans l’annuaire : nom@cabinet.lan"))
        act.add_argument(
            "--secret-file", type=Path, required=True, help=_("fichier du mot de passe, qui n’est pas gardé")
        )
    return [contain, block, unblock, disable, enable]


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


def disable(verb: Verb, options: Mapping[str, Any]) -> int:
    """Disable an account."""
    return _switched(verb, options, disabling.disable, _("Compte désactivé : ligne %(place)d de la main courante."))


def enable(verb: Verb, options: Mapping[str, Any]) -> int:
    """Enable it again."""
    return _switched(verb, options, disabling.enable, _("Compte réactivé : ligne %(place)d de la main courante."))


def _switched(
    verb: Verb, options: Mapping[str, Any], do: Callable[[Console, disabling.Act, Handler], int], said: str
) -> int:
    with _told():
        login = Login(options["user"], doors.content(options["secret_file"]))
        place = do(desk.console(), disabling.Act(options["number"], options["account"], login), evidenced.operator())
    return _say(verb, options, place, said)


def _done(verb: Verb, options: Mapping[str, Any], do: Callable[[Console, Act, Handler], int], said: str) -> int:
    with _told():
        place = do(desk.console(), _act(options), evidenced.operator())
    return _say(verb, options, place, said)


def _say(verb: Verb, options: Mapping[str, Any], place: int, said: str) -> int:
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
    except NotDone as error:
        raise Fails(" ".join(filter(None, (str(NOT_DONE[error.code]), error.said)))) from error
    except Unreachable as error:
        raise Fails(_("La liaison a été coupée ou refusée (%(why)s).") % {"why": error.why}) from error


ACTS = {"contain": contain, "block": block, "unblock": unblock, "disable": disable, "enable": enable}
