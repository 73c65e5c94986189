"""``negatoscope observe COLLECTOR [TARGET…]``: go and look, now."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk, looking, telling
from negatoscope.cli.verb import CANCELLED, DONE, FAILED, USAGE, Fails, Verb
from negatoscope.flows.observing import Cancelled, ModalityNowhere, Order, RefusedSettings, observe


class Command(Verb):
    """Look at targets one after the other."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the collector, its targets and settings."""
        parser.add_argument("collector", help=_("local, nmap…"))
        parser.add_argument("targets", nargs="*", help=_("sans cible : cet équipement, ou les réseaux déclarés"))
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=_("réglage du collecteur"))
        parser.add_argument("--json", action="store_true", help=_("pour un programme"))

    def act(self, options: dict[str, Any]) -> int:
        """Look at each target, then say what was brought back and what could not be seen."""
        one = looking.collector(options["collector"])
        settings, console = looking.settings(one, options["set"]), desk.console()
        outcomes = []
        for target in looking.targets(one, options["targets"], console.practice):
            with looking.cancellable() as cancelled, looking.progress(f"{one.name} {target}") as progress:
                order = Order(one.name, target, desk.operator(), settings, cancelled, progress)
                try:
                    outcomes.append((target, observe(console, order)))
                except ModalityNowhere as error:
                    raise Fails(telling.nowhere(str(error)), USAGE) from error
                except RefusedSettings as error:
                    raise Fails(str(error), USAGE) from error
                except Cancelled as error:
                    raise Fails(_("Relevé arrêté à votre demande : rien n’en est enregistré."), CANCELLED) from error
        telling.looks(self, one.name, outcomes, machine=options["json"])
        return FAILED if any(outcome.blocking for _target, outcome in outcomes) else DONE
